package http_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// witness notes the requests that reach a guest.
type witness struct {
	mu   sync.Mutex
	seen []string
}

func (w *witness) guest(g *guest) {
	path := g.text("path-with-query")
	body, _, code := g.body().all()
	w.mu.Lock()
	w.seen = append(w.seen, path+" "+body+code)
	w.mu.Unlock()
	g.answer(200, "")
}

func (w *witness) list() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// Whatever a request says of its length, what belongs to its body never becomes another
// request: one that is not clear about it is refused, and its connection closed.
func TestRequestsAreNotSmuggled(t *testing.T) {
	const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
	chunks := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden)
	tests := []struct {
		behaviour, fields, body string
		want                    string // status
		seen                    string // what the guest sees
	}{
		{"two lengths", "Content-Length: 0\r\nContent-Length: 36\r\n", hidden, "400", ""},
		{"two lengths in one field", "Content-Length: 0, 36\r\n", hidden, "400", ""},
		{"a length with a sign", "Content-Length: +0\r\n", hidden, "400", ""},
		{"a length below 0", "Content-Length: -1\r\n", hidden, "400", ""},
		{"a length in hexadecimal", "Content-Length: 0x0\r\n", hidden, "400", ""},
		{"a length that is too large", "Content-Length: 99999999999999999999\r\n", hidden, "400", ""},
		{"a length beside chunks: chunks count", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", chunks, "200", "/shown " + hidden},
		{"chunks beside a length: chunks count", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", chunks, "200", "/shown " + hidden},
		{"another encoding", "Transfer-Encoding: gzip\r\n", hidden, "501", ""},
		{"an encoding before chunks", "Transfer-Encoding: gzip, chunked\r\n", chunks, "501", ""},
		{"chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks, "501", ""},
		{"an encoding after chunks", "Transfer-Encoding: chunked, identity\r\n", chunks, "501", ""},
		{"chunks written badly", "Transfer-Encoding: \x0bchunked\r\n", chunks, "400", ""},
		{"a name with a space", "Transfer-Encoding : chunked\r\n", chunks, "400", ""},
		{"a line that is continued", "X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", "", "200", "/shown "},
		{"a length that is only a part", fmt.Sprintf("Content-Length: %d\r\n", len(hidden)+2), hidden + "xx", "200", "/shown " + hidden + "xx"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			w := &witness{}
			r := one(t, export3, w.guest)
			c := r.dial("POST /shown HTTP/1.1\r\nHost: x\r\n" + tt.fields + "\r\n" + tt.body)
			defer c.Close()
			line, _ := bufio.NewReader(c).ReadString('\n')
			if !strings.HasPrefix(line, "HTTP/1.1 "+tt.want+" ") {
				t.Errorf("%q", line)
			}
			c.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, c)
			if got := strings.Join(w.list(), "|"); got != tt.seen {
				t.Errorf("the guest has seen %q, want %q", got, tt.seen)
			}
		})
	}
}

// Bytes that are no chunks end the body with an error, and the connection with it.
func TestBadChunks(t *testing.T) {
	for _, chunks := range []string{"zz\r\n", "-1\r\nx\r\n", "5\r\nhelloGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n", "ffffffffffffffffff\r\n", "2\nab", "1;" + strings.Repeat("a", 10_000) + "\r\nx\r\n0\r\n\r\n"} {
		w := &witness{}
		r := one(t, export3, w.guest)
		c := r.dial("POST /shown HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")
		io.Copy(io.Discard, c)
		c.Close()
		for _, s := range w.list() {
			if strings.HasPrefix(s, "/hidden") || strings.HasPrefix(chunks, "zz") && !strings.HasSuffix(s, "HTTP-protocol-error") {
				t.Errorf("%.20q: the guest has seen %q", chunks, w.list())
			}
		}
	}
}

// If the guest fails because it could not read such a body, that is the client's fault.
func TestBadChunksAreTheClientsFault(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			if _, _, code := g.body().all(); code != "" {
				trap(g)
			}
			g.answer(200, "")
		})
		for chunks, want := range map[string]string{"zz\r\n": "400", "3\r\nabc\r\n0\r\n\r\n": "200"} {
			res := r.raw("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
			if !strings.HasPrefix(res, "HTTP/1.1 "+want+" ") {
				t.Errorf("%q: %q", chunks, res)
			}
		}
	})
}

