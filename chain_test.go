package spin_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// chainTOML has a component at all paths, private ones that speak WASI 0.2 and 0.3, one without a
// trigger, and some that may call few others.
const chainTOML = `spin_manifest_version = 2
[application]
name = "chain"

[[trigger.http]]
route = "/..."
component = "front"
[[trigger.http]]
route = { private = true }
component = "TWO"
[[trigger.http]]
route = { private = true }
component = "three"
[[trigger.http]]
route = { private = true }
component = "lonely"

[component.front]
source = "front.wasm"
allowed_outbound_hosts = ["http://self", "http://*.spin.internal", "http://absent.spin.internal"]
[component.TWO]
source = "2.wasm"
allowed_outbound_hosts = ["http://*.spin.internal", "http://self"]
[component.three]
source = "3.wasm"
allowed_outbound_hosts = ["*://*:*"]
[component.idle]
source = "3.wasm"
[component.lonely]
source = "3.wasm"
allowed_outbound_hosts = ["http://self", "http://lonely.spin.internal", "http://two.spin.internal:80"]
`

func loadChain(t testing.TB, front guest, configure func(*spin.Config)) *spin.App {
	t.Helper()
	files := map[string][]byte{"front.wasm": front.wasm(t), "2.wasm": guestP2.wasm(t), "3.wasm": guestP3.wasm(t)}
	app, err := loadBundle(t, bundle(chainTOML, files), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// via is the path by which the front has a component ask for a URL.
func via(component, url string) string {
	return "/outbound?url=" + escape("http://"+component+".spin.internal/outbound?url="+escape(url))
}

func TestChainedComponents(t *testing.T) {
	tests := []struct {
		behaviour, path string
		status          int
		body, log       string
	}{
		{"0.2", "/outbound?url=http://two.spin.internal/hello", 200, "Hello, rust-p2!", ""},
		{"0.3", "/outbound?url=http://three.spin.internal/hello", 200, "Hello, rust-p3!", ""},
		{"names differ in case only", "/outbound?url=http://TWO.Spin.Internal/hello", 200, "Hello, rust-p2!", ""},
		{"0.2 to 0.3", via("two", "http://three.spin.internal/hello"), 200, "Hello, rust-p3!", ""},
		{"0.3 to 0.2", via("three", "https://two.spin.internal:8443/hello"), 200, "Hello, rust-p2!", ""},
		{"0.2 to itself", via("two", "http://two.spin.internal/hello"), 200, "Hello, rust-p2!", ""},
		{"0.3 to itself", via("three", "http://three.spin.internal/hello"), 200, "Hello, rust-p3!", ""},
		{"a private component to the app itself", via("two", "http://self.alt/status?code=201"), 201, "", ""},
		{"a component that must not", via("lonely", "http://three.spin.internal/hello"), 502, "ErrorCode::HttpRequestDenied", `http://three.spin.internal`},
		{"a component that may", via("lonely", "http://two.spin.internal/hello"), 200, "Hello, rust-p2!", ""},
		{"another port than it may", via("lonely", "http://two.spin.internal:81/hello"), 502, "ErrorCode::HttpRequestDenied", `http://two.spin.internal:81`},
		{"a component without a trigger", "/outbound?url=http://idle.spin.internal/hello", 502, "", `spin.toml:27:12) has no HTTP trigger: add [[trigger.http]] with component = \"idle\" and route = { private = true }`},
		{"no component", "/outbound?url=http://absent.spin.internal/hello", 502, "", `the app has no component \"absent\"`},
		{"an error of the callee", "/outbound?url=http://two.spin.internal/status?code=418", 418, "", ""},
		{"a trap of the callee", "/outbound?url=http://two.spin.internal/panic", 500, "", "request failed"},
		{"a callee without response", "/outbound?url=http://three.spin.internal/panic", 500, "", "request failed"},
	}
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		var log buffer
		app := loadChain(t, g, func(c *spin.Config) { c.Logger = logTo(&log, 0) })
		for _, tt := range tests {
			before := len(log.String())
			w := ask(app, tt.path)
			if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
				t.Errorf("%s: %d %q, want %d %q", tt.behaviour, w.Code, w.Body, tt.status, tt.body)
			}
			if got := log.String()[before:]; !strings.Contains(got, tt.log) {
				t.Errorf("%s: log: %s", tt.behaviour, got)
			}
		}
		if w := ask(app, "/outbound?url=http://absent.spin.internal/hello"); !strings.Contains(strings.ToLower(w.Body.String()), "destination") {
			t.Errorf("the guest sees %s", w.Body)
		}
	})
}

