package spin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/registry"
)

// fileServer has one file at /guest.wasm, to which /moved leads, and counts how often it was asked.
type fileServer struct {
	*httptest.Server
	asked atomic.Int32
}

func serveFile(t testing.TB, file []byte) *fileServer {
	s := new(fileServer)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		switch r.URL.Path {
		case "/guest.wasm":
			_, _ = w.Write(file)
		case "/moved":
			http.Redirect(w, r, "/guest.wasm", http.StatusFound)
		case "/never":
			<-r.Context().Done()
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func fromURL(url, digest string) string {
	return replaced(`source = "guest.wasm"`, fmt.Sprintf("source = { url = %q, digest = %q }", url, digest))
}

const byVersion = `source = { registry = "example.com", package = "acme:guest", version = "1.0.0" }`

func TestSourceFromURLIsFetchedOnce(t *testing.T) {
	noGoroutines(t)
	wasm := guestP3.wasm(t)
	s := serveFile(t, wasm)
	text := fromURL(s.URL+"/moved", registry.DigestOf(wasm).String()) + "[[trigger.http]]\nroute = \"/count\"\ncomponent = \"two\"\n[component.two]\n" +
		fmt.Sprintf("source = { url = %q, digest = %q }\n", s.URL+"/moved", registry.DigestOf(wasm))
	cache := t.TempDir()
	for range 2 {
		app, err := loadBundle(t, bundle(text, nil), func(c *spin.Config) { c.SourceCache = cache })
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/hello", "/count"} {
			if w := ask(app, path); w.Code != 200 {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	}
	if n := s.asked.Load(); n != 2 { // the redirect and the file
		t.Errorf("%d requests", n)
	}
	s.Close()
	if _, err := loadBundle(t, bundle(text, nil), func(c *spin.Config) { c.SourceCache = "-" }); err == nil {
		t.Error("it loads without the cache")
	}
}

func TestSourceFromRegistry(t *testing.T) {
	packages := registry.Dir(fstest.MapFS{"example.com/acme/guest/1.0.0.wasm": {Data: guestP3.wasm(t)}})
	app, err := loadBundle(t, bundle(replaced(`source = "guest.wasm"`, byVersion), nil), func(c *spin.Config) {
		c.Registry, c.SourceCache = packages, t.TempDir()
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello"); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The version of a dependency is a requirement, and middleware is a dependency.
func TestDependenciesFromRegistry(t *testing.T) {
	wasm := func(name string) *fstest.MapFile {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	cfg := spin.Config{SourceCache: "-", Registry: registry.Dir(fstest.MapFS{
		"acme/probe/1.0.0.wasm":             {Data: []byte("an old release")},
		"acme/probe/1.4.0.wasm":             wasm("testdata/guests/wat/probe.wasm"),
		"acme/probe/2.0.0.wasm":             {Data: []byte("a new release")},
		"example.com/acme/guard/0.3.1.wasm": wasm("testdata/guests/rust/middleware.wasm"),
	})}
	cfg.HostAPIs = new(reached).recording()
	app, err := loadComposed(t, mainTOML+"[component.main.dependencies]\n"+
		`"acme:probe/probe" = { package = "acme:probe", version = ">=1.1, <2" }`+"\n", cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Invoke(t.Context(), "main", "acme:main/run#try"); err != nil {
		t.Error(err)
	}
	cfg.HostAPIs = spin.DefaultHostAPIs()
	cfg.FS = bundle(strings.Replace(minimal, `component = "guest"`, `component = "guest"
dependencies = { middleware = [{ registry = "example.com", package = "acme:guard", version = "0.3" }] }`, 1),
		map[string][]byte{"guest.wasm": rustGuest(t, "hello-p3")})
	if app, err = spin.Load(t.Context(), "spin.toml", &cfg); err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, app)
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://localhost/", nil)
	r.Header.Set("x-mw", "stop")
	if app.ServeHTTP(w, r); w.Code != 401 {
		t.Errorf("the middleware has not answered: %d %s", w.Code, w.Body)
	}
}

// Faults stand at the key to change.
func TestSourceFaults(t *testing.T) {
	wasm := guestP3.wasm(t)
	s := serveFile(t, wasm)
	other := registry.DigestOf([]byte("other")).String()
	right := registry.DigestOf(wasm).String()
	packages := registry.Dir(fstest.MapFS{"example.com/acme/guest/2.0.0.wasm": {Data: wasm}})
	column := func(text, key string) int { // in the line of the source
		line := strings.Split(text, "\n")[9]
		return strings.Index(line, key) + 1
	}
	tests := []struct {
		behaviour, text, key string
		packages             registry.Registry
		want                 string
		is                   error
	}{
		{"a wrong digest", fromURL(s.URL+"/guest.wasm", other), `digest`, nil, "is " + right + " and not " + other, registry.ErrDigest},
		{"no such file", fromURL(s.URL+"/gone", right), `url`, nil, "404 Not Found: correct the URL", registry.ErrNotFound},
		{"no registry", replaced(`source = "guest.wasm"`, byVersion), `package`, nil, "set Config.Registry, or", registry.ErrUnavailable},
		{"no such release", replaced(`source = "guest.wasm"`, byVersion), `version`, packages, "there are 2.0.0", registry.ErrNotFound},
		{"no component", fromURL(s.URL+"/guest.wasm", right), "{ url", nil, "", spin.ErrNotComponent},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			cfg := spin.Config{FS: bundle(tt.text, nil), Registry: tt.packages, SourceCache: "-"}
			if tt.is == spin.ErrNotComponent {
				junk := serveFile(t, []byte("junk"))
				cfg.FS = bundle(fromURL(junk.URL+"/guest.wasm", registry.DigestOf([]byte("junk")).String()), nil)
			}
			_, err := spin.Load(t.Context(), "spin.toml", &cfg)
			var e *spin.Error
			if !errors.As(err, &e) || e.Pos.Line != 10 || e.Pos.Column != column(tt.text, tt.key) || e.Component != "guest" {
				t.Errorf("got %v", err)
			}
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFaultOfDependencyFromElsewhere(t *testing.T) {
	const line = `"acme:probe/probe" = { package = "acme:probe", version = "^3" }`
	app, err := loadComposed(t, mainTOML+"[component.main.dependencies]\n"+line+"\n", spin.Config{
		SourceCache: "-", Registry: registry.Dir(fstest.MapFS{"acme/probe/1.0.0.wasm": {}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.Invoke(t.Context(), "main", "acme:main/run#try")
	var e *spin.Error
	if !errors.As(err, &e) || e.Pos.Line != 9 || e.Pos.Column != strings.Index(line, "version")+1 || !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestDownloadEndsWithItsContext(t *testing.T) {
	noGoroutines(t)
	s := serveFile(t, nil)
	ctx, stop := context.WithCancelCause(context.Background())
	why := errors.New("no more time")
	go func() {
		for s.asked.Load() == 0 {
			runtime.Gosched()
		}
		stop(why)
	}()
	text := fromURL(s.URL+"/never", registry.DigestOf(nil).String())
	if _, err := spin.Load(ctx, "spin.toml", &spin.Config{FS: bundle(text, nil), SourceCache: "-"}); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}
