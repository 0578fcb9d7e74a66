package manifest_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/manifest"
)

func parse(t *testing.T, text string) *manifest.Manifest {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const shop = `spin_manifest_version = 2

[application]
name = "shop"
version = "1.0.0"
description = "Sells things"
authors = ["Ann", "Bob"]
tool.editor = { theme = "dark" }

[[trigger.http]]
route = "/..."
component = "front"

[[trigger.redis]]
channel = "orders"
component = "orders"

[[trigger.http]]
id = "stock"
route = "/stock"
component = { source = "stock.wasm" }

[component.orders]
source = "/abs/orders.wasm"

[component.front]
source = "front/app.wasm"
description = "Pages"
environment = { LANG = "en", EMPTY = "" }
allowed_outbound_hosts = [
  "https://*.example.com",
  "http://self",
]
[component.front.build]
command = "make"
workdir = "front"
watch = ["**/*.rs"]
[component.front.tool.editor]
anything = true
`

func TestParse(t *testing.T) {
	m := parse(t, shop)
	app := m.Application
	if app.Name != "shop" || app.Version != "1.0.0" || app.Description != "Sells things" ||
		!slices.Equal(app.Authors, []string{"Ann", "Bob"}) || app.Pos.String() != "spin.toml:3:2" || m.File != "spin.toml" {
		t.Errorf("got %+v", app)
	}
	var ids []string
	for _, c := range m.Components {
		ids = append(ids, c.ID)
	}
	if !slices.Equal(ids, []string{"orders", "front", "stock-component"}) {
		t.Errorf("got components %q", ids)
	}
	front, ok := m.Component("front")
	if !ok || front.Source.Path != "front/app.wasm" || front.Description != "Pages" || front.Pos.String() != "spin.toml:26:12" || front.Source.Pos.String() != "spin.toml:27:10" {
		t.Errorf("got %+v", front)
	}
	if !maps.Equal(front.Environment, map[string]string{"LANG": "en", "EMPTY": ""}) {
		t.Errorf("got %v", front.Environment)
	}
	if b := front.Build; b == nil || !slices.Equal(b.Command, []string{"make"}) || b.Workdir != "front" || !slices.Equal(b.Watch, []string{"**/*.rs"}) {
		t.Errorf("got %+v", b)
	}
	orders, _ := m.Component("orders")
	if orders.Build != nil || len(orders.Environment) != 0 || orders.Source.Path != "/abs/orders.wasm" {
		t.Errorf("got %+v", orders)
	}
	if _, ok := m.Component("ghost"); ok {
		t.Error("found a component that is not there")
	}
}

func TestParseHosts(t *testing.T) {
	m := parse(t, shop)
	front, _ := m.Component("front")
	if got, want := front.AllowedOutboundHosts.CheckURL("https://api.example.com/x", "").String(), `https://api.example.com is allowed by "https://*.example.com" at spin.toml:31:3`; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := front.AllowedOutboundHosts.CheckURL("http://example.com", "").Err().Error(), `component "front" may not connect to http://example.com: add "http://example.com" to allowed_outbound_hosts (spin.toml:30:1)`; got != want {
		t.Errorf("got %s", got)
	}
	stock, _ := m.Component("stock-component")
	if got, want := stock.AllowedOutboundHosts.CheckSelf().Err().Error(), `component "stock-component" may not connect to self: add the line allowed_outbound_hosts = ["http://self"] (spin.toml:21:13)`; got != want {
		t.Errorf("got %s", got)
	}
}

func TestParseTriggers(t *testing.T) {
	m := parse(t, shop)
	var got []string
	for _, e := range m.Triggers {
		got = append(got, strings.Join([]string{e.Type, e.ID, e.Component, e.Pos().String()}, " "))
	}
	want := []string{
		"http front-http-trigger front spin.toml:10:11",
		"http stock stock-component spin.toml:18:11",
		"redis orders-redis-trigger orders spin.toml:14:11",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if types := m.TriggerTypes(); !slices.Equal(types, []string{"http", "redis"}) {
		t.Errorf("got types %q", types)
	}
	if n := len(m.TriggersOf("http")); n != 2 || len(m.TriggersOf("cron")) != 0 {
		t.Errorf("got %d http triggers", n)
	}
}

const head = "spin_manifest_version = 2\napplication.name = \"a\"\n"

func TestParseAccepts(t *testing.T) {
	for name, text := range map[string]string{
		"no triggers":          head + "[trigger]\n",
		"empty name":           "spin_manifest_version = 2\napplication.name = \"\"\n[trigger]\n",
		"inline tables":        "spin_manifest_version = 2\napplication = { name = \"a\" }\ntrigger = { http = [{ component = \"c\" }] }\ncomponent = { c = { source = \"c.wasm\" } }\n",
		"no array of triggers": head + "trigger.http = []\n",
		"unused component":     head + "[trigger]\n[component.unused]\nsource = \"u.wasm\"\n",
		"upper case words":     head + "[trigger]\n[component.foo-BAR-x1]\nsource = \"u.wasm\"\n",
		"trigger of any type":  head + "[[trigger.\"my type\"]]\nwhatever = [1, 2.5, { a = 2020-01-01 }]\n",
		"empty values":         head + "[variables]\n[trigger]\n[component.c]\nsource = \"c\"\nfiles = []\nvariables = {}\ntargets = []\nai_models = []\nkey_value_stores = []\nprofile = {}\n",
		"inert keys":           head + "[trigger]\n[component.c]\nsource = \"c\"\nexclude_files = [\"**/node_modules\"]\ndependencies_inherit_configuration = true\n",
		"several build steps":  head + "[trigger]\n[component.c]\nsource = \"c\"\nbuild.command = [\"a\", \"b\"]\n",
		"windows line ends":    strings.ReplaceAll(head+"[trigger]\n", "\n", "\r\n"),
		"byte order mark":      "\xef\xbb\xbf" + head + "[trigger]\n",
		"no hosts":             head + "[trigger]\n[component.c]\nsource = \"c\"\nallowed_outbound_hosts = []\n",
		"braces elsewhere":     head + "[[trigger.http]]\nroute = \"/{{ a\"\n[component.c]\nsource = \"{{ a }}.wasm\"\nenvironment = { A = \"{{ a\" }\nfiles = [\"{{ a }}\"]\nai_models = [\"{{ a }}\"]\n[variables]\nb = { default = \"{{ b\" }\n",
		"repeated trigger ids": head + "[[trigger.http]]\nid = \"x\"\n[[trigger.http]]\nid = \"x\"\n",
	} {
		if _, err := manifest.Parse("spin.toml", []byte(text), nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoad(t *testing.T) {
	fsys := fstest.MapFS{
		"app/spin.toml": {Data: []byte(shop)},
		"bad/spin.toml": {Data: []byte("x = 1\n")},
		"big/spin.toml": {Data: make([]byte, 1<<20+1)},
	}
	m, err := manifest.Load(fsys, "app/spin.toml", nil)
	if err != nil || m.File != "app/spin.toml" || m.Application.Pos.File != "app/spin.toml" {
		t.Errorf("got %v, %v", m, err)
	}
	if _, err := manifest.Load(fsys, "none/spin.toml", nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none/spin.toml") {
		t.Errorf("got %v", err)
	}
	if _, err := manifest.Load(fsys, "app", nil); err == nil || !strings.Contains(err.Error(), "app") {
		t.Errorf("got %v", err)
	}
	var faults manifest.Errors
	if _, err := manifest.Load(fsys, "bad/spin.toml", nil); !errors.As(err, &faults) || faults[0].File != "bad/spin.toml" {
		t.Errorf("got %v", err)
	}
	if _, err := manifest.Load(fsys, "big/spin.toml", nil); !errors.Is(err, manifest.ErrLimit) {
		t.Errorf("got %v", err)
	}
}

func TestParseKeepsNothingOfItsInput(t *testing.T) {
	data := []byte(shop)
	m, err := manifest.Parse("spin.toml", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		data[i] = '#'
	}
	if front, ok := m.Component("front"); !ok || front.Source.Path != "front/app.wasm" || m.Triggers[0].Keys()[0] != "route" {
		t.Error("the manifest changed with the text")
	}
}
