package spin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine"
)

// A component that exceeds a static limit is refused when it is loaded, by an error that names
// the limit and the line of the manifest.
func TestComponentLimits(t *testing.T) {
	g := guest{path: "rust/hello-p3.wasm", lang: "rust"}
	manifest := helloManifest(t, g)
	for name, limits := range map[string]engine.Limits{"Size": {Size: 1000}, "Functions": {Functions: 5}} {
		_, err := spin.Load(context.Background(), manifest, &spin.Config{Limits: spin.Limits{Component: limits}})
		var static *engine.StaticLimitError
		if !errors.As(err, &static) || static.Limit != name || !errors.Is(err, engine.ErrLimit) || !strings.Contains(err.Error(), "spin.toml:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A request for which a guest passes more to the host than it may gets 500, and the next one is
// served.
func TestCallBytes(t *testing.T) {
	for bytes, want := range map[int64]int{10: http.StatusInternalServerError, 1 << 20: http.StatusOK} {
		app, err := spin.Load(context.Background(), helloManifest(t, guest{path: "rust/hello-p3.wasm", lang: "rust"}),
			&spin.Config{Limits: spin.Limits{CallBytes: bytes, Tasks: 100}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if w.Code != want {
				t.Errorf("%d bytes: %d", bytes, w.Code)
			}
		}
		if err := app.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// helloManifest is the manifest of an app whose one component is g.
func helloManifest(t testing.TB, g guest) string {
	t.Helper()
	return writeManifest(t, fmt.Sprintf("spin_manifest_version = 2\n[application]\nname = \"hello\"\n"+
		"[[trigger.http]]\nroute = \"/...\"\ncomponent = \"hello\"\n[component.hello]\nsource = %q\n", g.component(t)))
}
