package http_test

import (
	nethttp "net/http"
	"strings"
	"testing"
)

func TestHello(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) { g.answer(201, "hello", "x-guest", "yes", "content-type", "text/plain") })
		for range 3 {
			a := r.get("/some/path")
			if a.status != 201 || a.body != "hello" || a.err != nil || a.header.Get("X-Guest") != "yes" ||
				a.header.Get("Content-Type") != "text/plain" || a.header.Get("Content-Length") != "5" {
				t.Errorf("%+v", a)
			}
		}
	})
}

func TestEcho(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			b := g.body()
			res := g.respond(200)
			for s := b.read(); s != ""; s = b.read() {
				res.write(s)
			}
			res.finish()
		})
		for _, n := range []int{0, 1, 5000, 3 << 20} {
			text := strings.Repeat("x", n)
			if a := r.do(r.request(nethttp.MethodPost, "/", strings.NewReader(text))); a.status != 200 || a.body != text || a.err != nil {
				t.Errorf("%d bytes: status %d, %d bytes, %v", n, a.status, len(a.body), a.err)
			}
		}
	})
}
