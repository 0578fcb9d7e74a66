package http_test

import (
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// routed tells which of the components g1, g2 and so on has a request, and the fields that its
// route gives it.
func routed(g *guest, id string) {
	h := g.headers()
	list := []string{id, "info=" + strings.Join(h["spin-path-info"], "|")}
	for _, name := range []string{"a", "b", "p", "x", "name", "user-id"} {
		if v := h["spin-path-match-"+name]; v != nil {
			list = append(list, name+"="+strings.Join(v, "|"))
		}
	}
	g.answer(200, strings.Join(list, " "))
}

// Which component a request reaches, and what that learns of its path.
func TestWhichComponentServesAPath(t *testing.T) {
	tests := []struct {
		behaviour string
		routes    []string
		want      map[string]string // by path; "" is 404
	}{
		{"a wildcard has the rest of the path", []string{"/t/..."},
			map[string]string{"/t": "g1 info=", "/t/": "g1 info=/", "/t/a": "g1 info=/a", "/t/a/": "g1 info=/a/", "/t//a": "g1 info=//a", "/ta": "", "/": ""}},
		{"the root goes before the wildcard", []string{"/", "/..."},
			map[string]string{"/": "g1 info=", "/x": "g2 info=/x", "//": "g1 info="}},
		{"the leftmost literal counts", []string{"/:x/b", "/foo/..."},
			map[string]string{"/foo/b": "g2 info=/b", "/bar/b": "g1 info= x=bar", "/foo": "g2 info="}},
		{"a literal before a parameter before a wildcard", []string{"/...", "/:p", "/shop"},
			map[string]string{"/shop": "g3 info=", "/hey": "g2 info= p=hey", "/a/b": "g1 info=/a/b"}},
		{"the longer prefix", []string{"/one/...", "/one/two/..."},
			map[string]string{"/one/two/x": "g2 info=/x", "/one/x": "g1 info=/x"}},
		{"of one route for two the later counts", []string{"/a", "/a"}, map[string]string{"/a": "g2 info="}},
		{"of two routes for the same paths the earlier counts", []string{"/p/:a", "/p/:b"}, map[string]string{"/p/1": "g1 info= a=1"}},
		{"slashes around a path do not count, those inside do", []string{"/shop/x"},
			map[string]string{"//shop/x//": "g1 info=", "/shop//x": ""}},
		{"a parameter inside may be empty, one at the end not", []string{"/x/:p/y", "/u/:user_id"},
			map[string]string{"/x//y": "g1 info= p=", "/u/7": "g2 info= user-id=7", "/u/": ""}},
		{"a parameter ends at a dot that follows it", []string{"/f/:name.json"},
			map[string]string{"/f/data.json": "g1 info= name=data", "/f/data": ""}},
		{"nothing is decoded", []string{"/café", "/a b"}, map[string]string{"/caf%C3%A9": "", "/a%20b": ""}},
		{"paths of the host", []string{"/.well-known/spin/...", "/.well-known/..."},
			map[string]string{"/.well-known/spin/health": "OK", "/.well-known/spin/other": "", "/.well-known/spin": "g1 info="}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			for i, r := range tt.routes {
				tt.routes[i] = `"` + r + `"`
			}
			text, components := routes(tt.routes...)
			for _, c := range components {
				c.serve = func(g *guest) { routed(g, c.id) }
			}
			a := load(t, httptrigger.Config{}, text, components...)
			for path, want := range tt.want {
				w := httptest.NewRecorder()
				r := httptest.NewRequest("GET", "http://x"+path, nil)
				a.ServeHTTP(w, r)
				if w.Body.String() != want || (w.Code == nethttp.StatusNotFound) != (want == "") {
					t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body, want)
				}
			}
		})
	}
}

// What an HTTP/1.1 request needs a Host for, everything does: also what no guest sees.
func TestRequestsWithoutAHost(t *testing.T) {
	r := one(t, export3, inspect)
	for _, target := range []string{"/", "/unknown", "/.well-known/spin/health"} {
		if got := r.raw("GET " + target + " HTTP/1.1\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 400 ") {
			t.Errorf("%s: %q", target, got)
		}
	}
	// One of HTTP/1.0 has none, and can only ask for what needs none.
	if got := r.raw("GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 400 ") {
		t.Errorf("%q", got)
	}
	if got := r.raw("GET /.well-known/spin/health HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200 ") {
		t.Errorf("%q", got)
	}
}
