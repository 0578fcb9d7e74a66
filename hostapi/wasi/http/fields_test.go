package http_test

import (
	"strings"
	"testing"
)

// What can be no name or value of a field, and what only the host may use.
var (
	badNames       = []string{"", " ", "a b", "a:", "a\r\nb", "a\x00", "ä", "(a)", "a/b"}
	badValues      = []string{"\r", "\n", "a\r\nb: c", "\x00", "\x1f", "\x7f"}
	goodValues     = []string{"", " ", "a\tb", "ä", "\xff\x80", "a, b"}
	forbiddenNames = []string{
		"connection", "Keep-Alive", "proxy-authenticate", "proxy-authorization", "PROXY-connection",
		"transfer-encoding", "upgrade", "Host", "http2-settings",
	}
)

func TestFieldsRefuseBadNamesAndValues(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			f := g.fields("a", "1")
			check := func(name, value, want string) {
				t.Helper()
				_, list := g.fromList("x", "y", name, value)
				for by, got := range map[string]string{"from-list": list, "set": g.set(f, name, "ok", value), "append": g.append(f, name, value)} {
					if got != want {
						t.Errorf("%s of %q: %q is %q, want %q", by, name, value, got, want)
					}
				}
			}
			for _, name := range badNames {
				check(name, "v", "invalid-syntax")
				if got := g.delete(f, name); got != "invalid-syntax" {
					t.Errorf("delete of %q: %q", name, got)
				}
				if g.has(f, name) || g.get(f, name) != nil {
					t.Errorf("%q is there", name)
				}
			}
			for _, name := range forbiddenNames {
				check(name, "v", "forbidden")
				if got := g.delete(f, name); got != "forbidden" {
					t.Errorf("delete of %q: %q", name, got)
				}
			}
			for _, value := range badValues {
				check("x", value, "invalid-syntax")
			}
			equal(t, "fields after all that was refused", g.entries(g.clone(f)), "a", "1")
			for _, value := range goodValues {
				if got := g.append(f, "x", value); got != "" {
					t.Errorf("%q: %q", value, got)
				}
			}
			equal(t, "values", g.get(f, "x"), goodValues...)
		})
	})
}

func TestFieldsContentLength(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			for _, value := range []string{"", "x", "-1", "+1", "1 ", "1,1", "0x1", "99999999999999999999"} {
				want := map[bool]string{true: "invalid-syntax", false: ""}[v3]
				if got := g.set(g.fields(), "Content-Length", value); got != want {
					t.Errorf("%q: %q, want %q", value, got, want)
				}
			}
			if got := g.set(g.fields(), "content-length", "18446744073"); got != "" {
				t.Error(got)
			}
		})
	})
}

func TestFieldsSemantics(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			f := g.fields("B", "1", "A", "2", "b", "3", "a", "4", "B", "3")
			equal(t, "entries are grouped, in the order of addition, in lower case", g.entries(g.clone(f)),
				"b", "1", "b", "3", "b", "3", "a", "2", "a", "4")
			equal(t, "get", g.get(f, "A"), "2", "4")
			if !g.has(f, "a") || !g.has(f, "A") || g.has(f, "c") || g.get(f, "c") != nil {
				t.Error("has is wrong")
			}
			if g.set(f, "B", "new", "values") != "" || g.append(f, "C", "x") != "" || g.append(f, "b", "more") != "" {
				t.Error("changes are refused")
			}
			equal(t, "entries after set and append", g.entries(g.clone(f)), "b", "new", "b", "values", "b", "more", "a", "2", "a", "4", "c", "x")
			if g.delete(f, "A") != "" || g.delete(f, "never") != "" || g.set(f, "c") != "" {
				t.Error("changes are refused")
			}
			equal(t, "entries after delete", g.entries(g.clone(f)), "b", "new", "b", "values", "b", "more")
			copied := g.clone(f)
			g.set(copied, "b", "other")
			equal(t, "a copy", g.entries(copied), "b", "other")
			if v3 {
				got, fault := g.getAndDelete(f, "B")
				if fault != "" {
					t.Error(fault)
				}
				equal(t, "get-and-delete", got, "new", "values", "more")
				if got, fault := g.getAndDelete(f, "b"); got != nil || fault != "" {
					t.Errorf("get-and-delete of what is not there: %q %q", got, fault)
				}
				for name, want := range map[string]string{"host": "forbidden", "a b": "invalid-syntax"} {
					if _, fault := g.getAndDelete(f, name); fault != want {
						t.Errorf("get-and-delete of %q: %q", name, fault)
					}
				}
				equal(t, "all is gone", g.entries(f))
			} else {
				equal(t, "the original", g.entries(f), "b", "new", "b", "values", "b", "more")
			}
		})
	})
}

