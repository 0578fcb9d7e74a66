package manifest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
)

const old = `spin_manifest_version = "1"
name = "old-shop"
version = "0.9.0"
description = "Sells old things"
authors = ["Ann"]
trigger = { type = "http", base = "/" }

[variables]
token = { required = true, secret = true }

[[component]]
id = "mixedCase"
source = "a.wasm"
description = "Pages"
files = [{ source = "static", destination = "/" }]
exclude_files = ["*.md"]
environment = { LANG = "en" }
key_value_stores = ["any label!"]
sqlite_databases = ["default"]
ai_models = ["llama2-chat"]
allowed_outbound_hosts = ["https://x.example"]
[component.config]
secret_token = "{{ token }}"
[component.trigger]
route = "/..."
executor = { type = "spin" }
[component.build]
command = "make"

[[component]]
id = "snake_case"
source = { url = "https://x.example/b.wasm", digest = "` + digest + `" }
[component.trigger]
route = "/b"
`

func TestVersion1(t *testing.T) {
	m := parse(t, old)
	app := m.Application
	if m.Version != 1 || app.Name != "old-shop" || app.Version != "0.9.0" || app.Description != "Sells old things" || !slices.Equal(app.Authors, []string{"Ann"}) {
		t.Errorf("got %d, %+v", m.Version, app)
	}
	if http := app.Triggers["http"]; len(app.Triggers) != 1 || !slices.Equal(http.Keys(), []string{"base"}) || http.KeyPos("base").String() != "spin.toml:6:28" {
		t.Errorf("got %+v", app.Triggers)
	}
	if v := m.Variables["token"]; v == nil || !v.Required || !v.Secret || v.Pos.String() != "spin.toml:9:1" {
		t.Errorf("got %+v", v)
	}
	c := component1(t, m, "mixedcase")
	if c.Source.Path != "a.wasm" || c.Description != "Pages" || c.Pos.String() != "spin.toml:11:3" || c.Environment["LANG"] != "en" ||
		c.Build == nil || c.Build.Command[0] != "make" || c.Files[0].Destination.Value != "/" || c.ExcludeFiles[0].Value != "*.md" {
		t.Errorf("got %+v", c)
	}
	if v := c.Variables["secret_token"]; v.Value != "{{ token }}" || v.Pos.String() != "spin.toml:23:16" || c.KeyPos("variables", "secret_token").String() != "spin.toml:23:1" {
		t.Errorf("got %+v", v)
	}
	if c.KeyValueStores[0].Value != "any label!" || c.SQLiteDatabases[0].Value != "default" || c.AIModels[0].Value != "llama2-chat" {
		t.Errorf("got %v", c.KeyValueStores)
	}
	if b := component1(t, m, "snake-case"); b.Source.URL != "https://x.example/b.wasm" {
		t.Errorf("got %+v", b.Source)
	}
	if got, want := summary(m), "trigger-mixedcase:mixedcase trigger-snake-case:snake-case | mixedcase snake-case"; got != want {
		t.Errorf("got %s", got)
	}
	e := m.Triggers[0]
	if e.Type != "http" || !slices.Equal(e.Keys(), []string{"route", "executor"}) || e.KeyPos("route").String() != "spin.toml:25:1" {
		t.Errorf("got %+v", e)
	}
	checkWarnings(t, m)
}

// older is a manifest of version 1 with a component, which keys can be added to from
// line 7 on.
const older = "spin_version = \"1\"\nname = \"x\"\ntrigger = { type = \"redis\", address = \"a\" }\n[[component]]\nid = \"c\"\nsource = \"c.wasm\"\n"

func hosts(m *manifest.Manifest, id string) []string {
	list := []string{}
	c, _ := m.Component(id)
	for _, e := range c.AllowedOutboundHosts.Entries() {
		list = append(list, e.Text)
	}
	return list
}

func TestVersion1Hosts(t *testing.T) {
	databases := []string{"redis://*:*", "mysql://*:*", "postgres://*:*"}
	for _, test := range []struct {
		keys string
		want []string
	}{
		{"", databases},
		{"allowed_outbound_hosts = []", nil},
		{"allowed_outbound_hosts = [\"http://a\"]\nallowed_http_hosts = [\"b\"]", []string{"http://a", "http://b", "https://b"}},
		{"allowed_http_hosts = []", databases},
		{"allowed_http_hosts = [\"insecure:allow-all\", \"a b\"]", slices.Concat(databases, []string{"http://*:*", "https://*:*", "http://self"})},
		{"allowed_http_hosts = [\"self\"]", slices.Concat(databases, []string{"http://self"})},
	} {
		m := parse(t, older+test.keys+"\n[component.trigger]\n")
		if got := hosts(m, "c"); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q", test.keys, got)
		}
	}
	m := parse(t, older+"[component.trigger]\n")
	c, _ := m.Component("c")
	if got := c.AllowedOutboundHosts.CheckURL("redis://db:6379", "").String(); got != `redis://db is allowed by "redis://*:*" at spin.toml:4:3` {
		t.Errorf("got %s", got)
	}
}

func TestVersion1RepeatedIDs(t *testing.T) {
	m := parse(t, older+"[component.trigger]\nchannel = \"one\"\n[[component]]\nid = \"C\"\nsource = \"b.wasm\"\n[component.trigger]\n[[component]]\nid = \"c\"\nsource = \"d.wasm\"\n[component.trigger]\nchannel = \"two\"\n")
	if got, want := summary(m), "trigger-c:c trigger-C:C trigger-c:c | c C"; got != want {
		t.Errorf("got %s", got)
	}
	if c := component1(t, m, "c"); c.Source.Path != "d.wasm" {
		t.Errorf("got %v", c.Source)
	}
	checkWarnings(t, m, `spin.toml:14:6: component[2].id: there is another component "c" before, which this one replaces*`)
}

