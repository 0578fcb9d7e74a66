package http_test

import (
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/httpguest"
)

// outcomes collects how the bodies of requests ended on the server.
type outcomes struct {
	began chan bool
	body  chan string
}

func newOutcomes() *outcomes { return &outcomes{make(chan bool), make(chan string, 1)} }

func (o *outcomes) serve(w nethttp.ResponseWriter, r *nethttp.Request) {
	close(o.began)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.body <- string(body) + " and an error"
		return
	}
	o.body <- string(body)
}

// sendTo begins to send a request with a body, and waits until the server has its head.
func (o *outcomes) sendTo(g *guest, s *httptest.Server, fields ...string) *sending {
	m := to(s, "POST", "/")
	m.fields, m.body = fields, true
	sending := g.send(m)
	g.Off(func() { <-o.began })
	return sending
}

func TestFinishOfOutgoingBody(t *testing.T) {
	tests := []struct {
		behaviour, length, text string
		finish                  string // the code
		size                    uint64 // of the code
		server                  string
	}{
		{"any length", "", "hello", "", 0, "hello"},
		{"nothing", "", "", "", 0, ""},
		{"the announced length", "5", "hello", "", 0, "hello"},
		{"less than announced", "10", "hello", "HTTP-request-body-size", 5, "hello and an error"},
		{"nothing of what is announced", "10", "", "HTTP-request-body-size", 0, " and an error"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			got := newOutcomes()
			w, s := newServer(t, got.serve)
			w.run(false, func(g *guest) {
				var fields []string
				if tt.length != "" {
					fields = []string{"content-length", tt.length}
				}
				sending := got.sendTo(g, s, fields...)
				if fault := sending.write(tt.text); fault != "" {
					t.Errorf("write: %s", fault)
				}
				code, size := sending.finish()
				if code != tt.finish || size != tt.size {
					t.Errorf("finish: %q %d", code, size)
				}
				if r, code := sending.receive(); code != tt.finish {
					t.Errorf("response: %q", code)
				} else if r != nil {
					r.drop()
				}
			})
			if server := <-got.body; server != tt.server {
				t.Errorf("the server has got %q, want %q", server, tt.server)
			}
		})
	}
}

func TestMoreThanContentLength(t *testing.T) {
	got := newOutcomes()
	w, s := newServer(t, got.serve)
	w.run(false, func(g *guest) {
		sending := got.sendTo(g, s, "content-length", "4")
		for i, want := range []string{"", "HTTP-request-body-size", "closed"} {
			if fault := sending.write("abc"); fault != want {
				t.Errorf("write %d: %q, want %q", i, fault, want)
			}
		}
		if code, size := sending.finish(); code != "HTTP-request-body-size" || size != 6 {
			t.Errorf("finish: %q %d", code, size)
		}
		if _, code := sending.wait(); code != "HTTP-request-body-size" {
			t.Errorf("response: %q", code)
		}
	})
	if server := <-got.body; !strings.HasSuffix(server, " and an error") {
		t.Errorf("the server has got %q", server)
	}
}

func TestDroppedOutgoingBody(t *testing.T) {
	got := newOutcomes()
	w, s := newServer(t, got.serve)
	w.run(false, func(g *guest) {
		sending := got.sendTo(g, s)
		sending.write("some")
		g.Drop(sending.stream)
		g.Drop(sending.body)
		if _, code := sending.wait(); code != "HTTP-protocol-error" {
			t.Errorf("response: %q", code)
		}
	})
	if server := <-got.body; server != "some and an error" {
		t.Errorf("the server has got %q", server)
	}
}

// Whatever ends a guest, the server learns that the request is incomplete.
func TestEndedGuestCutsItsRequestShort(t *testing.T) {
	ways := map[string]func(g *guest, s *sending){
		"finish while the stream is there": func(g *guest, s *sending) { g.Finish2(s.body, httpguest.None) },
		"drop while the stream is there":   func(g *guest, s *sending) { g.Drop(s.body) },
		"finish with trailers that are no fields": func(g *guest, s *sending) {
			g.Drop(s.stream)
			g.Finish2(s.body, s.future)
		},
		"a trap of its own": func(*guest, *sending) { panic(httpguest.Trap{Err: errOver}) },
	}
	for by, f := range ways {
		t.Run(by, func(t *testing.T) {
			got := newOutcomes()
			w, s := newServer(t, got.serve)
			if err := w.try(false, func(g *guest) {
				sending := got.sendTo(g, s)
				sending.write("some")
				f(g, sending)
			}); err == nil {
				t.Error("the guest is not ended")
			}
			if server := <-got.body; !strings.HasSuffix(server, " and an error") {
				t.Errorf("the server has got %q", server)
			}
		})
	}
}

