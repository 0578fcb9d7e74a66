package http_test

import (
	"bufio"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// One port serves HTTP/1.1 and, to clients that know that it does, HTTP/2 without TLS.
func TestHTTP2WithoutTLS(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, inspect)
		for _, protocol := range []string{"http/1.1", "h2c"} {
			r.client = speaking(t, protocol, nil)
			req := r.request("POST", "/x?y", strings.NewReader("body"))
			req.Host = "example.com:81"
			a := r.do(req)
			if a.status != 200 || !strings.Contains(a.body, `"Authority":"example.com:81"`) || !strings.Contains(a.body, `["http://example.com:81/x?y"]`) {
				t.Errorf("%s: %+v", protocol, a)
			}
		}
	})
}

// grpcGuest answers each message, as it comes, and reports its status in trailers.
func grpcGuest(g *guest) {
	h := g.headers()
	if h["te"] == nil || h["te"][0] != "trailers" || h["content-type"][0] != "application/grpc" {
		g.answer(415, "")
		return
	}
	if h["grpc-timeout"] != nil { // a response that is only trailers is one that has them in its head
		g.answer(200, "", "content-type", "application/grpc", "grpc-status", "4")
		return
	}
	b := g.body()
	res := g.respond(200, "content-type", "application/grpc")
	for s := b.read(); s != ""; s = b.read() {
		res.write(s)
	}
	res.finish("grpc-status", "0", "grpc-message", "fine")
}

// Calls of gRPC are POST requests over HTTP/2 whose bodies stream in both directions, and whose
// status comes as trailers.
func TestGRPC(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, grpcGuest)
		client := speaking(t, "h2c", nil)
		call := func(body io.Reader, fields ...string) *nethttp.Response {
			req := r.request("POST", "/greeter.Greeter/Hello", body)
			req.Header.Set("Content-Type", "application/grpc")
			req.Header.Set("TE", "trailers")
			for i := 0; i < len(fields); i += 2 {
				req.Header.Set(fields[i], fields[i+1])
			}
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { res.Body.Close() })
			return res
		}
		in, out := io.Pipe()
		go out.Write([]byte("\x00\x00\x00\x00\x03one"))
		res := call(in)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/grpc" {
			t.Fatalf("%+v", res)
		}
		buf := make([]byte, 8)
		for i := range 3 {
			if _, err := io.ReadFull(res.Body, buf); err != nil || string(buf[5:]) != "one" {
				t.Fatalf("message %d: %q, %v", i, buf, err)
			}
			go out.Write([]byte("\x00\x00\x00\x00\x03one"))
		}
		if _, err := io.ReadFull(res.Body, buf); err != nil {
			t.Fatal(err)
		}
		out.Close()
		if rest, err := io.ReadAll(res.Body); err != nil || len(rest) > 0 {
			t.Errorf("%q, %v", rest, err)
		}
		if res.Trailer.Get("Grpc-Status") != "0" || res.Trailer.Get("Grpc-Message") != "fine" {
			t.Errorf("trailers %v", res.Trailer)
		}
		res = call(strings.NewReader(""), "Grpc-Timeout", "1S")
		if b, err := io.ReadAll(res.Body); err != nil || len(b) > 0 || res.Header.Get("Grpc-Status") != "4" {
			t.Errorf("%+v, %q, %v", res, b, err)
		}
	})
}

// A response of gRPC that has its status in the head ends with the frame of the head, also if the
// guest takes its time to say that there is no body; what it sends in spite of that arrives.
func TestGRPCStatusInTheHead(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			res := g.respond(200, "content-type", "application/grpc", "grpc-status", "4")
			g.Off(func() { time.Sleep(50 * time.Millisecond) })
			switch g.text("path-with-query") {
			case "/body":
				res.write("body")
			case "/trap":
				trap(g)
			}
			res.finish()
		})
		for path, want := range map[string]struct {
			ok    bool
			flags byte
			body  string
		}{"/": {true, endStream | endHeaders, ""}, "/body": {true, endHeaders, "body"}, "/trap": {false, endStream | endHeaders, ""}} {
			c := r.frames()
			c.send(frameHeaders, endStream|endHeaders, 1, fieldsOf(":method", "POST", ":scheme", "http", ":authority", "x", ":path", path))
			head, err := c.next()
			if err != nil || head.ok() != want.ok || head.flags != want.flags {
				t.Errorf("%s: head %+v, %v", path, head, err)
			}
			if want.body != "" {
				if data, err := c.next(); err != nil || data.kind != frameData || string(data.payload) != want.body {
					t.Errorf("%s: data %+v, %v", path, data, err)
				}
			}
			c.Close()
		}
	})
}

// Each event is sent when the guest has written it.
func TestServerSentEvents(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, protocol := range []string{"http/1.1", "h2c"} {
			next := make(chan bool)
			r := one(t, export, func(g *guest) {
				res := g.respond(200, "content-type", "text/event-stream", "cache-control", "no-store")
				for i := range 3 {
					res.write(fmt.Sprintf("id: %d\ndata: hello\n\n", i))
					g.Off(func() { <-next })
				}
				res.finish()
			})
			res, err := speaking(t, protocol, nil).Do(r.request("GET", "/events", nil))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.Header.Get("Content-Type") != "text/event-stream" || res.ContentLength >= 0 {
				t.Errorf("%+v", res)
			}
			lines := bufio.NewReader(res.Body)
			for i := range 3 {
				for _, want := range []string{fmt.Sprintf("id: %d\n", i), "data: hello\n", "\n"} {
					if got, err := lines.ReadString('\n'); got != want {
						t.Fatalf("%q, %v", got, err)
					}
				}
				next <- true
			}
			if rest, err := lines.ReadString('\n'); rest != "" || err != io.EOF {
				t.Errorf("%q, %v", rest, err)
			}
		}
	})
}

