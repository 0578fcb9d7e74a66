package manifest_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestVariables(t *testing.T) {
	m := parse(t, head+`[trigger]
[variables]
region = { default = "eu", required = false, description = "where" }
empty = { default = "" }
[variables.var_one]
required = true
secret = true
[component.c]
source = "c.wasm"
variables = { a = "x {{ region }}{{var_one}}", b1_c2 = "}} { plain" }
`)
	want := map[string]*manifest.Variable{
		"region":  {Name: "region", Default: "eu", Description: "where", Pos: manifest.Position{File: "spin.toml", Line: 5, Column: 1}},
		"empty":   {Name: "empty", Pos: manifest.Position{File: "spin.toml", Line: 6, Column: 1}},
		"var_one": {Name: "var_one", Required: true, Secret: true, Pos: manifest.Position{File: "spin.toml", Line: 7, Column: 12}},
	}
	if !reflect.DeepEqual(m.Variables, want) {
		t.Errorf("got %v", m.Variables)
	}
	c := component1(t, m, "c")
	if a := c.Variables["a"]; a.Value != "x {{ region }}{{var_one}}" || a.Pos.String() != "spin.toml:12:19" || len(c.Variables) != 2 {
		t.Errorf("got %v", c.Variables)
	}
	if p := c.KeyPos("variables", "b1_c2").String(); p != "spin.toml:12:48" {
		t.Errorf("got %s", p)
	}
}

func TestVariableFaults(t *testing.T) {
	const c = "[component.c]\nsource = \"c\"\n"
	for _, test := range []struct {
		text, want string
		cause      error
	}{
		{"[variables]\nx = {}", `5:1: variables.x: the variable has neither a value nor is one demanded: add default = "..." or required = true`, manifest.ErrMissingKey},
		{"[variables]\nx = { required = false }", `5:1: variables.x: the variable has neither*`, manifest.ErrMissingKey},
		{"[variables]\nx = { required = true, default = \"y\" }", `5:24: variables.x: a variable with a default is not required: remove "required" or "default"`, nil},
		{"[variables]\nx = { default = 5 }", `5:17: variables.x.default: must be a string, not an integer: write "5"`, nil},
		{"[variables]\nx = { default = \"y\", secrt = true }", `5:22: variables.x.secrt: unknown key "secrt": did you mean "secret"?`, manifest.ErrUnknownKey},
		{"[variables]\nx = { default = \"y\", secret = \"true\" }", `5:31: variables.x.secret: must be a boolean, not a string: write true`, nil},
		{"[variables]\nx = \"y\"", `5:5: variables.x: must be a table, not a string`, nil},
		{"[[variables]]\nx = \"y\"", `4:3: variables: must be a table, not an array: write [variables]`, nil},
		{"[variables]\n\"bad+name\" = { default = \"y\" }", `5:1: variables."bad+name": the name may only have ASCII letters, digits and "_": write words such as "my_name"`, nil},
		{"[variables]\nVar = { default = \"y\" }", `5:1: variables.Var: the name has no capital letters: write "var"`, nil},
		{"[variables]\nvAr = { default = \"y\" }", `5:1: variables.vAr: the name has no capital letters: write "var"`, nil},
		{"[variables]\na_1 = { default = \"y\" }", `5:1: variables.a_1: each word of the name must start with an ASCII letter: write "a1"`, nil},
		{"[variables]\na-b = { default = \"y\" }", `5:1: variables.a-b: words of the name are separated by "_", not "-": write "a_b"`, nil},
		{c + "variables = { a_1 = \"x\" }", `6:15: component.c.variables.a_1: each word of the name must start*`, nil},
		{c + "variables = { a = 1 }", `6:19: component.c.variables.a: must be a string, not an integer: write "1"`, nil},
		{c + "variables = [\"a\"]", `6:13: component.c.variables: must be a table, not an array`, nil},
		{c + "config = { a = \"1\" }", `6:1: component.c.config: unknown key "config": write variables`, manifest.ErrUnknownKey},
		{c + "variables = { a = \"a {{ x\" }", `6:22: component.c.variables.a: "{{" has no "}}": write "{{ x }}"`, nil},
		{c + "variables = { a = '''a {{ x''' }", `6:19: component.c.variables.a: "{{" has no "}}"*`, nil},
		{c + "variables = { a = \"a {{ nope }}\" }", `6:22: component.c.variables.a: the application has no variable "nope": add it to the table [variables]`, nil},
		{c + "variables = { a = \"{{}}\" }", `6:20: *the application has no variable ""*`, nil},
		{c + "variables = { a = \"\\t{{ regoin }}\" }\n[variables]\nregion = { default = \"eu\" }", `6:19: *has no variable "regoin": did you mean "region"? If not, add it*`, nil},
		{c + "variables = { a = \"{{ a }}\" }", `6:20: *the application has no variable "a"*`, nil},
	} {
		fault := faultsOf(t, head+"[trigger]\n"+test.text)[0]
		if !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
		if test.cause != nil && !errors.Is(fault, test.cause) {
			t.Errorf("%s: cause is %v", test.text, fault.Err)
		}
	}
}

