package http

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// build makes a table of routes, and lists those that were replaced.
func build(t testing.TB, routes ...string) (table, []string) {
	t.Helper()
	var list []*entry
	for _, r := range routes {
		p, err := parsePattern(r)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &entry{route: Route{Raw: r}, pattern: p, names: paramFields(&p)})
	}
	var replaced []string
	return newTable(list, func(old, _ *entry) { replaced = append(replaced, old.route.Raw) }), replaced
}

// winner returns the route that serves a path, "" if there is none.
func winner(tb *table, path string) string {
	if e, _, _ := tb.find(path, nil); e != nil {
		return e.route.Raw
	}
	return ""
}

func TestMatch(t *testing.T) {
	tests := []struct {
		behaviour, route string
		yes, no          []string
	}{
		{"missing leading slash is added", "shop", []string{"/shop"}, []string{"/", "/shop/x"}},
		{"one trailing slash of the route does not count", "/shop/", []string{"/shop", "/shop/"}, []string{"/shop/x"}},
		{"the empty route is the root", "", []string{"/", "", "//"}, []string{"/x"}},
		{"a slash is the root", "/", []string{"/", "", "//"}, []string{"/x"}},
		{"slashes around a path do not count", "/shop", []string{"/shop", "/shop/", "//shop//", "///shop"}, []string{"/shop/shop"}},
		{"slashes inside a path count", "/a/b", []string{"/a/b", "//a/b/"}, []string{"/a//b", "/a/b/c", "/ab"}},
		{"slashes inside a route count", "/a//b", []string{"/a//b"}, []string{"/a/b"}},
		{"case counts", "/Shop", []string{"/Shop"}, []string{"/shop"}},
		{"percent signs are not decoded", "/a%20b", []string{"/a%20b"}, []string{"/a b"}},
		{"encoded slashes are part of a segment", "/:x", []string{"/a%2Fb"}, []string{"/a/b"}},
		{"dot segments are not resolved", "/a/../b", []string{"/a/../b"}, []string{"/b"}},
		{"a literal is not a prefix", "/foo", []string{"/foo"}, []string{"/foobar", "/fo"}},
		{"a wildcard matches all below", "/t/...", []string{"/t/a", "/t/a/b", "/t/a.b/", "/t//a"}, []string{"/ta", "/x/t/a"}},
		{"a wildcard matches the bare prefix", "/t/...", []string{"/t", "/t/", "//t"}, []string{"/"}},
		{"an asterisk is a wildcard too", "/t/*", []string{"/t", "/t/", "/t/a/b"}, []string{"/ta"}},
		{"a wildcard at the root matches everything", "/...", []string{"/", "", "/a", "/a/b/c", "/.well-known/x"}, nil},
		{"an asterisk at the root matches everything", "*", []string{"/", "/a/b"}, nil},
		{"dots of a literal are characters", "/a.b.c", []string{"/a.b.c"}, []string{"/a/b/c", "/aXbXc", "/a.b"}},
		{"three dots beside text are characters", "/a...", []string{"/a..."}, []string{"/a", "/a/b", "/a/..."}},
		{"a parameter matches one segment", "/u/:id", []string{"/u/1", "/u/a.b", "/u/1/", "/u/:id"}, []string{"/u", "/u/", "/u/1/2"}},
		{"a parameter can be empty inside a path", "/x/:p/y", []string{"/x//y", "/x/1/y"}, []string{"/x/y"}},
		{"a parameter can be first", "/:x/b", []string{"/a/b"}, []string{"/b", "/a"}},
		{"a parameter stops at a dot that follows it", "/:name.json", []string{"/a.json"}, []string{"/a", "/a.jsonx", "/a.b.json"}},
		{"two parameters in a segment", "/:name.:ext", []string{"/a.txt", "/.txt"}, []string{"/a", "/a.", "/a.b/c"}},
		{"a parameter after a literal with a dot", "/v1.:minor", []string{"/v1.2"}, []string{"/v1", "/v12", "/v1."}},
		{"parameters and a wildcard", "/u/:id/...", []string{"/u/1", "/u/1/", "/u/1/a/b"}, []string{"/u", "/u/"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			tb, _ := build(t, tt.route)
			for _, path := range tt.yes {
				if winner(&tb, path) != tt.route {
					t.Errorf("%q does not match %q", tt.route, path)
				}
			}
			for _, path := range tt.no {
				if winner(&tb, path) != "" {
					t.Errorf("%q matches %q", tt.route, path)
				}
			}
		})
	}
}

