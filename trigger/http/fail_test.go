package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	"github.com/spinhost/spin/internal/httpguest"
	"github.com/spinhost/spin/trigger"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

var errSecret = errors.New("secret reason")

// trap ends the guest.
func trap(*guest) { panic(httpguest.Trap{Err: errSecret}) }

// A guest that gives no response is answered for, without a word of why.
func TestNoResponse(t *testing.T) {
	tests := []struct {
		behaviour string
		export    string // "" for both
		serve     func(*guest)
		log       string
	}{
		{"a trap", "", trap, "secret reason"},
		{"a trap while it waits", "", func(g *guest) { g.Off(func() {}); trap(g) }, "secret reason"},
		{"nothing set", export2, func(*guest) {}, "did not give a response"},
		{"nothing set after a wait", export2, func(g *guest) { g.Off(func() {}) }, "did not give a response"},
		{"outparam dropped", export2, func(g *guest) { g.Drop(g.out); g.Off(func() {}) }, "did not give a response"},
		{"an error code", export2, func(g *guest) { g.FailOutparam2(g.out, p2http.ErrorCodeCaseLoopDetected) }, "loop-detected"},
		{"no result", export3, func(*guest) {}, "ended without a result"},
		{"an error code", export3, func(g *guest) { g.Lift(g.inv, g.typ, 1, 36); g.call.resolve(nil) }, "loop-detected"},
		{"a status that is none", "", func(g *guest) { g.answer(103, "x") }, "status 103"},
		{"a body that is too short", "", func(g *guest) { g.answer(200, "hello", "content-length", "9") }, "response-body-size"},
		{"a body that is too long", "", func(g *guest) { g.answer(200, "hello", "content-length", "2") }, "response-body-size"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				if tt.export != "" && tt.export != export {
					return
				}
				r := one(t, export, tt.serve)
				for range 2 { // the next request finds another instance, or the same one in order
					a := r.get("/x")
					if a.err != nil || a.status != 500 || a.body != "" || a.header.Get("Content-Length") != "0" || a.header["Content-Type"] != nil {
						t.Errorf("%+v", a)
					}
					if export == export3 {
						r.component().renew()
					}
				}
				if log := r.host.log.String(); !strings.Contains(log, tt.log) || !strings.Contains(log, "component=guest") || !strings.Contains(log, "route=/...") {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

// renew has the next request get another shared instance.
func (c *component) renew() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.one = nil
}

// What fails after the head was sent cuts the response short, so that the client can tell.
func TestResponseIsCutShort(t *testing.T) {
	tests := []struct {
		behaviour, export string
		after             func(*guest, *response)
	}{
		{"a trap", "", func(g *guest, _ *response) { trap(g) }},
		{"a body that is dropped", export2, func(g *guest, r *response) { g.Drop(r.stream); g.Drop(r.resource) }},
		{"a body that is not finished", export2, func(*guest, *response) {}},
		{"a body finished before its stream", export2, func(g *guest, r *response) { g.Finish2(r.resource, httpguest.None) }},
		{"trailers that never come", export3, func(g *guest, r *response) { g.CloseWriter(r.bytes); g.CloseWriter(r.trailers) }},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				if tt.export != "" && tt.export != export {
					return
				}
				read := make(chan bool)
				r := one(t, export, func(g *guest) {
					res := g.respond(200)
					res.write("some")
					g.Off(func() { <-read })
					tt.after(g, res)
				})
				for _, client := range []*nethttp.Client{r.client, h2c(t)} {
					res, err := client.Do(r.request("GET", "/", nil))
					if err != nil {
						t.Fatal(err)
					}
					some := make([]byte, 4)
					if _, err := io.ReadFull(res.Body, some); err != nil {
						t.Error(err)
					}
					read <- true
					if rest, err := io.ReadAll(res.Body); err == nil {
						t.Errorf("%s: %q then %q, and no error", res.Proto, some, rest)
					}
					res.Body.Close()
					r.component().renew()
				}
				if log := r.host.log.String(); !strings.Contains(log, "response is incomplete") {
					t.Errorf("log: %s", log)
				}
			})
		})
	}
}

