package http_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

func TestResponseFields(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			g.answer(200, "x", "set-cookie", "a=1", "x-empty", "", "set-cookie", "b=2", "x-bytes", "\xff", "content-type", "text/x", "server", "guest")
		})
		a := r.get("/")
		if a.err != nil || !reflect.DeepEqual(a.header["Set-Cookie"], []string{"a=1", "b=2"}) || !reflect.DeepEqual(a.header["X-Empty"], []string{""}) ||
			a.header.Get("X-Bytes") != "\xff" || a.header.Get("Server") != "guest" || a.header.Get("Content-Type") != "text/x" {
			t.Errorf("%+v", a)
		}
	})
}

// A type that the guest does not give is not guessed.
func TestNoContentType(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) { g.answer(200, "<html></html>") })
		if a := r.get("/"); a.header["Content-Type"] != nil || a.status != 200 {
			t.Errorf("%+v", a)
		}
	})
}

// Responses without a body have none, whatever the guest writes.
func TestResponsesWithoutBody(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, tt := range []struct {
			method string
			status int
			length string // of the field that the guest sends
			want   string
		}{{"HEAD", 200, "5", "5"}, {"HEAD", 404, "", ""}, {"GET", 204, "", ""}, {"GET", 304, "", ""}} {
			r := one(t, export, func(g *guest) {
				var fields []string
				if tt.length != "" {
					fields = []string{"content-length", tt.length}
				}
				g.answer(tt.status, "hello", fields...)
			})
			for range 2 { // on the same connection
				a := r.do(r.request(tt.method, "/", nil))
				if a.err != nil || a.status != tt.status || a.body != "" || a.header.Get("Content-Length") != tt.want {
					t.Errorf("%s %d: %+v", tt.method, tt.status, a)
				}
			}
		}
	})
}

func TestTrailersBothWays(t *testing.T) {
	for _, wait := range []bool{false, true} { // whether the response goes out piece by piece
		t.Run(fmt.Sprintf("wait=%v", wait), func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				r := one(t, export, func(g *guest) {
					announced := g.headers()["trailer"]
					text, trailers, code := g.body().all()
					res := g.respond(200, "trailer", "x-announced")
					if res.write("some"); wait {
						g.Off(func() { time.Sleep(20 * time.Millisecond) })
					}
					res.finish("x-announced", "1", "x-more", "2", "x-more", "3",
						"x-request", fmt.Sprint(text, announced, trailers, code))
				})
				for _, client := range []*nethttp.Client{r.client, h2c(t)} {
					req := r.request("POST", "/", struct{ io.Reader }{strings.NewReader("body")})
					req.Trailer = nethttp.Header{"X-Sum": {"42"}}
					res, err := client.Do(req)
					if err != nil {
						t.Fatal(err)
					}
					body, err := io.ReadAll(res.Body)
					res.Body.Close()
					want := nethttp.Header{"X-Announced": {"1"}, "X-More": {"2", "3"}, "X-Request": {"body[x-sum] [x-sum 42]"}}
					if string(body) != "some" || err != nil || !reflect.DeepEqual(res.Trailer, want) {
						t.Errorf("%s: %q %v %q", res.Proto, body, err, res.Trailer)
					}
				}
			})
		})
	}
}

// A guest that never reads its body does not keep the client from its response, nor the next
// request from being served.
func TestGuestThatDoesNotRead(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) { g.answer(200, "no need") })
		for _, n := range []int{10, 100 << 10, 8 << 20} {
			for range 2 {
				a := r.do(r.request("POST", "/", strings.NewReader(strings.Repeat("x", n))))
				// net/http's client may fail to write a body that nobody reads before it reads the response.
				if n < 1<<20 && (a.status != 200 || a.body != "no need" || a.err != nil) {
					t.Errorf("%d bytes: %+v, %v", n, a, a.err)
				}
			}
		}
		if a := r.get("/"); a.body != "no need" {
			t.Errorf("%+v", a)
		}
	})
}

// A guest may give the body up after some of it.
func TestGuestThatReadsSome(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			b := g.body()
			some := b.read()
			b.drop()
			g.answer(200, some[:5])
		})
		for range 5 {
			a := r.do(r.request("POST", "/", strings.NewReader("hello"+strings.Repeat("x", 100<<10))))
			if a.status != 200 || a.body != "hello" || a.err != nil {
				t.Errorf("%+v, %v", a, a.err)
			}
		}
	})
}

