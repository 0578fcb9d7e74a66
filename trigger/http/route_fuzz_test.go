package http

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// model is a route as a regular expression: slow, and obviously what the grammar says.
func model(route string) *regexp.Regexp {
	route = strings.Trim(route, "/")
	var b strings.Builder
	b.WriteString(`(?s)^`)
	if route != "" {
		for i, segment := range strings.Split(route, "/") {
			switch {
			case segment != "..." && segment != "*":
				if i > 0 {
					b.WriteString("/")
				}
				parts := strings.Split(segment, ".")
				for k, part := range parts {
					if k > 0 {
						b.WriteString(`\.`)
					}
					switch {
					case !strings.HasPrefix(part, ":"):
						b.WriteString(regexp.QuoteMeta(part))
					case k+1 < len(parts):
						b.WriteString(`([^./]*)`)
					default:
						b.WriteString(`([^/]*)`)
					}
				}
			case i > 0:
				b.WriteString(`(?:/.*)?`)
			default:
				b.WriteString(`.*`)
			}
		}
	}
	return regexp.MustCompile(b.String() + `$`)
}

// modelMatch matches a path and returns the values of the parameters.
func modelMatch(route, path string) ([]string, bool) {
	path = strings.Trim(path, "/")
	m := model(route).FindStringSubmatchIndex(path)
	if m == nil {
		return nil, false
	}
	var values []string
	for i := 2; i < len(m); i += 2 {
		if m[i] == len(path) { // a parameter needs something
			return nil, false
		}
		values = append(values, path[m[i]:m[i+1]])
	}
	return values, true
}

func FuzzRoute(f *testing.F) {
	for _, s := range [][2]string{
		{"/", "/"}, {"/...", "/a/b"}, {"/a/:b/c", "/a//c"}, {"/:n.:e", "/a.b"}, {"/a/*", "/a"}, {"a//b/", "//a//b"},
		{"/:a.x.:b", "/1.x.2"}, {"/:", "/x"}, {"/:a/.../b", "/"}, {"/.:a", "/.b"}, {"/é/:ü", "/é/\xff"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, route, path string) {
		p, err := parsePattern(route)
		if err != nil {
			if e := err.(*RouteError); e.Offset < 0 || e.Offset > len(route) {
				t.Fatalf("%q: offset %d", route, e.Offset)
			}
			return
		}
		if !utf8.ValidString(route) { // manifests have none, and the model cannot read it
			return
		}
		params, rest, ok := p.match(path, nil)
		want, wantOK := modelMatch(route, path)
		if ok != wantOK {
			t.Fatalf("%q matches %q: %v, want %v", route, path, ok, wantOK)
		}
		if !ok {
			return
		}
		var got []string
		for _, c := range params {
			got = append(got, path[c.from:c.to])
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q of %q: %q, want %q", route, path, got, want)
		}
		if len(got) != p.params {
			t.Fatalf("%q: %d values of %d parameters", route, len(got), p.params)
		}
		if info := pathInfo(path, rest); p.hasWildcard() && !strings.HasSuffix(strings.TrimRight(path, "/"), strings.TrimRight(info, "/")) {
			t.Fatalf("%q of %q: rest %q", route, path, info)
		}
	})
}

// Whatever the routes, the order is one, and the first that matches wins over the others that do.
func FuzzPrecedence(f *testing.F) {
	f.Add("/:a/:b", "/:a.:b/...", "/x.y/z")
	f.Add("/a", "/...", "/a")
	f.Fuzz(func(t *testing.T, a, b, path string) {
		var list []*entry
		for _, r := range []string{a, b} {
			p, err := parsePattern(r)
			if err != nil || !utf8.ValidString(r) {
				return
			}
			list = append(list, &entry{route: Route{Raw: r}, pattern: p})
		}
		tb := newTable(list, func(_, _ *entry) {})
		if len(tb.entries) < 2 {
			return
		}
		_, first := modelMatch(a, path)
		_, second := modelMatch(b, path)
		got, _, _ := tb.find(path, nil)
		switch {
		case !first && !second:
			if got != nil {
				t.Fatalf("%q is served", path)
			}
			return
		case first != second:
			if want := map[bool]string{true: a, false: b}[first]; got.route.Raw != want {
				t.Fatalf("%q is served by %q", path, got.route.Raw)
			}
			return
		}
		if want := rule(list[0], list[1]); got != want {
			t.Fatalf("%q goes to %q, want %q", path, got.route.Raw, want.route.Raw)
		}
	})
}

// rule is the rule of precedence as it is written down, for two routes that match one path.
func rule(a, b *entry) *entry {
	for i := range min(len(a.pattern.pieces), len(b.pattern.pieces)) {
		switch x, y := a.pattern.pieces[i].kind, b.pattern.pieces[i].kind; {
		case x < y:
			return a
		case x > y:
			return b
		}
	}
	switch p, q := &a.pattern, &b.pattern; {
	case p.dots != q.dots:
		return map[bool]*entry{true: a, false: b}[p.dots > q.dots]
	case len(p.pieces) > len(q.pieces):
		return b
	}
	return a
}
