package locked_test

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest/locked"
)

func golden(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t *testing.T, text string) *locked.App {
	t.Helper()
	a, err := locked.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func marshal(t *testing.T, a *locked.App) string {
	t.Helper()
	text, err := a.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bakery is what testdata/bakery.lock says.
func bakery() *locked.App {
	wasm := func(name string) locked.Source {
		return locked.Source{ContentType: locked.WasmContent, Content: locked.FileContent("/srv/bakery/" + name)}
	}
	empty := ""
	return &locked.App{
		Metadata: locked.Values{
			"name": "bakery", "version": "1.2.0", "description": "Bread & more", "authors": []any{"Ada <ada@example.com>"},
			"origin": "file:///srv/bakery/spin.toml", "profile": "debug",
			"triggers": map[string]any{"http": map[string]any{"base": "/"}},
			"trigger":  map[string]any{"base": "/", "type": "http"},
			"vendor":   map[string]any{"level": json.Number("1.50"), "null": nil, "on": true},
		},
		Variables: map[string]locked.Variable{
			"oven_key": {Secret: true},
			"region":   {Description: "where the shop is", Default: &empty},
		},
		Triggers: []locked.Trigger{
			{ID: "bread-http-trigger", Type: "http", Config: locked.Values{
				"component": "bread", "route": "/bread/...", "executor": map[string]any{"type": "http"}}},
			{ID: "closed", Type: "http", Config: locked.Values{
				"route": "/closed", "static_response": map[string]any{"status_code": json.Number("404")}},
				Dependencies: map[string][]locked.Dependency{"middleware": nil}},
		},
		Components: []locked.Component{
			{
				ID: "bread",
				Metadata: locked.Values{
					"description": "bakes", "allowed_outbound_hosts": []any{"http://cakes.spin.internal"},
					"key_value_stores": []any{"default"}, "databases": []any{"orders"}, "ai_models": []any{"tiny"},
					"build": map[string]any{"command": "make"}, "resolve-trigger-dependencies-using": "http",
				},
				Source: wasm("bread.wasm"),
				Env:    map[string]string{"LOG": "info"},
				Files: []locked.Mount{
					{Content: locked.FileContent("/srv/run/assets/bread"), Path: "/"},
					{Content: locked.Content{Inline: []byte("hi there"),
						Digest: "sha256:9b96a1fe1d548cbbc960cc6a0286668fd74a763667b06366fb2324269fcabaa4"}, Path: "/hi.txt"},
					{Content: locked.Content{Inline: []byte{}}, Path: "/empty"},
				},
				Config: map[string]string{"region": "{{ region }}"},
				Dependencies: map[string]locked.Dependency{
					"acme:flour/mill@1.0.0": {Source: wasm("mill.wasm"), Inherit: locked.Inherit{Sets: []string{"variables", "key_value_stores"}}},
					"salt":                  {Source: wasm("salt.wasm"), Export: "acme:salt/shaker", Inherit: locked.Inherit{All: true}},
					"water":                 {Source: wasm("water.wasm")},
				},
				TriggerDependencies: map[string][]locked.Dependency{"middleware": {{Source: wasm("door.wasm")}}},
				HostRequirements:    locked.Values{"local_service_chaining": "required", "middleware": "required"},
			},
			{ID: "cakes", Source: wasm("cakes.wasm")},
		},
	}
}

func TestGolden(t *testing.T) {
	text := golden(t, "bakery.lock")
	a := parse(t, string(text))
	if want := bakery(); !reflect.DeepEqual(a, want) {
		t.Errorf("read\n%s\nwant\n%s", marshal(t, a), marshal(t, want))
	}
	if got := marshal(t, bakery()); got != string(text) {
		t.Errorf("wrote\n%s", got)
	}
}

func TestMetadata(t *testing.T) {
	a := parse(t, string(golden(t, "bakery.lock")))
	c := a.Component("bread")
	got := []any{a.Name(), a.Version(), a.Description(), a.Authors(), a.Origin(), a.Profile(), a.ImageDigest(), a.TriggerTypes(),
		c.Description(), c.AllowedOutboundHosts(), c.KeyValueStores(), c.SQLiteDatabases(), c.AIModels(), c.TriggerDependenciesOf(),
		a.Triggers[0].Component(), a.Triggers[1].Component(), a.Component("pies")}
	want := []any{"bakery", "1.2.0", "Bread & more", []string{"Ada <ada@example.com>"}, "file:///srv/bakery/spin.toml", "debug", "", []string{"http"},
		"bakes", []string{"http://cakes.spin.internal"}, []string{"default"}, []string{"orders"}, []string{"tiny"}, "http",
		"bread", "", (*locked.Component)(nil)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTriggerSettings(t *testing.T) {
	tests := []struct {
		metadata string
		want     locked.Values
	}{
		{`{"triggers": {"redis": {"address": "a"}}, "trigger": {"type": "redis", "address": "b"}}`, locked.Values{"address": "a"}},
		{`{"trigger": {"type": "redis", "address": "b"}}`, locked.Values{"address": "b"}},
		{`{"trigger": {"type": "http", "base": "/"}}`, nil},
		{`{"triggers": {}, "trigger": {"type": "redis", "address": "b"}}`, nil},
		{`{}`, nil},
	}
	for _, test := range tests {
		a := parse(t, `{"spin_lock_version": 0, "triggers": [], "components": [], "metadata": `+test.metadata+`}`)
		got, ok := a.TriggerSettings("redis")
		if !reflect.DeepEqual(got, test.want) || ok != (test.want != nil) {
			t.Errorf("%s: got %v, %v", test.metadata, got, ok)
		}
	}
}

func TestLegacyHosts(t *testing.T) {
	tests := []struct {
		list string
		want []string
	}{
		{`["self", "a.example", "https://b.example:443", "c.example:80", "https://d.example:8443/", "ftp://e", "f/path", "g h", ""]`, []string{
			"http://self", "http://a.example", "https://a.example", "http://b.example", "https://b.example",
			"http://c.example", "https://c.example", "http://d.example:8443", "https://d.example:8443"}},
		{`["a.example", "insecure:allow-all"]`, []string{"http://*:*", "https://*:*", "http://self"}},
	}
	for _, test := range tests {
		a := parse(t, `{"spin_lock_version": 0, "triggers": [], "components": [{"id": "c", "source": {"content_type": ""},
			"metadata": {"allowed_http_hosts": `+test.list+`}}]}`)
		if got := a.Components[0].AllowedOutboundHosts(); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %q", test.list, got)
		}
	}
}

// What is not required is dropped, and with it the version and the sections that
// only hosts that know of requirements understand.
func TestRequirements(t *testing.T) {
	const text = `{"spin_lock_version": 1, "must_understand": ["host_requirements", "component_host_requirements"],
		"host_requirements": {"flying": "optional"}, "triggers": [],
		"components": [{"id": "c", "source": {"content_type": ""}, "host_requirements": {"local_service_chaining": %, "diving": "optional"}}]}`
	for value, want := range map[string]string{`"optional"`: "0", `"required"`: "1", `"maybe"`: "1", `{"level": 2}`: "1", `null`: "1"} {
		got := marshal(t, parse(t, strings.Replace(text, "%", value, 1)))
		if !strings.Contains(got, `"spin_lock_version": `+want) || strings.Contains(got, "flying") || strings.Contains(got, "diving") ||
			strings.Contains(got, "must_understand") != (want == "1") || strings.Contains(got, `"host_requirements",`) {
			t.Errorf("%s: wrote %s", value, got)
		}
	}
	app := &locked.App{HostRequirements: locked.Values{locked.Middleware: locked.Required}}
	if got := marshal(t, app); !strings.Contains(got, `"spin_lock_version": 1`) || !strings.Contains(got, `"host_requirements"
  ]`) {
		t.Errorf("wrote %s", got)
	}
}

func TestCheckRequirements(t *testing.T) {
	a := bakery()
	a.Components[1].HostRequirements = locked.Values{"local_service_chaining": "required", "x": "optional"}
	a.Triggers = append(a.Triggers, locked.Trigger{ID: "r", Type: "redis", Config: locked.Values{"component": "cakes"}})
	if err := a.CheckRequirements("http", locked.ServiceChaining, locked.Middleware); err != nil {
		t.Error(err)
	}
	var fault *locked.RequirementError
	if err := a.CheckRequirements("http"); !errors.As(err, &fault) || !errors.Is(err, locked.ErrRequirement) ||
		!reflect.DeepEqual(fault.Features, []string{"local_service_chaining", "middleware"}) {
		t.Errorf("got %v", err)
	}
	if err := a.CheckRequirements("redis", locked.Middleware); !errors.As(err, &fault) || len(fault.Features) != 1 || fault.TriggerType != "redis" {
		t.Errorf("got %v", err)
	}
	a.HostRequirements = locked.Values{locked.Middleware: "required"}
	if err := a.CheckRequirements("cron"); !errors.As(err, &fault) || fault.Features[0] != locked.Middleware {
		t.Errorf("got %v", err)
	}
}

func TestNothingRequired(t *testing.T) {
	const want = `{
  "spin_lock_version": 0,
  "triggers": [],
  "components": []
}
`
	got := marshal(t, &locked.App{})
	if got != want {
		t.Errorf("wrote %s", got)
	}
	if a := parse(t, got); !reflect.DeepEqual(a, &locked.App{}) {
		t.Errorf("read %+v", a)
	}
}

func TestMarshalErrors(t *testing.T) {
	tests := map[string]*locked.App{
		"a value of no JSON type": {Metadata: locked.Values{"x": func() {}}},
		"a wrong type":            {Metadata: locked.Values{"name": 1}},
		"an unknown requirement":  {HostRequirements: locked.Values{"flying": "required"}},
		"a component twice":       {Components: []locked.Component{{ID: "a"}, {ID: "a"}}},
		"a component without id":  {Components: []locked.Component{{}}},
	}
	for name, a := range tests {
		if text, err := a.Marshal(); err == nil || text != nil {
			t.Errorf("%s: wrote %s, %v", name, text, err)
		}
	}
}

func TestEncodingJSON(t *testing.T) {
	text, err := json.Marshal(map[string]any{"app": bakery()})
	if err != nil {
		t.Fatal(err)
	}
	if byValue, err := json.Marshal(map[string]any{"app": *bakery()}); string(byValue) != string(text) || err != nil {
		t.Errorf("by value %s, %v", byValue, err)
	}
	var doc struct{ App locked.App }
	if err := json.Unmarshal(text, &doc); err != nil || !reflect.DeepEqual(&doc.App, bakery()) {
		t.Errorf("got %+v, %v", doc.App, err)
	}
	if err := json.Unmarshal([]byte(`{"App": {}}`), &doc); !errors.Is(err, locked.ErrMissingKey) {
		t.Errorf("got %v", err)
	}
}