// slowWriter takes long for the head.
type slowWriter struct {
	*httptest.ResponseRecorder
	began chan<- bool
	ended <-chan bool
}

func (w slowWriter) WriteHeader(code int) {
	w.began <- true
	<-w.ended
	w.ResponseRecorder.WriteHeader(code)
}

// A response that fails while its head is written is cut short behind the head.
func TestHeadOfAFailedResponseIsSent(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		began, ended := make(chan bool), make(chan bool)
		c := &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
			r := g.respond(200)
			g.Off(func() { <-began })
			if export == export2 {
				g.Drop(r.stream)
				g.Drop(r.resource)
			} else {
				g.CloseWriter(r.bytes)
				g.CloseWriter(r.trailers)
			}
			g.Off(func() { ended <- true })
		}}
		a := load(t, httptrigger.Config{}, single("/"), c)
		w := slowWriter{httptest.NewRecorder(), began, ended}
		defer func() {
			if v := recover(); v != nethttp.ErrAbortHandler || w.Code != 200 || !w.Flushed {
				t.Errorf("%v, status %d, flushed %v", v, w.Code, w.Flushed)
			}
		}()
		a.ServeHTTP(w, httptest.NewRequest("GET", "http://x/", nil))
	})
}

func TestNoInstance(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, tt := range []struct {
			err    error
			status int
			retry  string
		}{{fmt.Errorf("full: %w", trigger.ErrBusy), 503, "1"}, {errSecret, 500, ""}} {
			c := &component{id: "guest", exports: []string{export}, serve: trap, busy: tt.err}
			a := load(t, httptrigger.Config{}, single("/"), c)
			w := httptest.NewRecorder()
			a.ServeHTTP(w, httptest.NewRequest("GET", "http://x/", nil))
			if w.Code != tt.status || w.Body.Len() != 0 || w.Header().Get("Retry-After") != tt.retry {
				t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
			}
		}
	})
}

// A call that its instance has not begun is made again on another, but not forever.
func TestStaleInstance(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for stale, want := range map[int]int{1: 200, 3: 200, 4: 500, 100: 500} {
			c := &component{id: "guest", exports: []string{export}, serve: func(g *guest) { g.answer(200, "at last") }, stale: stale}
			a := load(t, httptrigger.Config{}, single("/"), c)
			w := httptest.NewRecorder()
			a.ServeHTTP(w, httptest.NewRequest("GET", "http://x/", nil))
			if w.Code != want {
				t.Errorf("%d stale instances: %d", stale, w.Code)
			}
		}
	})
}

func TestRequestTime(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		cancelled, end := make(chan bool, 1), make(chan bool)
		c := &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
			g.Off(func() { <-end })
			cancelled <- g.isCancelled()
			g.answer(200, "too late")
		}}
		r := serve(t, httptrigger.Config{RequestTime: 30 * time.Millisecond}, single("/"), c)
		if a := r.get("/"); a.err != nil || a.status != 500 || a.body != "" {
			t.Errorf("%+v", a)
		}
		if export == export3 {
			eventually(t, "the guest is asked to give up", func() bool {
				c.mu.Lock()
				defer c.mu.Unlock()
				return c.cancels == 1
			})
		}
		close(end)
		if log := r.host.log.String(); !strings.Contains(log, "has not responded within") {
			t.Errorf("log: %s", log)
		}
		// An instance of the request's own is ended; one that serves others too is asked.
		c.mu.Lock()
		kills, retired := len(c.kills), len(c.retired)
		c.mu.Unlock()
		if export == export2 && kills != 1 || export == export3 && (kills != 0 || retired != 1 || !<-cancelled) {
			t.Errorf("%d kills, %d retired", kills, retired)
		}
	})
}