// A client that stalls in the middle of its request holds up nobody but itself.
func TestClientThatStalls(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			text, _, code := g.body().all()
			g.answer(200, text+code)
		})
		c := r.dial("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
		defer c.Close()
		for range 3 {
			if a := r.do(r.request("POST", "/", strings.NewReader("quick"))); a.body != "quick" {
				t.Errorf("%+v", a)
			}
		}
		io.WriteString(c, "world")
		res, err := nethttp.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := io.ReadAll(res.Body); string(b) != "helloworld" {
			t.Errorf("%q", b)
		}
	})
}

// Requests that are no HTTP, or too large, do not reach a guest.
func TestRequestsThatAreNone(t *testing.T) {
	r := one(t, export3, func(g *guest) { g.answer(200, "served") })
	for text, want := range map[string]string{
		"GET / HTTP/1.1\r\n\r\n":                                                     "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nHost: x\r\na b: c\r\n\r\n":                                "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n":                               "HTTP/1.1 400 ",
		"G ET / HTTP/1.1\r\nHost: x\r\n\r\n":                                         "HTTP/1.1 400 ",
		"GET / HTTP/3.0\r\nHost: x\r\n\r\n":                                          "HTTP/1.1 505 ",
		"GET / HTTP/1.1\r\nHost: x\r\na: \x01\r\n\r\n":                               "HTTP/1.1 400 ",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n":                    "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nHost: x\r\na: " + strings.Repeat("x", 1<<20) + "\r\n\r\n": "HTTP/1.1 431 ",
	} {
		c := r.dial(text[:min(len(text), 500<<10)])
		if len(text) < 1<<10 {
			c.(*net.TCPConn).CloseWrite()
		}
		line, _ := bufio.NewReader(c).ReadString('\n')
		if !strings.HasPrefix(line, want) {
			t.Errorf("%.60q: %q, want %s", text, line, want)
		}
		c.Close()
	}
}

// An absolute form names the host; a Host that says something else does not count.
func TestAbsoluteForm(t *testing.T) {
	r := one(t, export3, inspect)
	got := r.raw("GET http://a.example/x HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n\r\n")
	if !strings.Contains(got, `"Authority":"a.example"`) || !strings.Contains(got, `http://a.example/x`) {
		t.Errorf("%s", got)
	}
}

// When its context ends Run lets requests finish, up to the time to drain.
func TestRunDrains(t *testing.T) {
	for _, patient := range []bool{true, false} {
		t.Run(fmt.Sprintf("patient=%v", patient), func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				began, end := make(chan bool), make(chan bool)
				cfg := httptrigger.Config{Addr: "127.0.0.1:0", DrainTime: time.Hour}
				if !patient {
					cfg.DrainTime = time.Millisecond
				}
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				cfg.Listener = l
				a := load(t, cfg, single("/"), &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
					g.Off(func() { close(began); <-end })
					g.answer(200, "done")
				}})
				ctx, stop := context.WithCancel(context.Background())
				ran, answer := make(chan error), make(chan string)
				go func() { ran <- a.Run(ctx) }()
				go func() {
					res, err := nethttp.Get("http://" + l.Addr().String() + "/")
					if err != nil {
						answer <- "error"
						return
					}
					b, _ := io.ReadAll(res.Body)
					res.Body.Close()
					answer <- string(b)
				}()
				<-began
				stop()
				want := "done"
				if patient {
					close(end)
				} else {
					want = "error"
				}
				if got := <-answer; got != want {
					t.Errorf("%q, want %q", got, want)
				}
				if !patient {
					close(end)
				}
				if err := <-ran; err != nil {
					t.Error(err)
				}
				nethttp.DefaultClient.CloseIdleConnections()
			})
		})
	}
}

func TestRunWithoutAddress(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/"), guestOf(export3))
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error)
	go func() { ran <- a.Run(ctx) }()
	stop()
	if err := <-ran; err != nil {
		t.Error(err)
	}
}

func TestRunWhereItCannotListen(t *testing.T) {
	a := load(t, httptrigger.Config{Addr: "256.0.0.1:1"}, single("/"), guestOf(export3))
	if err := a.Run(t.Context()); err == nil {
		t.Error("it runs")
	}
}
