package wit_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// list renders the full imports or exports of a world, implicit ones in parentheses.
func list(items []*wit.WorldItem) string {
	var names []string
	for _, it := range items {
		name := it.Name
		if it.Implicit {
			name = "(" + name + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func TestElaboration(t *testing.T) {
	const shared = `package a:b@1.0.0;
interface a { resource r; type t = u8; }
interface b { use a.{r}; type u = u8; }
interface c { use b.{r as s, u}; f: func() -> s; }
`
	tests := []struct {
		name             string
		world            string
		imports, exports string
	}{
		{"plain names", "export f: func(); import f: func(); import i: interface {}", "f i", "f"},
		{"used interfaces are imported first", "import c;", "(a:b/a@1.0.0) (a:b/b@1.0.0) a:b/c@1.0.0", ""},
		{"stated imports are not implicit", "import c; import a;", "a:b/a@1.0.0 (a:b/b@1.0.0) a:b/c@1.0.0", ""},
		{"inline interface", "import i: interface { use b.{u}; }", "(a:b/a@1.0.0) (a:b/b@1.0.0) i", ""},
		{"types of the world", "use b.{u as v}; type x = v; resource q { constructor(); m: func(); } import f: func() -> x;",
			"(a:b/a@1.0.0) (a:b/b@1.0.0) v x q [constructor]q [method]q.m f", ""},
		{"export imports what it uses", "export c;", "(a:b/a@1.0.0) (a:b/b@1.0.0)", "a:b/c@1.0.0"},
		{"unless that is exported", "export c; export b; export a;", "", "a:b/c@1.0.0 a:b/b@1.0.0 a:b/a@1.0.0"},
		{"in part", "export c; export b;", "(a:b/a@1.0.0)", "a:b/c@1.0.0 a:b/b@1.0.0"},
		{"import and export", "import c; export c;", "(a:b/a@1.0.0) (a:b/b@1.0.0) a:b/c@1.0.0", "a:b/c@1.0.0"},
		{"inline export", "export i: interface { use a.{t}; f: func() -> t; }", "(a:b/a@1.0.0)", "i"},
		{"plain names for one interface", "import one: b; import two: b; export three: b;", "(a:b/a@1.0.0) one two", "three"},
		{"exports under a plain name serve nobody", "export one: a; export b;", "(a:b/a@1.0.0)", "one a:b/b@1.0.0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := mustParse(t, shared+"world w { "+test.world+" }").Root.Worlds[0]
			if got := list(w.Imports); got != test.imports {
				t.Errorf("imports %q, want %q", got, test.imports)
			}
			if got := list(w.Exports); got != test.exports {
				t.Errorf("exports %q, want %q", got, test.exports)
			}
		})
	}
}

func TestInclude(t *testing.T) {
	const shared = `package a:b;
interface a { type t = u8; }
interface b { use a.{t}; }
world funcs { import f: func(); export f: func(); export g: func(); }
world types { use a.{t}; resource r { constructor(); m: func(); s: static func() -> t; } import x: func(a: borrow<r>); }
world ifaces { import b; export a; }
`
	tests := []struct {
		name             string
		world            string
		imports, exports string
	}{
		{"all", "include funcs;", "f", "f g"},
		{"renamed on both sides", "include funcs with { f as h }", "h", "h g"},
		{"twice, apart by name", "include funcs; include funcs with { f as f2, g as g2 }", "f f2", "f g f2 g2"},
		{"names may swap", "include funcs with { f as g, g as f }", "g", "g f"},
		{"resource and its functions", "include types with { r as q }", "(a:b/a) t q [constructor]q [method]q.m [static]q.s x", ""},
		{"interfaces are one", "include ifaces; import b; export a;", "(a:b/a) a:b/b", "a:b/a"},
		{"stated elsewhere", "export b; include ifaces;", "(a:b/a) a:b/b", "a:b/b a:b/a"},
		{"of another package", "include c:d/other;", "z", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := mustParse(t, shared+"world w { "+test.world+" } package c:d { world other { include inner; } world inner { import z: func(); } }")
			w := set.World("a:b/w")
			if got := list(w.Imports); got != test.imports {
				t.Errorf("imports %q, want %q", got, test.imports)
			}
			if got := list(w.Exports); got != test.exports {
				t.Errorf("exports %q, want %q", got, test.exports)
			}
			if len(w.Items) != strings.Count(test.world, "import ")+strings.Count(test.world, "export ") {
				t.Errorf("%d items of its own", len(w.Items))
			}
		})
	}
}

func TestWorldFaults(t *testing.T) {
	const shared = "package a:b; interface a { type t = u8; } interface b { use a.{t}; } interface c { use b.{t}; }\n" +
		"world v { import f: func(); import a; resource r { m: func(); } }\n"
	tests := []struct {
		name  string
		world string
		class error
		want  string
	}{
		{"import twice", "import a; import a;", wit.ErrDuplicate, `3:21: interface a:b/a is imported twice`},
		{"export twice", "export a; export a;", wit.ErrDuplicate, `3:21: interface a:b/a is exported twice`},
		{"names twice", "import f: func(); import F: interface {}", wit.ErrDuplicate, `3:29: F counts as the same name as f, which is imported at f.wit:3:11`},
		{"export names twice", "export f: func(); export f: func();", wit.ErrDuplicate, `3:29: f is already exported at f.wit:3:11`},
		{"type and import", "type f = u8; import f: func();", wit.ErrDuplicate, `3:24: f is already imported at f.wit:3:16`},
		{"plain name twice", "import x: a; import x: a;", wit.ErrDuplicate, `3:24: x is already imported at f.wit:3:11`},
		{"include clash", "import f: func(); include v;", wit.ErrDuplicate,
			`3:37: f is already imported at f.wit:3:11; rename it: include ... with { f as another-name }`},
		{"include twice", "include v; include v with { f as g }", wit.ErrDuplicate,
			`3:30: r is already imported at f.wit:3:19; rename it: include ... with { r as another-name }`},
		{"rename of nothing", "include v with { g as h }", wit.ErrUndefined,
			`3:28: world v neither imports nor exports g under a plain name; only plain names can be changed`},
		{"rename of an interface", "include v with { a as h }", wit.ErrUndefined,
			`3:28: world v neither imports nor exports a under a plain name; only plain names can be changed`},
		{"rename twice", "include v with { f as g, f as h }", wit.ErrDuplicate, `3:36: f is renamed twice`},
		{"import that needs an export", "export a; export c;", wit.ErrInvalid,
			`3:21: export a:b/c uses a:b/b, which is not exported and so becomes an import, but that uses a:b/a, which is exported; export a:b/b too`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFault(t, shared+"world w { "+test.world+" }", test.class, test.want)
		})
	}
}

