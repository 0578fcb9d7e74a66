package locked_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

// A file of another tool becomes a manifest with all that a manifest can say.
func TestManifest(t *testing.T) {
	a := bakery()
	a.Components[0].Files = a.Components[0].Files[:2]
	a.Components[1].Metadata = locked.Values{"allowed_http_hosts": []string{"example.com"}}
	var asked []locked.Content
	opts := locked.ManifestOptions{Name: "bakery.lock as spin.toml", Dir: "/srv", Content: func(c locked.Content) (string, error) {
		asked = append(asked, c)
		return "/srv/cache/hi.txt", nil
	}}
	m, err := a.Manifest(opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || string(asked[0].Inline) != "hi there" {
		t.Errorf("asked for %+v", asked)
	}
	bread, _ := m.Component("bread")
	cakes, _ := m.Component("cakes")
	var files, hosts []string
	for _, f := range bread.Files {
		files = append(files, f.Source.Value+" => "+f.Destination.Value)
	}
	for _, h := range cakes.AllowedOutboundHosts.Entries() {
		hosts = append(hosts, h.Text)
	}
	got := []any{
		m.File, m.Profile, m.Application.Name, m.Application.Authors, m.Application.Triggers["http"].Values(),
		m.Variables["oven_key"].Required, m.Variables["region"].Required, m.Variables["region"].Description,
		bread.Source.Path, bread.Environment, bread.Variables["region"].Value, files, hosts,
		m.Triggers[0].ID, m.Triggers[0].Component, len(m.Triggers[0].Dependencies["middleware"]), m.Triggers[1].Component,
		bread.Build.Command, bread.Build.Single,
	}
	want := []any{
		"bakery.lock as spin.toml", "debug", "bakery", []string{"Ada <ada@example.com>"}, map[string]any{"base": "/"},
		true, false, "where the shop is",
		"bakery/bread.wasm", map[string]string{"LOG": "info"}, "{{ region }}", []string{"run/assets/bread => /", "cache/hi.txt => /hi.txt"},
		[]string{"http://example.com", "https://example.com"},
		"bread-http-trigger", "bread", 1, "", []string{"make"}, true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestManifestErrors(t *testing.T) {
	app := func(change func(*locked.App)) *locked.App {
		a := &locked.App{
			Triggers:   []locked.Trigger{trigger("t", "http", "c"), trigger("u", "http", "c")},
			Components: components("c"),
		}
		change(a)
		return a
	}
	content := errors.New("nothing in the cache")
	var fault *locked.PathError
	var faults manifest.Errors
	tests := []struct {
		name   string
		change func(*locked.App)
		want   string
		err    error
		as     any
	}{
		{"inline", func(a *locked.App) { a.Components[0].Source.Content = locked.Content{Inline: []byte("x")} }, "components[0].source: nothing in the cache", content, &fault},
		{"digest", func(a *locked.App) { a.Components[0].Files = []locked.Mount{{}} }, "components[0].files[0]: nothing in the cache", content, &fault},
		{"URL without digest", func(a *locked.App) { a.Components[0].Source.Source = "https://example.com/x" }, "components[0].source: nothing in the cache", content, &fault},
		{"content type", func(a *locked.App) { a.Components[0].Source.ContentType = "text/plain" }, `components[0].source: no manifest can say it: the content type is "text/plain"`, locked.ErrManifest, &fault},
		{"key", func(a *locked.App) { a.Triggers[0].Config["components"] = 1 }, "triggers[0].trigger_config.components: no manifest", locked.ErrManifest, &fault},
		{"null", func(a *locked.App) { a.Triggers[0].Config["x"] = map[string]any{"y": []any{nil}} }, "triggers[0].trigger_config.x: no manifest can say it: an array with null", locked.ErrManifest, &fault},
		{"integer", func(a *locked.App) { a.Triggers[0].Config["x"] = []uint64{1 << 63} }, `triggers[0].trigger_config.x: no manifest can say it: the integer "9223372036854775808" is out of range`, locked.ErrManifest, &fault},
		{"two places", func(a *locked.App) {
			d := trigger("", "", "", "m").Dependencies
			a.Triggers[0].Dependencies, a.Components[0].TriggerDependencies = d, d
			a.Components[0].Metadata = locked.Values{"resolve-trigger-dependencies-using": "http"}
		}, `triggers[0]: no manifest can say it: both the trigger and its component "c" have dependencies`, locked.ErrManifest, &fault},
		{"another type", func(a *locked.App) {
			a.Components[0].TriggerDependencies = trigger("", "", "", "m").Dependencies
			a.Components[0].Metadata = locked.Values{"resolve-trigger-dependencies-using": "http"}
			a.Triggers[1].Type = "redis"
		}, `triggers[1]: no manifest can say it: its component "c" has dependencies of triggers of type "http"`, locked.ErrManifest, &fault},
		{"no trigger", func(a *locked.App) {
			a.Components[0].TriggerDependencies = trigger("", "", "", "m").Dependencies
			a.Components[0].Metadata = locked.Values{"resolve-trigger-dependencies-using": "http"}
			a.Triggers = nil
		}, `components[0].trigger_dependencies: no manifest can say it: no trigger of type "http" runs the component`, locked.ErrManifest, &fault},
		{"name of a variable", func(a *locked.App) { a.Components[0].Config = map[string]string{"a_1": ""} }, "component.c.variables.a_1", nil, &faults},
		{"id", func(a *locked.App) { a.Components[0].ID = "not kebab" }, `component."not kebab"`, nil, &faults},
		{"host", func(a *locked.App) { a.Components[0].Metadata = locked.Values{"allowed_outbound_hosts": []string{"x"}} }, "component.c.allowed_outbound_hosts", nil, &faults},
		{"template", func(a *locked.App) { a.Components[0].Config = map[string]string{"a": "{{ b"} }, `component.c.variables.a: "{{" has no "}}"`, nil, &faults},
		{"variable", func(a *locked.App) { a.Components[0].Config = map[string]string{"a": "{{ b }}"} }, `component.c.variables.a: the application has no variable "b"`, nil, &faults},
		{"conflict", func(a *locked.App) {
			d := locked.Dependency{Source: a.Components[0].Source}
			a.Components[0].Dependencies = map[string]locked.Dependency{"a:b": d, "a:b/c@1.0.0": d}
		}, "the same import can match", nil, &faults},
		{"name of a dependency", func(a *locked.App) {
			a.Components[0].Dependencies = map[string]locked.Dependency{"a:b@1": {Source: a.Components[0].Source}}
		}, `component.c.dependencies."a:b@1"`, nil, &faults},
		{"export for a package", func(a *locked.App) {
			a.Components[0].Dependencies = map[string]locked.Dependency{"a:b": {Source: a.Components[0].Source, Export: "x"}}
		}, "one export cannot stand for all interfaces", nil, &faults},
		{"component that is not there", func(a *locked.App) { a.Triggers[0].Config["component"] = "ghost" }, `there is no component "ghost"`, nil, &faults},
		{"type", func(a *locked.App) { a.Metadata = locked.Values{"name": 1} }, "metadata.name: must be a string", nil, nil},
	}
	opts := locked.ManifestOptions{Content: func(locked.Content) (string, error) { return "", content }}
	for _, test := range tests {
		m, err := app(test.change).Manifest(opts)
		if err == nil || m != nil || !strings.Contains(err.Error(), test.want) || test.err != nil && !errors.Is(err, test.err) ||
			test.as != nil && !errors.As(err, test.as) {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
	_, err := app(func(a *locked.App) { a.Components[0].Source.Content = locked.Content{} }).Manifest(locked.ManifestOptions{})
	if !errors.Is(err, locked.ErrNoFile) || !strings.Contains(err.Error(), "set ManifestOptions.Content") {
		t.Errorf("got %v", err)
	}
}

// Settings of a trigger in the old form, of which there is one for the whole app, are those of its type.
func TestManifestOfTheOldSettings(t *testing.T) {
	a := parse(t, `{"spin_lock_version": 0, "metadata": {"name": "x", "trigger": {"type": "redis", "address": "redis://a"}}, "triggers": [{"id": "t", "trigger_type": "redis", "trigger_config": {}}], "components": []}`)
	m, err := a.Manifest(locked.ManifestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Application.Triggers["redis"].Values(); !reflect.DeepEqual(got, map[string]any{"address": "redis://a"}) {
		t.Errorf("got %v", got)
	}
	if text, err := (&locked.App{Metadata: locked.Values{"name": 1}}).TOML(locked.ManifestOptions{}); err == nil || text != nil {
		t.Errorf("got %s, %v", text, err)
	}
}

// Whatever is in strings and keys, the text means the same.
func TestTOMLText(t *testing.T) {
	const odd = "a\"b\\c\n\t\r\x00\x1f\x7f#'é\u2028{{ }} [x] = "
	a := &locked.App{
		Metadata:   locked.Values{"name": odd, "description": odd, "triggers": map[string]any{"x y": map[string]any{odd: odd}}},
		Triggers:   []locked.Trigger{{ID: odd, Type: "x y", Config: locked.Values{odd: []any{odd, 1.5, -1, 1e300, true, map[string]any{odd: 2, "n": nil}}, "n": nil}}},
		Components: []locked.Component{{ID: "c", Source: locked.Source{Content: locked.FileContent("/" + "a b")}, Env: map[string]string{odd: odd}}},
	}
	m, err := a.Manifest(locked.ManifestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := m.Component("c")
	got := []any{m.Application.Name, m.Application.Triggers["x y"].Values(), m.Triggers[0].ID, m.Triggers[0].Values(), c.Environment, c.Source.Path}
	want := []any{odd, map[string]any{odd: odd}, odd,
		map[string]any{odd: []any{odd, 1.5, int64(-1), 1e300, true, map[string]any{odd: int64(2)}}}, map[string]string{odd: odd}, "/a b"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