// What is configured for a component counts before what is configured for the trigger.
func TestRequestTimeOfAComponent(t *testing.T) {
	end := make(chan bool)
	slow := func(g *guest) {
		if g.text("path-with-query") == "/slow" {
			g.Off(func() { <-end })
		}
		g.answer(200, "")
	}
	text := ""
	var components []*component
	for id, limit := range map[string]time.Duration{"short": 30 * time.Millisecond, "endless": -1, "as-all": 0} {
		text += "[[trigger.http]]\nroute = { private = true }\ncomponent = \"" + id + "\"\n"
		components = append(components, &component{id: id, exports: []string{export3}, serve: slow, limit: limit})
	}
	a := load(t, httptrigger.Config{RequestTime: 200 * time.Millisecond}, text, components...)
	for _, id := range []string{"short", "as-all"} {
		if w := ask(a.Local(id), "/slow"); w.Code != 500 {
			t.Errorf("%s: %d", id, w.Code)
		}
		if w := ask(a.Local(id), "/"); w.Code != 200 {
			t.Errorf("%s afterwards: %d", id, w.Code)
		}
	}
	time.AfterFunc(300*time.Millisecond, func() { close(end) })
	if w := ask(a.Local("endless"), "/slow"); w.Code != 200 {
		t.Errorf("without limit: %d", w.Code)
	}
}

// The limit does not concern what comes after the head.
func TestRequestTimeEndsWithTheHead(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		end := make(chan bool)
		r := serve(t, httptrigger.Config{RequestTime: 200 * time.Millisecond}, single("/"), &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
			res := g.respond(200)
			res.write("some")
			g.Off(func() { <-end })
			res.write(" more")
			res.finish()
		}})
		res, err := r.client.Do(r.request("GET", "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		time.AfterFunc(300*time.Millisecond, func() { close(end) })
		if b, err := io.ReadAll(res.Body); string(b) != "some more" || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	})
}

// A client that leaves is told to the guest, wherever it is; an instance is not ended for it.
func TestClientLeaves(t *testing.T) {
	stages := map[string]func(g *guest, leave func()){
		"before the response": func(g *guest, leave func()) {
			leave()
			g.Wait(func() bool { return g.Ctx.Err() != nil || g.poke() })
		},
		"while it reads the request": func(g *guest, leave func()) {
			b := g.body()
			b.read()
			leave()
			if _, _, code := b.all(); code == "" {
				panic("the body has come to its end")
			}
		},
		"while it writes the response": func(g *guest, leave func()) {
			r := g.respond(200)
			r.write("some")
			leave()
			for r.write(strings.Repeat("x", 4096)) {
			}
		},
	}
	for stage, f := range stages {
		t.Run(stage, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				leave, over := make(chan bool), make(chan bool)
				r := one(t, export, func(g *guest) {
					defer close(over)
					f(g, func() { g.Off(func() { leave <- true }) })
				})
				body := ""
				if stage == "while it reads the request" {
					body = "Content-Length: 10\r\n\r\nhello"
				} else {
					body = "\r\n"
				}
				c := r.dial("POST / HTTP/1.1\r\nHost: x\r\n" + body)
				<-leave
				c.Close()
				<-over
			})
		})
	}
}

// A client that leaves before there is an instance for its request is no failure.
func TestClientLeavesBeforeThereIsAnInstance(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(*guest) { t.Error("it is served") })
		full, over := make(chan bool), make(chan any)
		r.component().full = full
		ctx, leave := context.WithCancel(t.Context())
		go func() {
			defer func() { over <- recover() }()
			r.ServeHTTP(httptest.NewRecorder(), r.request("GET", "/", nil).WithContext(ctx))
		}()
		<-full
		leave()
		if err := <-over; err != nethttp.ErrAbortHandler {
			t.Errorf("ends with %v", err)
		}
		if log := r.host.log.String(); log != "" {
			t.Error("logged: ", log)
		}
	})
}

// poke has a task that waits look again soon.
func (g *guest) poke() bool {
	time.AfterFunc(5*time.Millisecond, g.Wake)
	return false
}

// What a guest does after its response is finished, and for as long as the app allows.
func TestWorkAfterTheResponse(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		go1, done := make(chan bool), make(chan bool, 1)
		r := one(t, export, func(g *guest) {
			g.answer(200, "done")
			if export == export3 { // instances of 0.2 are given back with the response
				g.Off(func() { <-go1 })
				done <- !g.isCancelled() && g.Ctx.Err() == nil
			}
		})
		if a := r.get("/"); a.body != "done" || a.err != nil {
			t.Errorf("%+v", a)
		}
		close(go1)
		if export == export3 && !<-done {
			t.Error("it is cancelled")
		}
	})
}
