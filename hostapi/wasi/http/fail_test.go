package http_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
)

// roundTrip is a transport that is a function.
type roundTrip func(*nethttp.Request) (*nethttp.Response, error)

func (f roundTrip) RoundTrip(r *nethttp.Request) (*nethttp.Response, error) { return f(r) }

// rawServer answers each connection with bytes, once it has a head of a request, and closes it.
func rawServer(t testing.TB, answer string) message {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	t.Cleanup(func() { l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			for line := ""; line != "\r\n" && err == nil; {
				line, err = r.ReadString('\n')
			}
			io.WriteString(c, answer)
			c.Close()
		}
	}()
	return message{Target3: httpguest.Target3{Method: "GET", Scheme: "http", Authority: l.Addr().String(), Path: "/"}}
}

func TestSendErrorCodes(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := closed.Addr().String()
	closed.Close()
	fail := func(err error) nethttp.RoundTripper {
		return roundTrip(func(*nethttp.Request) (*nethttp.Response, error) { return nil, err })
	}
	dial := func(err error) nethttp.RoundTripper {
		tr := wasihttp.NewTransport(capability.Networks{})
		tr.DialContext = func(context.Context, string, string) (net.Conn, error) { return nil, err }
		return tr
	}
	tests := []struct {
		behaviour string
		transport nethttp.RoundTripper // nil for the usual one
		answer    string
		to        httpguest.Target3
		want      string
	}{
		{"refused connection", nil, "", httpguest.Target3{Scheme: "http", Authority: refusing, Path: "/"}, "connection-refused"},
		{"unknown name", dial(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x"}}), "", httpguest.Target3{}, "DNS-error"},
		{"dialing takes too long", dial(&net.OpError{Op: "dial", Err: timeout{}}), "", httpguest.Target3{}, "connection-timeout"},
		{"a blocked address", dial(&net.OpError{Op: "dial", Err: p3http.ErrorCodeDestinationIPProhibited()}), "", httpguest.Target3{}, "destination-IP-prohibited"},
		{"a code of the transport's own", fail(fmt.Errorf("no: %w", p3http.ErrorCodeConnectionLimitReached())), "", httpguest.Target3{}, "connection-limit-reached"},
		{"any other error", fail(errors.New("boom")), "", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a peer that says nothing", nil, "", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a peer that speaks something else", nil, "SSH-2.0-x\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a bad status line", nil, "HTTP/1.1 x\r\n\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a bad field", nil, "HTTP/1.1 200 OK\r\na b: c\r\n\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a bad value", nil, "HTTP/1.1 200 OK\r\na: b\x01\r\n\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a bad content-length", nil, "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"two content-lengths", nil, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a head that ends early", nil, "HTTP/1.1 200 OK\r\nA: b\r\n", httpguest.Target3{}, "HTTP-protocol-error"},
		{"a scheme of its own", nil, "", httpguest.Target3{Scheme: "ftp", Authority: "127.0.0.1:1", Path: "/"}, "HTTP-protocol-error"},
		{"no authority", nil, "", httpguest.Target3{Scheme: "http", Path: "/"}, "HTTP-request-URI-invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://127.0.0.1:*", "http://self")
				if tt.transport != nil {
					w.scope.HTTP = tt.transport
				}
				m := rawServer(t, tt.answer)
				if tt.to.Path != "" {
					m.Target3 = tt.to
				}
				w.run(v3, func(g *guest) {
					if _, code := g.send(m).wait(); code != tt.want {
						t.Errorf("%q, want %q", code, tt.want)
					}
				})
			})
		})
	}
}

// timeout is an error of package net.
type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func TestSendTLS(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w := newWorld(t, "https://127.0.0.1:*", "https://localhost:*")
		s := httptest.NewUnstartedServer(nethttp.HandlerFunc(inspect))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		plain := httptest.NewServer(nethttp.HandlerFunc(inspect))
		t.Cleanup(plain.Close)
		w.run(v3, func(g *guest) {
			if _, code := g.send(to(s, "GET", "/")).wait(); code != "TLS-protocol-error" {
				t.Errorf("a certificate that nobody trusts: %q", code)
			}
			m := to(plain, "GET", "/")
			m.Scheme = "https"
			if _, code := g.send(m).wait(); code != "TLS-protocol-error" {
				t.Errorf("a server without TLS: %q", code)
			}
		})
		w.transport.CloseIdleConnections()
		w.transport.TLSClientConfig = s.Client().Transport.(*nethttp.Transport).TLSClientConfig
		w.run(v3, func(g *guest) {
			m := to(s, "GET", "/")
			m.Scheme = "" // none is HTTPS
			r, code := g.send(m).receive()
			if code != "" {
				t.Fatal(code)
			}
			if body, _, _ := r.all(); !strings.HasPrefix(body, "GET / HTTP/") {
				t.Errorf("%q", body)
			}
		})
	})
}

