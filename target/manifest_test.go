package target_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/target"
)

const shopManifest = `spin_manifest_version = 2
application = { name = "shop", targets = ["acme", { path = "envs/acme/acme.toml" }] }
[[trigger.http]]
component = "both"
[[trigger.http]]
component = "none"
dependencies.middleware = [{ path = "m.wasm" }]
[[trigger.http]]
component = "none"
[[trigger.http]]
component = "own"
[[trigger.http]]
static_response = {}
[component.both]
source = "a.wasm"
allowed_outbound_hosts = ["http://none.spin.internal"]
[component.none]
source = "b.wasm"
targets = []
[component.own]
source = "c.wasm"
targets = ["acme"]
[component.unused]
source = "d.wasm"
targets = ["there is no such environment"]
`

func shop(t *testing.T, text string) *manifest.Manifest {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestApp(t *testing.T) {
	l := &target.Loader{Catalogue: target.FSCatalogue(files()), FS: files()}
	app, err := l.App(t.Context(), shop(t, shopManifest))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tr := range app.Triggers {
		got = append(got, tr.Type+" "+tr.Component)
	}
	for _, c := range app.Components {
		got = append(got, fmt.Sprint(c.ID, len(c.Environments), c.Requirements, c.Pos.Line))
	}
	want := []string{"http both", "http none", "http none", "http own", "http ",
		"both2 [local_service_chaining] 14", "none0 [middleware] 17", "own1 [] 20"}
	if !reflect.DeepEqual(got, want) || len(app.Environments) != 2 {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if app.Components[2].Environments[0] != app.Environments[0] {
		t.Error("an environment is loaded twice")
	}
}

func TestAppErrors(t *testing.T) {
	text := strings.Replace(shopManifest, `targets = []`, `targets = ["acme:9", { url = "https://example.com/x.toml" }, "acme:9"]`, 1)
	l := &target.Loader{Catalogue: target.FSCatalogue(files()), FS: files()}
	_, err := l.App(t.Context(), shop(t, text))
	if !errors.Is(err, target.ErrNoEnvironment) || !errors.Is(err, target.ErrNoSource) || strings.Count(err.Error(), "\n") != 1 ||
		!strings.HasPrefix(err.Error(), `spin.toml:19:12: target environment "acme:9": `) {
		t.Errorf("got %v", err)
	}
}

// Without targets nothing is looked for.
func TestNoTargets(t *testing.T) {
	text := strings.NewReplacer(`, targets = ["acme", { path = "envs/acme/acme.toml" }]`, "", `targets = ["acme"]`, "").Replace(shopManifest)
	app, err := (&target.Loader{}).App(t.Context(), shop(t, text))
	if err != nil || len(app.Components) != 3 || target.Check(app) != nil {
		t.Errorf("got %+v, %v", app, err)
	}
}
