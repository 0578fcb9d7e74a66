package spin_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

// wantPlaced checks that an error says which component it is about, and where that is named.
func wantPlaced(t *testing.T, err error) {
	t.Helper()
	var e *spin.Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("%T: %v", err, err)
	case e.Pos.File != "spin.toml" || e.Pos.Line == 0 || len(e.Error()) < 30 || strings.Contains(e.Error(), "\n"):
		t.Errorf("unclear: %q", e)
	}
}

// A component that ends too early is refused, unless what is left of it is one.
func TestTruncatedComponent(t *testing.T) {
	for _, g := range []guest{guestP2, guestP3} {
		t.Run(g.name, func(t *testing.T) {
			wasm := g.wasm(t)
			loaded := 0
			for cut := 0; cut < len(wasm); cut += 1 + len(wasm)/400 {
				app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{FS: bundle(minimal, map[string][]byte{"guest.wasm": wasm[:cut]})})
				if err != nil {
					wantPlaced(t, err)
					continue
				}
				loaded++
				closeApp(t, app)
			}
			if loaded > 20 {
				t.Errorf("%d loaded", loaded)
			}
		})
	}
}

// A component with a wrong bit is refused, or is another component that serves or fails like
// any.
func TestComponentWithAWrongBit(t *testing.T) {
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 20, CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close(context.Background())
	wasm := guest{path: "rust/hello-p3.wasm", lang: "rust"}.wasm(t)
	r := rand.New(rand.NewPCG(1, 2))
	var offsets []int
	for range 10 { // mostly code
		offsets = append(offsets, r.IntN(len(wasm)))
	}
	for range 50 { // mostly what makes it a component
		offsets = append(offsets, r.IntN(4000), len(wasm)-1-r.IntN(8000))
	}
	served := 0
	for _, at := range offsets {
		b := append([]byte(nil), wasm...)
		b[at] ^= 1 << r.IntN(8)
		app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
			FS: bundle(minimal, map[string][]byte{"guest.wasm": b}), Runtime: rt,
			Limits: spin.Limits{ComputeTime: 100 * time.Millisecond, RequestTime: time.Second, Memory: 64 << 20},
		})
		if err != nil {
			wantPlaced(t, err)
			continue
		}
		w := ask(app, "/")
		if w.Code == http.StatusOK {
			served++
		} else if w.Body.Len() > 0 {
			t.Errorf("byte %d: %d %q", at, w.Code, w.Body)
		}
		closeApp(t, app)
	}
	t.Logf("%d of %d serve", served, len(offsets))
}

// What a guest does wrong is answered without a body and told to the logger, harms nobody
// else and leaves nothing behind.
func TestGuestThatMisbehaves(t *testing.T) {
	const computing = "guest has computed for more than 100ms without waiting for anything"
	tests := []struct {
		behaviour, path string
		requestTime     time.Duration
		log             string // part of what async guests fail with
	}{
		{"traps", "/panic", 0, "guest trapped: unreachable executed"},
		{"computes for ever", "/loop", 0, computing},
		{"asks for the time for ever", "/loop-host", 0, computing},
		{"never answers", "/never", 500 * time.Millisecond, "guest has not responded within the time for requests"},
		{"returns without a response", "/no-response", 0, "the request asked for no response"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			each(t, isRust, func(t *testing.T, g guest) {
				noGoroutines(t)
				log := new(buffer)
				app := g.mustLoad(t, func(c *spin.Config) {
					c.Logger = logTo(log, 0)
					c.Limits = spin.Limits{ComputeTime: 100 * time.Millisecond, RequestTime: tt.requestTime, TailTime: 50 * time.Millisecond}
					c.Components = map[string]spin.ComponentConfig{"guest": {IdleTime: time.Millisecond}}
				})
				for range 2 {
					wantEmpty(t, ask(app, tt.path), http.StatusInternalServerError)
					if w := ask(app, "/hello"); w.Code != 200 || w.Body.String() != "Hello, "+g.name+"!" {
						t.Errorf("the next request: %d %q", w.Code, w.Body)
					}
				}
				want := "request failed: "
				if g.async {
					want = tt.log
				}
				if l := log.String(); !strings.Contains(l, want) || strings.Count(l, "level=ERROR") != 2 || !strings.Contains(l, "component=guest") {
					t.Errorf("log: %s", l)
				}
				eventually(t, "nothing is left", func() bool { return app.Stats() == spin.Stats{} })
			})
		})
	}
}

// A client that sends half a body and waits does not keep the guest from answering, nor the app
// from serving others.
func TestClientThatStalls(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		app := g.mustLoad(t, func(c *spin.Config) {
			c.Components = map[string]spin.ComponentConfig{"guest": {IdleTime: time.Millisecond, MaxInstances: 1}}
		})
		body := &stalled{started: make(chan struct{}), over: make(chan struct{})}
		ctx, leave := context.WithCancel(context.Background())
		req := httptest.NewRequest(http.MethodPost, "http://localhost/echo", body).WithContext(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() { _ = recover() }() // net/http's own way to cut a response short
			app.ServeHTTP(httptest.NewRecorder(), req)
		}()
		<-body.started
		if w := ask(app, "/hello"); w.Code != 200 {
			t.Errorf("another request: %d", w.Code)
		}
		leave()
		body.Close()
		<-done
		if w := ask(app, "/hello"); w.Code != 200 {
			t.Errorf("the next request: %d", w.Code)
		}
		eventually(t, "nothing is left", func() bool { return app.Stats() == spin.Stats{} })
	})
}

// A call that the manifest does not allow is an error of the guest's, and of nobody else.
func TestCallThatNobodyAllowed(t *testing.T) {
	up := newUpstream(t)
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		log := new(buffer)
		app := g.mustLoad(t, func(c *spin.Config) {
			c.Logger = logTo(log, 0)
			c.Components = map[string]spin.ComponentConfig{"guest": {IdleTime: time.Millisecond}}
		})
		w := ask(app, "/outbound?url="+up.URL+"/ok")
		if w.Code != http.StatusBadGateway || up.count("/ok") != 0 {
			t.Errorf("%d %q, %d calls", w.Code, w.Body, up.count("/ok"))
		}
		if strings.Contains(w.Body.String(), "spin.toml") {
			t.Errorf("the guest knows where its manifest is: %s", w.Body)
		}
		if l := log.String(); !strings.Contains(l, "allowed_outbound_hosts") || !strings.Contains(l, "spin.toml:9") {
			t.Errorf("the log does not say what would allow it: %q", l)
		}
		eventually(t, "nothing is left", func() bool { return app.Stats() == spin.Stats{} })
	})
}
