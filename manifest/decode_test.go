package manifest_test

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/spinhost/spin/manifest"
)

// entry parses a manifest with one trigger; its keys start at line 4.
func entry(t *testing.T, keys string) *manifest.TriggerEntry {
	t.Helper()
	return parse(t, head+"[[trigger.test]]\n"+keys).Triggers[0]
}

// route is a string or a table, as that of an HTTP trigger.
type route struct {
	Pattern string
	Private bool
}

func (r *route) UnmarshalManifest(decode func(any) error) error {
	if decode(&r.Pattern) == nil {
		return nil
	}
	var table struct {
		Private bool `toml:"private"`
	}
	if err := decode(&table); err != nil {
		return err
	}
	if !table.Private {
		return errors.New(`leave out private, or write "private = true"`)
	}
	r.Private = true
	return nil
}

type settings struct {
	Text     string            `toml:"text"`
	Flag     bool              `toml:"flag,omitempty"`
	Small    int8              `toml:"small"`
	Big      int64             `toml:"big"`
	Status   uint16            `toml:"status"`
	Count    uint64            `toml:"count"`
	Ratio    float64           `toml:"ratio"`
	List     []string          `toml:"list"`
	Headers  map[string]string `toml:"headers"`
	Inner    *inner            `toml:"inner"`
	Table    inner             `toml:"table"`
	Tables   []inner           `toml:"tables"`
	Any      any               `toml:"any"`
	When     time.Time         `toml:"when"`
	Day      toml.LocalDate    `toml:"day"`
	Addr     netip.Addr        `toml:"addr"`
	Route    route             `toml:"route"`
	Routes   map[string]*route `toml:"routes"`
	Untagged string
	Skipped  string `toml:"-"`
	hidden   string `toml:"hidden"`
}

type inner struct {
	Name string `toml:"name"`
}

func TestDecode(t *testing.T) {
	e := entry(t, `
text = "x"
flag = true
small = -128
big = 9223372036854775807
status = 65535
count = 7
ratio = 2.5
list = ["a", "b"]
headers = { Accept = "*/*" }
inner.name = "p"
table = { name = "t" }
tables = [{ name = "1" }, {}]
any = { list = [1, 2.5, true, "s"] }
when = 2024-01-02T03:04:05Z
day = 2024-01-02
addr = "10.0.0.1"
route = "/x"
routes = { a = { private = true } }
component = { source = "c.wasm" }
id = "ignored here"
`)
	got := settings{Untagged: "kept", hidden: "kept"}
	if err := e.Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := settings{
		Text: "x", Flag: true, Small: -128, Big: math.MaxInt64, Status: 65535, Count: 7, Ratio: 2.5,
		List: []string{"a", "b"}, Headers: map[string]string{"Accept": "*/*"},
		Inner: &inner{"p"}, Table: inner{"t"}, Tables: []inner{{"1"}, {}},
		Any:  map[string]any{"list": []any{int64(1), 2.5, true, "s"}},
		When: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), Day: toml.LocalDate{Year: 2024, Month: 1, Day: 2},
		Addr: netip.MustParseAddr("10.0.0.1"), Route: route{Pattern: "/x"}, Routes: map[string]*route{"a": {Private: true}},
		Untagged: "kept", hidden: "kept",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDecodeKeepsDefaults(t *testing.T) {
	got := settings{Text: "default", Status: 200, Table: inner{"default"}}
	if err := entry(t, "status = 404\n").Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Text != "default" || got.Status != 404 || got.Table.Name != "default" {
		t.Errorf("got %+v", got)
	}
}

func TestDecodeFaults(t *testing.T) {
	for _, test := range []struct{ keys, want string }{
		{"txet = \"x\"", `4:1: trigger.test[0].txet: unknown key "txet": did you mean "text"?`},
		{"componet = \"x\"", `4:1: trigger.test[0].componet: unknown key "componet": did you mean "component"?`},
		{"xyzzy = 1", `4:1: trigger.test[0].xyzzy: unknown key "xyzzy": remove it, or write one of id, component, *text, flag*`},
		{"Untagged = \"x\"", `4:1: *unknown key*`},
		{"hidden = \"x\"", `4:1: *unknown key*`},
		{"table.nmae = \"x\"", `4:7: trigger.test[0].table.nmae: unknown key "nmae": did you mean "name"?`},
		{"table.component = \"x\"", `4:7: *unknown key "component": remove it, or write one of name`},
		{"tables = [{}, { x = 1 }]", `4:17: trigger.test[0].tables[1].x: unknown key*`},
		{"text = 1", `4:8: trigger.test[0].text: must be a string, not an integer: write "1"`},
		{"flag = \"true\"", `4:8: trigger.test[0].flag: must be a boolean, not a string: write true`},
		{"big = \"12\"", `4:7: trigger.test[0].big: must be an integer, not a string: write 12`},
		{"big = \"many\"", `4:7: trigger.test[0].big: must be an integer, not a string`},
		{"small = 128", `4:9: trigger.test[0].small: 128 is out of range: write an integer from -128 to 127`},
		{"status = 0x1_0000", `4:10: trigger.test[0].status: 0x1_0000 is out of range: write an integer from 0 to 65535`},
		{"status = -1", `4:10: *-1 is out of range*`},
		{"count = -1", `4:9: *-1 is out of range: write an integer from 0`},
		{"ratio = \"x\"", `4:9: *must be a float, not a string`},
		{"list = \"a\"", `4:8: *must be an array, not a string`},
		{"list = [\"a\",\n 1]", `5:2: trigger.test[0].list[1]: must be a string, not an integer: write "1"`},
		{"headers = []", `4:11: *must be a table, not an array`},
		{"headers = { \"X Y\" = 1 }", `4:21: trigger.test[0].headers."X Y": must be a string*`},
		{"inner = 1", `4:9: *must be a table, not an integer`},
		{"addr = \"nowhere\"", `4:8: trigger.test[0].addr: *nowhere*`},
		{"addr = 1", `4:8: trigger.test[0].addr: must be a string, not an integer*`},
		{"day = 10:00:00", `4:7: *`},
		{"route = 1", `4:9: trigger.test[0].route: must be a table, not an integer`},
		{"route = { private = false }", `4:9: trigger.test[0].route: leave out private*`},
		{"route = { privat = true }", `4:11: trigger.test[0].route.privat: unknown key "privat": did you mean "private"?`},
		{"[[trigger.test.tables]]\nname = 1", `5:8: trigger.test[0].tables[0].name: must be a string*`},
	} {
		err := entry(t, test.keys+"\n").Decode(&settings{})
		var faults manifest.Errors
		if !errors.As(err, &faults) || len(faults) != 1 {
			t.Errorf("%s: got %v", test.keys, err)
			continue
		}
		if !matches("spin.toml:"+test.want, faults[0].Error()) {
			t.Errorf("%s:\ngot  %s\nwant %s", test.keys, faults[0], test.want)
		}
	}
}

func TestDecodeReportsEveryFault(t *testing.T) {
	err := entry(t, "b = 1\ntext = 2\na = 3\n").Decode(&settings{})
	var faults manifest.Errors
	if !errors.As(err, &faults) || len(faults) != 3 || faults[0].Line != 4 || faults[2].Line != 6 {
		t.Errorf("got %v", err)
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "k%d = 1\n", i)
	}
	if err := entry(t, many.String()).Decode(&settings{}); !errors.Is(err, manifest.ErrLimit) || strings.Count(err.Error(), "\n") != 32 {
		t.Errorf("got %v", err)
	}
}