func TestFaultyVariableIsNotReportedAsMissing(t *testing.T) {
	faults := faultsOf(t, component+"source = \"c\"\nvariables = { a = \"{{ Bad }}{{ worse }}\" }\n[variables]\nBad = { default = \"x\" }\nworse = 5\n")
	if len(faults) != 2 || faults[0].Key != "variables.Bad" || faults[1].Key != "variables.worse" {
		t.Errorf("got %v", faults)
	}
}

func TestLabels(t *testing.T) {
	for _, label := range []string{"default", "snake_case", "kebab-case", "mixed_CASE_words", "foo-BAR", "x1-y2", "a1_b2"} {
		c := component1(t, parse(t, fmt.Sprintf(component+"source = \"c\"\nkey_value_stores = [%[1]q]\nsqlite_databases = [\n  %[1]q]\n", label)), "c")
		if c.KeyValueStores[0].Value != label || c.SQLiteDatabases[0].Pos.String() != "spin.toml:8:3" {
			t.Errorf("got %v", c.SQLiteDatabases)
		}
	}
	for label, want := range map[string]string{
		"b@d":       `the label may only have ASCII letters, digits and "-": write words such as "my-store" or "my_store"`,
		"camelCase": `the letters of a word of the label must be all lower or all upper case: write "camelcase"`,
		"":          `the label is empty*`,
		"a__b":      `a word of the label is empty, as "_" may only stand between two words*`,
		"a--b":      `a word of the label is empty, as "-"*`,
		"1a":        `each word of the label must start*`,
		"_a":        `a word of the label is empty*`,
		"mIxEd":     `the letters of a word*`,
		"a_b-c":     `words of the label are separated by "-" or by "_", not by both: write "a-b-c"`,
		"a_1":       `each word of the label must start with an ASCII letter: write "a1"`,
		"é":         `each word of the label must start with an ASCII letter*`,
	} {
		for _, key := range []string{"key_value_stores", "sqlite_databases"} {
			fault := faultsOf(t, fmt.Sprintf(component+"source = \"c\"\n%s = [\"default\", %q]\n", key, label))[0]
			if !matches(fmt.Sprintf("spin.toml:6:32: component.c.%s: %q is not a label: %s", key, label, want), fault.Error()) {
				t.Errorf("%q: got %s", label, fault)
			}
		}
	}
}

func TestModelNamesAreFree(t *testing.T) {
	c := component1(t, parse(t, component+"source = \"c\"\nai_models = [\"meta/Llama-3.1:8b\", \"all-minilm-l6-v2\"]\n"), "c")
	if len(c.AIModels) != 2 || c.AIModels[0].Value != "meta/Llama-3.1:8b" {
		t.Errorf("got %v", c.AIModels)
	}
}

