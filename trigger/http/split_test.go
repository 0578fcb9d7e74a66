package http_test

import (
	"bufio"
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"time"
)

// Whatever a guest says of its response's length, a client finds one response, and one length or
// none: a response that contradicts itself is none.
func TestResponsesAreNotSplit(t *testing.T) {
	const second = "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond"
	tests := []struct {
		behaviour string
		fields    []string
		body      string
		want      string // the status, and whether it comes to its end
	}{
		{"one length", []string{"content-length", "5"}, "hello", "200 whole"},
		{"the same length twice", []string{"content-length", "5", "content-length", "5"}, "hello", "200 whole"},
		{"two lengths", []string{"content-length", "5", "content-length", "7"}, "hello", "500 whole"},
		{"a second response behind the length", []string{"content-length", "5"}, "hello" + second, "500 whole"},
		{"less than its length", []string{"content-length", "500"}, "hello", "500 whole"},
		{"no length", nil, "hello" + second, "200 whole"},
	}
	for _, tt := range tests {
		for _, wait := range []bool{false, true} { // whether the response goes out piece by piece
			if wait {
				tt.want = strings.Replace(tt.want, "500 whole", "cut", 1)
			}
			t.Run(tt.behaviour, func(t *testing.T) {
				both(t, func(t *testing.T, export string) {
					r := one(t, export, func(g *guest) {
						if g.text("path-with-query") == "/next" {
							g.answer(200, "next")
							return
						}
						res := g.respond(200, tt.fields...)
						half := len(tt.body) / 2
						if res.write(tt.body[:half]); wait {
							g.Off(func() { time.Sleep(20 * time.Millisecond) })
						}
						res.write(tt.body[half:])
						res.finish()
					})
					c := r.dial("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
					defer c.Close()
					var seen strings.Builder
					in := bufio.NewReader(io.TeeReader(c, &seen))
					res, err := nethttp.ReadResponse(in, nil)
					got := "cut"
					if err == nil {
						var b []byte
						b, err = io.ReadAll(res.Body)
						if err == nil {
							got = res.Status[:3] + " whole"
						}
						if res.StatusCode == 200 && err == nil && string(b) != tt.body {
							t.Errorf("%q", b)
						}
						head, _, _ := strings.Cut(seen.String(), "\r\n\r\n") // ReadResponse forgives much
						if n := strings.Count(head, "\r\nContent-Length:") + strings.Count(head, "\r\nTransfer-Encoding:"); n != 1 {
							t.Errorf("%q", head)
						}
					}
					if got != tt.want && !(wait && got == "500 whole") {
						t.Errorf("%s, want %s", got, tt.want)
					}
					io.WriteString(c, "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
					if rest, _ := io.ReadAll(in); len(rest) > 0 && !strings.HasSuffix(string(rest), "\r\n\r\nnext") || strings.Contains(string(rest), "second") {
						t.Errorf("then %q", rest)
					}
				})
			})
		}
	}
}
