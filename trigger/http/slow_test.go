package http_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	httptrigger "github.com/spinhost/spin/trigger/http"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

// soon and never are limits for clients: what the one bounds ends in a test, and what the other
// does would let it time out.
const (
	soon  = 300 * time.Millisecond
	never = time.Hour
)

// slow serves a guest of one version with limits for its clients.
func slow(t *testing.T, export string, body, write time.Duration, f func(*guest)) *running {
	t.Helper()
	return serve(t, httptrigger.Config{BodyTime: body, WriteTime: write}, single("/..."), &component{id: "guest", exports: []string{export}, serve: f})
}

// trickle writes a byte of s to w every few milliseconds, until that fails.
func trickle(w io.Writer, s string) {
	for i := range len(s) {
		if _, err := io.WriteString(w, s[i:i+1]); err != nil {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// A client that does not go on with its body, or sends it byte by byte, is told so with status
// 408, and so is the guest.
func TestClientThatTricklesItsBody(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, tt := range []struct{ behaviour, fields, first, more string }{
			{"stalls", "Content-Length: 10\r\n", "hello", ""},
			{"stalls in chunks", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n", ""},
			{"stalls in the middle of a chunk", "Transfer-Encoding: chunked\r\n", "ff\r\nhello", ""},
			{"byte by byte", "Content-Length: 100000\r\n", "hello", strings.Repeat("x", 10_000)},
		} {
			t.Run(tt.behaviour, func(t *testing.T) {
				code := make(chan string, 1)
				r := slow(t, export, soon, never, func(g *guest) {
					defer close(code)
					_, _, c := g.body().all()
					code <- c
				})
				conn := r.dial("POST / HTTP/1.1\r\nHost: x\r\n" + tt.fields + "\r\n" + tt.first)
				sent := make(chan bool)
				go func() {
					defer close(sent)
					trickle(conn, tt.more)
				}()
				b, _ := io.ReadAll(conn) // until the connection is closed
				conn.Close()
				<-sent
				if !strings.HasPrefix(string(b), "HTTP/1.1 408 ") || !strings.Contains(string(b), "\r\nConnection: close\r\n") || !strings.HasSuffix(string(b), "\r\n\r\n") {
					t.Errorf("%q", b)
				}
				if c, lives := <-code; lives && c != "connection-read-timeout" { // one that nobody else uses may end first
					t.Errorf("the guest is told %q", c)
				}
			})
		}
	})
}

// The same over HTTP/2, whose other requests do not notice.
func TestClientThatTricklesItsBodyOverHTTP2(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := slow(t, export, soon, never, func(g *guest) {
			if _, _, code := g.body().all(); code == "" {
				g.answer(200, "read")
			}
		})
		r.client = h2c(t)
		in, out := io.Pipe()
		defer out.Close()
		go out.Write([]byte("hello"))
		a := r.do(r.request("POST", "/", in))
		if a.status != 408 || a.body != "" || a.err != nil {
			t.Errorf("%+v", a)
		}
		if a := r.do(r.request("POST", "/", strings.NewReader("quick"))); a.body != "read" {
			t.Errorf("the next request: %+v", a)
		}
	})
}

// Neither components of Spin 1 are called for clients that do not send what they have announced.
func TestClientThatTricklesItsBodyToSpin1(t *testing.T) {
	r := oldApp(t, httptrigger.Config{BodyTime: soon}, func(_ context.Context, req inbound.Request) inbound.Response {
		return inbound.Response{Status: 200, Body: abi.Some(req.Body.Value)}
	})
	b := r.raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
	if !strings.HasPrefix(b, "HTTP/1.1 408 ") || len(r.component().instances) > 0 {
		t.Errorf("%q, %d instances", b, len(r.component().instances))
	}
	if a := r.do(r.request("POST", "/", strings.NewReader("quick"))); a.body != "quick" {
		t.Errorf("%+v", a)
	}
}

// What is bounded is for how long the guest waits for the client: a guest may take its time, and
// so may both when the guest has answered.
func TestClientsThatMayBeSlow(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := slow(t, export, soon, soon, func(g *guest) {
			path := g.text("path-with-query")
			b := g.body()
			some := b.read()
			switch path {
			case "/compute":
				g.Off(func() { time.Sleep(3 * soon) })
				all, _, code := b.all()
				g.answer(200, some+all+code)
			case "/talk":
				res := g.respond(200)
				for ; some != ""; some = b.read() {
					res.write("got " + some)
				}
				res.finish()
			}
		})
		for _, protocol := range []string{"http/1.1", "h2c"} {
			client := speaking(t, protocol, nil)
			in, out := io.Pipe()
			go func() {
				io.WriteString(out, "first ")
				io.WriteString(out, "last")
				out.Close()
			}()
			res, err := client.Do(r.request("POST", "/compute", in))
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(res.Body); string(b) != "first last" || err != nil {
				t.Errorf("%s: %d %q, %v", protocol, res.StatusCode, b, err)
			}
			res.Body.Close()

			in, out = io.Pipe()
			go io.WriteString(out, "0")
			if res, err = client.Do(r.request("POST", "/talk", in)); err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				buf := make([]byte, len("got 0"))
				if _, err := io.ReadFull(res.Body, buf); err != nil || string(buf) != fmt.Sprint("got ", i) {
					t.Fatalf("%s: %q, %v", protocol, buf, err)
				}
				time.Sleep(2 * soon) // who is silent now is not late
				go fmt.Fprint(out, i+1)
			}
			out.Close()
			if _, err := io.ReadAll(res.Body); err != nil {
				t.Errorf("%s: %v", protocol, err)
			}
			res.Body.Close()
		}
	})
}

