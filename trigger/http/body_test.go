package http

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// errorLog collects what net/http complains about.
type errorLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *errorLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// The end of a request's body that comes at the very moment when its handler returns must not
// be read by anybody then: net/http would panic, on a goroutine that nobody watches even.
func TestBodyEndsAsHandlerReturns(t *testing.T) {
	tests := []struct {
		name   string
		closed bool // the guest does not want the body
		whole  bool // the response has a length
	}{{"read", false, false}, {"closed", true, false}, {"whole, read", false, true}, {"whole, closed", true, true}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var readers sync.WaitGroup
			logged := new(errorLog)
			server := serveBody(logged, func(w nethttp.ResponseWriter, b *requestBody) {
				reading := make(chan struct{})
				readers.Go(func() {
					_, _ = io.ReadFull(b, make([]byte, 5))
					close(reading)
					if !test.closed {
						_, _ = io.Copy(io.Discard, b)
					}
				})
				<-reading
				if test.closed {
					b.mayDrain()
					b.Close()
				}
				if test.whole {
					w.Header().Set("Content-Length", "2")
				}
				_, _ = io.WriteString(w, "ok")
				_ = nethttp.NewResponseController(w).Flush()
				b.finish(w, test.whole)
			})
			defer server.Close()
			for range 200 {
				twoRequests(t, server.Listener.Addr().String())
			}
			readers.Wait()
			if s := logged.text.String(); s != "" {
				t.Fatal(s[:min(len(s), 500)])
			}
		})
	}
}

// A connection whose request's body nobody wanted is used again if the body has come.
func TestUnreadBodyKeepsConnection(t *testing.T) {
	for _, whole := range []bool{false, true} {
		logged := new(errorLog)
		server := serveBody(logged, func(w nethttp.ResponseWriter, b *requestBody) {
			if whole {
				w.Header().Set("Content-Length", "2")
			}
			_, _ = io.WriteString(w, "ok")
			b.finish(w, whole)
		})
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(c)
		for range 5 {
			_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
			res, err := nethttp.ReadResponse(r, nil)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(res.Body); string(b) != "ok" || err != nil {
				t.Errorf("%q, %v", b, err)
			}
		}
		c.Close()
		server.Close()
		if s := logged.text.String(); s != "" {
			t.Error(s[:min(len(s), 500)])
		}
	}
}

// What comes of a body after the response was sent is not taken for a request.
func TestLateBodyIsNoRequest(t *testing.T) {
	logged := new(errorLog)
	requests := make(chan string, 10)
	server := serveBody(logged, func(w nethttp.ResponseWriter, b *requestBody) {
		requests <- "served"
		_, _ = io.WriteString(w, "ok")
		_ = nethttp.NewResponseController(w).Flush()
		b.finish(w, false)
	})
	defer server.Close()
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const smuggled = "GET /secret HTTP/1.1\r\nHost: x\r\n\r\n"
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(smuggled))
	r := bufio.NewReader(c)
	res, err := nethttp.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_, _ = io.WriteString(c, smuggled)
	if b, _ := io.ReadAll(r); len(b) != 0 {
		t.Errorf("answered too: %q", b)
	}
	if n := len(requests); n != 1 {
		t.Errorf("%d requests were served", n)
	}
	if s := logged.text.String(); s != "" {
		t.Error(s[:min(len(s), 500)])
	}
}

// serveBody serves requests as a Server does, but without guests.
func serveBody(logged *errorLog, serve func(nethttp.ResponseWriter, *requestBody)) *httptest.Server {
	server := httptest.NewUnstartedServer(nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		_ = nethttp.NewResponseController(w).EnableFullDuplex()
		serve(w, newRequestBody(&match{req: r}))
	}))
	server.Config.ErrorLog = log.New(logged, "", 0)
	server.Start()
	return server
}

// twoRequests sends requests on one connection, the end of each body when the response comes.
func twoRequests(t *testing.T, addr string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for range 2 {
		fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", addr)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			_, _ = io.WriteString(c, "5\r\nworld\r\n0\r\n\r\n")
		}()
		res, err := nethttp.ReadResponse(r, nil)
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
		}
		if <-sent; err != nil {
			return // the connection was given up
		}
	}
}
