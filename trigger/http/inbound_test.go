package http_test

import (
	"context"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
	httptrigger "github.com/spinhost/spin/trigger/http"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

const exportV1 = "fermyon:spin/inbound-http"

type pair = abi.Tuple2[string, string]

// oldApp serves a component of Spin 1 on all paths.
func oldApp(t *testing.T, cfg httptrigger.Config, f func(context.Context, inbound.Request) inbound.Response) *running {
	t.Helper()
	return serve(t, cfg, single("/..."), &component{id: "guest", exports: []string{exportV1}, inbound: f})
}

func TestComponentsOfSpin1(t *testing.T) {
	r := oldApp(t, httptrigger.Config{}, func(_ context.Context, req inbound.Request) inbound.Response {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s %d params, body %v %q\n", req.Method, req.URI, len(req.Params), req.Body.OK, req.Body.Value)
		for _, h := range req.Headers {
			fmt.Fprintf(&b, "%s: %s\n", h.F0, h.F1)
		}
		return inbound.Response{Status: 201, Body: abi.Some([]byte(b.String())), Headers: abi.Some([]pair{{F0: "x-guest", F1: "old"}})}
	})
	req := r.request("PUT", "/a%2Fb?c=d", io.MultiReader(strings.NewReader("in "), strings.NewReader("pieces")))
	req.Header.Add("X-Two", "one")
	req.Header.Add("X-Two", "two")
	req.Header.Set("Spin-Path-Info", "forged")
	a := r.do(req)
	if a.status != 201 || a.header.Get("X-Guest") != "old" || a.header.Get("Content-Type") != "" || a.header.Get("Content-Length") != fmt.Sprint(len(a.body)) {
		t.Errorf("%+v", a)
	}
	for _, want := range []string{
		"put /a%2Fb?c=d 0 params, body true \"in pieces\"\n", "\nx-two: one\nx-two: two\n", "\nhost: " + r.addr + "\n",
		"\nspin-path-info: /a%2Fb\n", "\nspin-full-url: http://" + r.addr + "/a%2Fb?c=d\n", "\nspin-matched-route: /...\n",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q in\n%s", want, a.body)
		}
	}
	if strings.Contains(a.body, "forged") {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/"); !strings.HasPrefix(a.body, `get / 0 params, body true ""`) {
		t.Errorf("%+v", a)
	}
}

func TestResponsesOfSpin1(t *testing.T) {
	var res inbound.Response
	calls := 0
	r := oldApp(t, httptrigger.Config{}, func(context.Context, inbound.Request) inbound.Response { calls++; return res })
	fields := func(list ...string) (o abi.Option[[]pair]) {
		o.OK = true
		for i := 0; i < len(list); i += 2 {
			o.Value = append(o.Value, pair{F0: list[i], F1: list[i+1]})
		}
		return o
	}
	tests := []struct {
		behaviour, method string
		res               inbound.Response
		status            int
		body              string
		header            map[string]string
	}{
		{"nothing but a status", "GET", inbound.Response{Status: 404}, 404, "", map[string]string{"Content-Length": "0"}},
		{"the last field of a name counts", "GET", inbound.Response{Status: 200, Headers: fields("set-cookie", "a=1", "Set-Cookie", "b=2")}, 200, "", map[string]string{"Set-Cookie": "b=2"}},
		{"fields of the connection do not", "GET", inbound.Response{Status: 200, Headers: fields("content-length", "99", "transfer-encoding", "chunked", "connection", "close"), Body: abi.Some([]byte("four"))},
			200, "four", map[string]string{"Content-Length": "4", "Connection": "", "Transfer-Encoding": ""}},
		{"the body of a response without", "GET", inbound.Response{Status: 204, Body: abi.Some([]byte("four"))}, 204, "", nil},
		{"the body for HEAD", "HEAD", inbound.Response{Status: 200, Body: abi.Some([]byte("four"))}, 200, "", map[string]string{"Content-Length": "4"}},
		{"a status that is too large", "GET", inbound.Response{Status: 700}, 500, "", nil},
		{"a status that ends nothing", "GET", inbound.Response{Status: 101}, 500, "", nil},
		{"no status", "GET", inbound.Response{}, 500, "", nil},
		{"a line break in a field", "GET", inbound.Response{Status: 200, Headers: fields("x", "a\r\nset-cookie: b=c")}, 500, "", map[string]string{"Set-Cookie": ""}},
		{"a bad name of a field", "GET", inbound.Response{Status: 200, Headers: fields("x y", "a")}, 500, "", nil},
		{"an unknown method", "TRACE", inbound.Response{Status: 200}, 405, "", nil},
		{"a method of one's own", "BREW", inbound.Response{Status: 200}, 405, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			res = tt.res
			before := calls
			a := r.do(r.request(tt.method, "/", nil))
			if a.err != nil || a.status != tt.status || a.body != tt.body || (calls == before) != (tt.status == 405) {
				t.Errorf("%+v, %d calls", a, calls-before)
			}
			for name, want := range tt.header {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestSpin1ThatTakesTooLong(t *testing.T) {
	c := &component{id: "guest", exports: []string{exportV1}}
	c.inbound = func(context.Context, inbound.Request) inbound.Response {
		eventually(t, "the instance is ended", func() bool { return c.killed() != nil })
		return inbound.Response{Status: 200}
	}
	r := serve(t, httptrigger.Config{RequestTime: 30 * time.Millisecond}, single("/..."), c)
	if a := r.get("/"); a.status != 500 || a.body != "" {
		t.Errorf("%+v", a)
	}
	if log := r.host.log.String(); !strings.Contains(log, "has not responded within") {
		t.Errorf("log: %s", log)
	}
}

// A body that is too large, or does not come, reaches no guest.
func TestBodiesThatDoNotReachSpin1(t *testing.T) {
	r := oldApp(t, httptrigger.Config{MaxBodyBytes: 4}, func(context.Context, inbound.Request) inbound.Response {
		t.Error("the guest is called")
		return inbound.Response{Status: 200}
	})
	head := "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
	for body, want := range map[string]string{"5\r\n01234\r\n0\r\n\r\n": "413", "x\r\n": "400"} {
		if got := r.raw(head + body); !strings.HasPrefix(got, "HTTP/1.1 "+want+" ") {
			t.Errorf("%q: %q", body, got)
		}
	}
	c := r.dial(head + "2\r\nab")
	c.Close()
	if n := len(r.component().instances); n > 0 {
		t.Errorf("%d instances", n)
	}
}

func TestSpin1IsBusy(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/"), &component{id: "guest", exports: []string{exportV1}, busy: trigger.ErrBusy})
	if w := ask(a, "/"); w.Code != nethttp.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