// Fields take 128 KiB at most, 32 bytes for each counted. Version 0.2 has no code for more.
func TestFieldsSize(t *testing.T) {
	const most = 128<<10 - 32 - 1
	both(t, func(t *testing.T, v3 bool) {
		grow := map[string]func(*guest) string{
			"append":                    func(g *guest) string { return g.append(g.fields(), "a", strings.Repeat("x", most+1)) },
			"set":                       func(g *guest) string { return g.set(g.fields(), "a", strings.Repeat("x", most), "") },
			"append to what is full":    func(g *guest) string { return g.append(g.fields("a", strings.Repeat("x", most)), "b", "") },
			"append to a copy":          func(g *guest) string { return g.append(g.clone(g.fields("a", strings.Repeat("x", most))), "b", "") },
			"a list of many small ones": func(g *guest) string { _, s := g.fromList(many(4096)...); return s },
		}
		for by, f := range grow {
			w := newWorld(t)
			var got string
			err := w.try(v3, func(g *guest) { got = f(g) })
			switch {
			case v3 && (err != nil || got != "size-exceeded"):
				t.Errorf("%s: %q, %v", by, got, err)
			case !v3 && (err == nil || !strings.Contains(err.Error(), "128 KiB")):
				t.Errorf("%s: %q, %v", by, got, err)
			}
		}
		newWorld(t).run(v3, func(g *guest) {
			f := g.fields("a", strings.Repeat("x", most))
			if got := g.set(f, "a", strings.Repeat("y", most)); got != "" {
				t.Errorf("set of what is as large: %q", got)
			}
			if g.delete(f, "a") != "" || g.append(f, "b", strings.Repeat("x", most)) != "" {
				t.Error("room is not given back by delete")
			}
			if _, fault := g.fromList(many(3971)...); fault != "" { // 33 bytes each
				t.Error(fault)
			}
		})
	})
}

// many returns n fields without values.
func many(n int) []string {
	list := make([]string, 2*n)
	for i := range n {
		list[2*i] = "a"
	}
	return list
}

// Fields that have become part of a message cannot be changed, but copies of them can.
func TestFieldsAreImmutable(t *testing.T) {
	both(t, func(t *testing.T, v3 bool) {
		newWorld(t).run(v3, func(g *guest) {
			for what, f := range map[string]uint64{"request": g.headersOfRequest(), "response": g.headersOfResponse()} {
				faults := []string{g.set(f, "a", "2"), g.append(f, "b", "2"), g.delete(f, "a")}
				if v3 {
					_, fault := g.getAndDelete(f, "a")
					faults = append(faults, fault)
				}
				for i, fault := range faults {
					if fault != "immutable" {
						t.Errorf("%s, %d: %q", what, i, fault)
					}
				}
				if got := g.append(f, "host", "x"); got != "forbidden" {
					t.Errorf("%s: a forbidden name is %q", what, got)
				}
				equal(t, what, g.get(f, "a"), "1")
				c := g.clone(f)
				if got := g.set(c, "a", "2"); got != "" {
					t.Errorf("%s: a copy is %q", what, got)
				}
				equal(t, what+" after its copy was changed", g.entries(f), "a", "1")
			}
		})
	})
}

func (g *guest) headersOfRequest() uint64 {
	if !g.v3 {
		return g.Call(g.types()+"[method]outgoing-request.headers", g.Call(g.types()+"[constructor]outgoing-request", g.fields("a", "1")))
	}
	trailers, _ := g.Stream()
	p := g.Load(g.types()+"[static]request.new", g.fields("a", "1"), 0, 0, trailers, 0, 0)
	return g.Call(g.types()+"[method]request.get-headers", uint64(g.U32(p)))
}

func (g *guest) headersOfResponse() uint64 {
	if !g.v3 {
		return g.Call(g.types()+"[method]outgoing-response.headers", g.Call(g.types()+"[constructor]outgoing-response", g.fields("a", "1")))
	}
	trailers, _ := g.Stream()
	p := g.Load(g.types()+"[static]response.new", g.fields("a", "1"), 0, 0, trailers)
	return g.Call(g.types()+"[method]response.get-headers", uint64(g.U32(p)))
}
