package manifest_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/profile"
)

const profiled = head + `[[trigger.http]]
id = "web"
component = { source = "inline.wasm", profile.slim.source = "slim.wasm" }
[component.c]
source = "c.wasm"
environment = { LEVEL = "info", HOME = "/" }
dependencies.foo-bar = { path = "fb.wasm" }
build = { command = "make", workdir = "src", watch = ["*.c"] }
[component.c.profile.fancy]
source = { url = "https://x.example/c.wasm", digest = "` + digest + `" }
environment = { LEVEL = "debug", TRACE = "1" }
build.command = ["make clean", "make fancy"]
[component.c.profile.fancy.dependencies]
fancy-thing = { path = "ft.wasm" }
foo-bar = { component = "helper" }
[component.helper]
source = "helper.wasm"
profile.fancy.source = "helper-fancy.wasm"
[component.c.profile.bare]
[component.plain]
source = "plain.wasm"
profile.fancy.build.command = "make"
`

func parseWith(t *testing.T, text, profile string) *manifest.Manifest {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), &manifest.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	if m.Profile != profile {
		t.Errorf("the profile is %q", m.Profile)
	}
	return m
}

func component1(t *testing.T, m *manifest.Manifest, id string) *manifest.Component {
	t.Helper()
	c, ok := m.Component(id)
	if !ok {
		t.Fatalf("there is no component %q", id)
	}
	return c
}

func TestProfile(t *testing.T) {
	m := parseWith(t, profiled, "fancy")
	c := component1(t, m, "c")
	if c.Source.URL != "https://x.example/c.wasm" || c.Source.Path != "" || c.Source.Digest != digest || c.Source.Pos.String() != "spin.toml:12:10" {
		t.Errorf("got %+v", c.Source)
	}
	if !maps.Equal(c.Environment, map[string]string{"LEVEL": "debug", "HOME": "/", "TRACE": "1"}) {
		t.Errorf("got %v", c.Environment)
	}
	want := &manifest.Build{Command: []string{"make clean", "make fancy"}, Workdir: "src", Watch: []string{"*.c"}}
	if !reflect.DeepEqual(c.Build, want) {
		t.Errorf("got %+v", c.Build)
	}
	var deps []string
	for _, d := range c.Dependencies {
		deps = append(deps, show(d))
	}
	if !slices.Equal(deps, []string{"foo-bar helper-fancy.wasm component=helper inherits nothing", "fancy-thing ft.wasm inherits nothing"}) {
		t.Errorf("got %q", deps)
	}
	plain := component1(t, m, "plain")
	if plain.Source.Path != "plain.wasm" || !reflect.DeepEqual(plain.Build, &manifest.Build{Command: []string{"make"}, Single: true}) {
		t.Errorf("got %+v, %+v", plain.Source, plain.Build)
	}
}

func TestNoProfile(t *testing.T) {
	c := component1(t, parseWith(t, profiled, ""), "c")
	want := &manifest.Build{Command: []string{"make"}, Single: true, Workdir: "src", Watch: []string{"*.c"}}
	if c.Source.Path != "c.wasm" || len(c.Environment) != 2 || len(c.Dependencies) != 1 || !reflect.DeepEqual(c.Build, want) {
		t.Errorf("got %+v", c)
	}
}

func TestProfileOfAnotherComponent(t *testing.T) {
	m := parseWith(t, profiled, "slim")
	if c := component1(t, m, "c"); c.Source.Path != "c.wasm" {
		t.Errorf("got %v", c.Source)
	}
	if c := component1(t, m, "web-component"); c.Source.Path != "slim.wasm" {
		t.Errorf("got %v", c.Source)
	}
	parseWith(t, profiled, "bare")
}