// The callee sees who it is called as, and nothing of how the caller was reached.
func TestChainedRequestFields(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		app := loadChain(t, g, nil)
		for _, component := range []string{"two", "three"} {
			req := httptest.NewRequest(http.MethodGet, "http://public.example/outbound?url="+escape("http://"+component+".spin.internal/headers?a=%2F"), nil)
			req.Header.Set("X-Secret", "yes")
			w := httptest.NewRecorder()
			app.ServeHTTP(w, req)
			got := w.Body.String()
			for _, want := range []string{":path: /headers?a=%2F\n", ":scheme: http\n", "spin-path-info: /headers\n", "spin-full-url: http://localhost/headers?a=%2F\n",
				"spin-matched-route: /...\n", "spin-client-addr: 0.0.0.0:0\n"} {
				if !strings.Contains(got, want) {
					t.Errorf("%s: no %q in\n%s", component, want, got)
				}
			}
			if strings.Contains(got, "public.example") || strings.Contains(got, "x-secret") {
				t.Errorf("%s:\n%s", component, got)
			}
		}
	})
}

// Bodies are streamed through chains of components, both ways and at once.
func TestChainedBodies(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		app := loadChain(t, g, nil)
		server := httptest.NewServer(app)
		defer server.Close()
		r := &running{t: t, app: app, url: server.URL, stderr: new(buffer)}
		data := strings.Repeat("0123456789abcdef", 1<<16)
		for _, path := range []string{via("two", "http://three.spin.internal/echo"), via("three", "http://two.spin.internal/echo")} {
			if status, body := r.do(http.MethodPost, path, strings.NewReader(data)); status != 200 || body != data {
				t.Errorf("%s: %d, %d bytes", path, status, len(body))
			}
		}
		if status, body := r.get(via("two", "http://three.spin.internal/bytes?n=3000000")); status != 200 || len(body) != 3000000 {
			t.Errorf("%d, %d bytes", status, len(body))
		}
		if status, body := r.get(via("three", "http://two.spin.internal/slow-body?chunks=3&ms=5")); status != 200 || body != "chunk 0\nchunk 1\nchunk 2\n" {
			t.Errorf("%d %q", status, body)
		}
	})
}

// Trailers come along with bodies, whether they were announced or not.
func TestChainedTrailers(t *testing.T) {
	for _, url := range []string{"http://three.spin.internal/echo", "http://self.alt/echo"} {
		app := loadChain(t, guestP3, nil)
		server := httptest.NewServer(app)
		req, err := http.NewRequest(http.MethodPost, server.URL+"/outbound?url="+escape(url), struct{ io.Reader }{strings.NewReader("body")})
		if err != nil {
			t.Fatal(err)
		}
		req.Trailer = http.Header{"X-Sum": {"42"}}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if string(body) != "body" || err != nil || res.Trailer.Get("X-Sum") != "42" {
			t.Errorf("%s: %q, %v, trailers %v", url, body, err, res.Trailer)
		}
		server.Close()
	}
}

// A client that leaves ends what is done for it along the whole chain.
func TestChainOfAClientThatLeaves(t *testing.T) {
	for _, component := range []string{"two", "three"} {
		t.Run(component, func(t *testing.T) {
			noGoroutines(t)
			u := newUpstream(t)
			app := loadChain(t, guestP3, nil)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			over := make(chan bool)
			url := "http://" + component + ".spin.internal/outbound?url=" + escape("http://three.spin.internal/outbound?url="+escape(u.URL+"/hang"))
			go func() {
				defer close(over)
				req := httptest.NewRequest(http.MethodGet, "http://localhost/outbound?url="+escape(url), nil).WithContext(ctx)
				defer func() { _ = recover() }() // the response is aborted
				app.ServeHTTP(httptest.NewRecorder(), req)
			}()
			eventually(t, "the chain hangs", func() bool { return u.count("/hang") == 1 })
			cancel()
			<-over
			eventually(t, "its last request is given up", func() bool { return u.left("/hang") == 1 })
			eventually(t, "nothing runs", func() bool { return app.Stats() == (spin.Stats{}) })
		})
	}
}