func TestVersion1Faults(t *testing.T) {
	const trigger = "[component.trigger]\n"
	for _, test := range []struct {
		name, text, want string
		cause            error
	}{
		{"nothing but the version", "spin_version = \"1\"", `1:1: the key "name" is missing*`, manifest.ErrMissingKey},
		{"no trigger", "spin_version = \"1\"\nname = \"x\"", `1:1: the key "trigger" is missing: write trigger = { type = "http" }`, manifest.ErrMissingKey},
		{"no trigger type", "spin_version = \"1\"\nname = \"x\"\ntrigger = {}", `3:11: trigger: the key "type" is missing*`, manifest.ErrMissingKey},
		{"empty trigger type", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"\"", `3:16: trigger.type: the type is empty*`, nil},
		{"both versions", "spin_version = \"1\"\nspin_manifest_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"", `1:1: spin_version: the version is there twice*`, nil},
		{"application table", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"\n[application]", `4:2: application: unknown key "application": write its keys at the top level*`, manifest.ErrUnknownKey},
		{"typo", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"\nautors = []", `4:1: autors: unknown key "autors": did you mean "authors"?`, manifest.ErrUnknownKey},
		{"component table", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"\n[component.c]", `4:2: component: must be an array of tables, not a table: write [[component]]`, nil},
		{"component string", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"\ncomponent = [\"c\"]", `4:14: component[0]: must be a table, not a string`, nil},
		{"no id", "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"http\"\n[[component]]\nsource = \"x\"\n" + trigger, `4:3: component[0]: the key "id" is missing*`, manifest.ErrMissingKey},
		{"bad id", strings.Replace(older, `"c"`, `"a b"`, 1) + trigger, `5:6: component[0].id: the id may only have*`, nil},
		{"no component trigger", older, `4:3: component[0]: the key "trigger" is missing: add the table [component.trigger]`, manifest.ErrMissingKey},
		{"no source", strings.Replace(older, "source = \"c.wasm\"\n", "", 1) + trigger, `4:3: component[0]: the key "source" is missing*`, manifest.ErrMissingKey},
		{"dependencies", older + "dependencies = {}\n" + trigger, `7:1: component[0].dependencies: unknown key "dependencies": write a manifest of version 2*`, manifest.ErrUnknownKey},
		{"profile", older + "profile = {}\n" + trigger, `7:1: component[0].profile: unknown key "profile"*`, manifest.ErrUnknownKey},
		{"targets", older + "targets = []\n" + trigger, `7:1: component[0].targets: unknown key "targets"*`, manifest.ErrUnknownKey},
		{"variables", older + "variables = {}\n" + trigger, `7:1: component[0].variables: unknown key "variables": write config*`, manifest.ErrUnknownKey},
		{"config name", older + "config.Bad = \"x\"\n" + trigger, `7:8: component[0].config.Bad: the name has no capital letters: write "bad"`, nil},
		{"unknown variable", older + "config.a = \"x{{ nope }}\"\n" + trigger, `7:14: component[0].config.a: the application has no variable "nope"*`, nil},
		{"environment of the build", older + "build = { command = \"x\", environment = {} }\n" + trigger, `7:26: component[0].build.environment: unknown key*`, manifest.ErrUnknownKey},
		{"digest", strings.Replace(older, `"c.wasm"`, `{ url = "https://x.example", digest = "md5:x" }`, 1) + trigger, `6:*: component[0].source.digest: the digest "md5:x" does not start with "sha256:"*`, nil},
		{"host", older + "allowed_outbound_hosts = [\"x\"]\n" + trigger, `7:27: component[0].allowed_outbound_hosts: "x" has no scheme*`, nil},
	} {
		fault := faultsOf(t, test.text)[0]
		if !matches("spin.toml:"+test.want, fault.Error()) {
			t.Errorf("%s: got  %s\nwant %s", test.name, fault, test.want)
		}
		if test.cause != nil && !errors.Is(fault, test.cause) {
			t.Errorf("%s: cause is %v", test.name, fault.Err)
		}
	}
}

func TestVersion1LegacyHostFaultsAreReportedTogether(t *testing.T) {
	faults := faultsOf(t, older+"allowed_http_hosts = [\"ftp://x\", \"ok.example\", \"e.com/p\"]\n[component.trigger]\n")
	if len(faults) != 2 ||
		!matches(`spin.toml:7:23: component[0].allowed_http_hosts: "ftp://x" is not a URL of HTTP*`, faults[0].Error()) ||
		!matches(`spin.toml:7:48: component[0].allowed_http_hosts: "e.com/p" has more than a host and a port*`, faults[1].Error()) {
		t.Errorf("got %v", faults)
	}
}

func TestVersion1IsBounded(t *testing.T) {
	var components, repeated strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&components, "[[component]]\nid=\"c%d\"\nsource=\"c\"\ntrigger={}\n", i)
		repeated.WriteString("[[component]]\nid=\"c\"\nsource=\"c\"\ntrigger={}\n")
	}
	faults := faultsOf(t, "spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"t\"\n"+strings.Repeat("[[component]]\n", 500))
	if len(faults) != 33 || !errors.Is(faults[32], manifest.ErrLimit) {
		t.Errorf("got %d faults", len(faults))
	}
	for _, text := range []string{components.String(), repeated.String()} {
		_, err := manifest.Parse("spin.toml", []byte("spin_version = \"1\"\nname = \"x\"\ntrigger.type = \"t\"\n"+text), nil)
		if !errors.Is(err, manifest.ErrLimit) {
			t.Errorf("got %v", err)
		}
	}
}