// A client that takes nothing of its response is taken for one that has left.
func TestClientThatDoesNotReadItsResponse(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, protocol := range []string{"http/1.1", "h2c"} {
			over := make(chan bool)
			r := slow(t, export, never, soon, func(g *guest) {
				if g.text("path-with-query") == "/" {
					g.answer(200, "hello")
					return
				}
				defer close(over)
				res := g.respond(200)
				for res.write(strings.Repeat("x", 64<<10)) {
				}
			})
			client := speaking(t, protocol, nil)
			res, err := client.Do(r.request("GET", "/endless", nil))
			if err != nil {
				t.Fatal(err)
			}
			<-over // the guest is told; without the limit it would write for ever
			if _, err := io.Copy(io.Discard, res.Body); err == nil {
				t.Errorf("%s: the client takes the response for complete", protocol)
			}
			res.Body.Close()
			if a := r.get("/"); a.body != "hello" {
				t.Errorf("%+v", a)
			}
		}
	})
}

// Responses that are complete do not wait for ever for a client that asks on and on, and takes
// none of the answers.
func TestClientThatReadsNoResponses(t *testing.T) {
	for _, path := range []string{"/large", "/static", "/nowhere"} {
		r := serve(t, httptrigger.Config{WriteTime: soon}, single("/large")+`[[trigger.http]]
route = "/static"
static_response = { body = "`+strings.Repeat("x", 100_000)+`" }
`, &component{id: "guest", exports: []string{export3}, serve: func(g *guest) {
			g.answer(200, strings.Repeat("x", 20_000))
		}})
		c := r.dial("")
		c.(*net.TCPConn).SetReadBuffer(4 << 10)
		w := bufio.NewWriterSize(c, 64<<10)
		for n := 0; ; n++ {
			if _, err := fmt.Fprintf(w, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path); err != nil {
				break // the server has closed the connection
			}
			if n == 5_000_000 {
				t.Fatalf("%s: %d requests are taken", path, n)
			}
		}
		c.Close()
	}
}

// Who does not bound its clients waits for them.
func TestClientsThatAreNotBounded(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := slow(t, export, -1, -1, func(g *guest) {
			all, _, code := g.body().all()
			g.answer(200, all+code)
		})
		c := r.dial("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
		defer c.Close()
		time.Sleep(2 * soon)
		io.WriteString(c, "world")
		res, err := nethttp.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if b, err := io.ReadAll(res.Body); string(b) != "helloworld" || err != nil {
			t.Errorf("%q, %v", b, err)
		}
	})
}

// A response that fails is cut short for a client too that has not sent all of its request.
func TestResponseIsCutShortWhileTheClientSends(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, fields := range []string{"Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"} {
			read := make(chan bool)
			r := one(t, export, func(g *guest) {
				g.respond(200).write("some")
				g.Off(func() { <-read })
				trap(g)
			})
			c := r.dial("POST / HTTP/1.1\r\nHost: x\r\n" + fields)
			res, err := nethttp.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			some := make([]byte, 4)
			if _, err := io.ReadFull(res.Body, some); err != nil {
				t.Error(err)
			}
			close(read)
			var late net.Error
			if rest, err := io.ReadAll(res.Body); err == nil || errors.As(err, &late) && late.Timeout() {
				t.Errorf("%q then %q, %v", some, rest, err)
			}
			c.Close()
		}
	})
}

// deadlineWriter notes the last deadline that was set for writing.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	deadline time.Time
}

func (w *deadlineWriter) SetReadDeadline(time.Time) error { return nil }

func (w *deadlineWriter) SetWriteDeadline(t time.Time) error {
	w.deadline = t
	return nil
}

// What net/http sends when the handler has returned is bounded, unless the server bounds that itself.
func TestServersKeepTheirWriteTimeout(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/"), &component{id: "guest", exports: []string{export3}, serve: trap})
	for _, timeout := range []time.Duration{0, time.Second} {
		w := &deadlineWriter{ResponseRecorder: httptest.NewRecorder()}
		r := httptest.NewRequest("GET", "http://x/", nil)
		a.ServeHTTP(w, r.WithContext(context.WithValue(t.Context(), nethttp.ServerContextKey, &nethttp.Server{WriteTimeout: timeout})))
		if set := !w.deadline.IsZero(); set != (timeout == 0) {
			t.Errorf("WriteTimeout %v: deadline %v", timeout, w.deadline)
		}
	}
}