func TestProfileThatNobodyDefines(t *testing.T) {
	_, err := manifest.Parse("spin.toml", []byte(profiled), &manifest.Options{Profile: "fanyc"})
	var undefined *profile.UndefinedError
	if !errors.Is(err, manifest.ErrProfile) || !errors.As(err, &undefined) || !slices.Equal(undefined.Defined, []string{"bare", "fancy", "slim"}) ||
		err.Error() != `spin.toml:1:1: no component defines the profile "fanyc": choose one of "fancy", "bare", "slim"` {
		t.Errorf("got %v", err)
	}
	_, err = manifest.Parse("spin.toml", []byte(head+"[trigger]\n"), &manifest.Options{Profile: "debug"})
	if !errors.Is(err, manifest.ErrProfile) || err.Error() != `spin.toml:1:1: no component defines the profile "debug": choose none, or add a table such as [component.ID.profile.debug]` {
		t.Errorf("got %v", err)
	}
}

func TestProfileFaults(t *testing.T) {
	const prefix = component + "source = \"c\"\n"
	for _, test := range []struct{ text, want string }{
		{"profile = 1", `6:11: component.c.profile: must be a table, not an integer`},
		{"profile.debug = \"x\"", `6:17: component.c.profile.debug: must be a table, not a string`},
		{"profile.\"\" = {}", `6:9: component.c.profile."": the name of the profile is empty*`},
		{"profile.debug.files = []", `6:15: component.c.profile.debug.files: unknown key "files": *write one of source, environment, dependencies, build`},
		{"profile.debug.sorce = \"x\"", `6:15: component.c.profile.debug.sorce: unknown key "sorce": did you mean "source"?`},
		{"profile.debug.source = 1", `6:24: component.c.profile.debug.source: must be a path or a table*`},
		{"profile.debug.build.workdir = \"x\"", `6:15: component.c.profile.debug.build: the key "command" is missing*`},
		{"profile.debug.build = { command = \"x\", workdir = \"x\" }", `6:40: component.c.profile.debug.build.workdir: unknown key "workdir": a profile changes only the command*`},
		{"profile.debug.build = { command = \"x\", watch = [] }", `6:40: *unknown key "watch": a profile changes only the command*`},
		{"profile.debug.dependencies.bad_name = \"1\"", `6:28: component.c.profile.debug.dependencies.bad_name: *`},
	} {
		if fault := faultsOf(t, prefix+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

// The later of two lines is the fault, be it the profile's or not.
func TestConflictWithAProfileThatStandsBefore(t *testing.T) {
	const text = component + `source = "c"
[component.c.profile.a.dependencies]
"foo:bar@1.0.0" = { path = "y" }
[component.c.dependencies]
"foo:bar" = { path = "x" }
`
	parseWith(t, text, "")
	_, err := manifest.Parse("spin.toml", []byte(text), &manifest.Options{Profile: "a"})
	if err == nil || !matches(`spin.toml:9:1: component.c.dependencies."foo:bar": the same import can match "foo:bar@1.0.0" at line 7*`, err.Error()) {
		t.Errorf("got %v", err)
	}
}

func TestProfilesThatAreNotActiveMayContradict(t *testing.T) {
	const text = component + `source = "c"
dependencies_inherit_configuration = true
dependencies."foo:bar" = { path = "x" }
profile.a.dependencies."foo:bar@1.0.0" = { path = "y" }
profile.b.dependencies."x:y/z" = { path = "y", inherit_configuration = true }
profile.c.dependencies.x = { component = "helper" }
profile.d.dependencies.plain = "1.0"
[component.helper]
source = "h"
profile.c.environment = { A = "1" }
`
	parseWith(t, text, "")
	for name, want := range map[string]string{
		"a": `spin.toml:8:24: component.c.profile.a.dependencies."foo:bar@1.0.0": the same import can match "foo:bar" at line 7*`,
		"b": `spin.toml:9:48: component.c.profile.b.dependencies."x:y/z".inherit_configuration: *exclude each other*`,
		"c": `spin.toml:10:30: component.c.profile.c.dependencies.x.component: the component "helper" has settings of its own, environment*`,
		"d": `spin.toml:11:24: component.c.profile.d.dependencies.plain: the name does not say which package*`,
	} {
		_, err := manifest.Parse("spin.toml", []byte(text), &manifest.Options{Profile: name})
		if err == nil || !matches(want, err.Error()) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
