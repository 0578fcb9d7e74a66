package target_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/target"
)

// Whatever the text, there is a definition that keeps what the package promises, or
// there are faults with a place in the text.
func FuzzParse(f *testing.F) {
	f.Add(definition)
	f.Add(wantDefinition)
	f.Add("triggers = {}\n")
	f.Add("[[triggers.http.worlds]]\nworld = '''a:b/c'''\npath = \"\\u00e9\"\n[[triggers.http.worlds]]\n[default]\nworlds.x = [[{}]]\n\"a.b\".c = 07:32:00\n")
	f.Add("\xef\xbb\xbf[a.'b c']\r\nd = 1979-05-27T07:32:00-08:00\n[[e]]\n[[e]]\n[e.f]\ng = [inf, nan, 0x1f, 1_0]")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := target.Parse("f", "f.toml", []byte(text))
		if err != nil {
			var faults target.DefinitionErrors
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("got %T %v", err, err)
			}
			for _, e := range faults {
				if strings.Contains(e.Msg, "the TOML parser failed") {
					t.Fatal(e)
				}
				checkPos(t, text, e.Pos)
			}
			return
		}
		triggers := d.Triggers
		if d.Default != nil {
			triggers[""] = d.Default
		}
		for _, trigger := range triggers {
			if len(trigger.Worlds) == 0 {
				t.Fatalf("trigger %+v", trigger)
			}
			for _, w := range trigger.Worlds {
				again, err := target.ParseWorldName(w.Name.String())
				if err != nil || again != w.Name || (w.Registry == "") == (w.Reference+w.Path == "") {
					t.Fatalf("world %+v", w)
				}
				checkPos(t, text, w.Pos)
			}
		}
	})
}

func checkPos(t *testing.T, text string, pos target.Position) {
	lines := strings.Split(text, "\n")
	if pos.File != "f.toml" || pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len(lines[pos.Line-1])+1 {
		t.Fatalf("position %s is outside of the text", pos)
	}
}