// A client that waits for leave to send gets it when the guest reads, and none if the guest
// answers without.
func TestExpectContinue(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			if g.text("path-with-query") == "/no" {
				g.answer(413, "too much")
				return
			}
			all, _, code := g.body().all()
			g.answer(200, all+code)
		})
		head := func(path string) string {
			return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
		}
		c := r.dial(head("/yes"))
		defer c.Close()
		in := bufio.NewReader(c)
		if line, err := in.ReadString('\n'); line != "HTTP/1.1 100 Continue\r\n" {
			t.Fatalf("%q, %v", line, err)
		}
		io.WriteString(c, "body")
		if rest, err := io.ReadAll(in); err != nil || !strings.Contains(string(rest), "HTTP/1.1 200 OK\r\n") || !strings.Contains(string(rest), "body\r\n") && !strings.HasSuffix(string(rest), "\r\n\r\nbody") {
			t.Errorf("%q, %v", rest, err)
		}
		if got := r.raw(head("/no")); !strings.HasPrefix(got, "HTTP/1.1 413 ") || strings.Contains(got, "100 Continue") {
			t.Errorf("%q", got)
		}
		if got := r.raw(strings.Replace(head("/no"), "100-continue", "200-maybe", 1)); !strings.HasPrefix(got, "HTTP/1.1 417 ") {
			t.Errorf("%q", got)
		}
	})
}

// Connections cannot become something else: requests that ask for it are answered like others,
// and a guest cannot pretend.
func TestNoUpgrades(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		r := one(t, export, func(g *guest) {
			h := g.headers()
			switch {
			case h["connection"] != nil:
				g.answer(500, "sees the field connection")
			case g.text("path-with-query") == "/pretend":
				g.answer(101, "")
			default:
				g.answer(200, "plain")
			}
		})
		for _, fields := range []string{
			"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
			"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
		} {
			c := r.dial("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			b, err := io.ReadAll(c)
			c.Close()
			if strings.Count(string(b), "HTTP/1.1 200 OK\r\n") != 2 || strings.Contains(strings.ToLower(string(b)), "upgrade") || err != nil {
				t.Errorf("%q, %v", b, err)
			}
		}
		if a := r.get("/pretend"); a.status != 500 || a.body != "" || !strings.Contains(r.host.log.String(), "status 101") {
			t.Errorf("%+v, log: %s", a, r.host.log.String())
		}
		for _, target := range []string{"example.com:443", "/x"} {
			if got := r.raw("CONNECT " + target + " HTTP/1.1\r\nHost: example.com:443\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 501 ") {
				t.Errorf("CONNECT %s: %q", target, got)
			}
		}
	})
}

func TestLimitsOfRequests(t *testing.T) {
	fields := func(n int) string { return strings.Repeat("a: b\r\n", n) }
	get := func(target, fields string) string {
		return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n"
	}
	post := func(fields, body string) string {
		return "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + fields + "\r\n" + body
	}
	small := httptrigger.Config{MaxHeaderBytes: 8 << 10, MaxFields: 10, MaxBodyBytes: 10}
	tests := []struct {
		behaviour string
		cfg       httptrigger.Config
		text      string
		want      string
	}{
		{"a long target", httptrigger.Config{}, get("/"+strings.Repeat("x", 65_000), ""), "200"},
		{"too long a target", httptrigger.Config{}, get("/"+strings.Repeat("x", 65_534), ""), "414"},
		{"too long a query", httptrigger.Config{}, get("/?"+strings.Repeat("x", 65_534), ""), "414"},
		{"many fields", httptrigger.Config{}, get("/", fields(98)), "200"},
		{"too many fields", httptrigger.Config{}, get("/", fields(100)), "431"},
		{"a large field", httptrigger.Config{}, get("/", "a: "+strings.Repeat("x", 300<<10)+"\r\n"), "200"},
		{"fewer fields", small, get("/", fields(10)), "431"},
		{"a smaller header section", small, get("/", "a: "+strings.Repeat("x", 13<<10)+"\r\n"), "431"},
		{"a body", small, post("Content-Length: 10\r\n", "0123456789"), "200"},
		{"too long a body", small, post("Content-Length: 11\r\n", "01234567890"), "413"},
		{"too long a body to come", small, post("Content-Length: 11\r\nExpect: 100-continue\r\n", ""), "413"},
		{"a body in pieces", small, post("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"), "200"},
		{"too long a body in pieces", small, post("Transfer-Encoding: chunked\r\n", "5\r\n01234\r\n6\r\n567890\r\n0\r\n\r\n"), "413"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				r := serve(t, tt.cfg, single("/..."), &component{id: "guest", exports: []string{export}, serve: func(g *guest) {
					if _, _, code := g.body().all(); code != "" {
						return // without having responded
					}
					g.answer(200, "read")
				}})
				if got := r.raw(tt.text); !strings.HasPrefix(got, "HTTP/1.1 "+tt.want+" ") {
					t.Errorf("%.200q", got)
				}
			})
		})
	}
}

// The limits that need no connection hold for an app that another server serves.
func TestLimitsOfHandlers(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/..."), &component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "") }})
	if w := ask(a, "/"+strings.Repeat("x", 65_534)); w.Code != 414 || w.Body.Len() > 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
