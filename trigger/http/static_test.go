package http_test

import (
	nethttp "net/http"
	"reflect"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

const statics = `[[trigger.http]]
id = "new"
route = "/old/:page"
static_response = { status_code = 302, headers = { location = "/new" } }

[[trigger.http]]
route = "/hello"
static_response = { body = "hello\n", headers = { content-type = "text/plain", X-One = "1", x-two = "2" } }

[[trigger.http]]
route = "/nothing"
static_response = {}

[[trigger.http]]
route = "/unchanged"
static_response = { status_code = 304 }

[[trigger.http]]
route = "/..."
component = "guest"
`

func TestStaticResponses(t *testing.T) {
	c := &component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "guest") }}
	r := serve(t, httptrigger.Config{}, statics, c)
	r.client.CheckRedirect = func(*nethttp.Request, []*nethttp.Request) error { return nethttp.ErrUseLastResponse }
	tests := []struct {
		method, path string
		status       int
		body         string
		header       nethttp.Header
	}{
		{"GET", "/hello", 200, "hello\n", nethttp.Header{"Content-Type": {"text/plain"}, "X-One": {"1"}, "X-Two": {"2"}, "Content-Length": {"6"}}},
		{"HEAD", "/hello", 200, "", nethttp.Header{"Content-Type": {"text/plain"}, "X-One": {"1"}, "X-Two": {"2"}, "Content-Length": {"6"}}},
		{"DELETE", "/hello/", 200, "hello\n", nethttp.Header{"Content-Type": {"text/plain"}, "X-One": {"1"}, "X-Two": {"2"}, "Content-Length": {"6"}}},
		{"GET", "/old/x", 302, "", nethttp.Header{"Location": {"/new"}, "Content-Length": {"0"}}},
		{"GET", "/nothing", 200, "", nethttp.Header{"Content-Length": {"0"}}},
		{"GET", "/unchanged", 304, "", nethttp.Header{}},
		{"GET", "/old/x/y", 200, "guest", nethttp.Header{"Content-Length": {"5"}}},
	}
	for _, tt := range tests {
		for range 2 {
			a := r.do(r.request(tt.method, tt.path, nil))
			a.header.Del("Date")
			if a.status != tt.status || a.body != tt.body || a.err != nil || !reflect.DeepEqual(a.header, tt.header) {
				t.Errorf("%s %s: %+v", tt.method, tt.path, a)
			}
		}
	}
	if n := len(c.instances); n != 1 {
		t.Errorf("%d instances", n)
	}
	if res := r.raw("GET /hello HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(res, "HTTP/1.1 400 ") {
		t.Errorf("without a host that can be: %q", res)
	}
	// They have no component to show.
	if list := r.Routes(); list[3].ID != "new" || list[3].Component != "" {
		t.Errorf("%+v", list)
	}
}

func TestUnknownKeysOfStaticResponsesAreReported(t *testing.T) {
	a := load(t, httptrigger.Config{}, "[[trigger.http]]\nroute = \"/\"\nstatic_response = { status_code = 410, bodi = \"x\" }\n")
	if log := a.host.log.String(); !strings.Contains(log, "level=WARN") || !strings.Contains(log, "spin.toml:6:") || !strings.Contains(log, `unknown key \"bodi\"`) {
		t.Errorf("log: %s", log)
	}
	if w := ask(a, "/"); w.Code != 410 || w.Body.Len() != 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}
