package spin_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// streamed is how much the benchmarks of streams send: far more than all buffers hold.
const streamed = 64 << 20

// zeros is so many bytes.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// bareStreams does what the guests do: it sends a request's body back, or n bytes.
func bareStreams(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/echo" {
		_ = http.NewResponseController(w).EnableFullDuplex()
		_, _ = io.CopyBuffer(struct{ io.Writer }{w}, r.Body, make([]byte, 64<<10))
		return
	}
	n, _ := strconv.ParseInt(r.URL.Query().Get("n"), 10, 64)
	_, _ = io.CopyBuffer(struct{ io.Writer }{w}, zeros(n), make([]byte, 64<<10))
}

// benchStreams sends requests over a socket to guests and to a handler without one.
func benchStreams(b *testing.B, request func(server string) (*http.Response, error)) {
	run := func(name string, serve func(b *testing.B) string) {
		b.Run(name, func(b *testing.B) {
			server := serve(b)
			b.SetBytes(streamed)
			for b.Loop() {
				res, err := request(server)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, res.Body)
				if res.Body.Close(); err != nil || n != streamed {
					b.Fatalf("%d bytes, %v", n, err)
				}
			}
			b.ReportMetric(float64(status(b, "VmRSS:"))/1024, "MiB")
		})
	}
	run("bare", func(b *testing.B) string {
		s := httptest.NewServer(http.HandlerFunc(bareStreams))
		b.Cleanup(s.Close)
		return s.URL
	})
	for _, g := range guests[:3] {
		run(g.name, func(b *testing.B) string {
			s := httptest.NewServer(g.run(b, nil).app)
			b.Cleanup(s.Close)
			return s.URL
		})
	}
}

// BenchmarkEcho sends 64 MiB through a guest and back.
func BenchmarkEcho(b *testing.B) {
	benchStreams(b, func(server string) (*http.Response, error) {
		return http.Post(server+"/echo", "application/octet-stream", zeros(streamed))
	})
}

// BenchmarkBytes has a guest send 64 MiB.
func BenchmarkBytes(b *testing.B) {
	benchStreams(b, func(server string) (*http.Response, error) {
		return http.Get(fmt.Sprintf("%s/bytes?n=%d", server, streamed))
	})
}