func TestResourcesAreGivenOnce(t *testing.T) {
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) { io.WriteString(w, "hello") })
	w.run(false, func(g *guest) {
		again := func(name string, handle uint64) {
			t.Helper()
			if g.Try2(name, handle) != httpguest.None {
				t.Errorf("%s is given again", name)
			}
		}
		for _, resource := range []string{"outgoing-request", "outgoing-response"} {
			h := g.Call(httpguest.T2+"[constructor]"+resource, g.fields())
			body, stream := g.Body2(resource, h)
			again("[method]"+resource+".body", h)
			again("[method]outgoing-body.write", body)
			g.Drop(stream)
			again("[method]outgoing-body.write", body)
			g.Drop(body)
			g.Drop(h)
			h = g.Call(httpguest.T2+"[constructor]"+resource, g.fields("content-length", "x"))
			again("[method]"+resource+".body", h) // it never was: the length is no number
		}
		sending := g.send(to(s, "GET", "/"))
		r, code := sending.wait()
		if code != "" {
			t.Fatal(code)
		}
		body, stream := g.Consume2("incoming-response", r)
		again("[method]incoming-response.consume", r)
		again("[method]incoming-body.stream", body)
		g.Drop(stream)
		again("[method]incoming-body.stream", body)
		f := g.Call(httpguest.T2+"[static]incoming-body.finish", body)
		g.Call("wasi:io/poll@0.2.12#[method]pollable.block", g.Call(httpguest.T2+"[method]future-trailers.subscribe", f))
		for i, want := range []uint8{0, 1, 1} { // whether it was taken
			if p := g.Load(httpguest.T2+"[method]future-trailers.get", f); g.U8(p) != 1 || g.U8(p+8) != want {
				t.Errorf("get %d: %d %d", i, g.U8(p), g.U8(p+8))
			}
		}
	})
}

func TestResponseIsTakenOnce(t *testing.T) {
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {})
	w.run(false, func(g *guest) {
		f := g.send(to(s, "GET", "/")).future
		g.Call("wasi:io/poll@0.2.12#[method]pollable.block", g.Call(httpguest.T2+"[method]future-incoming-response.subscribe", f))
		for i, want := range []string{"", "taken", "taken"} {
			if _, code := g.Get2(f); code != want {
				t.Errorf("get %d: %q", i, code)
			}
		}
	})
}

// Parents that are dropped or given away before their children end the guest, and give up what
// they stood for.
func TestParentsBeforeChildren(t *testing.T) {
	tests := []struct {
		behaviour string
		f         func(g *guest, s *sending)
	}{
		{"future-incoming-response dropped before its pollable", func(g *guest, s *sending) {
			g.Call(httpguest.T2+"[method]future-incoming-response.subscribe", s.future)
			g.Drop(s.future)
		}},
		{"incoming-body dropped before its stream", func(g *guest, s *sending) {
			r, _ := s.receive()
			g.Drop(r.resource)
		}},
		{"incoming-body finished before its stream", func(g *guest, s *sending) {
			r, _ := s.receive()
			g.Call(httpguest.T2+"[static]incoming-body.finish", r.resource)
		}},
		{"future-trailers dropped before its pollable", func(g *guest, s *sending) {
			r, _ := s.receive()
			g.Drop(r.stream)
			f := g.Call(httpguest.T2+"[static]incoming-body.finish", r.resource)
			g.Call(httpguest.T2+"[method]future-trailers.subscribe", f)
			g.Drop(f)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			left := make(chan bool)
			w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				nethttp.NewResponseController(w).Flush()
				<-r.Context().Done()
				close(left)
			})
			err := w.try(false, func(g *guest) {
				s := g.send(to(s, "GET", "/"))
				p := g.Call(httpguest.T2+"[method]future-incoming-response.subscribe", s.future)
				g.Call("wasi:io/poll@0.2.12#[method]pollable.block", p)
				g.Drop(p)
				tt.f(g, s)
			})
			if err == nil || !strings.Contains(err.Error(), "before its children") {
				t.Errorf("%v", err)
			}
			<-left
		})
	}
}

// An exchange that the guest gives up is given up: the server sees the connection closed.
func TestExchangeIsGivenUp(t *testing.T) {
	tests := []struct {
		behaviour string
		f         func(g *guest, s *sending)
	}{
		{"future-incoming-response dropped", func(g *guest, s *sending) { g.Drop(s.future) }},
		{"future-incoming-response dropped when the response is there", func(g *guest, s *sending) {
			p := g.Call(httpguest.T2+"[method]future-incoming-response.subscribe", s.future)
			g.Call("wasi:io/poll@0.2.12#[method]pollable.block", p)
			g.Drop(p)
			g.Drop(s.future)
		}},
		{"incoming-response dropped", func(g *guest, s *sending) {
			h, _ := s.wait()
			g.Drop(h)
		}},
		{"incoming-body dropped", func(g *guest, s *sending) {
			h, _ := s.wait()
			g.Drop(g.Try2("[method]incoming-response.consume", h))
		}},
		{"future-trailers dropped", func(g *guest, s *sending) {
			h, _ := s.wait()
			f := g.Call(httpguest.T2+"[static]incoming-body.finish", g.Try2("[method]incoming-response.consume", h))
			if p := g.Load(httpguest.T2+"[method]future-trailers.get", f); g.U8(p) != 0 {
				t.Error("there are trailers")
			}
			g.Drop(f)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			began, left := make(chan bool), make(chan bool)
			w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
				nethttp.NewResponseController(w).Flush()
				close(began)
				<-r.Context().Done()
				close(left)
			})
			w.run(false, func(g *guest) {
				s := g.send(to(s, "GET", "/"))
				g.Off(func() { <-began })
				tt.f(g, s)
				g.Off(func() { <-left })
			})
		})
	}
}
