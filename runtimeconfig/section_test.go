package runtimeconfig_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/runtimeconfig"
)

func TestDecode(t *testing.T) {
	c := parse(t, complete)
	var kv runtimeconfig.KeyValueFile
	must(t, c.KeyValueStores[1].Decode(&kv))
	if kv.Path != runtimeconfig.Path(filepath.Join("conf", "kv", "default.db")) {
		t.Errorf("got %+v", kv)
	}
	var db runtimeconfig.SQLiteFile
	must(t, c.SQLiteDatabases[0].Decode(&db))
	if db != (runtimeconfig.SQLiteFile{Path: "ledger.db", AllowAttachFile: true}) {
		t.Errorf("got %+v", db)
	}
	var static runtimeconfig.StaticVariables
	must(t, c.VariableProviders[0].Decode(&static))
	if static.Values["region"] != "north" || len(static.Values) != 1 {
		t.Errorf("got %+v", static)
	}
	var env runtimeconfig.EnvVariables
	must(t, c.VariableProviders[1].Decode(&env))
	if *env.Prefix != "SHOP" || env.DotenvPath != nil {
		t.Errorf("got %+v", env)
	}
}

// level decodes itself.
type level int

func (l *level) UnmarshalText(text []byte) error {
	if string(text) != "high" {
		return errors.New(`must be "high"`)
	}
	*l = 9
	return nil
}

func TestDecodeKinds(t *testing.T) {
	c := parse(t, `[geo]
s = "x"
i = -3
u = 255
f = 1
g = 0.5
b = true
list = [[1], [2, 3]]
tables = [{ a = 1 }, { a = 2 }]
map.k.a = 7
any = [1, "x", { y = true }]
when = 1979-05-27T07:32:00Z
day = 1979-05-27
level = "high"
type = "kept"
`, "geo")
	var v struct {
		S      string
		T      string         `toml:"s"`
		I      *int8          `toml:"i"`
		U      uint8          `toml:"u"`
		F      float64        `toml:"f"`
		G      float32        `toml:"g"`
		B      bool           `toml:"b"`
		List   [][]uint64     `toml:"list"`
		Tables []inner        `toml:"tables"`
		Map    map[string]any `toml:"map"`
		Any    any            `toml:"any"`
		When   time.Time      `toml:"when"`
		Day    any            `toml:"day"`
		Level  level          `toml:"level"`
		Type   string         `toml:"type,omitempty"`
		Unset  string         `toml:"unset"`
		hidden string         `toml:"hidden"`
	}
	v.Unset = "default"
	must(t, c.Extra["geo"].Decode(&v))
	if v.T != "x" || *v.I != -3 || v.U != 255 || v.F != 1 || v.G != 0.5 || !v.B || v.Level != 9 || v.Type != "kept" || v.Unset != "default" || v.S+v.hidden != "" {
		t.Errorf("got %+v", v)
	}
	if !reflect.DeepEqual(v.List, [][]uint64{{1}, {2, 3}}) || !reflect.DeepEqual(v.Tables, []inner{{1}, {2}}) || v.When.Year() != 1979 || v.Day == nil {
		t.Errorf("got %+v", v)
	}
	if !reflect.DeepEqual(v.Map, map[string]any{"k": map[string]any{"a": int64(7)}}) || !reflect.DeepEqual(v.Any, []any{int64(1), "x", map[string]any{"y": true}}) {
		t.Errorf("got %+v", v)
	}
}

type inner struct {
	A int `toml:"a"`
}

func TestDecodeFaults(t *testing.T) {
	c := parse(t, `[geo]
s = 1
i = 128
u = -1
w = -1
list = [1, "x"]
tables = [{ a = 1 }, { a = 2, bb = 3 }]
map.k = true
level = "low"
path = ""
time = "now"
unknown = { x = 1 }
f = "x"
`, "geo")
	var v struct {
		S      string         `toml:"s"`
		I      int8           `toml:"i"`
		U      uint16         `toml:"u"`
		W      uint64         `toml:"w"`
		List   []int          `toml:"list"`
		Tables []inner        `toml:"tables"`
		Map    map[string]int `toml:"map"`
		Level  level          `toml:"level"`
		Path   runtimeconfig.Path
		P      runtimeconfig.Path `toml:"path"`
		Time   inner              `toml:"time"`
		F      float64            `toml:"f"`
	}
	err := c.Extra["geo"].Decode(&v)
	want := `conf/rc.toml:2:5: geo.s: must be a string, not an integer
conf/rc.toml:3:5: geo.i: is out of range: write an integer from -128 to 127
conf/rc.toml:4:5: geo.u: is out of range: write an integer from 0 to 65535
conf/rc.toml:5:5: geo.w: is out of range: write an integer from 0
conf/rc.toml:6:12: geo.list[1]: must be an integer, not a string
conf/rc.toml:7:31: geo.tables[1].bb: unknown key "bb": remove it, or write one of a
conf/rc.toml:8:9: geo.map.k: must be an integer, not a boolean
conf/rc.toml:9:9: geo.level: must be "high"
conf/rc.toml:10:8: geo.path: is empty: write the name of a file, or remove the key
conf/rc.toml:11:8: geo.time: must be a table, not a string
conf/rc.toml:12:1: geo.unknown: unknown key "unknown": remove it, or write one of s, i, u, w, list, tables, map, level, path, time, f
conf/rc.toml:13:5: geo.f: must be a number, not a string`
	if err == nil || err.Error() != want || !errors.Is(err, runtimeconfig.ErrUnknownKey) {
		t.Errorf("got\n%v", err)
	}
	for _, into := range []any{nil, 1, "x", struct{}{}, &want, (*inner)(nil), &struct {
		C chan int `toml:"s"`
	}{}, &struct {
		M map[int]int `toml:"map"`
	}{}, &struct {
		E error `toml:"s"`
	}{}} {
		var faults runtimeconfig.Errors
		if err := c.Extra["geo"].Decode(into); err == nil || errors.As(err, &faults) {
			t.Errorf("%T: got %v", into, err)
		}
	}
	if err := (&runtimeconfig.Section{}).Decode(&v); err != nil {
		t.Errorf("a section without text: %v", err)
	}
}

func TestSectionFaults(t *testing.T) {
	s := parse(t, complete).KeyValueStores[0]
	cause := errors.New("cause")
	for _, c := range []struct {
		err  *runtimeconfig.Error
		want string
	}{
		{s.UnknownType("spin", "rediss"), `conf/rc.toml:6:8: key_value_store.cache.type: unknown type "redis": did you mean "rediss"?`},
		{s.UnknownType("a", "b"), `unknown type "redis": write one of a, b`},
		{s.UnknownType(), `unknown type "redis": there are none here, remove the table`},
		{s.Fault("url", cause, "cannot be used"), `conf/rc.toml:7:7: key_value_store.cache.url: cannot be used`},
		{s.Fault("absent", cause, "is missing"), `conf/rc.toml:5:18: key_value_store.cache.absent: is missing`},
		{s.Fault("", cause, "cannot be opened"), `conf/rc.toml:5:18: key_value_store.cache: cannot be opened`},
	} {
		if !strings.Contains(c.err.Error(), c.want) || c.err.Err != cause && !errors.Is(c.err, runtimeconfig.ErrUnknownType) {
			t.Errorf("got %v", c.err)
		}
	}
}