func TestWorldItems(t *testing.T) {
	set := mustParse(t, `package a:b;
interface store { get: func() -> u8; }
world w {
  type t = u8;
  /// Users.
  @external-id("db:users")
  import users: store;
  import store;
  import log: func(line: string);
  export run: interface { go: func(); }
}`)
	w, store := set.World("a:b/w"), set.Interface("a:b/store")
	users := w.Import("users")
	if users.Implements() != store || users.ExternalID != "db:users" || users.Docs != "Users." || users.Export {
		t.Errorf("users is %+v", users)
	}
	if it := w.Import("a:b/store"); it.Interface != store || it.Implements() != nil {
		t.Errorf("store is %+v", it)
	}
	if it := w.Import("log"); it.Func == nil || it.Func.World != w || it.Func.WireName() != "log" || it.Implements() != nil {
		t.Errorf("log is %+v", it)
	}
	if it := w.Import("t"); it.Type == nil || it.Type != w.Type("t") || it.Type.ID() != "#t" {
		t.Errorf("t is %+v", it)
	}
	run := w.Export("run")
	if run.Interface == nil || run.Interface.ID() != "run" || run.Interface.World != w || run.Implements() != nil || !run.Export {
		t.Errorf("run is %+v", run)
	}
	if w.Import("run") != nil || w.Export("nothing") != nil {
		t.Error("found what is not there")
	}
}

func TestSelectWorld(t *testing.T) {
	one := "package a:b; world w {} package c:d@1.0.0 { world v {} world w {} }"
	two := "package a:b; world first {} world second {}"
	tests := []struct {
		text, name string
		want       string // the id, or the error
	}{
		{one, "", "a:b/w"},
		{one, "w", "a:b/w"},
		{one, "c:d/w@1.0.0", "c:d/w@1.0.0"},
		{one, "c:d/w", "there is no world c:d/w"},
		{two, "second", "a:b/second"},
		{two, "", "f.wit:1:9: package a:b has 2 worlds; name the one to use"},
		{two, "frist", "f.wit:1:9: package a:b has no world frist; did you mean first?"},
		{"package a:b { world w {} }", "w", "there is no root package; give the full id of a world, such as example:name/world"},
	}
	for _, test := range tests {
		set, err := wit.Parse("f.wit", test.text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if w, err := set.SelectWorld(test.name); err != nil {
			got = err.Error()
		} else {
			got = w.ID()
		}
		if got != test.want {
			t.Errorf("%q gives %q, want %q", test.name, got, test.want)
		}
	}
}