// Fields with names or values that cannot be reach no guest, whoever serves the app.
func TestBadFields(t *testing.T) {
	w := &witness{}
	r := one(t, export3, w.guest)
	for _, field := range []string{": x", "a b: c", "a\x00: b", "a: b\x00c", "a: b\x7f", "a\xff: b", "(a): b", "a", "Host: y", "\x00"} {
		res := r.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + field + "\r\n\r\n")
		if !strings.HasPrefix(res, "HTTP/1.1 400 ") {
			t.Errorf("%q: %q", field, res)
		}
	}
	for _, host := range []string{"", " ", "a b", "a/b", "a@b", "a?b", "a#b", "[::1", "[::1]x", "[::1]:x", "[1.2.3.4]", "[fe80::1%25eth0]", "a]", "a:1:2", "::1", "a:b", "a:99999999", ":80", "x.spin.internal"} {
		res := r.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(res, "HTTP/1.1 400 ") {
			t.Errorf("host %q: %q", host, res)
		}
	}
	// Not UTF-8, which strings of guests are.
	if res := r.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\na: \xff\r\n\r\n"); !strings.HasPrefix(res, "HTTP/1.1 500 ") {
		t.Errorf("%q", res)
	}
	if got := w.list(); len(got) > 0 || len(r.component().instances) > 0 {
		t.Errorf("guests have seen %q", got)
	}
}

// A client that sends its header byte by byte is sent away when its time is up.
func TestSlowHeader(t *testing.T) {
	w := &witness{}
	r := serve(t, httptrigger.Config{HeaderTime: 200 * time.Millisecond}, single("/..."), &component{id: "guest", exports: []string{export3}, serve: w.guest})
	c := r.dial("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	defer c.Close()
	gone := make(chan bool)
	go func() {
		for {
			if _, err := c.Write([]byte("a")); err != nil {
				close(gone)
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	io.Copy(io.Discard, c)
	<-gone
	if got := w.list(); len(got) > 0 {
		t.Errorf("a guest has seen %q", got)
	}
}

// A connection without a request is closed when its time is up.
func TestIdleConnection(t *testing.T) {
	r := serve(t, httptrigger.Config{IdleTime: 50 * time.Millisecond}, single("/"), &component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "hello") }})
	c := r.dial("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	defer c.Close()
	b, err := io.ReadAll(c) // ends when the server closes
	if err != nil || !bytes.HasSuffix(b, []byte("\r\n\r\nhello")) {
		t.Errorf("%q, %v", b, err)
	}
}

// A client that goes away in the middle of what it sends is told to the guest, and nothing is
// left of the request.
func TestClientLeavesInTheMiddleOfItsBody(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for what, fields := range map[string]string{"of a length": "Content-Length: 100\r\n\r\nsome", "in chunks": "Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n"} {
			told := make(chan string, 1)
			r := one(t, export, func(g *guest) {
				defer close(told)
				b := g.body()
				for n := 0; n < 4; {
					n += len(b.read())
				}
				told <- "reads"
				_, _, code := b.all()
				told <- code
				g.answer(200, "")
			})
			c := r.dial("POST / HTTP/1.1\r\nHost: x\r\n" + fields)
			<-told
			c.Close()
			if code, lives := <-told; lives && code == "" { // one that nobody else uses may end first
				t.Errorf("a body %s: the guest takes it for whole", what)
			}
		}
	})
}

// A guest that answers before it has read keeps no client from sending, nor from the next
// request.
func TestGuestAnswersInTheMiddleOfTheBody(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			b := g.body()
			b.read()
			b.drop()
			g.answer(403, "enough")
		})
		for _, protocol := range []string{"http/1.1", "h2c"} {
			client := speaking(t, protocol, nil)
			for range 3 {
				res, err := client.Do(r.request("POST", "/", strings.NewReader(strings.Repeat("x", 100_000))))
				if err != nil {
					t.Fatal(protocol, err)
				}
				b, err := io.ReadAll(res.Body)
				res.Body.Close()
				if res.StatusCode != nethttp.StatusForbidden || string(b) != "enough" || err != nil {
					t.Errorf("%s: %d %q %v", protocol, res.StatusCode, b, err)
				}
			}
		}
	})
}
