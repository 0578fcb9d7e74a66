package spin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

// inProgress begins a request of which the body comes slowly, and returns its remainder.
func inProgress(t *testing.T, url string) io.ReadCloser {
	t.Helper()
	res, err := http.Get(url + "/slow-body?chunks=4&ms=50")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, len("chunk 0\n"))); err != nil {
		t.Fatal(err)
	}
	return res.Body
}

func TestCloseWaitsForRequests(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		app := g.mustLoad(t, nil)
		server := httptest.NewServer(app)
		defer server.Close()
		body := inProgress(t, server.URL)
		defer body.Close()
		closed := make(chan error)
		go func() { closed <- app.Close(context.Background()) }()
		eventually(t, "no more requests are taken", func() bool { return ask(app, "/hello").Code == http.StatusServiceUnavailable })
		wantEmpty(t, ask(app, "/hello"), http.StatusServiceUnavailable)
		wantEmpty(t, ask(app, "/.well-known/spin/health"), http.StatusServiceUnavailable)
		if b, err := io.ReadAll(body); err != nil || string(b) != "chunk 1\nchunk 2\nchunk 3\n" {
			t.Errorf("%q, %v", b, err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if s := app.Stats(); s != (spin.Stats{}) {
			t.Errorf("left: %+v", s)
		}
	})
}

// While one component finishes its requests the others take none either.
func TestCloseRefusesRequestsOfAllComponents(t *testing.T) {
	text := strings.NewReplacer("\"/1\"", "\"/...\"", "\"/2\"", "\"/hello\"").Replace(several(2))
	app, err := loadBundle(t, bundle(text, map[string][]byte{"1.wasm": guestP3.wasm(t), "2.wasm": guestP2.wasm(t)}), nil)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app)
	defer server.Close()
	body := inProgress(t, server.URL)
	defer body.Close()
	closed := make(chan error)
	go func() { closed <- app.Close(context.Background()) }()
	eventually(t, "the other component is closed", func() bool { return ask(app, "/hello").Code == http.StatusServiceUnavailable })
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestCloseEndsGuestsThatTakeTooLong(t *testing.T) {
	for _, path := range []string{"/loop", "/never", "/sleep?ms=600000"} {
		t.Run(path[1:], func(t *testing.T) {
			each(t, isRust, func(t *testing.T, g guest) {
				noGoroutines(t)
				app := g.mustLoad(t, func(c *spin.Config) { c.Limits.ComputeTime = -1 })
				var wg sync.WaitGroup
				wg.Go(func() { wantEmpty(t, ask(app, path), http.StatusInternalServerError) })
				eventually(t, "the guest runs", func() bool { return app.Stats().Instances == 1 })
				why := errors.New("out of patience")
				ctx, stop := context.WithTimeoutCause(context.Background(), 50*time.Millisecond, why)
				defer stop()
				if err := app.Close(ctx); err != why {
					t.Errorf("close: %v", err)
				}
				if s := app.Stats(); s != (spin.Stats{}) {
					t.Errorf("left: %+v", s)
				}
				wg.Wait()
			})
		})
	}
}

func TestClosingTwice(t *testing.T) {
	app := guestP3.mustLoad(t, nil)
	server := httptest.NewServer(app)
	defer server.Close()
	body := inProgress(t, server.URL)
	defer body.Close()
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- app.Close(context.Background()) }()
	eventually(t, "the app closes", func() bool { return ask(app, "/hello").Code == http.StatusServiceUnavailable })
	ended, stop := context.WithCancel(context.Background())
	stop()
	if err := app.Close(ended); err != context.Canceled {
		t.Errorf("a second call that cannot wait: %v", err)
	}
	go func() { second <- app.Close(context.Background()) }()
	for _, c := range []chan error{first, second} {
		if err := <-c; err != nil {
			t.Error(err)
		}
	}
	if err := app.Close(ended); err != nil && err != context.Canceled {
		t.Error(err)
	}
	if err := app.Run(context.Background()); err != spin.ErrClosed {
		t.Errorf("run: %v", err)
	}
}

// Requests come from all sides while the app closes: each is served or refused.
func TestCloseAmongRequests(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		for range 5 {
			app := g.mustLoad(t, nil)
			var wg sync.WaitGroup
			served := make(chan struct{}, 1000)
			for range 8 {
				wg.Go(func() {
					for {
						w := ask(app, "/hello")
						switch w.Code {
						case http.StatusOK:
							served <- struct{}{}
						case http.StatusServiceUnavailable:
							return
						default:
							t.Errorf("%d %q", w.Code, w.Body)
							return
						}
					}
				})
			}
			for range 50 {
				<-served
			}
			go func() {
				for range served { // the rest
				}
			}()
			closeApp(t, app)
			wg.Wait()
			close(served)
		}
	})
}

func TestTwoAppsOfOneRuntime(t *testing.T) {
	noGoroutines(t)
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 10})
	if err != nil {
		t.Fatal(err)
	}
	with := func(greeting string) func(*spin.Config) {
		return func(c *spin.Config) { c.Runtime, c.Env = rt, map[string]string{"GREETING": greeting} }
	}
	a, b := guestP3.mustLoad(t, with("one")), guestP3.mustLoad(t, with("two"))
	for range 3 {
		if wa, wb := ask(a, "/env"), ask(b, "/env"); wa.Body.String() != "GREETING=one\n" || wb.Body.String() != "GREETING=two\n" {
			t.Errorf("%q, %q", wa.Body, wb.Body)
		}
	}
	closeApp(t, a)
	if w := ask(b, "/hello"); w.Code != 200 {
		t.Errorf("the other app: %d", w.Code)
	}
	closeApp(t, b)
	if err := rt.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if err := rt.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// A runtime that is closed before its apps ends their guests.
func TestRuntimeIsClosedFirst(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 10})
		if err != nil {
			t.Fatal(err)
		}
		app := g.mustLoad(t, func(c *spin.Config) { c.Runtime = rt })
		var wg sync.WaitGroup
		wg.Go(func() { wantEmpty(t, ask(app, "/never"), http.StatusInternalServerError) })
		eventually(t, "the guest runs", func() bool { return app.Stats().Fibers > 0 })
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
		wg.Wait()
		for range 3 {
			wantEmpty(t, ask(app, "/hello"), http.StatusServiceUnavailable)
		}
		closeApp(t, app)
		if _, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
			Runtime: rt, FS: bundle(minimal, map[string][]byte{"guest.wasm": g.wasm(t)}),
		}); err == nil {
			t.Error("an app of a closed runtime")
		}
	})
}
