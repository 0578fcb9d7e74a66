package spin_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/internal/skiptest"
)

// guest is one of the components under testdata/guests. All answer the same paths.
type guest struct {
	name  string // as in its answers
	path  string // of the component, below testdata/guests
	async bool   // speaks WASI 0.3
	lang  string
}

var guests = []guest{
	{"rust-p2", "rust/p2.wasm", false, "rust"},
	{"rust-rc", "rust/rc.wasm", true, "rust"},
	{"rust-p3", "rust/p3.wasm", true, "rust"},
	{"python-rc", ".build/python-rc.wasm", true, "python"},
	{"python-p3", ".build/python-p3.wasm", true, "python"},
	{"javascript-p2", ".build/javascript-p2.wasm", false, "javascript"},
}

// each runs a test with every guest that fits.
func each(t *testing.T, fits func(guest) bool, test func(t *testing.T, g guest)) {
	for _, g := range guests {
		if fits == nil || fits(g) {
			t.Run(g.name, func(t *testing.T) { test(t, g) })
		}
	}
}

func isAsync(g guest) bool { return g.async }

// hasTasks is of guests that do several things at once, by WASI 0.3 or the event loop of their own.
func hasTasks(g guest) bool { return g.async || g.lang == "javascript" }

var buildOnce sync.Map // language to func() error

// component returns the path of the guest, building those that are not committed.
func (g guest) component(t testing.TB) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "guests", g.path))
	if err != nil {
		t.Fatal(err)
	}
	build, _ := buildOnce.LoadOrStore(g.lang, sync.OnceValue(func() error {
		if g.lang == "rust" {
			return nil
		}
		out, err := exec.Command("testdata/guests/build", g.lang).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}))
	if err := build.(func() error)(); err != nil {
		skiptest.Lacking(t, "cannot build the guest: ", err)
	}
	return path
}

// running is an app with one component, served over a socket.
type running struct {
	t      testing.TB
	app    *spin.App
	url    string
	stdout *buffer
	stderr *buffer
}

// buffer collects what a component prints.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// run serves the guest. configure, if not nil, may change the configuration.
func (g guest) run(t testing.TB, configure func(*spin.Config)) *running {
	t.Helper()
	return serve(t, g.manifest(t, `["http://127.0.0.1:*"]`), configure)
}

// manifest writes a manifest for the guest.
func (g guest) manifest(t testing.TB, hosts string) string {
	t.Helper()
	return writeManifest(t, fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "test"

[[trigger.http]]
route = "/..."
component = "guest"

[component.guest]
source = %q
environment = { COLOUR = "green", GREETING = "hello there" }
allowed_outbound_hosts = %s
`, g.component(t), hosts))
}

func writeManifest(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spin.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func serve(t testing.TB, manifest string, configure func(*spin.Config)) *running {
	t.Helper()
	r := &running{t: t, stdout: new(buffer), stderr: new(buffer)}
	cfg := &spin.Config{
		Stdout: func(string) io.Writer { return r.stdout },
		Stderr: func(string) io.Writer { return r.stderr },
	}
	if configure != nil {
		configure(cfg)
	}
	app, err := spin.Load(context.Background(), manifest, cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.app = app
	server := httptest.NewServer(app)
	r.url = server.URL
	t.Cleanup(func() {
		server.Close()
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if err := app.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
		if s := app.Stats(); s != (spin.Stats{}) {
			t.Errorf("left behind: %+v", s)
		}
	})
	return r
}

// get answers the status and the body of a GET.
func (r *running) get(path string) (int, string) {
	r.t.Helper()
	return r.do(http.MethodGet, path, nil)
}

func (r *running) do(method, path string, body io.Reader) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Errorf("%s %s: %v", method, path, err)
		return 0, ""
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Errorf("%s %s: body: %v", method, path, err)
	}
	return res.StatusCode, string(b)
}

// want checks status and body of a GET.
func (r *running) want(path string, status int, body string) {
	r.t.Helper()
	if s, b := r.get(path); s != status || b != body {
		r.t.Errorf("GET %s: %d %q, want %d %q; stderr: %s", path, s, b, status, body, r.stderr)
	}
}

// alive checks that the next request is served.
func (r *running) alive(g guest) {
	r.t.Helper()
	r.want("/hello", 200, "Hello, "+g.name+"!")
}

// eventually waits until ok.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// upstream is a server that guests call.
type upstream struct {
	*httptest.Server
	mu     sync.Mutex
	hits   map[string]int
	closed map[string]int // requests whose peer went away before the answer
}

func newUpstream(t testing.TB) *upstream {
	u := &upstream{hits: map[string]int{}, closed: map[string]int{}}
	count := func(m map[string]int, path string) {
		u.mu.Lock()
		defer u.mu.Unlock()
		m[path]++
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "fine") })
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("content-type", "text/tea")
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	})
	mux.HandleFunc("/delay", func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.URL.Query().Get("for"))
		select {
		case <-time.After(d):
			io.WriteString(w, "waited "+d.String())
		case <-r.Context().Done():
			count(u.closed, r.URL.Path)
		}
	})
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		count(u.closed, r.URL.Path)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		buf := make([]byte, 4096)
		for {
			n, err := r.Body.Read(buf)
			w.Write(buf[:n])
			w.(http.Flusher).Flush()
			if err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count(u.hits, r.URL.Path)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		u.CloseClientConnections()
		u.Close()
	})
	return u
}

func (u *upstream) left(path string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.closed[path]
}

func (u *upstream) count(path string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.hits[path]
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
