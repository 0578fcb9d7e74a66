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
		{"[variables]\nx = { default = 5, secret = true }", `5:17: variables.x.default: must be a string, not an integer: write it in quotes`, nil},
		{"[variables]\nx = { default = 5, secret = \"true\" }", `5:17: variables.x.default: must be a string, not an integer: write it in quotes`, nil},
		{"[variables]\nx = { default = 5, secret = false }", `5:17: variables.x.default: must be a string, not an integer: write "5"`, nil},
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

func TestNumberOfUnknownVariablesIsBounded(t *testing.T) {
	var text strings.Builder
	for i := range 100 {
		fmt.Fprintf(&text, "{{ x%d }}", i)
	}
	const c = component + "source = \"c\"\n"
	if faults := faultsOf(t, c+"variables = { a = \""+text.String()+"\", b = \""+text.String()+"\" }\n"); len(faults) != 33 || !errors.Is(faults[32], manifest.ErrLimit) {
		t.Errorf("got %d faults", len(faults))
	}
	// In hosts they are only warned of, as they may get their value from elsewhere.
	entries := strings.ReplaceAll(text.String(), "{{", "\"http://{{")
	if m := parse(t, c+"allowed_outbound_hosts = ["+strings.ReplaceAll(entries, "}}", "}}\", ")+"]\n"); len(m.Warnings) != 32 {
		t.Errorf("got %d warnings", len(m.Warnings))
	}
}

func TestHostsWithTemplates(t *testing.T) {
	m := parse(t, component+`source = "c"
allowed_outbound_hosts = ["https://{{ host }}", "https://{{ hots }}:{{ prot }}", "http://x"]
[variables]
host = { default = "h" }
`)
	c := component1(t, m, "c")
	if names := c.AllowedOutboundHosts.Names(); !slices.Equal(names, []string{"host", "hots", "prot"}) {
		t.Errorf("got %q", names)
	}
	checkWarnings(t, m,
		`spin.toml:6:58: component.c.allowed_outbound_hosts: the application has no variable "hots": did you mean "host"? If not, add it to the table [variables]; until then the entry allows nothing`,
		`spin.toml:6:69: *has no variable "prot": *`)
	fault := faultsOf(t, component+"source = \"c\"\nallowed_outbound_hosts = [\"https://{{ host\"]\n")
	if len(fault) != 1 || !matches(`spin.toml:6:27: component.c.allowed_outbound_hosts: "https://{{ host" has a malformed template*`, fault[0].Error()) {
		t.Errorf("got %v", fault)
	}
}