// Instances that wait for each other's room get errors, not stuck.
func TestChainWithoutRoom(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		rt := roomFor(t, 2)
		app := loadChain(t, g, func(c *spin.Config) {
			c.Runtime, c.Limits.LocalRoomTime = rt, 50*time.Millisecond
			c.ComponentDefaults.IdleTime = time.Hour // idle instances make room all the same
		})
		if w := ask(app, "/outbound?url=http://two.spin.internal/hello"); w.Code != 200 {
			t.Errorf("there is room for two: %d %s", w.Code, w.Body)
		}
		if w := ask(app, via("two", "http://three.spin.internal/hello")); w.Code != http.StatusServiceUnavailable {
			t.Errorf("there is no room for three: %d %s", w.Code, w.Body)
		}
		done := make(chan int)
		const clients = 8
		for range clients {
			go func() { done <- ask(app, via("two", "http://two.spin.internal/hello")).Code }()
		}
		for range clients {
			if code := <-done; code != 200 && code != http.StatusServiceUnavailable {
				t.Errorf("%d", code)
			}
		}
		eventually(t, "there is room again", func() bool { return ask(app, "/outbound?url=http://two.spin.internal/hello").Code == 200 })
	})
}

// An instance that is shared serves the requests that it sends itself, and refuses them when it
// has no place left.
func TestSharedInstanceThatCallsItself(t *testing.T) {
	for _, tt := range []struct {
		places, status int
	}{{2, 200}, {1, http.StatusServiceUnavailable}} {
		noGoroutines(t)
		files := bundle(minimal+`allowed_outbound_hosts = ["http://guest.spin.internal"]`, map[string][]byte{"guest.wasm": guestP3.wasm(t)})
		app, err := loadBundle(t, files, func(c *spin.Config) {
			c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1, MaxConcurrent: tt.places}}
			c.Limits.LocalRoomTime = 50 * time.Millisecond
		})
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(app, "/outbound?url=http://guest.spin.internal/hello"); w.Code != tt.status {
			t.Errorf("%d places: %d %s", tt.places, w.Code, w.Body)
		}
	}
}

// Loops of components end, however long their way round is.
func TestChainedLoop(t *testing.T) {
	noGoroutines(t)
	var log buffer
	app := loadChain(t, guestP3, func(c *spin.Config) { c.Logger, c.Limits.LocalDepth = logTo(&log, 0), 4 })
	url := "http://two.spin.internal/hello"
	for i := range 4 {
		url = "http://" + []string{"two", "three"}[i%2] + ".spin.internal/outbound?url=" + escape(url)
	}
	if w := ask(app, "/outbound?url="+escape(url)); w.Code != 502 || !strings.Contains(log.String(), "lie too deep in one another than 4") {
		t.Errorf("%d %s, log %s", w.Code, w.Body, &log)
	}
}

// mute is the HTTP trigger as one that answers nobody but the test.
type mute struct {
	trigger.Trigger
	served *http.Handler
}

func (m mute) Load(ctx context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	r, err := m.Trigger.Load(ctx, h, entries)
	if err == nil {
		*m.served = r.(http.Handler)
	}
	return struct{ trigger.Runner }{r}, err
}

// In an app whose triggers answer no requests there is nobody to send them to.
func TestAppThatAnswersNoRequests(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		var log buffer
		var served http.Handler
		loadChain(t, g, func(c *spin.Config) {
			c.Logger, c.Triggers = logTo(&log, 0), trigger.NewRegistry(mute{triggerhttp.Trigger(triggerhttp.Config{}), &served})
		})
		if w := ask(served, "/outbound?url=http://two.spin.internal/hello"); w.Code != 502 || !strings.Contains(log.String(), `has no HTTP trigger`) {
			t.Errorf("%d %s, log %s", w.Code, w.Body, &log)
		}
		if w := ask(served, "/outbound?url=http://self.alt/hello"); w.Code != 502 || !strings.Contains(log.String(), `the app has no HTTP trigger`) {
			t.Errorf("%d %s, log %s", w.Code, w.Body, &log)
		}
	})
}