// A body that ends early is an error after what has come of it.
func TestReceiveBrokenBody(t *testing.T) {
	tests := []struct{ behaviour, answer, body string }{
		{"shorter than announced", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "hello"},
		{"chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "hello"},
		{"a bad trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5\r\nhello\r\n0\r\nx: \x01\r\n\r\n", "hello"},
		{"a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n", "hello"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://127.0.0.1:*")
				m := rawServer(t, tt.answer)
				w.run(v3, func(g *guest) {
					r, code := g.send(m).receive()
					if code != "" {
						t.Fatal(code)
					}
					body, _, code := r.all()
					if body != tt.body || code != "HTTP-protocol-error" {
						t.Errorf("%q %q", body, code)
					}
				})
			})
		})
	}
}

func TestTimeouts(t *testing.T) {
	const never, soon = uint64(time.Hour), uint64(20 * time.Millisecond)
	tests := []struct {
		behaviour string
		timeouts  map[string]uint64
		want      string
	}{
		{"no connection", map[string]uint64{"connect-timeout": soon, "first-byte-timeout": never}, "connection-timeout"},
		{"no connection in the time to the first byte", map[string]uint64{"first-byte-timeout": soon}, "connection-read-timeout"},
		{"no time at all", map[string]uint64{"first-byte-timeout": 0}, "connection-read-timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, v3 bool) {
				w := newWorld(t, "http://127.0.0.1:*")
				w.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				m := message{Target3: httpguest.Target3{Scheme: "http", Authority: "127.0.0.1:1", Path: "/"}, timeouts: tt.timeouts}
				w.run(v3, func(g *guest) {
					if _, code := g.send(m).wait(); code != tt.want {
						t.Errorf("%q, want %q", code, tt.want)
					}
				})
			})
		})
	}
}

func TestFirstByteAndBetweenBytesTimeouts(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
			if r.URL.Path == "/some" {
				io.WriteString(w, "some")
				nethttp.NewResponseController(w).Flush()
			}
			<-r.Context().Done()
		})
		w.run(v3, func(g *guest) {
			m := to(s, "GET", "/none")
			m.timeouts = map[string]uint64{"first-byte-timeout": uint64(20 * time.Millisecond)}
			if _, code := g.send(m).wait(); code != "connection-read-timeout" {
				t.Errorf("no head: %q", code)
			}
			m = to(s, "GET", "/some")
			m.timeouts = map[string]uint64{"between-bytes-timeout": uint64(20 * time.Millisecond), "first-byte-timeout": 1<<64 - 1}
			r, code := g.send(m).receive()
			if code != "" {
				t.Fatal(code)
			}
			if body, _, code := r.all(); body != "some" || code != "connection-read-timeout" {
				t.Errorf("no more bytes: %q %q", body, code)
			}
		})
	})
}

// A limit holds also while the guest has not finished the body of its request.
func TestTimeoutBeforeTheBodyEnds(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		got := newOutcomes()
		w, s := newServer(t, got.serve)
		w.run(v3, func(g *guest) {
			m := to(s, "POST", "/")
			m.body = true
			m.timeouts = map[string]uint64{"first-byte-timeout": uint64(50 * time.Millisecond)}
			sending := g.send(m)
			sending.write("some")
			if _, code := sending.wait(); code != "connection-read-timeout" {
				t.Errorf("%q", code)
			}
			if v3 {
				if code, _ := g.Outcome3(sending.sent); code != "connection-read-timeout" {
					t.Errorf("outcome %q", code)
				}
			}
			if fault := sending.write(strings.Repeat("x", 2<<20)); fault != "closed" {
				t.Errorf("the body is still taken: %q", fault)
			}
		})
	})
}
