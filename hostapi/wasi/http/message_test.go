package http_test

import (
	"strings"
	"testing"

	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

func TestNewMessages(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			r := g.newRequest()
			if m, _ := g.getMethod(r); m != "get" {
				t.Errorf("method %q", m)
			}
			if s, _ := g.getScheme(r); s != "" {
				t.Errorf("scheme %q", s)
			}
			for _, name := range []string{"path-with-query", "authority"} {
				if s, ok := g.text(r, name); ok {
					t.Errorf("%s %q", name, s)
				}
			}
			if s := g.status(g.newResponse()); s != 200 {
				t.Errorf("status %d", s)
			}
		})
	})
}

func TestMethods(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			r := g.newRequest()
			for i, name := range methodNames[:9] {
				if !g.setMethod(r, i, "") {
					t.Errorf("%s is refused", name)
				}
				if got, other := g.getMethod(r); got != name || other {
					t.Errorf("%q, %v, want %q", got, other, name)
				}
			}
			for _, name := range []string{"PROPFIND", "get", "x!#$%&'*+-.^_`|~9"} {
				if !g.setMethod(r, 9, name) {
					t.Errorf("%q is refused", name)
				}
				if got, other := g.getMethod(r); got != name || !other {
					t.Errorf("%q, %v, want %q", got, other, name)
				}
			}
			for _, name := range []string{"", " ", "A B", "A\r\nB", "GET ", "ä", "a(b)", "\x00"} {
				if g.setMethod(r, 9, name) {
					t.Errorf("%q is taken", name)
				}
			}
			// The name of a case is that case.
			if g.setMethod(r, 9, "POST"); true {
				if got, other := g.getMethod(r); got != "post" || other {
					t.Errorf("%q, %v", got, other)
				}
			}
		})
	})
}

func TestSchemes(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			r := g.newRequest()
			tests := []struct {
				number     int
				text, want string
				other, ok  bool
			}{
				{0, "", "http", false, true}, {1, "", "https", false, true}, {2, "ftp", "ftp", true, true}, {2, "A+b-c.1", "a+b-c.1", true, true},
				{2, "HTTPS", "https", false, true}, {2, "", "https", false, false}, {2, "1a", "https", false, false},
				{2, "a:b", "https", false, false}, {2, "ä", "https", false, false}, {2, strings.Repeat("a", 65), "https", false, false},
			}
			for _, tt := range tests {
				if ok := g.setScheme(r, tt.number, tt.text); ok != tt.ok {
					t.Errorf("%d %q: %v", tt.number, tt.text, ok)
				}
				if got, other := g.getScheme(r); got != tt.want || other != tt.other {
					t.Errorf("%d %q: %q, %v, want %q", tt.number, tt.text, got, other, tt.want)
				}
			}
			if !g.unset(r, "scheme") {
				t.Error("none is refused")
			}
			if got, _ := g.getScheme(r); got != "" {
				t.Errorf("%q after none", got)
			}
		})
	})
}

func TestPathsAndAuthorities(t *testing.T) {
	tests := []struct {
		name       string
		value      string
		want       string
		shouldTake bool
	}{
		{"path-with-query", "/", "/", true},
		{"path-with-query", "/a/b?c=d&e", "/a/b?c=d&e", true},
		{"path-with-query", "/a%20b?%zz", "/a%20b?%zz", true},
		{"path-with-query", "//a", "//a", true},
		{"path-with-query", "?a=b", "/?a=b", true},
		{"path-with-query", "#fragment", "/", true},
		{"path-with-query", "/a#fragment?x", "/a", true},
		{"path-with-query", "*", "*", true},
		{"path-with-query", "/ä?ö", "/ä?ö", true},
		{"path-with-query", "", "", false},
		{"path-with-query", "a", "", false},
		{"path-with-query", "*a", "", false},
		{"path-with-query", "http://x/", "", false},
		{"path-with-query", "/a b", "", false},
		{"path-with-query", "/a\r\nHost: x", "", false},
		{"path-with-query", "/\x7f", "", false},
		{"path-with-query", "/\x00", "", false},
		{"path-with-query", "/a{\"}|?`{|}", "/a{\"}|?`{|}", true},
		{"path-with-query", "/<", "", false},
		{"path-with-query", "/a>", "", false},
		{"path-with-query", "/`", "", false},
		{"path-with-query", "/?\"", "", false},
		{"path-with-query", "/?<", "", false},
		{"path-with-query", "/??>", "", false},
		{"authority", "example.com", "example.com", true},
		{"authority", "example.com:8080", "example.com:8080", true},
		{"authority", "user:pass@example.com", "user:pass@example.com", true},
		{"authority", "[::1]", "[::1]", true},
		{"authority", "[::1]:80", "[::1]:80", true},
		{"authority", ":80", ":80", true},
		{"authority", "", "", false},
		{"authority", "a:", "", false},
		{"authority", "a:b", "", false},
		{"authority", "a:65535", "a:65535", true},
		{"authority", "a:65536", "", false},
		{"authority", "a:000080", "", false},
		{"authority", "a:+80", "", false},
		{"authority", "a:80:80", "", false},
		{"authority", "::1", "", false},
		{"authority", "[::1", "", false},
		{"authority", "::1]", "", false},
		{"authority", "[]", "", false},
		{"authority", "[[::1]]", "", false},
		{"authority", "[::1]80", "", false},
		{"authority", "[::1]:", "", false},
		{"authority", "a[::1]", "", false},
		{"authority", "a@b@c", "", false},
		{"authority", "[a@b]", "", false},
		{"authority", "a/b", "", false},
		{"authority", "a?b", "", false},
		{"authority", "a b", "", false},
		{"authority", "a\r\nb", "", false},
		{"authority", "ä", "", false},
		{"authority", "user@", "", false},
	}
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			r := g.newRequest()
			for _, tt := range tests {
				g.unset(r, tt.name)
				if took := g.setText(r, tt.name, tt.value); took != tt.shouldTake {
					t.Errorf("%s %q: taken: %v", tt.name, tt.value, took)
				}
				if got, ok := g.text(r, tt.name); got != tt.want || ok != tt.shouldTake {
					t.Errorf("%s %q: %q, want %q", tt.name, tt.value, got, tt.want)
				}
			}
		})
	})
}

