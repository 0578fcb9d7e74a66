package http_test

import (
	nethttp "net/http"
	"testing"

	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
)

// What a guest of version 0.3 writes, and what it is told about it.
func TestSendBodyOf3(t *testing.T) {
	tests := []struct {
		behaviour, length string
		write             func(g *guest, s *sending)
		code              string
		size              uint64
		server            string
	}{
		{"a whole body", "", func(g *guest, s *sending) { s.write("hello"); s.finish() }, "", 0, "hello"},
		{"no bytes", "", func(g *guest, s *sending) { s.finish() }, "", 0, ""},
		{"trailers before the bytes end", "", func(g *guest, s *sending) {
			g.SetTrailers3(s.trailers, httpguest.None)
			s.write("hello")
			g.CloseWriter(s.bytes)
		}, "", 0, "hello"},
		{"less than announced", "10", func(g *guest, s *sending) { s.write("hello"); s.finish() }, "HTTP-request-body-size", 5, "hello and an error"},
		{"more than announced", "3", func(g *guest, s *sending) { s.write("hello"); s.finish() }, "HTTP-request-body-size", 5, " and an error"},
		{"an error in place of trailers", "", func(g *guest, s *sending) {
			s.write("hello")
			g.CloseWriter(s.bytes)
			g.FailTrailers3(s.trailers, p3http.ErrorCodeCaseLoopDetected)
		}, "loop-detected", 0, "hello and an error"},
		{"trailers that never come", "", func(g *guest, s *sending) {
			s.write("hello")
			g.CloseWriter(s.bytes)
			g.CloseWriter(s.trailers)
		}, "HTTP-protocol-error", 0, "hello and an error"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			got := newOutcomes()
			w, s := newServer(t, got.serve)
			w.run(true, func(g *guest) {
				var fields []string
				if tt.length != "" {
					fields = []string{"content-length", tt.length}
				}
				sending := got.sendTo(g, s, fields...)
				tt.write(g, sending)
				if code, size := g.Outcome3(sending.sent); code != tt.code || size != tt.size {
					t.Errorf("outcome %q %d", code, size)
				}
				if r, code := sending.receive(); code != tt.code {
					t.Errorf("response %q", code)
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

// That nobody wants to know how it went does not keep a message from going.
func TestOutcomeThatNobodyWants(t *testing.T) {
	got := newOutcomes()
	w, s := newServer(t, got.serve)
	w.run(true, func(g *guest) {
		m := to(s, "POST", "/")
		m.body = true
		sending := g.send(m)
		g.CloseReader(sending.sent)
		sending.write("hello")
		sending.finish()
		if _, code := sending.wait(); code != "" {
			t.Error(code)
		}
	})
	if server := <-got.body; server != "hello" {
		t.Errorf("the server has got %q", server)
	}
}

// A guest may consume a message that it has made itself: its bytes and trailers pass through, and
// what it says of them is what the maker is told.
func TestConsumeOwnMessage(t *testing.T) {
	for _, resource := range []string{"request", "response"} {
		t.Run(resource, func(t *testing.T) {
			newWorld(t).run(true, func(g *guest) {
				contents, bytes := g.Stream()
				trailers, tw := g.Stream()
				var h uint64
				var sent *httpguest.Reader
				if resource == "request" {
					h, sent = g.Request3(httpguest.Target3{}, g.fields("content-length", "5"), contents, trailers, httpguest.None)
				} else {
					h, sent = g.Response3(200, g.fields("content-length", "5"), contents, trailers)
				}
				res, report := g.Stream()
				p := g.Load(httpguest.T3+"[static]"+resource+".consume-body", h, res)
				body, read := g.Reader(g.U32(p)), g.Reader(g.U32(p+4))
				writer := g.Go(func(task *httpguest.Task) {
					if err := task.Write(bytes, "hello"); err != nil {
						t.Error(err)
					}
					task.CloseWriter(bytes)
					task.SetTrailers3(tw, task.Fields3("x-sum", "1"))
				})
				if got := g.ReadAll(body); got != "hello" {
					t.Errorf("%q", got)
				}
				list, code := g.Trailers3(read)
				equal(t, "trailers", list, "x-sum", "1")
				if code != "" {
					t.Error(code)
				}
				g.FailTrailers3(report, p3http.ErrorCodeCaseConfigurationError) // the same layout
				if code, _ := g.Outcome3(sent); code != "configuration-error" {
					t.Errorf("outcome %q", code)
				}
				g.Off(func() { <-writer })
			})
		})
	}
}

func TestConsumeOwnMessageOfWrongLength(t *testing.T) {
	newWorld(t).run(true, func(g *guest) {
		contents, bytes := g.Stream()
		trailers, _ := g.Stream()
		h, sent := g.Response3(200, g.fields("content-length", "7"), contents, trailers)
		body, read := g.Consume3("response", h)
		g.Go(func(task *httpguest.Task) {
			task.Write(bytes, "hello")
			task.CloseWriter(bytes)
		})
		if got := g.ReadAll(body); got != "hello" {
			t.Errorf("%q", got)
		}
		if _, code := g.Trailers3(read); code != "HTTP-response-body-size" {
			t.Errorf("trailers: %q", code)
		}
		if code, size := g.Outcome3(sent); code != "HTTP-response-body-size" || size != 5 {
			t.Errorf("outcome: %q %d", code, size)
		}
	})
}

// A message that is dropped is discarded, and its maker is told.
func TestDroppedMessage(t *testing.T) {
	newWorld(t).run(true, func(g *guest) {
		contents, bytes := g.Stream()
		trailers, _ := g.Stream()
		h, sent := g.Response3(200, g.fields(), contents, trailers)
		g.Drop(h)
		if code, _ := g.Outcome3(sent); code != "connection-terminated" {
			t.Errorf("outcome %q", code)
		}
		g.Wait(bytes.Gone)
		if g.Write(bytes, "x") == nil {
			t.Error("the body is still read")
		}
	})
}

// A reader that drops the stream early has no trailers, and the exchange is given up.
func TestStreamDroppedEarly(t *testing.T) {
	left := make(chan bool)
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		w.Write([]byte("some"))
		nethttp.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(left)
	})
	w.run(true, func(g *guest) {
		r, code := g.send(to(s, "GET", "/")).receive()
		if code != "" {
			t.Fatal(code)
		}
		if got := r.read(); got != "some" {
			t.Errorf("%q", got)
		}
		r.drop()
		if list, code := g.Trailers3(r.trailers); list != nil || code != "" {
			t.Errorf("%q %q", list, code)
		}
		g.Off(func() { <-left })
	})
}

// A response that is dropped without having been looked at is given up too.
func TestResponseDropped(t *testing.T) {
	left := make(chan bool)
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		nethttp.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(left)
	})
	w.run(true, func(g *guest) {
		h, code := g.send(to(s, "GET", "/")).wait()
		if code != "" {
			t.Fatal(code)
		}
		g.Drop(h)
		g.Off(func() { <-left })
	})
}