func TestDecodeIntoUnsuitableTypes(t *testing.T) {
	e := entry(t, "x = 1\ny = { z = 1 }\n")
	var nilStruct *settings
	text := ""
	for _, v := range []any{
		nil, settings{}, nilStruct, &text,
		&struct {
			X chan int `toml:"x"`
			Y any      `toml:"y"`
		}{},
		&struct {
			X fmt.Stringer `toml:"x"`
			Y any          `toml:"y"`
		}{},
		&struct {
			X any         `toml:"x"`
			Y map[int]int `toml:"y"`
		}{},
		&struct {
			X badUnion `toml:"x"`
			Y any      `toml:"y"`
		}{},
	} {
		err := e.Decode(v)
		if err == nil {
			t.Errorf("%T: no error", v)
		}
	}
}

type badUnion struct{}

func (*badUnion) UnmarshalManifest(decode func(any) error) error {
	if err := decode(badUnion{}); err == nil {
		return nil
	}
	return decode(new(chan int))
}

func TestDecodedValuesAreTheCallers(t *testing.T) {
	e := entry(t, "any = { list = [1] }\n")
	for range 2 {
		var s settings
		if err := e.Decode(&s); err != nil {
			t.Fatal(err)
		}
		list := s.Any.(map[string]any)["list"].([]any)
		if list[0] != int64(1) {
			t.Errorf("got %v", list)
		}
		list[0] = "changed"
	}
}

func TestDecodeIntegerAsFloat(t *testing.T) {
	var s settings
	if err := entry(t, "ratio = 2\n").Decode(&s); err != nil || s.Ratio != 2 {
		t.Errorf("got %v, %v", s.Ratio, err)
	}
}

func TestDecodeIntoStructWithoutKeys(t *testing.T) {
	var s struct {
		Table struct{} `toml:"table"`
	}
	err := entry(t, "table = { x = 1 }\n").Decode(&s)
	if !errors.Is(err, manifest.ErrUnknownKey) || !strings.HasSuffix(err.Error(), `unknown key "x": remove it, as there are no keys here`) {
		t.Errorf("got %v", err)
	}
}

func TestConcurrentReading(t *testing.T) {
	m := parse(t, shop)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var s struct {
				Route   string `toml:"route"`
				Channel string `toml:"channel"`
			}
			for _, e := range m.Triggers {
				if err := e.Decode(&s); err != nil {
					t.Error(err)
				}
			}
			front, _ := m.Component("front")
			if !front.AllowedOutboundHosts.CheckSelf().Allowed() || front.AllowedOutboundHosts.CheckURL("http://x", "").Err() == nil {
				t.Error("wrong decision")
			}
		})
	}
	wg.Wait()
}

func TestKeyPos(t *testing.T) {
	e := entry(t, "route = \"/\"\n[trigger.test.executor]\ntype = \"wagi\"\n")
	for want, path := range map[string][]string{
		"spin.toml:3:11": nil,
		"spin.toml:4:1":  {"route"},
		"spin.toml:6:1":  {"executor", "type"},
		"spin.toml:5:15": {"executor", "argv", "x"},
	} {
		if got := e.KeyPos(path...).String(); got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
		}
	}
	if got := e.KeyPos("nope"); got != e.Pos() {
		t.Errorf("got %s", got)
	}
}

func TestZeroTriggerEntry(t *testing.T) {
	var e manifest.TriggerEntry
	if err := e.Decode(&settings{}); err != nil || e.Keys() != nil || e.KeyPos("x") != e.Pos() {
		t.Errorf("got %v", err)
	}
}