func TestStatusCodes(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			r := g.newResponse()
			most := uint64(999)
			if v3 {
				most = 599
			}
			for _, code := range []uint64{100, 204, 404, most} {
				if !g.setStatus(r, code) || g.status(r) != code {
					t.Errorf("%d: %d", code, g.status(r))
				}
			}
			for _, code := range []uint64{0, 99, most + 1, 1000, 65535} {
				if g.setStatus(r, code) || g.status(r) != most {
					t.Errorf("%d is taken: %d", code, g.status(r))
				}
			}
		})
	})
}

// timeouts are the properties of request-options.
var timeouts = []string{"connect-timeout", "first-byte-timeout", "between-bytes-timeout"}

func TestRequestOptions(t *testing.T) {
	newWorld(t).run(false, func(g *guest) {
		o := g.Call(g.types() + "[constructor]request-options")
		name := g.types() + "[method]request-options."
		for i, timeout := range timeouts {
			if p := g.Load(name+timeout, o); g.U8(p) != 0 {
				t.Errorf("%s is %d", timeout, g.U64(p+8))
			}
			if g.Call(name+"set-"+timeout, o, 1, uint64(i)) != 0 {
				t.Errorf("%s is refused", timeout)
			}
		}
		for i, timeout := range timeouts {
			if p := g.Load(name+timeout, o); g.U8(p) != 1 || g.U64(p+8) != uint64(i) {
				t.Errorf("%s is %d", timeout, g.U64(p+8))
			}
			if g.Call(name+"set-"+timeout, o, 0, 0) != 0 || g.U8(g.Load(name+timeout, o)) != 0 {
				t.Errorf("%s cannot be taken back", timeout)
			}
		}
		g.Drop(o)
	})
}

// Options of version 0.3 are part of the request: what it returns cannot be changed, its copy can.
func TestRequestOptionsOf3(t *testing.T) {
	newWorld(t).run(true, func(g *guest) {
		name := g.types() + "[method]request-options."
		set := func(o uint64, timeout string, v uint64) string {
			p := g.Load(name+"set-"+timeout, o, 1, v)
			if g.U8(p) == 0 {
				return ""
			}
			return p3http.RequestOptionsErrorCase(g.U8(p + 4)).String()
		}
		get := func(o uint64, timeout string) uint64 {
			p := g.Load(name+"get-"+timeout, o)
			if g.U8(p) == 0 {
				return 0
			}
			return g.U64(p + 8)
		}
		o := g.Call(g.types() + "[constructor]request-options")
		for i, timeout := range timeouts {
			if fault := set(o, timeout, uint64(1+i)); fault != "" || get(o, timeout) != uint64(1+i) {
				t.Errorf("%s: %q", timeout, fault)
			}
		}
		trailers, _ := g.Stream()
		p := g.Load(g.types()+"[static]request.new", g.fields(), 0, 0, trailers, 1, o)
		r := uint64(g.U32(p))
		p = g.Load(g.types()+"[method]request.get-options", r)
		if g.U8(p) != 1 {
			t.Fatal("the request has no options")
		}
		own := uint64(g.U32(p + 4))
		clone := g.Call(name+"clone", own)
		for i, timeout := range timeouts {
			if fault := set(own, timeout, 99); fault != "immutable" || get(own, timeout) != uint64(1+i) {
				t.Errorf("%s: %q, %d", timeout, fault, get(own, timeout))
			}
			if fault := set(clone, timeout, 99); fault != "" || get(clone, timeout) != 99 || get(own, timeout) == 99 {
				t.Errorf("copy, %s: %q", timeout, fault)
			}
		}
		if p := g.Load(g.types()+"[method]request.get-options", g.newRequest()); g.U8(p) != 0 {
			t.Error("a request without options has some")
		}
	})
}
