package runtimeconfig_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/spinhost/spin/runtimeconfig"
)

// FuzzParse looks for panics, and for faults that point outside of the text.
func FuzzParse(f *testing.F) {
	f.Add([]byte(complete))
	f.Add([]byte("[[client_tls]]\nhosts = [1, ['x']]\n[geo.a]\nb.c = {d = 1}\n[[geo.e]]\n[[geo.e]]\nf = 07:32:00"))
	f.Add([]byte("outbound_networking.block_networks = ['::ffff:1.2.3.4/97', '1.2.3.4']\n\"\\u00e9\" = 1"))
	f.Add([]byte("\xef\xbb\xbf[a]\r\n[a.b]\r\n[[a.b.c]]\r\nd = [{}, {e = []}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := runtimeconfig.Parse(data, "f", "geo")
		if err != nil {
			checkFaults(t, data, err)
			return
		}
		sections := append(append(c.KeyValueStores, c.SQLiteDatabases...), c.VariableProviders...)
		for _, s := range []*runtimeconfig.Section{c.LLM, c.Extra["geo"]} {
			if s != nil {
				sections = append(sections, s)
			}
		}
		for _, s := range sections {
			checkPos(t, data, s.Pos())
			for _, into := range []any{&runtimeconfig.KeyValueFile{}, &runtimeconfig.SQLiteFile{}, &runtimeconfig.StaticVariables{}, &struct {
				A map[string]any      `toml:"a"`
				E []map[string][]int8 `toml:"e"`
				F any                 `toml:"f"`
			}{}} {
				if err := s.Decode(into); err != nil {
					checkFaults(t, data, err)
				}
			}
		}
	})
}

func checkFaults(t *testing.T, data []byte, err error) {
	var faults runtimeconfig.Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("got %T %v", err, err)
	}
	for _, f := range faults {
		if f.Msg == "" || len(f.Error()) > 20_000 || bytes.Contains([]byte(f.Msg), []byte("the TOML parser failed")) {
			t.Fatalf("message of %d bytes: %.500s", len(f.Error()), f)
		}
		checkPos(t, data, f.Pos)
	}
}

// checkPos accepts the place after the last byte of a line, where something is
// missing.
func checkPos(t *testing.T, data []byte, pos runtimeconfig.Position) {
	lines := bytes.Split(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\n"))
	if pos.File != "f" || pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len(lines[pos.Line-1])+1 {
		t.Fatalf("position %s is outside of the text", pos)
	}
}
