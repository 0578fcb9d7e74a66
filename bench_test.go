package spin_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"

	"github.com/spinhost/spin"
)

const helloBody = "Hello, world!"

// bare is what a hello costs without guests.
var bare = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, helloBody)
})

// hello is an app with a component of WASI 0.2 at /p2, one of the release candidate of 0.3 at
// /rc, and one of 0.3.0 at /p3.
func hello(b *testing.B) *spin.App {
	b.Helper()
	text := "spin_manifest_version = 2\n[application]\nname = \"hello\"\n"
	for _, v := range []string{"p2", "rc", "p3"} {
		g := guest{path: "rust/hello-" + v + ".wasm", lang: "rust"}
		text += fmt.Sprintf("[[trigger.http]]\nroute = \"/%s\"\ncomponent = %q\n[component.%s]\nsource = %q\n", v, v, v, g.component(b))
	}
	app, err := spin.Load(context.Background(), writeManifest(b, text), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := app.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return app
}

// BenchmarkHello is a request in process, one after the other.
func BenchmarkHello(b *testing.B) {
	app := hello(b)
	for _, path := range []string{"/bare", "/p2", "/rc", "/p3"} {
		b.Run(path[1:], func(b *testing.B) {
			h := http.Handler(app)
			if path == "/bare" {
				h = bare
			}
			req := httptest.NewRequest(http.MethodGet, path, nil)
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, req)
				if w.Body.String() != helloBody {
					b.Fatalf("%d %q", w.Code, w.Body)
				}
			}
		})
	}
}

// BenchmarkParallel is a request in process, from all processors.
func BenchmarkParallel(b *testing.B) {
	app := hello(b)
	for _, path := range []string{"/p2", "/p3"} {
		b.Run(path[1:], func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				req := httptest.NewRequest(http.MethodGet, path, nil)
				for pb.Next() {
					w := httptest.NewRecorder()
					app.ServeHTTP(w, req)
					if w.Body.String() != helloBody {
						b.Errorf("%d %q", w.Code, w.Body)
						return
					}
				}
			})
		})
	}
}

// BenchmarkLoopback is a request over sockets, from 64 connections that are kept alive.
func BenchmarkLoopback(b *testing.B) {
	app := hello(b)
	for _, path := range []string{"/bare", "/p2", "/rc", "/p3"} {
		b.Run(path[1:], func(b *testing.B) {
			h := http.Handler(app)
			if path == "/bare" {
				h = bare
			}
			server := httptest.NewServer(h)
			defer server.Close()
			b.ReportAllocs()
			load(b, server.Listener.Addr().String(), path, 64)
		})
	}
}

// load shares b.N requests out among connections.
func load(b *testing.B, addr, path string, connections int) {
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, addr)
	work := make(chan int)
	var wg sync.WaitGroup
	for range connections {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		r := bufio.NewReader(c)
		wg.Go(func() {
			for n := range work {
				for range n {
					if _, err := io.WriteString(c, request); err != nil {
						b.Error(err)
						return
					}
					if err := skipResponse(r); err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	b.ResetTimer()
	for n := b.N; n > 0; n -= 16 {
		work <- min(n, 16)
	}
	close(work)
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	runtime.GC()
}

// skipResponse reads a hello with as little work as possible, which competes with the server's.
func skipResponse(r *bufio.Reader) error {
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && string(line) != "HTTP/1.1 200 OK\r\n":
			return fmt.Errorf("answered %q", line)
		case len(line) == 2:
			_, err := r.Discard(len(helloBody))
			return err
		}
	}
}