func TestFiles(t *testing.T) {
	c := component1(t, parse(t, component+`source = "c"
files = ["a.txt", "assets/**/*", { source = "static", destination = "/" }, { source = "../shared/x", destination = "y" }, "..x/y.."]
exclude_files = ["assets/*.psd"]
`), "c")
	var got []string
	for _, f := range c.Files {
		s := f.Source.Value
		if f.Destination != nil {
			s += " -> " + f.Destination.Value + " " + f.Destination.Pos.String()
		}
		got = append(got, s)
	}
	want := []string{"a.txt", "assets/**/*", "static -> / spin.toml:6:69", "../shared/x -> y spin.toml:6:116", "..x/y.."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if c.Files[2].Pos.String() != "spin.toml:6:34" || c.Files[2].Source.Pos.String() != "spin.toml:6:45" || c.ExcludeFiles[0] != (manifest.Text{Value: "assets/*.psd", Pos: manifest.Position{File: "spin.toml", Line: 7, Column: 18}}) {
		t.Errorf("got %v, %v", c.Files, c.ExcludeFiles)
	}
}

func TestWholeFolderIsWarnedOf(t *testing.T) {
	m := parse(t, component+"source = \"c\"\nfiles = [\"a/*\", \"*\", \"**/*\", \"**\"]\n")
	checkWarnings(t, m, `spin.toml:6:17: component.c.files: "*" gives the guest all files*`, `spin.toml:6:22: component.c.files: "*" gives*`)
}

func TestFileFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`files = "x"`, `6:9: component.c.files: must be an array of strings and tables, not a string: write ["x"]`},
		{`files = [1]`, `6:10: component.c.files: must be a path, a pattern, or { source, destination }, not an integer`},
		{`files = [""]`, `6:10: component.c.files: the path is empty*`},
		{`files = [".."]`, `6:10: component.c.files: ".." has no name that the guest could see: write { source = "..", destination = "/" }`},
		{`files = ["."]`, `6:10: *"." has no name*`},
		{`files = ["a/."]`, `6:10: *"a/." has no name*`},
		{`files = ["a/.."]`, `6:10: *"a/.." has no name*`},
		{`files = [{ source = "x" }]`, `6:10: component.c.files: the key "destination" is missing: write { source = "path", destination = "/path/in/guest" }`},
		{`files = [{ destination = "x" }]`, `6:10: component.c.files: the key "source" is missing*`},
		{`files = [{ source = "x", destinaton = "/" }]`, `6:10: *`},
		{`files = [{ source = "x", destination = "/", mode = 1 }]`, `6:45: component.c.files.mode: unknown key "mode"*`},
		{`files = [{ source = "", destination = "/" }]`, `6:21: component.c.files.source: the path is empty*`},
		{`files = [{ source = "x", destination = "/../etc" }]`, `6:40: component.c.files.destination: the path leads upwards with ".."*`},
		{`files = [{ source = "x", destination = "a\\..\\b" }]`, `6:40: *leads upwards*`},
		{`exclude_files = [""]`, `6:18: component.c.exclude_files: the pattern is empty*`},
		{`exclude_files = "x"`, `6:17: component.c.exclude_files: must be an array of strings, not a string: write ["x"]`},
	} {
		if fault := faultsOf(t, component+"source = \"c\"\n"+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

func TestSources(t *testing.T) {
	for text, want := range map[string]manifest.Source{
		`"c.wasm"`: {Path: "c.wasm"},
		`{ url = "https://x.example/c.wasm", digest = "` + digest + `" }`:     {URL: "https://x.example/c.wasm", Digest: digest},
		`{ package = "my-org:pkg2", version = "1.2.3" }`:                      {Package: "my-org:pkg2", Version: "1.2.3"},
		`{ registry = "ghcr.io", package = "a:b", version = "1.0.0-rc.1+x" }`: {Registry: "ghcr.io", Package: "a:b", Version: "1.0.0-rc.1+x"},
		`{ registry = "localhost:5000", package = "a:b", version = "0.0.0" }`: {Registry: "localhost:5000", Package: "a:b", Version: "0.0.0"},
		`{ registry = "[::1]:5000", package = "a:b", version = "0.0.0" }`:     {Registry: "[::1]:5000", Package: "a:b", Version: "0.0.0"},
	} {
		want.Pos = manifest.Position{File: "spin.toml", Line: 5, Column: 10}
		if got := component1(t, parse(t, component+"source = "+text), "c").Source; got != want {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

func TestSourceFaults(t *testing.T) {
	upper := "sha256:" + strings.ToUpper(digest[7:])
	for _, test := range []struct{ text, want string }{
		{`{ url = "https://x.example", digest = "not-a-digest" }`, `5:48: component.c.source.digest: the digest "not-a-digest" does not start with "sha256:": write*`},
		{`{ url = "https://x.example", digest = "sha256:../../x" }`, `5:48: component.c.source.digest: the digest does not have 64 digits*`},
		{`{ url = "https://x.example", digest = "` + digest[:70] + `/" }`, `5:48: *the digest has other letters than a to f*`},
		{`{ url = "https://x.example", digest = "` + upper + `" }`, `5:48: component.c.source.digest: the digest has capital letters: write "` + digest + `"`},
		{`{ url = "x.example", digest = "` + digest + `" }`, `5:18: component.c.source.url: "x.example" is not a URL of HTTP*`},
		{`{ url = "", digest = "` + digest + `" }`, `5:18: *"" is not a URL of HTTP*`},
		{`{ package = "a:b" }`, `5:10: component.c.source: the key "version" is missing: write { registry =*`},
		{`{ version = "1.2.3" }`, `5:10: component.c.source: the key "package" is missing*`},
		{`{ package = "a:b", version = "1.2" }`, `5:39: component.c.source.version: "1.2" is not a version: *`},
		{`{ package = "a:b", version = "^1.2.3" }`, `5:39: *"^1.2.3" is not a version*`},
		{`{ package = "a", version = "1.2.3" }`, `5:22: component.c.source.package: "a" is not the name of a package*`},
		{`{ package = "a:b", version = "1.2.3", registry = "" }`, `5:59: component.c.source.registry: "" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "a/b" }`, `5:59: *"a/b" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "u@a" }`, `5:59: *"u@a" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", registry = "a:x" }`, `5:59: *"a:x" is not the host of a registry*`},
		{`{ package = "a:b", version = "1.2.3", url = "x" }`, `5:48: component.c.source: "url" does not go with the keys of a registry: write either { registry = *`},
		{`{ path = "x.wasm" }`, `5:12: component.c.source.path: a local source is only a string: write source = "x.wasm"`},
		{`{ component = "x" }`, `5:12: component.c.source.component: unknown key "component": remove it, or write one of url, digest, package, version, registry`},
		{`{}`, `5:10: component.c.source: the table does not say where the component is: write one of { url = *`},
		{`["c.wasm"]`, `5:10: component.c.source: must be a path or a table, not an array`},
	} {
		if fault := faultsOf(t, component+"source = "+test.text)[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

func TestTargets(t *testing.T) {
	m := parse(t, head+`application.targets = ["spin-up:3.4", { url = "https://x.example/e.toml" }, { path = "e.toml" }]
[trigger]
[component.inherits]
source = "c"
[component.own]
source = "c"
targets = ["mine"]
[component.none]
source = "c"
targets = []
`)
	pos := func(line, column int) manifest.Position {
		return manifest.Position{File: "spin.toml", Line: line, Column: column}
	}
	all := []manifest.Target{{Name: "spin-up:3.4", Pos: pos(3, 24)}, {URL: "https://x.example/e.toml", Pos: pos(3, 39)}, {Path: "e.toml", Pos: pos(3, 77)}}
	for id, want := range map[string][]manifest.Target{"inherits": all, "own": {{Name: "mine", Pos: pos(9, 12)}}, "none": {}} {
		if got := component1(t, m, id).Targets; !slices.Equal(got, want) {
			t.Errorf("%s: got %+v", id, got)
		}
	}
	if !slices.Equal(m.Application.Targets, all) {
		t.Errorf("got %+v", m.Application.Targets)
	}
	for _, test := range []struct{ text, want string }{
		{`"x"`, `3:23: application.targets: must be an array of strings and tables, not a string: write ["x"]`},
		{`[1]`, `3:24: application.targets: must be a name, { url }, or { path }, not an integer`},
		{`[""]`, `3:24: application.targets: the name is empty*`},
		{`[{ registry = "x", id = "y" }]`, `3:26: application.targets.registry: unknown key "registry"*`},
		{`[{ path = "x", url = "y" }]`, `3:38: application.targets: "url" does not go with the keys of a file: write either { path = "..." } or { url = *`},
		{`[{ url = "x" }]`, `3:32: application.targets.url: "x" is not a URL of HTTP*`},
		{`[{}]`, `3:24: application.targets: the table does not say where the target environment is*`},
	} {
		if fault := faultsOf(t, head+"application.targets = "+test.text+"\n[trigger]\n")[0]; !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.text, fault, test.want)
		}
	}
}

func TestTablesOfOthers(t *testing.T) {
	m := parse(t, head+`application.trigger.redis.address = "redis://x"
application.tool.editor = { theme = "dark" }
[[trigger.http]]
executor = { type = "wasip3-unstable" }
[component.c]
source = "c"
[component.c.tool.x]
list = [1, { a = 2.5 }]
`)
	redis := m.Application.Triggers["redis"]
	var config struct {
		Address string `toml:"address"`
	}
	if err := redis.Decode(&config); err != nil || config.Address != "redis://x" || redis.KeyPos("address").String() != "spin.toml:3:27" {
		t.Errorf("got %v, %v", config, err)
	}
	var other struct {
		Adress string `toml:"adress"`
	}
	if err := redis.Decode(&other); err == nil || err.Error() != `spin.toml:3:27: application.trigger.redis.address: unknown key "address": did you mean "adress"?` {
		t.Errorf("got %v", err)
	}
	if got := m.Application.Tool["editor"].Values(); !reflect.DeepEqual(got, map[string]any{"theme": "dark"}) {
		t.Errorf("got %v", got)
	}
	if got := m.Triggers[0].Values(); !reflect.DeepEqual(got, map[string]any{"executor": map[string]any{"type": "wasip3-unstable"}}) {
		t.Errorf("got %v", got)
	}
	want := map[string]any{"list": []any{int64(1), map[string]any{"a": 2.5}}}
	if got := component1(t, m, "c").Tool["x"].Values(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	var zero manifest.Table
	if zero.Keys() != nil || len(zero.Values()) != 0 || zero.Decode(&config) != nil || zero.KeyPos("x").IsValid() {
		t.Error("the zero table is not empty")
	}
	if fault := faultsOf(t, head+"application.trigger.http = 1\n[trigger]\n")[0]; fault.Key != "application.trigger.http" {
		t.Errorf("got %v", fault)
	}
}
