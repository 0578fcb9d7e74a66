package manifest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/manifest"
)

func TestDependencyFaults(t *testing.T) {
	for _, test := range []struct {
		text, want string
		cause      error
	}{
		{`log = 1`, `7:7: component.c.dependencies.log: must be a version or a table such as { version = *, { path = "..." }, { url = *, { component = "..." }, not an integer`, nil},
		{`log = {}`, `7:7: component.c.dependencies.log: the table does not say where the component is: write one of { version = *`, nil},
		{`log = { pth = "x" }`, `7:9: component.c.dependencies.log.pth: unknown key "pth": did you mean "path"?`, manifest.ErrUnknownKey},
		{`log = { path = "x", digest = "y" }`, `7:21: component.c.dependencies.log: "digest" does not go with the keys of a local file: write either { path = "..." } or { url = *`, nil},
		{`log = { path = "x", version = "1" }`, `7:21: *"version" does not go with the keys of a local file*`, nil},
		{`log = { path = "x", exprt = "y" }`, `7:21: component.c.dependencies.log.exprt: unknown key "exprt": did you mean "export"?`, manifest.ErrUnknownKey},
		{`log = { url = "https://x.example/c.wasm" }`, `7:7: component.c.dependencies.log: the key "digest" is missing: write { url =*`, manifest.ErrMissingKey},
		{`log = { url = "https://x.example/c.wasm", sha256 = "y" }`, `7:43: component.c.dependencies.log.sha256: unknown key "sha256"*`, manifest.ErrUnknownKey},
		{`log = { url = "file:///c.wasm", digest = "` + digest + `" }`, `7:15: component.c.dependencies.log.url: "file:///c.wasm" is not a URL of HTTP*`, nil},
		{`log = { url = "https://x.example/c", digest = "not-a-digest" }`, `7:47: component.c.dependencies.log.digest: the digest "not-a-digest" does not start with "sha256:"*`, nil},
		{`log = { package = "a:b" }`, `7:7: *the key "version" is missing*`, manifest.ErrMissingKey},
		{`log = { version = "1", package = "ab" }`, `7:34: component.c.dependencies.log.package: "ab" is not the name of a package: write namespace:name, such as "acme:tools"`, nil},
		{`log = { version = "1", package = "A:b" }`, `7:34: *"A:b" is not the name of a package: each part has no capital letters*`, nil},
		{`log = { version = "1", package = "a:b", registry = "https://x" }`, `7:52: component.c.dependencies.log.registry: "https://x" is not the host of a registry*`, nil},
		{`log = { version = "1 2", package = "a:b" }`, `7:19: component.c.dependencies.log.version: "1 2" is not a version requirement: *`, nil},
		{`"a:b" = "newest"`, `7:9: component.c.dependencies."a:b": "newest" is not a version requirement: *`, nil},
		{`log = { version = 1, package = "a:b" }`, `7:19: component.c.dependencies.log.version: must be a string, not an integer: write "1"`, nil},
		{`log = { path = "" }`, `7:16: component.c.dependencies.log.path: the path is empty*`, nil},
		{`log = { path = "x", export = "" }`, `7:30: component.c.dependencies.log.export: the name of the export is empty*`, nil},
		{`log = { component = "b_c" }`, `7:21: component.c.dependencies.log.component: words of the id are separated by "-", not "_": write "b-c"`, nil},
		{`log = { path = "x", inherit_configuration = "files" }`, `7:45: component.c.dependencies.log.inherit_configuration: must be a boolean or an array of capability sets, not a string: write ["files"]`, nil},
		{`log = { path = "x", inherit_configuration = [true] }`, `7:46: *inherit_configuration: must be a string, not a boolean*`, nil},

		{`bad_name = "1"`, `7:1: component.c.dependencies.bad_name: "bad_name" is not the name of a dependency: words of the name are separated by "-", not "_": write "bad-name"`, nil},
		{`"foo@1.0.0" = "1"`, `7:1: *"foo@1.0.0" is not the name of a dependency: a plain name has no version: write namespace:name@1.2.3, or "foo"`, nil},
		{`"a:b@1" = "1"`, `7:1: *in the name of the dependency: "1" is not a version: *`, nil},
		{`"a:b@1.2" = "1"`, `7:1: *"1.2" is not a version: *`, nil},
		{`"a:b@1.0.0/c" = "1"`, `7:1: *the version stands at the end: write "a:b/c@1.0.0"`, nil},
		{`"a/b" = "1"`, `7:1: *"a" is not the name of a package: write namespace:name*`, nil},
		{`"a:b/c/d" = "1"`, `7:1: *there is more than one "/"*`, nil},
		{`"a:b/" = "1"`, `7:1: *the interface is empty*`, nil},
		{`"a:b/*" = "1"`, `7:1: *each word of the interface must start with an ASCII letter*`, nil},
		{`"a:b:c/d" = "1"`, `7:1: *"a:b:c" is not the name of a package*`, nil},
		{`"a:1b" = "1"`, `7:1: *"a:1b" is not the name of a package: each word of each part must start*`, nil},

		{`plain = "0.1.0"`, `7:1: component.c.dependencies.plain: the name does not say which package to take: write { version = "0.1.0", package = "namespace:name" }`, manifest.ErrMissingKey},
		{`plain = { version = "0.1.0" }`, `7:1: component.c.dependencies.plain: the name does not say which package to take*`, manifest.ErrMissingKey},
		{`"foo:baz@0.1.0" = { path = "x", export = "x" }`, `7:33: component.c.dependencies."foo:baz@0.1.0".export: one export cannot stand for all interfaces of foo:baz: remove it, or name the interface, as in "foo:baz/interface@0.1.0"`, nil},
		{`"foo:baz" = { version = "1", export = "x" }`, `7:30: *one export cannot stand for all interfaces*`, nil},
		{`"foo:baz" = { url = "https://x.example", digest = "` + digest + `", export = "x" }`, `7:*: *one export cannot stand for all interfaces*`, nil},
		{`"foo:baz" = { component = "b", export = "x" }`, `7:32: *one export cannot stand for all interfaces*`, nil},

		{`x = { component = "ghost" }`, `7:7: component.c.dependencies.x.component: there is no component "ghost": write one of *"b", *or add the table [component.ghost]`, nil},
		{`x = { component = "c" }`, `7:7: component.c.dependencies.x.component: a component cannot be a dependency of its own: name another one`, nil},
		{`x = { component = "loop" }`, `13:20: component.loop.dependencies.x.component: the components depend on each other in a circle, "c" on "loop" on "c": remove one of these dependencies`, nil},
		{`x = { component = "rich" }`, `7:7: component.c.dependencies.x.component: the component "rich" has settings of its own, files, variables, which a dependency cannot have: remove them*`, nil},
		{`x = { component = "richest" }`, `7:7: *settings of its own, ai_models, allowed_http_hosts, allowed_outbound_hosts, environment, key_value_stores, sqlite_databases, which*`, nil},
	} {
		fault := faultsOf(t, dependent(test.text, other,
			"[component.loop]\nsource = \"l\"\ndependencies.x = { component = \"c\" }",
			"[component.rich]\nsource = \"r\"\nfiles = [\"f\"]\nvariables = { a = \"1\" }\ntool.x = {}\nbuild.command = \"x\"\nexclude_files = [\"y\"]\ntargets = [\"z\"]",
			"[component.richest]\nsource = \"r\"\nallowed_http_hosts = [\"h\"]\nallowed_outbound_hosts = [\"http://h\"]\nai_models = [\"m\"]\nenvironment = { A = \"1\" }\nkey_value_stores = [\"k\"]\nsqlite_databases = [\"s\"]"))[0]
		if !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got\n%s\nwant\n%s", test.text, fault, test.want)
		}
		if test.cause != nil && !errors.Is(fault, test.cause) {
			t.Errorf("%s: cause is %v", test.text, fault.Err)
		}
	}
}

