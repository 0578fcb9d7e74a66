package spin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/spinhost/spin"
)

// collections serves requests and returns how often Go's collector ran meanwhile.
func collections(t *testing.T, ballast int) uint32 {
	t.Helper()
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 10, CacheDir: t.TempDir(), Ballast: ballast})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close(context.Background())
	g := guest{path: "rust/hello-p3.wasm", lang: "rust"}
	manifest := helloManifest(t, g)
	app, err := spin.Load(context.Background(), manifest, &spin.Config{Runtime: rt})
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close(context.Background())
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	var before, after runtime.MemStats
	runtime.GC() // the heap of what came before counts too
	runtime.ReadMemStats(&before)
	for range 4_000 {
		w := httptest.NewRecorder()
		if app.ServeHTTP(w, req); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC
}

func TestBallastSparesCollections(t *testing.T) {
	without, with := collections(t, -1), collections(t, 64<<20)
	if with*2 > without {
		t.Errorf("%d collections with a ballast, %d without", with, without)
	}
}
