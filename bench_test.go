package spin_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
			b.ReportAllocs()
			load(b, h, path, 64)
		})
	}
}

// BenchmarkLanguages is the same, and one after the other in process, for guests that bring the
// runtime of a language along.
func BenchmarkLanguages(b *testing.B) {
	for _, g := range guests {
		if g.lang == "rust" {
			continue
		}
		b.Run(g.name, func(b *testing.B) {
			app, err := spin.Load(context.Background(), g.manifest(b, "[]"), nil)
			if err != nil {
				b.Fatal(err)
			}
			defer app.Close(context.Background())
			b.Run("Hello", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if w := ask(app, "/hello"); w.Code != http.StatusOK {
						b.Fatalf("%d %q", w.Code, w.Body)
					}
				}
			})
			b.Run("Loopback", func(b *testing.B) { load(b, app, "/hello", 64) })
		})
	}
}

// load shares b.N requests to a handler out among connections.
func load(b *testing.B, h http.Handler, path string, connections int) {
	server := httptest.NewServer(h)
	defer server.Close()
	addr := server.Listener.Addr().String()
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, addr)
	work := make(chan int)
	took := make([][]time.Duration, connections)
	var wg sync.WaitGroup
	for k := range connections {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		r := bufio.NewReader(c)
		wg.Go(func() {
			for n := range work {
				for range n {
					began := time.Now()
					if _, err := io.WriteString(c, request); err != nil {
						b.Error(err)
						return
					}
					if err := skipResponse(r); err != nil {
						b.Error(err)
						return
					}
					took[k] = append(took[k], time.Since(began))
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
	if b.Failed() {
		return
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(all[len(all)*99/100].Seconds()*1e3, "p99-ms")
	runtime.GC()
}

// skipResponse reads a response with as little work as possible, which competes with the server's.
func skipResponse(r *bufio.Reader) error {
	left, chunked := 0, false
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && string(line) != "HTTP/1.1 200 OK\r\n":
			return fmt.Errorf("answered %q", line)
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			if left, err = strconv.Atoi(string(line[len("Content-Length: ") : len(line)-2])); err != nil {
				return err
			}
		case string(line) == "Transfer-Encoding: chunked\r\n":
			chunked = true
		case len(line) == 2 && chunked:
			_, err := io.Copy(io.Discard, httputil.NewChunkedReader(r))
			if err == nil {
				_, err = r.Discard(2) // it leaves the end of the trailers
			}
			return err
		case len(line) == 2:
			_, err := r.Discard(left)
			return err
		}
	}
}

// BenchmarkLoad is spin.Load of an app with one component: compiled, and from the code cache.
func BenchmarkLoad(b *testing.B) {
	for _, g := range guests {
		b.Run(g.name, func(b *testing.B) {
			manifest := g.manifest(b, "[]")
			for _, cached := range []bool{false, true} {
				b.Run(fmt.Sprintf("cached=%v", cached), func(b *testing.B) {
					dir := b.TempDir()
					load := func() {
						b.StopTimer()
						rt, err := spin.NewRuntime(spin.RuntimeConfig{CacheDir: dir})
						if err != nil {
							b.Fatal(err)
						}
						b.StartTimer()
						app, err := spin.Load(context.Background(), manifest, &spin.Config{Runtime: rt})
						if err != nil {
							b.Fatal(err)
						}
						b.StopTimer()
						_ = app.Close(context.Background())
						_ = rt.Close(context.Background())
						if !cached {
							_ = os.RemoveAll(dir)
						}
						b.StartTimer()
					}
					if cached {
						load()
					}
					for b.Loop() {
						load()
					}
				})
			}
		})
	}
}

// BenchmarkBlocked is a thousand requests at once, each of which waits 200 ms for an outbound
// request.
func BenchmarkBlocked(b *testing.B) {
	for _, g := range guests[:3] {
		b.Run(g.name, func(b *testing.B) {
			peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(200 * time.Millisecond)
				_, _ = io.WriteString(w, "at last")
			}))
			defer peer.Close()
			r := g.run(b, nil)
			var most footprint
			for b.Loop() {
				wait := askMany(b, r.app, "/outbound?url="+url.QueryEscape(peer.URL), 1000)
				time.Sleep(150 * time.Millisecond)
				most.look(b)
				wait()
			}
			most.report(b)
		})
	}
}

// BenchmarkWaiting is ten thousand requests at once to instances that are shared, each of which
// waits for an outbound request until all of them do. They are answered in process.
func BenchmarkWaiting(b *testing.B) {
	const requests = 10_000
	for _, g := range guests[1:3] {
		b.Run(g.name, func(b *testing.B) {
			var most footprint
			var waiting atomic.Int64
			var all chan struct{}
			r := g.run(b, func(c *spin.Config) {
				c.InterceptHTTP = func(spin.Origin, http.RoundTripper) http.RoundTripper {
					return roundTrip(func(*http.Request) (*http.Response, error) {
						together := all
						if waiting.Add(1) == requests {
							most.look(b)
							close(together)
						}
						<-together
						return answer(http.StatusOK, "at last")
					})
				}
			})
			for b.Loop() {
				waiting.Store(0)
				all = make(chan struct{})
				askMany(b, r.app, "/outbound?url="+url.QueryEscape("http://127.0.0.1:80/"), requests)()
			}
			most.report(b)
		})
	}
}

// askMany makes n requests at once; what it returns waits for the answers.
func askMany(b *testing.B, app http.Handler, path string, n int) (wait func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != http.StatusOK || w.Body.String() != "at last" {
				b.Errorf("%d %q", w.Code, w.Body)
			}
		})
	}
	return wg.Wait
}

// footprint is the most that was seen of what this process takes.
type footprint struct{ threads, memory int }

func (f *footprint) look(b *testing.B) {
	f.threads, f.memory = max(f.threads, status(b, "Threads:")), max(f.memory, status(b, "VmRSS:"))
}

func (f *footprint) report(b *testing.B) {
	b.ReportMetric(float64(f.threads), "threads")
	b.ReportMetric(float64(f.memory)/1024, "MiB")
}

// status reads a number of this process's status.
func status(b *testing.B, key string) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), key)
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return n
}