func TestVersionFaultsAreTyped(t *testing.T) {
	var fault *semver.Error
	if err := faultsOf(t, dependent(`"a:b" = "1 2"`)); !errors.As(error(err), &fault) || fault.Text != "1 2" {
		t.Errorf("got %v", err)
	}
}

func TestDependencyConflicts(t *testing.T) {
	for names, conflict := range map[string]bool{
		"f:b@0.1.0 f:b@0.2.0":                false,
		"f:b/x@0.1.0 f:b/y@0.1.0":            false,
		"f:b/x f:b/y":                        false,
		"f:b@0.1.0 f:b/x@0.2.0":              false,
		"f:b/x@0.1.0-alpha f:b/x@0.1.0-beta": false,
		"f:b f:c":                            false,
		"f:b/x g:b/x":                        false,
		"f:b/x@1.0.0 f:b/x@2.0.0":            false,
		"f:b/x@0.0.1 f:b/x@0.0.2":            false,
		"plain other":                        false,
		"plain f:plain":                      false,

		"f:b@0.2.1 f:b@0.2.2":                 true,
		"f:b@0.1.0 f:b@0.1.1":                 true,
		"f:b/x@0.1.0 f:b@0.1.0":               true,
		"f:b f:b@0.1.0":                       true,
		"f:b/x f:b":                           true,
		"f:b/x f:b@0.1.0":                     true,
		"f:b@1.0.0-rc.1 f:b@1.0.0-rc.1+build": true,
		"f:b@1.0.0+a f:b@1.0.0+b":             true,
		"f:b/x@1.0.0 f:b/x@1.9.0":             true,
		"f:b/x f:b/x@0.1.0":                   true,
	} {
		a, b, _ := strings.Cut(names, " ")
		for _, pair := range [][2]string{{a, b}, {b, a}} {
			text := dependent(fmt.Sprintf("%q = { path = \"x\" }\n%q = { path = \"y\" }", pair[0], pair[1]))
			if !conflict {
				if _, err := manifest.Parse("spin.toml", []byte(text), nil); err != nil {
					t.Errorf("%s: %v", names, err)
				}
				continue
			}
			faults := faultsOf(t, text)
			if len(faults) != 1 || !matches(fmt.Sprintf("spin.toml:8:1: *: the same import can match %q at line 7: remove one of the two*", pair[0]), faults[0].Error()) {
				t.Errorf("%s: got %v", pair, faults)
			}
		}
	}
}

