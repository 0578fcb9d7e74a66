package http_test

import (
	"crypto/tls"
	"encoding/json"
	nethttp "net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// seen is what a guest has seen of a request.
type seen struct {
	Method, Path, Authority string
	Scheme                  string // of 0.3
	Fields                  map[string][]string
}

// inspect answers with what the guest sees.
func inspect(g *guest) {
	s := seen{Path: g.text("path-with-query"), Authority: g.text("authority"), Fields: g.headers()}
	if g.v3 {
		p := g.Load("wasi:http/types@0.3.0#[method]request.get-method", g.req)
		s.Method = map[uint8]string{0: "GET", 2: "POST", 6: "OPTIONS"}[g.U8(p)]
		if g.U8(p) == 9 {
			s.Method = g.Text(p + 4)
		}
		p = g.Load("wasi:http/types@0.3.0#[method]request.get-scheme", g.req)
		s.Scheme = []string{"http", "https"}[g.U8(p+4)]
	} else {
		p := g.Load("wasi:http/types@0.2.12#[method]incoming-request.method", g.req)
		s.Method = map[uint8]string{0: "GET", 2: "POST", 6: "OPTIONS"}[g.U8(p)]
		if g.U8(p) == 9 {
			s.Method = g.Text(p + 4)
		}
		p = g.Load("wasi:http/types@0.2.12#[method]incoming-request.scheme", g.req)
		s.Scheme = []string{"http", "https"}[g.U8(p+4)]
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	g.answer(200, string(text))
}

// inspected asks a guest on a route what it sees of a request.
func inspected(t *testing.T, export, route string, req *nethttp.Request) seen {
	t.Helper()
	a := load(t, httptrigger.Config{}, single(route), &component{id: "guest", exports: []string{export}, serve: inspect})
	w := httptest.NewRecorder()
	a.ServeHTTP(w, req)
	var s seen
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return s
}

func TestRouteFields(t *testing.T) {
	tests := []struct {
		behaviour, route, target string
		want                     map[string]string
	}{
		{"a wildcard", "/t/...", "/t/a/b?q=1&r", map[string]string{
			"spin-path-info": "/a/b", "spin-full-url": "http://example.com:8080/t/a/b?q=1&r", "spin-matched-route": "/t/...",
			"spin-base-path": "/", "spin-raw-component-route": "/t/...", "spin-component-route": "/t", "spin-client-addr": "192.0.2.1:1234",
		}},
		{"an exact route has no path info", "/t/", "/t/", map[string]string{
			"spin-path-info": "", "spin-full-url": "http://example.com:8080/t/", "spin-matched-route": "/t",
			"spin-raw-component-route": "/t/", "spin-component-route": "/t/",
		}},
		{"the root route is empty when normalized", "/", "/", map[string]string{
			"spin-matched-route": "", "spin-raw-component-route": "/", "spin-component-route": "/", "spin-path-info": "",
		}},
		{"the wildcard at the root", "/...", "/", map[string]string{
			"spin-matched-route": "/...", "spin-component-route": "", "spin-path-info": "/",
		}},
		{"a slash is added to the normalized route only", "t/...", "/t", map[string]string{
			"spin-matched-route": "/t/...", "spin-raw-component-route": "t/...", "spin-component-route": "t", "spin-path-info": "",
		}},
		{"an asterisk is not stripped", "/t/*", "/t/a", map[string]string{
			"spin-matched-route": "/t/*", "spin-component-route": "/t/*", "spin-path-info": "/a",
		}},
		{"parameters", "/:user_id/x/:B", "/1%202/x/y", map[string]string{
			"spin-path-match-user-id": "1%202", "spin-path-match-b": "y", "spin-path-info": "",
		}},
		{"the last of two parameters of one name", "/:a/:a", "/1/2", map[string]string{"spin-path-match-a": "2"}},
		{"the last of two parameters that become one name", "/:a_b/:a-b", "/1/2", map[string]string{"spin-path-match-a-b": "2"}},
		{"a parameter whose name is no field name", "/:a b/:c", "/1/2", map[string]string{"spin-path-match-c": "2"}},
		{"the path as it was sent", "/...", "/a%2Fb/%41?x=%20", map[string]string{
			"spin-path-info": "/a%2Fb/%41", "spin-full-url": "http://example.com:8080/a%2Fb/%41?x=%20",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			both(t, func(t *testing.T, export string) {
				req := httptest.NewRequest("GET", "http://example.com:8080"+tt.target, nil)
				s := inspected(t, export, tt.route, req)
				for name, want := range tt.want {
					if got := s.Fields[name]; len(got) != 1 || got[0] != want {
						t.Errorf("%s: %q, want %q", name, got, want)
					}
				}
				for name := range s.Fields {
					if strings.HasPrefix(name, "spin-path-match-") && tt.want[name] == "" {
						t.Errorf("unexpected %s", name)
					}
				}
			})
		})
	}
}

func TestForgedFieldsAreStripped(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		req := httptest.NewRequest("GET", "http://example.com/", nil)
		req.Header.Set("Spin-Path-Info", "forged")
		req.Header.Set("spin-client-addr", "forged")
		req.Header["SPIN-Other"] = []string{"forged"}
		req.Header.Set("Connection", "x-hop")
		for name, values := range inspected(t, export, "/...", req).Fields {
			for _, v := range values {
				if v == "forged" || name == "connection" {
					t.Errorf("%s: %s", name, v)
				}
			}
		}
	})
}

