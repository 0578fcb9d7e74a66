package http_test

import (
	"context"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// stalls waits until a counter no longer grows and returns it.
func stalls(n *atomic.Int64) int64 {
	for {
		was := n.Load()
		time.Sleep(200 * time.Millisecond)
		if n.Load() == was && was > 0 {
			return was
		}
	}
}

// A server that does not read stops the guest, which can write all in the end.
func TestSlowServer(t *testing.T) {
	const total = 16 << 20
	both(t, func(t *testing.T, v3 bool) {
		read := make(chan bool)
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			<-read
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n)
		})
		var written atomic.Int64
		stopped := make(chan int64, 1)
		go func() {
			stopped <- stalls(&written)
			close(read)
		}()
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.body = true
			sending := g.send(m)
			piece := strings.Repeat("x", 4096)
			for range total / len(piece) {
				if fault := sending.write(piece); fault != "" {
					t.Fatal(fault)
				}
				written.Add(int64(len(piece)))
			}
			sending.finish()
			r, code := sending.receive()
			if code != "" {
				t.Fatal(code)
			}
			if body, _, _ := r.all(); body != fmt.Sprint(total) {
				t.Errorf("the server has got %s bytes", body)
			}
		})
		if n := <-stopped; n > 12<<20 { // what sockets and buffers take
			t.Errorf("the guest has written %d bytes that nobody reads", n)
		}
	})
}

// A guest that does not read stops the server.
func TestSlowGuest(t *testing.T) {
	const total = 16 << 20
	both(t, func(t *testing.T, v3 bool) {
		var written atomic.Int64
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			piece := make([]byte, 64<<10)
			for range total / len(piece) {
				n, err := w.Write(piece)
				if err != nil {
					return
				}
				written.Add(int64(n))
			}
		})
		w.run(v3, func(g *guest) {
			r, code := g.send(to(s, "GET", "/")).receive()
			if code != "" {
				t.Fatal(code)
			}
			g.Off(func() {
				if n := stalls(&written); n > 12<<20 {
					t.Errorf("the server has written %d bytes that nobody reads", n)
				}
			})
			n := 0
			for s := r.read(); s != ""; s = r.read() {
				n += len(s)
			}
			if n != total {
				t.Errorf("%d bytes", n)
			}
			r.drop()
		})
	})
}

// A server may answer before it has got the body, and need not want it.
func TestResponseBeforeTheBodyEnds(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			w.Header().Set("Connection", "close")
			w.WriteHeader(413)
			io.WriteString(w, "too much")
		})
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.body = true
			sending := g.send(m)
			sending.write("some")
			r, code := sending.receive()
			if code != "" {
				t.Fatal(code)
			}
			if body, _, code := r.all(); r.status != 413 || body != "too much" || code != "" {
				t.Errorf("%d %q %s", r.status, body, code)
			}
			for range 10_000 { // until the guest is told
				if sending.write(strings.Repeat("x", 4096)) != "" {
					return
				}
			}
			t.Error("the guest may write forever")
		})
	})
}

// A host that takes the request's context away ends the exchange, and not what comes after the head.
func TestHostCancels(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		began, end := make(chan bool), make(chan bool)
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path == "/head" {
				io.WriteString(w, "some")
				nethttp.NewResponseController(w).Flush()
				<-end
				io.WriteString(w, " and more")
				return
			}
			close(began)
			<-r.Context().Done()
		})
		ctx, cancel := context.WithCancel(context.Background())
		w.ctx = ctx
		go func() { <-began; cancel() }()
		w.run(v3, func(g *guest) {
			r, code := g.send(to(s, "GET", "/head")).receive()
			if code != "" {
				t.Fatal(code)
			}
			if _, code := g.send(to(s, "GET", "/")).wait(); code != "connection-terminated" {
				t.Errorf("%q", code)
			}
			close(end)
			if body, _, code := r.all(); body != "some and more" || code != "" {
				t.Errorf("%q %s", body, code)
			}
			if _, code := g.send(to(s, "GET", "/")).wait(); code != "connection-terminated" {
				t.Errorf("a request under a context that has ended: %q", code)
			}
		})
	})
}
