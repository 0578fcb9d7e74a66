package manifest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// dependent is a manifest with a component c whose dependencies start at line 7, and
// other tables behind.
func dependent(dependencies string, others ...string) string {
	return component + "source = \"c.wasm\"\n[component.c.dependencies]\n" + dependencies + "\n" + strings.Join(others, "\n")
}

const other = "[component.b]\nsource = \"b.wasm\"\n"

// show writes down all that a dependency says.
func show(d *manifest.Dependency) string {
	s := d.Name.String() + " " + d.Source.String()
	if d.Source.Digest != "" {
		s += "#" + d.Source.Digest[:9]
	}
	if d.Component != "" {
		s += " component=" + d.Component
	}
	if d.Export != "" {
		s += " export=" + d.Export
	}
	return s + " inherits " + d.Inherit.String()
}

func TestDependencyForms(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`"a:b" = ">=1.0, <2"`, `a:b a:b@>=1.0, <2 inherits nothing`},
		{`"a:b/c@1.0.0" = "*"`, `a:b/c@1.0.0 a:b@* inherits nothing`},
		{`"a:b/c" = { version = "1.2" }`, `a:b/c a:b@1.2 inherits nothing`},
		{`log = { version = "1.2", package = "x:y", registry = "ghcr.io" }`, `log x:y@1.2 of ghcr.io inherits nothing`},
		{`"a:b/c" = { version = "1", package = "x:y", registry = "localhost:5000", export = "e", inherit_configuration = true }`, `a:b/c x:y@1 of localhost:5000 export=e inherits everything`},
		{`log = { path = "l.wasm" }`, `log l.wasm inherits nothing`},
		{`"a:b/c-D" = { path = "/l.wasm", export = "x:y/z@0.1.0", inherit_configuration = ["files", "mine"] }`, `a:b/c-D /l.wasm export=x:y/z@0.1.0 inherits files, mine`},
		{`log = { url = "https://x.example/l.wasm", digest = "` + digest + `", inherit_configuration = false }`, `log https://x.example/l.wasm#sha256:01 inherits nothing`},
		{`log = { component = "b", export = "e", inherit_configuration = [] }`, `log b.wasm component=b export=e inherits nothing`},
	} {
		m, err := manifest.Parse("spin.toml", []byte(dependent(test.text, other)), nil)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		c, _ := m.Component("c")
		if len(c.Dependencies) != 1 || show(c.Dependencies[0]) != test.want {
			t.Errorf("%s: got  %s\nwant %s", test.text, show(c.Dependencies[0]), test.want)
		}
	}
}

func TestDependencyPositions(t *testing.T) {
	m := parse(t, dependent("x = { path = \"x.wasm\" }\n\"a:b\" = \"1\"\n[component.c.dependencies.\"a:c/d\"]\ncomponent = \"b\"\nexport = \"e\"\ninherit_configuration = [\"files\"]\n", other))
	c, _ := m.Component("c")
	var got []string
	for _, d := range c.Dependencies {
		got = append(got, fmt.Sprint(d.Pos, " ", d.Source.Pos, " ", d.KeyPos("export")))
	}
	want := []string{
		"spin.toml:7:1 spin.toml:7:5 spin.toml:7:1",
		"spin.toml:8:1 spin.toml:8:9 spin.toml:8:1",
		"spin.toml:9:27 spin.toml:9:27 spin.toml:11:1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	names := c.Dependencies[2].Inherit.Names()
	if p := c.Dependencies[2].Inherit.Pos(); p.String() != "spin.toml:12:1" || len(names) != 1 || names[0].Pos.String() != "spin.toml:12:26" {
		t.Errorf("got %s, %v", p, names)
	}
}

func TestComponentsWithoutSettingsCanBeDependencies(t *testing.T) {
	m := parse(t, dependent(`x = { component = "helper", export = "e", inherit_configuration = true }`,
		"[component.helper]\nsource = { registry = \"ghcr.io\", package = \"a:b\", version = \"1.2.3\" }\ndescription = \"d\"\nbuild.command = \"x\"\nexclude_files = [\"y\"]\ntargets = [\"z\"]\ntool.t = {}\nfiles = []\nenvironment = {}\nallowed_outbound_hosts = []"))
	c, _ := m.Component("c")
	if got := show(c.Dependencies[0]); got != "x a:b@=1.2.3 of ghcr.io component=helper export=e inherits everything" {
		t.Errorf("got %s", got)
	}
}

func TestLegacyInherit(t *testing.T) {
	legacy := func(value, dependencies string) string {
		return component + "source = \"c.wasm\"\ndependencies_inherit_configuration = " + value + "\n[component.c.dependencies]\n" + dependencies
	}
	m := parse(t, legacy("true", "log = { path = \"l.wasm\" }\n\"a:b\" = \"1.0\"\n"))
	c, _ := m.Component("c")
	if got := show(c.Dependencies[0]); got != "log l.wasm inherits everything" || c.Dependencies[0].Inherit.Pos().String() != "spin.toml:6:1" {
		t.Errorf("got %s", got)
	}
	if got := show(c.Dependencies[1]); got != "a:b a:b@1.0 inherits nothing" {
		t.Errorf("got %s", got)
	}
	checkWarnings(t, m,
		`spin.toml:6:1: component.c.dependencies_inherit_configuration: this key is replaced by inherit_configuration in each dependency*`,
		`spin.toml:9:1: component.c.dependencies."a:b": "dependencies_inherit_configuration" of the component has no effect*write { version = "1.0", inherit_configuration = true }*`)

	m = parse(t, legacy("false", "log = { path = \"l.wasm\" }\n"))
	if c, _ := m.Component("c"); c.Dependencies[0].Inherit.String() != "nothing" || c.Dependencies[0].Inherit.Pos().IsValid() {
		t.Errorf("got %s", c.Dependencies[0].Inherit)
	}
	for _, own := range []string{"false", "true", "[]"} {
		for _, all := range []string{"false", "true"} {
			faults := faultsOf(t, legacy(all, "log = { path = \"l.wasm\", inherit_configuration = "+own+" }"))
			if len(faults) != 1 || !matches(`spin.toml:8:26: component.c.dependencies.log.inherit_configuration: *exclude each other*`, faults[0].Error()) {
				t.Errorf("got %v", faults)
			}
		}
	}
}

// checkWarnings compares the warnings of a manifest with patterns.
func checkWarnings(t *testing.T, m *manifest.Manifest, want ...string) {
	t.Helper()
	if len(m.Warnings) != len(want) {
		t.Fatalf("got %q", m.Warnings)
	}
	for i, w := range m.Warnings {
		if !matches(want[i], w.String()) {
			t.Errorf("got  %s\nwant %s", w, want[i])
		}
	}
}

func TestInlineComponentsCanBeDependencies(t *testing.T) {
	m := parse(t, head+"[[trigger.http]]\nid = \"mw\"\ncomponent = { source = \"inline.wasm\" }\n[[trigger.http]]\ncomponent = { source = \"main.wasm\", dependencies.x = { component = \"mw-component\" } }\n")
	c, _ := m.Component("http-trigger1-component")
	if got := show(c.Dependencies[0]); got != "x inline.wasm component=mw-component inherits nothing" {
		t.Errorf("got %s", got)
	}
}