func TestDependencyCycles(t *testing.T) {
	faults := faultsOf(t, head+`[trigger]
[component.a]
source = "a"
dependencies.x = { component = "b" }
[component.b]
source = "b"
dependencies.x = { component = "c" }
[component.c]
source = "c"
dependencies.x = { component = "a" }
`)
	var keys []string
	for _, f := range faults {
		keys = append(keys, f.Pos().String()+" "+f.Key)
		if f.Msg != `the components depend on each other in a circle, "a" on "b" on "c" on "a": remove one of these dependencies` {
			t.Errorf("got %s", f)
		}
	}
	want := []string{
		"spin.toml:12:20 component.c.dependencies.x.component",
	}
	if !slices.Equal(keys, want) {
		t.Errorf("got %q", keys)
	}
}

// Circles are found wherever they are closed, and nowhere else.
func TestDependencyCyclesOfOtherTables(t *testing.T) {
	const viaProfile = component + "source = \"c\"\nprofile.a.dependencies.x = { component = \"b\" }\n[component.b]\nsource = \"b\"\ndependencies.y = { component = \"c\" }\n"
	const middleware = head + "[[trigger.http]]\ncomponent = \"c\"\ndependencies.middleware = [{ component = \"a\" }]\n[component.c]\nsource = \"c\"\n[component.a]\nsource = \"a\"\ndependencies.y = { component = \"b\" }\n[component.b]\nsource = \"b\"\n"
	for _, test := range []struct{ name, text, profile, want string }{
		{"a profile that is not active", viaProfile, "", ""},
		{"a profile", viaProfile, "a", `spin.toml:9:20: component.b.dependencies.y.component: the components depend on each other in a circle, "c" on "b" on "c": remove one of these dependencies`},
		{"middleware that depends on what it is placed before", middleware + "dependencies.y = { component = \"c\" }\n", "", ""},
		{"middleware", middleware + "dependencies.y = { component = \"a\" }\n", "", `spin.toml:13:20: component.b.dependencies.y.component: the components depend on each other in a circle, "a" on "b" on "a"*`},
		{"an inline component", head + "[[trigger.http]]\nid = \"t\"\ncomponent = { source = \"x\", dependencies.y = { component = \"t-component\" } }\n", "",
			`spin.toml:5:48: trigger.http[0].component.dependencies.y.component: a component cannot be a dependency of its own*`},
	} {
		_, err := manifest.Parse("spin.toml", []byte(test.text), &manifest.Options{Profile: test.profile})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !matches(test.want, err.Error())) {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}

func TestNestedDependenciesAreBounded(t *testing.T) {
	text := head + "[trigger]\n[component.c0]\nsource = \"x\"\n"
	for i := 1; i <= 12; i++ { // each has twice as many as the one before
		text += fmt.Sprintf("[component.c%d]\nsource = \"x\"\ndependencies.x = { component = \"c%[2]d\" }\ndependencies.y = { component = \"c%[2]d\" }\n", i, i-1)
	}
	faults := faultsOf(t, text)
	if len(faults) == 0 || !errors.Is(faults[0], manifest.ErrLimit) || !strings.Contains(faults[0].Msg, "more than 1024 dependencies, with those of its dependencies") {
		t.Errorf("got %v", faults)
	}
}

func TestDependenciesOfADependency(t *testing.T) {
	m := parse(t, head+`[trigger]
[component.a]
source = "a"
dependencies.x = { component = "b" }
[component.b]
source = "b"
dependencies.y = { path = "c" }
`)
	x := m.Components[0].Dependencies[0]
	if len(x.Dependencies) != 1 || x.Dependencies[0].Source.Path != "c" || x.Source.Path != "b" {
		t.Errorf("got %+v", x)
	}
}

func TestReferenceToAFaultyComponentIsNoFaultOfItsOwn(t *testing.T) {
	faults := faultsOf(t, dependent(`x = { component = "bad" }`, "[component]\nbad = 5\n"))
	if len(faults) != 1 || faults[0].Key != "component.bad" {
		t.Errorf("got %v", faults)
	}
}
