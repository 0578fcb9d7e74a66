package wit_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// mustParse parses text that has to be right.
func mustParse(t testing.TB, text string) *wit.Set {
	t.Helper()
	set, err := wit.Parse("test.wit", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return set
}

// inInterface puts items into an interface of package a:b.
func inInterface(items string) string { return "package a:b; interface i { " + items + " }" }

// inWorld puts items into a world of package a:b.
func inWorld(items string) string { return "package a:b; world w { " + items + " }" }

// Each production of the grammar, as the canonical text that its model renders to.
func TestProductions(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string // the lines inside the interface or world, without indentation; or all of it if it starts with package
	}{
		{"package", "package a:b;", "package a:b;"},
		{"package version", "package a:b@1.2.3-rc.1+build.5;", "package a:b@1.2.3-rc.1+build.5;"},
		{"package spaced", "package a : b @ 1.2.3 ;", "package a:b@1.2.3;"},
		{"package of keywords", "package %interface:%record;", "package %interface:%record;"},
		{"nested names", "package a:b:c/d/e@1.0.0;", "package a:b:c/d/e@1.0.0;"},
		{"nested package", "package a:b; package c:d { interface i {} }", "package a:b;\n\npackage c:d {\ninterface i {}\n}"},
		{"empty interface", "package a:b; interface i {}", "package a:b;\n\ninterface i {}"},
		{"empty world", "package a:b; world w {}", "package a:b;\n\nworld w {}"},
		{"acronym name", "package a:b; interface HTTP-2-client {}", "package a:b;\n\ninterface HTTP-2-client {}"},

		{"func", inInterface("f: func();"), "f: func();"},
		{"func params", inInterface("f: func(a: u8, b: string,) -> bool;"), "f: func(a: u8, b: string) -> bool;"},
		{"func dense", inInterface("f:func()->u8;"), "f: func() -> u8;"},
		{"async func", inInterface("f: async func();"), "f: async func();"},
		{"func named by keyword", inInterface("%func: func(%as: u8);"), "%func: func(%as: u8);"},
		{"needless escape", inInterface("%f: func();"), "f: func();"},

		{"primitives", inInterface("f: func(a: bool, b: s8, c: u8, d: s16, e: u16, g: s32, h: u32, i: s64, j: u64, k: f32, l: f64, m: char, n: string);"),
			"f: func(a: bool, b: s8, c: u8, d: s16, e: u16, g: s32, h: u32, i: s64, j: u64, k: f32, l: f64, m: char, n: string);"},
		{"list", inInterface("type t = list<list<u8>>;"), "type t = list<list<u8>>;"},
		{"fixed list", inInterface("type t = list<u8, 16>;"), "type t = list<u8, 16>;"},
		{"option", inInterface("type t = option<u8>;"), "type t = option<u8>;"},
		{"tuple", inInterface("type t = tuple<u8, tuple<string,>>;"), "type t = tuple<u8, tuple<string>>;"},
		{"map", inInterface("type t = map<string, list<u8>>;"), "type t = map<string, list<u8>>;"},
		{"result", inInterface("type t = result;"), "type t = result;"},
		{"result ok", inInterface("type t = result<u8>;"), "type t = result<u8>;"},
		{"result err", inInterface("type t = result<_, string>;"), "type t = result<_, string>;"},
		{"result both", inInterface("type t = result<u8, string>;"), "type t = result<u8, string>;"},
		{"stream", inInterface("type t = stream<u8>; type u = stream;"), "type t = stream<u8>;\ntype u = stream;"},
		{"future", inInterface("type t = future<result<u8>>; type u = future;"), "type t = future<result<u8>>;\ntype u = future;"},
		{"error context", inInterface("type t = error-context;"), "type t = error-context;"},
		{"own error context", inInterface("type error-context = u8; type t = error-context;"),
			"type %error-context = u8;\ntype t = %error-context;"},

		{"alias", inInterface("type t = u; type u = u32;"), "type t = u;\ntype u = u32;"},
		{"record", inInterface("record r { a: u8, b: list<r2> } record r2 { c: char, }"),
			"record r {\na: u8,\nb: list<r2>,\n}\n\nrecord r2 {\nc: char,\n}"},
		{"variant", inInterface("variant v { a, b(u8), c(option<string>), }"), "variant v {\na,\nb(u8),\nc(option<string>),\n}"},
		{"enum", inInterface("enum e { a, b, }"), "enum e {\na,\nb,\n}"},
		{"flags", inInterface("flags f { a, b }"), "flags f {\na,\nb,\n}"},
		{"members named by keywords", inInterface("enum %enum { %as, b } record r { %type: %enum }"),
			"enum %enum {\n%as,\nb,\n}\n\nrecord r {\n%type: %enum,\n}"},

		{"resource", inInterface("resource r;"), "resource r;"},
		{"empty resource", inInterface("resource r {}"), "resource r;"},
		{"handles", inInterface("resource r; f: func(a: r, b: own<r>, c: borrow<r>) -> list<r>;"),
			"resource r;\n\nf: func(a: r, b: r, c: borrow<r>) -> list<r>;"},
		{"resource alias", inInterface("resource r; type s = r; type o = own<r>; type b = borrow<s>;"),
			"resource r;\ntype s = r;\ntype o = own<r>;\ntype b = borrow<s>;"},
		{"resource members", inInterface("resource r { constructor(a: u8); m: func() -> u8; s: static func() -> r; n: async func(); q: static async func(); }"),
			"resource r {\nconstructor(a: u8);\nm: func() -> u8;\ns: static func() -> r;\nn: async func();\nq: static async func();\n}"},
		{"constructor with result", inInterface("resource r { constructor() -> result<r, string>; }"),
			"resource r {\nconstructor() -> result<r, string>;\n}"},

		{"use", "package a:b; interface i { use j.{t, u as v}; } interface j { type t = u8; type u = u8; }",
			"package a:b;\n\ninterface i {\nuse j.{t, u as v};\n}\n\ninterface j {\ntype t = u8;\ntype u = u8;\n}"},
		{"use of a package", "package a:b; interface i { use c:d/j@1.0.0-rc.2.{t}; } package c:d@1.0.0-rc.2 { interface j { type t = u8; } }",
			"package a:b;\n\ninterface i {\nuse c:d/j@1.0.0-rc.2.{t};\n}\n\npackage c:d@1.0.0-rc.2 {\ninterface j {\ntype t = u8;\n}\n}"},
		{"use of the own package", "package a:b@1.0.0; interface i { use a:b/j@1.0.0.{t}; } interface j { type t = u8; }",
			"package a:b@1.0.0;\n\ninterface i {\nuse j.{t};\n}\n\ninterface j {\ntype t = u8;\n}"},
		{"use of a nested package", "package a:b; interface i { use c:d:e/f/j.{t}; } package c:d:e/f { interface j { type t = u8; } }",
			"package a:b;\n\ninterface i {\nuse c:d:e/f/j.{t};\n}\n\npackage c:d:e/f {\ninterface j {\ntype t = u8;\n}\n}"},
		{"top-level use", "package a:b; use c:d/j; use c:d/j as k; use l as m; interface i { use j.{t}; use k.{t as u}; use m.{v}; } interface l { type v = u8; } package c:d { interface j { type t = u8; } }",
			"package a:b;\n\ninterface i {\nuse c:d/j.{t, t as u};\nuse l.{v};\n}\n\ninterface l {\ntype v = u8;\n}\n\npackage c:d {\ninterface j {\ntype t = u8;\n}\n}"},
		{"handles under a used name", "package a:b; interface i { use j.{r as s}; f: func(a: borrow<s>) -> s; } interface j { resource r; }",
			"package a:b;\n\ninterface i {\nuse j.{r as s};\n\nf: func(a: borrow<s>) -> s;\n}\n\ninterface j {\nresource r;\n}"},

		{"gates", "package a:b@1.1.0; @since(version = 1.0.0) interface i { @unstable(feature = x-y) @deprecated(version = 1.1.0) f: func(); }",
			"package a:b@1.1.0;\n\n@since(version = 1.0.0)\ninterface i {\n@unstable(feature = x-y)\n@deprecated(version = 1.1.0)\nf: func();\n}"},
		{"external ids", inInterface(`@external-id("a\tb\u{2603}\22") resource r { @external-id("m") m: func(); } @external-id("x") f: func();`),
			"@external-id(\"a\\u{9}b\\u{2603}\\\"\")\nresource r {\n@external-id(\"m\")\nm: func();\n}\n\n@external-id(\"x\")\nf: func();"},

		{"world functions", inWorld("import f: func(); export g: async func(a: u8) -> u8;"), "import f: func();\n\nexport g: async func(a: u8) -> u8;"},
		{"world types", inWorld("type t = u8; record q { a: t } resource r { m: func(); } import f: func(a: borrow<r>) -> q;"),
			"type t = u8;\n\nrecord q {\na: t,\n}\n\nresource r {\nm: func();\n}\n\nimport f: func(a: borrow<r>) -> q;"},
		{"inline interface", inWorld("import i: interface { type t = u8; f: func() -> t; } export i: interface {}"),
			"import i: interface {\ntype t = u8;\n\nf: func() -> t;\n}\n\nexport i: interface {}"},
		{"interfaces", "package a:b; world w { import i; export i; import c:d/j@1.0.0; } interface i {} package c:d@1.0.0 { interface j {} }",
			"package a:b;\n\ninterface i {}\n\nworld w {\nimport i;\n\nexport i;\n\nimport c:d/j@1.0.0;\n}\n\npackage c:d@1.0.0 {\ninterface j {}\n}"},
		{"plain names", "package a:b; interface i {} world w { import one: i; @external-id(\"2\") import two: a:b/i; }",
			"package a:b;\n\ninterface i {}\n\nworld w {\nimport one: i;\n\n@external-id(\"2\")\nimport two: i;\n}"},
		{"world use", "package a:b; interface i { type t = u8; } world w { use i.{t as u}; export f: func() -> u; }",
			"package a:b;\n\ninterface i {\ntype t = u8;\n}\n\nworld w {\nuse i.{t as u};\n\nexport f: func() -> u;\n}"},
		{"include", "package a:b; world v { import f: func(); } world w { include v; } world x { include v with { f as g, } } world y { include a:b/v with { f as g }; }",
			"package a:b;\n\nworld v {\nimport f: func();\n}\n\nworld w {\ninclude v;\n}\n\nworld x {\ninclude v with { f as g }\n}\n\nworld y {\ninclude v with { f as g }\n}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := wit.Parse("test.wit", test.text)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := unindent(set.String()), wrap(test.text, test.want); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// wrap completes the expected text of a test that states the inside of an interface or world only.
func wrap(text, want string) string {
	switch {
	case strings.HasPrefix(want, "package "):
		return want + "\n"
	case strings.Contains(text, "world w {"):
		return "package a:b;\n\nworld w {\n" + want + "\n}\n"
	}
	return "package a:b;\n\ninterface i {\n" + want + "\n}\n"
}

// unindent removes the indentation of every line.
func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimLeft(l, " ")
	}
	return strings.Join(lines, "\n")
}

func TestIndentation(t *testing.T) {
	set := mustParse(t, "package a:b; interface i { resource r { m: func(); } } package c:d { world w { import i: interface { enum e { a } } } }")
	want := `package a:b;

interface i {
  resource r {
    m: func();
  }
}

package c:d {
  world w {
    import i: interface {
      enum e {
        a,
      }
    }
  }
}
`
	if got := set.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A package rendered alone refers to others by their full names.
func TestPackageString(t *testing.T) {
	set := mustParse(t, "package a:b; interface i { use c:d/j.{t}; } package c:d { interface j { type t = u8; } }")
	want := "package a:b;\n\ninterface i {\n  use c:d/j.{t};\n}\n"
	if got := set.Root.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got, want := set.Package("c:d").String(), "package c:d;\n\ninterface j {\n  type t = u8;\n}\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestWhiteSpaceAndComments(t *testing.T) {
	text := "// a\n/* b /* nested */ still */\r\npackage\ta:b;\n//\n////////\n/***/ interface /**/ i {\n/* { */ f /* ; */ : func // (\n();\n}// end"
	set := mustParse(t, text)
	want := "package a:b;\n\ninterface i {\n  f: func();\n}\n"
	if got := set.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