func TestFieldsOfTheRequest(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		req := httptest.NewRequest("GET", "http://example.com:99/", nil)
		req.Header = nethttp.Header{"X-Many": {"1", "2", "1"}, "Accept": {""}, "Te": {"trailers"}, "Upgrade": {"x"}, "Keep-Alive": {"5"}}
		s := inspected(t, export, "/", req)
		if got := s.Fields["x-many"]; !reflect.DeepEqual(got, []string{"1", "2", "1"}) {
			t.Errorf("several values: %q", got)
		}
		if got := s.Fields["accept"]; len(got) != 1 || got[0] != "" {
			t.Errorf("an empty value: %q", got)
		}
		if len(s.Fields["te"]) != 1 {
			t.Errorf("te is missing")
		}
		// Version 0.2 hides what concerns the connection; in 0.3 guests see it, and the host.
		is3 := export == export3
		for _, name := range []string{"host", "upgrade", "keep-alive"} {
			if got := len(s.Fields[name]) > 0; got != is3 {
				t.Errorf("%s: %q", name, s.Fields[name])
			}
		}
		if is3 && s.Fields["host"][0] != "example.com:99" {
			t.Errorf("host: %q", s.Fields["host"])
		}
	})
}

func TestMethodSchemeAuthority(t *testing.T) {
	both(t, func(t *testing.T, export string) {
		for _, method := range []string{"GET", "POST", "OPTIONS", "PROPFIND", "get"} {
			req := httptest.NewRequest(method, "https://Example.com/x", nil)
			s := inspected(t, export, "/...", req)
			if s.Method != method || s.Authority != "Example.com" || s.Path != "/x" {
				t.Errorf("%+v", s)
			}
			// Guests of 0.2 see HTTP even where there is TLS.
			if want := map[string]string{export2: "http", export3: "https"}[export]; s.Scheme != want || s.Fields["spin-full-url"][0] != "https://Example.com/x" {
				t.Errorf("scheme %s, full URL %s", s.Scheme, s.Fields["spin-full-url"])
			}
		}
	})
}

