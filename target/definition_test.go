package target_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/target"
)

const definition = `[triggers.http]
worlds = ["acme:host/http@1.2.0", { path = "wit", world = "acme:host/http-legacy" },
  { registry = "example.com", world = "acme:host/http@1.0.0" }]
capabilities = ["local_service_chaining"]
[triggers.redis]
worlds = [{ reference = "example.com/host:1", world = "acme:host/redis" }]
[default]
worlds = ["acme:host/platform@1.2.0"]
[metadata]
plugins = ["acme-trigger"]
templates = { url = "https://example.com/t.git", tag = "v1" }
anything = [1]
`

func TestParse(t *testing.T) {
	d, err := target.Parse("acme:1.2", "acme.toml", []byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	name := func(world, version string) target.WorldName {
		return target.WorldName{Package: "acme:host", World: world, Version: version}
	}
	at := func(line, column int) target.Position {
		return target.Position{File: "acme.toml", Line: line, Column: column}
	}
	want := &target.Definition{
		Name: "acme:1.2", File: "acme.toml",
		Triggers: map[string]*target.Trigger{
			"http": {
				Worlds: []target.World{
					{Name: name("http", "1.2.0"), Registry: target.DefaultRegistry, Pos: at(2, 11)},
					{Name: name("http-legacy", ""), Path: "wit", Pos: at(2, 35)},
					{Name: name("http", "1.0.0"), Registry: "example.com", Pos: at(3, 3)},
				},
				Capabilities: []string{"local_service_chaining"}, Pos: at(1, 11),
			},
			"redis": {
				Worlds: []target.World{{Name: name("redis", ""), Reference: "example.com/host:1", Pos: at(6, 11)}},
				Pos:    at(5, 11),
			},
		},
		Default: &target.Trigger{
			Worlds: []target.World{{Name: name("platform", "1.2.0"), Registry: target.DefaultRegistry, Pos: at(8, 11)}},
			Pos:    at(7, 2),
		},
		Metadata: target.Metadata{
			Plugins:   []string{"acme-trigger"},
			Templates: &target.Templates{URL: "https://example.com/t.git", Tag: "v1"},
			All: map[string]any{
				"plugins": []any{"acme-trigger"}, "templates": map[string]any{"url": "https://example.com/t.git", "tag": "v1"}, "anything": []any{int64(1)},
			},
		},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("got  %+v\nwant %+v", d, want)
	}
	if types := d.TriggerTypes(); !reflect.DeepEqual(types, []string{"http", "redis"}) {
		t.Errorf("types %v", types)
	}
	if trigger, ok := d.Trigger("cron"); !ok || trigger != d.Default {
		t.Error("other types are not offered the default")
	}
}

func TestParseErrors(t *testing.T) {
	const ok = "[triggers.http]\nworlds = [\"a:b/c@1.0.0\"]\n"
	tests := []struct {
		name, text, want string
		cause            error
	}{
		{"syntax", "[triggers\n", "f.toml:1:10: ", target.ErrSyntax},
		{"twice", ok + "[triggers.http]\n", "f.toml:3:", target.ErrSyntax},
		{"not UTF-8", "\xff", "f.toml:1:1: the text is not UTF-8", target.ErrSyntax},
		{"large", strings.Repeat("#", 64<<10+1), "f.toml:1:1: the definition has more than 65536 bytes", target.ErrLimit},
		{"empty", "", `f.toml:1:1: the key "triggers" is missing`, target.ErrMissingKey},
		{"unknown key", ok + "[defaults]\nworlds = []\n", `f.toml:3:2: defaults: unknown key "defaults": remove it, or write one of triggers, default, metadata`, target.ErrUnknownKey},
		{"unknown key of a trigger", ok + "capability = []\n", `f.toml:3:1: triggers.http.capability: unknown key`, target.ErrUnknownKey},
		{"triggers", "triggers = 1\n", `f.toml:1:12: triggers: must be a table, not an integer`, nil},
		{"triggers array", "[[triggers]]\nx = 1\n", `f.toml:1:3: triggers: must be a table, not an array`, nil},
		{"trigger", "triggers.http = 1.5\n", `f.toml:1:17: triggers.http: must be a table, not a float`, nil},
		{"default", ok + "[default]\n", `f.toml:3:2: default: the key "worlds" is missing`, target.ErrMissingKey},
		{"no worlds", "[triggers.http]\n", `f.toml:1:11: triggers.http: the key "worlds" is missing: write worlds = [`, target.ErrMissingKey},
		{"empty worlds", "[triggers.http]\nworlds = []\n", `f.toml:2:1: triggers.http.worlds: there is no world`, nil},
		{"worlds", "[triggers.http]\nworlds = \"a:b/c@1.0.0\"\n", `f.toml:2:10: triggers.http.worlds: must be an array of strings and tables, not a string`, nil},
		{"world", "[triggers.http]\nworlds = [\n 1979-05-27 ]\n", `f.toml:3:2: triggers.http.worlds[0]: must be the name of a world or a table, not a date or time`, nil},
		{"world name", "[triggers.http]\nworlds = [\"a:b/c@1.0.0\", \"a:b\"]\n", `f.toml:2:26: triggers.http.worlds[1]: "a:b" is not the name of a world: write one such as`, target.ErrWorldName},
		{"world version", "[triggers.http]\nworlds = [\"a:b/c@1.0\"]\n", `triggers.http.worlds[0]: "a:b/c@1.0" is not the name of a world: `, target.ErrWorldName},
		{"world without version", "[triggers.http]\nworlds = [\"a:b/c\"]\n", `f.toml:2:11: triggers.http.worlds[0]: "a:b/c" has no version, which worlds of a registry need: write "a:b/c@1.0.0"`, nil},
		{"world in a registry", "[triggers.http]\nworlds = [{ registry = \"r\", world = \"a:b/c\" }]\n", `f.toml:2:37: triggers.http.worlds[0].world: "a:b/c" has no version`, nil},
		{"world table", "[triggers.http]\nworlds = [{ path = \"x\" }]\n", `triggers.http.worlds[0]: the key "world" is missing`, target.ErrMissingKey},
		{"world twice", "[triggers.http]\nworlds = [{ path = \"x\", reference = \"y\", world = \"a:b/c\" }]\n", `triggers.http.worlds[0]: has 2 of the keys registry, reference and path: write exactly one`, nil},
		{"world nowhere", "[triggers.http]\nworlds = [{ world = \"a:b/c\" }]\n", `triggers.http.worlds[0]: has 0 of the keys`, nil},
		{"world key", "[triggers.http]\nworlds = [{ path = \"x\", world = \"a:b/c\", url = \"\" }]\n", `f.toml:2:42: triggers.http.worlds[0].url: unknown key`, target.ErrUnknownKey},
		{"world number", "[triggers.http]\nworlds = [{ path = \"x\", world = 1 }]\n", `f.toml:2:33: triggers.http.worlds[0].world: must be a string, not an integer`, nil},
		{"empty path", "[[triggers.http.worlds]]\npath = \"\"\nworld = \"a:b/c\"\n", `f.toml:2:8: triggers.http.worlds[0].path: is empty`, nil},
		{"second world", "[[triggers.http.worlds]]\npath = \"x\"\nworld = \"a:b/c\"\n[[triggers.http.worlds]]\npath = true\nworld = \"a:b/c\"\n", `f.toml:5:8: triggers.http.worlds[1].path: must be a string, not a boolean`, nil},
		{"table in an array of tables", "[[triggers.http.worlds]]\nworld = \"a:b/c\"\n[triggers.http.worlds.path]\nx = 1\n", `f.toml:3:23: triggers.http.worlds[0].path: must be a string, not a table`, nil},
		{"capabilities", ok + "capabilities = [\"x\", 1]\n", `f.toml:3:22: triggers.http.capabilities[1]: must be a string, not an integer`, nil},
		{"metadata", ok + "[[metadata]]\n", `f.toml:3:3: metadata: must be a table, not an array`, nil},
	}
	for _, test := range tests {
		d, err := target.Parse("f", "f.toml", []byte(test.text))
		var faults target.DefinitionErrors
		if !errors.As(err, &faults) || d != nil {
			t.Errorf("%s: got %v, %v", test.name, d, err)
			continue
		}
		if got := faults[0].Error(); !strings.HasPrefix(got, test.want) && !(strings.HasPrefix(test.want, "triggers") && strings.Contains(got, ": "+test.want)) {
			t.Errorf("%s: got  %s\nwant %s", test.name, got, test.want)
		}
		if test.cause != nil && !errors.Is(err, test.cause) || test.cause == nil && faults[0].Err != nil {
			t.Errorf("%s: cause is %v", test.name, faults[0].Err)
		}
	}
}

// Metadata is free, whatever its form.
func TestMetadata(t *testing.T) {
	d, err := target.Parse("f", "f.toml", []byte("triggers = {}\n[metadata]\nplugins = [1, \"a\"]\ntemplates = \"x\"\n"))
	if err != nil || !reflect.DeepEqual(d.Metadata.Plugins, []string{"a"}) || d.Metadata.Templates != nil || len(d.Metadata.All) != 2 {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestAllFaults(t *testing.T) {
	_, err := target.Parse("f", "f.toml", []byte("x = 1\n[triggers.http]\nworlds = [1]\ny = 1\n"))
	var faults target.DefinitionErrors
	if !errors.As(err, &faults) || len(faults) != 3 || faults[0].Pos.Line != 1 || faults[1].Pos.Line != 3 || faults[2].Pos.Line != 4 {
		t.Errorf("got %v", err)
	}
}

func TestParseWorldName(t *testing.T) {
	for text, want := range map[string]target.WorldName{
		"a:b/c":               {Package: "a:b", World: "c"},
		"my-org:pkg2/w@0.1.0": {Package: "my-org:pkg2", World: "w", Version: "0.1.0"},
		"a:b/HTTP-x@1.0.0-a":  {Package: "a:b", World: "HTTP-x", Version: "1.0.0-a"},
	} {
		got, err := target.ParseWorldName(text)
		if got != want || err != nil || got.String() != text {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "a", "a:b", "a/b", "a:b/c@", "a:b/c@1", "a:b:c/d", "a:b/c/d", "a:b/-c", "a:b/c_d", "a:b/cD", "1a:b/c", ":b/c", "a:/c", "a:b/ü"} {
		if got, err := target.ParseWorldName(text); !errors.Is(err, target.ErrWorldName) {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
}
