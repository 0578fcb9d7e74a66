package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestTriggerDependencies(t *testing.T) {
	m := parse(t, head+`[[trigger.http]]
route = "/shop/..."
component = "c"
dependencies.middleware = [
  { component = "b" },
  { path = "mw/auth.wasm", inherit_configuration = ["variables"] },
  { version = "1.2", package = "a:b" },
  { url = "https://x.example/m.wasm", digest = "`+digest+`", inherit_configuration = true },
]
dependencies.none = []
[component.c]
source = "c.wasm"
`+other)
	e := m.Triggers[0]
	var got []string
	for _, d := range e.Dependencies["middleware"] {
		got = append(got, strings.TrimSpace(show(d)))
	}
	want := []string{
		"b.wasm component=b inherits nothing",
		"mw/auth.wasm inherits variables",
		"a:b@1.2 inherits nothing",
		"https://x.example/m.wasm#sha256:01 inherits everything",
	}
	if !slices.Equal(got, want) || len(e.Dependencies) != 1 {
		t.Errorf("got %q of %d roles", got, len(e.Dependencies))
	}
	if p := e.Dependencies["middleware"][1].Pos.String(); p != "spin.toml:8:3" {
		t.Errorf("got %s", p)
	}
}

func TestTriggerDependencyFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`dependencies = 1`, `4:16: trigger.http[0].dependencies: must be a table, not an integer`},
		{`dependencies.middleware = { path = "x" }`, `4:27: trigger.http[0].dependencies.middleware: must be an array of dependencies, also if there is only one, not a table`},
		{`dependencies.middleware = "x"`, `4:27: *must be an array of dependencies*`},
		{`dependencies.middleware = ["1.0"]`, `4:28: trigger.http[0].dependencies.middleware[0]: must be a table such as { version =*, not a string`},
		{`dependencies.middleware = [{ path = "x", export = "y" }]`, `4:42: trigger.http[0].dependencies.middleware[0].export: unknown key "export": *`},
		{`dependencies.middleware = [{ version = "1" }]`, `4:28: trigger.http[0].dependencies.middleware[0]: the key "package" is missing: *`},
		{`dependencies.middleware = [{ component = "ghost" }]`, `4:30: trigger.http[0].dependencies.middleware[0].component: there is no component "ghost": write one of "b", or add*`},
		{`dependencies.middleware = [{ path = "x" }, { path = "y", url = "z" }]`, `4:58: trigger.http[0].dependencies.middleware[1]: "url" does not go with the keys of a local file*`},
	} {
		if fault := faultsOf(t, head+"[[trigger.http]]\n"+test.text+"\n"+other)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

func TestProfileDecidesOnDependenciesOfTriggers(t *testing.T) {
	const text = head + "[[trigger.http]]\ncomponent = \"c\"\ndependencies.middleware = [{ component = \"mw\" }]\n" +
		"[component.c]\nsource = \"c\"\n[component.mw]\nsource = \"mw.wasm\"\nprofile.debug.source = \"debug.wasm\"\nprofile.bad.environment.A = \"1\"\n"
	for profile, want := range map[string]string{"": "mw.wasm", "debug": "debug.wasm"} {
		m := parseWith(t, text, profile)
		if got := m.Triggers[0].Dependencies["middleware"][0].Source.Path; got != want {
			t.Errorf("%q: got %s", profile, got)
		}
	}
	_, err := manifest.Parse("spin.toml", []byte(text), &manifest.Options{Profile: "bad"})
	if err == nil || !matches(`spin.toml:5:30: trigger.http[0].dependencies.middleware[0].component: *own, environment, which*`, err.Error()) {
		t.Errorf("got %v", err)
	}
}

// What a component lets its own dependencies inherit is nothing to what is placed around it.
func TestLegacyInheritDoesNotReachDependenciesOfTriggers(t *testing.T) {
	m := parse(t, head+"[[trigger.http]]\ncomponent = \"c\"\ndependencies.middleware = [{ path = \"m\" }, { path = \"n\", inherit_configuration = [\"files\"] }]\n"+
		"[component.c]\nsource = \"c\"\ndependencies_inherit_configuration = true\ndependencies.x = { path = \"x\" }\n")
	for i, want := range []string{"nothing", "files"} {
		if got := m.Triggers[0].Dependencies["middleware"][i].Inherit.String(); got != want {
			t.Errorf("%d: inherits %s", i, got)
		}
	}
	if got := m.Components[0].Dependencies[0].Inherit.String(); got != "everything" {
		t.Errorf("inherits %s", got)
	}
}