func TestPathAfterAnotherHandler(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/t/..."), &component{id: "guest", exports: []string{export3}, serve: inspect})
	w := httptest.NewRecorder()
	nethttp.StripPrefix("/app", a).ServeHTTP(w, httptest.NewRequest("GET", "http://x/app/t/a%2Fb?q", nil))
	if !strings.Contains(w.Body.String(), `"Path":"/t/a%2Fb?q"`) || !strings.Contains(w.Body.String(), `"spin-path-info":["/a%2Fb"]`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	// A handler that changes only the decoded path.
	r := httptest.NewRequest("GET", "http://x/t/a%2Fb", nil)
	r.URL = &url.URL{Path: "/t/c d", RawPath: "/t/a%2Fb"}
	w = httptest.NewRecorder()
	a.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `"Path":"/t/c%20d"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWellKnown(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/..."), &component{id: "guest", exports: []string{export3}, serve: inspect})
	get := func(method, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "http://x"+target, nil)
		r.Host = "" // does not matter here
		a.ServeHTTP(w, r)
		return w
	}
	for _, method := range []string{"GET", "POST", "DELETE"} {
		if w := get(method, "/.well-known/spin/health"); w.Code != 200 || w.Body.String() != "OK" || w.Header()["Content-Type"] != nil {
			t.Errorf("%s health: %d %q %v", method, w.Code, w.Body, w.Header())
		}
	}
	if w := get("GET", "/.well-known/spin/info"); w.Code != 200 || w.Body.String() != "{\n  \"name\": \"test-app\"\n}" || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("info: %d %q %v", w.Code, w.Body, w.Header())
	}
	for _, path := range []string{"/.well-known/spin/", "/.well-known/spin/x", "/.well-known/spin/health/", "/.well-known/spin/health/x"} {
		if w := get("GET", path); w.Code != 404 || w.Body.Len() != 0 {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest("GET", "http://x/.well-known/spin", nil))
	if !strings.Contains(w.Body.String(), `"Path":"/.well-known/spin"`) {
		t.Errorf("the path without a slash is no ordinary path: %d %q", w.Code, w.Body)
	}
}

func TestInfoHasTheVersion(t *testing.T) {
	a := load(t, httptrigger.Config{}, "version = \"1.2.3\"\n"+single("/"), guestOf(export3))
	if w := ask(a, "/.well-known/spin/info"); w.Body.String() != "{\n  \"name\": \"test-app\",\n  \"version\": \"1.2.3\"\n}" {
		t.Errorf("%q", w.Body)
	}
}

func TestNoRoute(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/here"), guestOf(export3))
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "http://x/there", nil)
	r.Host = ""
	a.ServeHTTP(w, r)
	if w.Code != 404 || w.Body.Len() != 0 || w.Header()["Content-Type"] != nil || w.Header().Get("Content-Length") != "0" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

func TestBadRequests(t *testing.T) {
	called := false
	a := load(t, httptrigger.Config{}, single("/..."), &component{id: "guest", exports: []string{export3}, serve: func(*guest) { called = true }})
	tests := []struct {
		behaviour string
		change    func(*nethttp.Request)
		want      int
	}{
		{"no host", func(r *nethttp.Request) { r.Host = "" }, 400},
		{"a host with a bad port", func(r *nethttp.Request) { r.Host = "x:y" }, 400},
		{"a host without a name", func(r *nethttp.Request) { r.Host = ":80" }, 400},
		{"a host with a path", func(r *nethttp.Request) { r.Host = "x/y" }, 400},
		{"the name of a component", func(r *nethttp.Request) { r.Host = "other.spin.internal" }, 400},
		{"the name of a component with a port", func(r *nethttp.Request) { r.Host = "other.spin.internal:80" }, 400},
		{"a field value that is not UTF-8", func(r *nethttp.Request) { r.Header.Set("X", "a\xffb") }, 500},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://example.com/", nil)
			tt.change(r)
			w := httptest.NewRecorder()
			a.ServeHTTP(w, r)
			if w.Code != tt.want || w.Body.Len() != 0 {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		})
	}
	if called {
		t.Error("the guest was called")
	}
}

func TestTLSIsSeenByTheGuest(t *testing.T) {
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	r.TLS = &tls.ConnectionState{}
	if s := inspected(t, export3, "/", r); s.Scheme != "https" {
		t.Errorf("%+v", s)
	}
}

func TestPathsAreMatchedAsTheyWereSent(t *testing.T) {
	r := serve(t, httptrigger.Config{}, single("/a/:x")+"[[trigger.http]]\nroute = \"/a/../b\"\ncomponent = \"dots\"\n",
		&component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, g.headers()["spin-path-match-x"][0]) }},
		&component{id: "dots", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "dots "+g.text("path-with-query")) }})
	for target, want := range map[string]string{
		"/a/b%2Fc":         "b%2Fc",
		"/a/b%2fc":         "b%2fc",
		"/a/%2e%2e":        "%2e%2e",
		"/a/..":            "..",
		"/a/.":             ".",
		"/a/b;c=d":         "b;c=d",
		"/a/caf\xc3\xa9":   "caf\xc3\xa9",
		"/a/%00":           "%00",
		"/a/[x]|\"^":       "[x]|\"^",
		"//a/x//":          "x",
		"/a/../b":          "dots /a/../b",
		"/a/../b?c=%2F#":   "dots /a/../b?c=%2F",
		"/a/../b?c=d#e?f":  "dots /a/../b?c=d",
		"/a/../b#?c":       "dots /a/../b",
		"/a/../b?#":        "dots /a/../b?",
		"/a/%23":           "%23",
		"/a/%2e%2e/b":      "",
		"/a%2Fx":           "",
		"/A/x":             "",
		"/a/x/../../a/../": "",
	} {
		res := r.raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		_, body, _ := strings.Cut(res, "\r\n\r\n")
		if want == "" && !strings.HasPrefix(res, "HTTP/1.1 404 ") || body != want {
			t.Errorf("%s: %q, want %q", target, res, want)
		}
	}
}

// Targets that guests of some languages cannot take reach none, whoever serves the app.
func TestTargetsThatAreNone(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/..."), guestOf(export3))
	for _, target := range []string{"/<", "/a>b", "/`", "/?\"", "/?<", "/?a=>"} {
		r := httptest.NewRequest("GET", "http://x"+target, nil)
		w := httptest.NewRecorder()
		if a.ServeHTTP(w, r); w.Code != 400 {
			t.Errorf("%q: %d", target, w.Code)
		}
	}
}

// Methods that are none do not reach a guest, whoever serves the app.
func TestMethodsThatAreNone(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/..."), guestOf(export3))
	for _, method := range []string{"G ET", "GET\r\nX: y", "", "GÉT"} {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.Method = method
		w := httptest.NewRecorder()
		if a.ServeHTTP(w, r); w.Code != 400 {
			t.Errorf("%q: %d", method, w.Code)
		}
	}
}