func TestParameterValues(t *testing.T) {
	tests := []struct {
		behaviour, route, path string
		want                   []string
	}{
		{"one parameter", "/u/:id", "/u/42", []string{"42"}},
		{"it is not decoded", "/u/:id", "/u/a%20b", []string{"a%20b"}},
		{"an inner one can be empty", "/x/:p/y", "/x//y", []string{""}},
		{"the last segment may have dots", "/u/:id", "/u/a.b", []string{"a.b"}},
		{"the name of a file", "/:name.json", "/data.json", []string{"data"}},
		{"name and ending of a file", "/f/:name.:ext", "/f/a.tar.gz", []string{"a", "tar.gz"}},
		{"several, in order", "/:a/x/:b", "/1/x/2/", []string{"1", "2"}},
		{"before a wildcard", "/:a/...", "/1/2/3", []string{"1"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			tb, _ := build(t, tt.route)
			e, params, _ := tb.find(tt.path, nil)
			if e == nil {
				t.Fatal("no match")
			}
			var got []string
			for _, c := range params {
				got = append(got, tt.path[c.from:c.to])
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPathInfo(t *testing.T) {
	tests := []struct{ route, path, want string }{
		{"/t/...", "/t", ""},
		{"/t/...", "/t/", "/"},
		{"/t/...", "/t/a", "/a"},
		{"/t/...", "/t/a/", "/a/"},
		{"/t/...", "/t//a", "//a"},
		{"/t/...", "/t/a//", "/a/"},
		{"/t/...", "/t//", "/"},
		{"/t/...", "//t/a", "/a"},
		{"/...", "/", "/"},
		{"/...", "/a", "/a"},
		{"/...", "//a", "/a"},
		{"/...", "/a/b/", "/a/b/"},
		{"/t/*", "/t/a/b", "/a/b"},
		{"/:x/...", "/1/2", "/2"},
	}
	for _, tt := range tests {
		tb, _ := build(t, tt.route)
		_, _, rest := tb.find(tt.path, nil)
		if got := pathInfo(tt.path, rest); got != tt.want {
			t.Errorf("%q of %q: %q, want %q", tt.path, tt.route, got, tt.want)
		}
	}
}

func TestPrecedence(t *testing.T) {
	tests := []struct {
		behaviour string
		routes    []string
		path      string
		want      string
	}{
		{"exact before wildcard", []string{"/foo", "/foo/..."}, "/foo", "/foo"},
		{"exact before wildcard, with a slash after it", []string{"/foo", "/foo/..."}, "/foo/", "/foo"},
		{"the root before the wildcard", []string{"/", "/..."}, "/", "/"},
		{"the longer prefix", []string{"/one/...", "/one/two/..."}, "/one/two/x", "/one/two/..."},
		{"a parameter before a wildcard", []string{"/:p", "/..."}, "/hey", "/:p"},
		{"the leftmost literal before a full match that begins with a parameter", []string{"/:x/b", "/foo/..."}, "/foo/b", "/foo/..."},
		{"the leftmost literal among full matches", []string{"/:x/b", "/foo/:y"}, "/foo/b", "/foo/:y"},
		{"more dots first", []string{"/:p", "/:name.json"}, "/a.json", "/:name.json"},
		{"more dots before fewer pieces", []string{"/:a/:b", "/:a.:b/..."}, "/x.y/z", "/:a.:b/..."},
		{"a name with a dot before one that ends in a parameter", []string{"/v1.:minor", "/v1.2"}, "/v1.2", "/v1.2"},
		{"each part of a name with dots counts", []string{"/a.:y/:x", "/a.b/..."}, "/a.b/c", "/a.b/..."},
		{"a literal before dots", []string{"/:a.:b/c", "/:a/c"}, "/x.y/c", "/:a/c"},
		{"the first of equals", []string{"/:x", "/:y"}, "/1", "/:x"},
		{"the first of an exact route and one with a slash after it", []string{"/a", "/a/"}, "/a", "/a"},
		{"the first of two wildcards", []string{"/a/*", "/a/..."}, "/a/b", "/a/*"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			tb, _ := build(t, tt.routes...)
			if got := winner(&tb, tt.path); got != tt.want {
				t.Errorf("%q goes to %q, want %q", tt.path, got, tt.want)
			}
			if tt.behaviour[:9] == "the first" {
				return
			}
			backwards := slices.Clone(tt.routes)
			slices.Reverse(backwards)
			tb, _ = build(t, backwards...)
			if got := winner(&tb, tt.path); got != tt.want {
				t.Errorf("in the other order %q goes to %q, want %q", tt.path, got, tt.want)
			}
		})
	}
}

func TestTableIsInOrderOfPrecedence(t *testing.T) {
	tb, _ := build(t, "/...", "/:a/...", "/b/:c", "/b/...", "/", "/b", "/b/c", "/:a")
	var got []string
	for _, e := range tb.entries {
		got = append(got, e.route.Raw)
	}
	want := []string{"/", "/b", "/b/c", "/b/:c", "/b/...", "/:a", "/:a/...", "/..."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDuplicates(t *testing.T) {
	tb, replaced := build(t, "/x", "/a", "/x")
	if !slices.Equal(replaced, []string{"/x"}) || len(tb.entries) != 2 {
		t.Errorf("replaced %q, %d left", replaced, len(tb.entries))
	}
	if _, replaced := build(t, "/a", "/a/", "/:x", "/:y", "/b/...", "/b/*"); replaced != nil {
		t.Errorf("other texts for the same paths are no duplicates: %q", replaced)
	}
	// The one that replaces another stands where that stood.
	tb, _ = build(t, "/:x", "/:y", "/:x")
	if winner(&tb, "/1") != "/:x" {
		t.Errorf("%q", winner(&tb, "/1"))
	}
}

func TestBadRoutes(t *testing.T) {
	tests := []struct {
		route  string
		offset int
		reason string
	}{
		{"/:", 1, reasonUnnamed},
		{"/a/:", 3, reasonUnnamed},
		{"/a/:/b", 3, reasonUnnamed},
		{"/:.json", 1, reasonUnnamed},
		{"/a.:", 3, reasonUnnamed},
		{"/*name", 1, reasonNamed},
		{"/a/*rest", 3, reasonNamed},
		{"/a/*/b", 3, reasonMiddle},
		{"/a/.../b", 3, reasonMiddle},
		{"/.../...", 1, reasonMiddle},
		{"*/a", 0, reasonMiddle},
		{"/a.*", 3, reasonWildDot},
		{"/" + strings.Repeat("a", maxRouteLength), maxRouteLength, reasonTooLong},
	}
	for _, tt := range tests {
		_, err := parsePattern(tt.route)
		var fault *RouteError
		if !errors.As(err, &fault) || fault.Offset != tt.offset || fault.Reason != tt.reason {
			t.Errorf("%.40q: %v, want %q at %d", tt.route, err, tt.reason, tt.offset)
		}
	}
}
