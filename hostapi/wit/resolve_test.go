package wit_test

import (
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// Faults that only show once names are looked up.
func TestResolveFaults(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		class error
		want  string
	}{
		{"type", inInterface("record error { a: u8 } f: func(a: eror);"), wit.ErrUndefined, `1:62: type eror is not defined in interface i; did you mean error?`},
		{"primitive", inInterface("f: func(a: strng);"), wit.ErrUndefined, `1:39: type strng is not defined in interface i; did you mean string?`},
		{"type of a world", inWorld("type t = u8; import i: interface { f: func() -> t; }"), wit.ErrUndefined, `1:72: type t is not defined in interface i of world w`},
		{"function as type", inInterface("f: func(); type t = f;"), wit.ErrUndefined, `1:48: type f is not defined in interface i`},
		{"escaped error-context", inInterface("type t = %error-context;"), wit.ErrUndefined, `1:37: type error-context is not defined in interface i`},
		{"handle", inInterface("f: func(a: borrow<r>);"), wit.ErrUndefined, `1:46: type r is not defined in interface i`},
		{"used type", "package a:b; interface i { use j.{u, v}; f: func(a: u); g: func(a: x); } interface j { type t = u8; }", wit.ErrUndefined,
			"1:35: type u is not defined in interface j\n1:38: type v is not defined in interface j"},
		{"interface", "package a:b; interface types {} world w { import type; }", wit.ErrSyntax,
			`1:50: expected interface name, found keyword type; write %type to use it as a name`},
		{"near interface", "package a:b; interface types {} world w { import typse; }", wit.ErrUndefined,
			`1:50: interface or world typse is not defined in this package; did you mean types?`},
		{"interface of a package", "package a:b; world w { import c:d/j; } package c:d { interface i {} }", wit.ErrUndefined,
			`1:35: interface or world j is not defined in package c:d`},
		{"package", inWorld("import c:d/i;"), wit.ErrUndefined, `1:31: package c:d is not among the sources`},
		{"near package", "package a:b; world w { import wasi:htp/i; } package wasi:http {}", wit.ErrUndefined,
			`1:31: package wasi:htp is not among the sources; did you mean wasi:http?`},
		{"version", "package a:b; world w { import c:d/i; import c:d/i@3.0.0; } package c:d@1.0.0 {} package c:d@2.0.0 {}", wit.ErrUndefined,
			"1:31: package c:d is not among the sources; there is c:d@1.0.0, c:d@2.0.0\n1:45: package c:d@3.0.0 is not among the sources; there is c:d@1.0.0, c:d@2.0.0"},
		{"top-level use", "package a:b; use c:d/i; interface k { use i.{t}; use i.{u}; } package c:d {}", wit.ErrUndefined,
			`1:22: interface or world i is not defined in package c:d`},
		{"top-level use of a world", "package a:b; use c:d/w; world v { include w; } package c:d { world w {} }", wit.ErrInvalid,
			`1:22: w is a world; use statements name interfaces`},
		{"top-level use is not for nested packages", "package a:b; use i as k; interface i { type t = u8; } package c:d { interface j { use k.{t}; } }", wit.ErrUndefined,
			`1:87: interface or world k is not defined in this package`},
		{"import of a world", "package a:b; world v {} world w { import v; }", wit.ErrInvalid, `1:42: v is a world; an interface is needed here`},
		{"include of an interface", "package a:b; interface i {} world w { include i; }", wit.ErrInvalid, `1:47: i is an interface; a world is needed here`},

		// Names that are taken.
		{"interfaces", "package a:b;\ninterface i {}\nworld i {}", wit.ErrDuplicate, `3:7: i is already defined at f.wit:2:11`},
		{"interfaces by case", "package a:b;\ninterface i {}\ninterface I {}", wit.ErrDuplicate, `3:11: I counts as the same name as i, which is defined at f.wit:2:11`},
		{"alias", "package a:b; use c:d/i; interface i {} package c:d { interface i {} }", wit.ErrDuplicate, `1:22: i is already defined at f.wit:1:35`},
		{"types", inInterface("type t = u8; record t { a: u8 }"), wit.ErrDuplicate, `1:48: t is already defined at f.wit:1:33`},
		{"type and function", inInterface("type t = u8; t: func();"), wit.ErrDuplicate, `1:41: t is already defined at f.wit:1:33`},
		{"use and type", "package a:b; interface i { use j.{t}; type t = u8; } interface j { type t = u8; }", wit.ErrDuplicate, `1:35: t is already defined at f.wit:1:44`},
		{"use twice", "package a:b; interface i { use j.{t, t}; } interface j { type t = u8; }", wit.ErrDuplicate, `1:38: t is already defined at f.wit:1:35`},
		{"functions by case", inInterface("foo-bar: func(); foo-BAR: func();"), wit.ErrDuplicate, `1:45: foo-BAR counts as the same name as foo-bar, which is defined at f.wit:1:28`},
		{"fields", inInterface("record r { a: u8, a: u8 }"), wit.ErrDuplicate, `1:46: a is already defined at f.wit:1:39`},
		{"cases", inInterface("variant v { a, A(u8) }"), wit.ErrDuplicate, `1:43: A counts as the same name as a, which is defined at f.wit:1:40`},
		{"labels", inInterface("enum e { a, a } flags f { b, b }"), wit.ErrDuplicate,
			"1:40: a is already defined at f.wit:1:37\n1:57: b is already defined at f.wit:1:54"},
		{"parameters", inInterface("f: func(a: u8, a: u8);"), wit.ErrDuplicate, `1:43: a is already defined at f.wit:1:36`},
		{"self", inInterface("resource r { m: func(self: u8); s: static func(self: u8); }"), wit.ErrDuplicate, `1:49: self is already defined at f.wit:1:41`},
		{"constructors", inInterface("resource r { constructor(); constructor(a: u8); }"), wit.ErrDuplicate,
			`1:56: [constructor]r is already defined at f.wit:1:41`},
		{"method and static", inInterface("resource r { m: func(); m: static func(); }"), wit.ErrDuplicate,
			`1:52: [static]r.m counts as the same name as [method]r.m, which is defined at f.wit:1:41`},
		{"method called as its resource", inInterface("resource r { r: func(); }"), wit.ErrDuplicate,
			`1:41: [method]r.r counts as the same name as r, which is defined at f.wit:1:37`},
		{"packages", "package a:b; package c:d { interface i {} } package c:d { interface j {} }", wit.ErrDuplicate,
			`1:53: package c:d is already defined at f.wit:1:22, with other contents`},
		{"nested and root", "package a:b; interface i {} package a:b {}", wit.ErrDuplicate,
			`1:37: package a:b is already defined at f.wit:1:9, with other contents`},

		// Cycles.
		{"type in itself", inInterface("record r { a: list<r> }"), wit.ErrCycle, `1:35: type a:b/i#r contains itself: a:b/i#r -> a:b/i#r`},
		{"alias of itself", inInterface("type t = t;"), wit.ErrCycle, `1:33: type a:b/i#t contains itself: a:b/i#t -> a:b/i#t`},
		{"types in each other", inInterface("record a { x: b } variant b { y(option<c>) } type c = tuple<a>;"), wit.ErrCycle,
			`1:35: type a:b/i#a contains itself: a:b/i#a -> a:b/i#b -> a:b/i#c -> a:b/i#a`},
		{"interface", "package a:b; interface i { use i.{t}; type t = u8; }", wit.ErrCycle, `1:32: interface a:b/i depends on itself: a:b/i -> a:b/i`},
		{"interfaces", "package a:b; interface i { use j.{t}; type u = u8; } interface j { use k.{t}; } interface k { use i.{u}; type t = u8; }", wit.ErrCycle,
			`1:99: interface a:b/i depends on itself: a:b/i -> a:b/j -> a:b/k -> a:b/i`},
		{"packages", "package a:b; interface i { use c:d/j.{t}; } interface k { type t = u8; } package c:d { interface j { type t = u8; } interface l { use a:b/k.{t}; } }",
			wit.ErrCycle, `1:135: package a:b depends on itself: a:b -> c:d -> a:b`},
		{"include", "package a:b; world v { include w; } world w { include v; }", wit.ErrCycle, `1:55: world a:b/v includes itself: a:b/v -> a:b/w -> a:b/v`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkFault(t, test.text, test.class, test.want) })
	}
}

func TestUseChainEndsAtDefinition(t *testing.T) {
	set := mustParse(t, `package a:b;
interface one { use two.{r2 as r1, t2 as t1}; f: func(a: borrow<r1>) -> t1; }
interface two { use c:d/three.{r as r2, t as t2}; }
package c:d { interface three { resource r; type t = u32; } }`)
	one, two, three := set.Interface("a:b/one"), set.Interface("a:b/two"), set.Interface("c:d/three")
	r, tt := three.Type("r"), three.Type("t")
	if one.Type("r1") != r || one.Type("t1") != tt || two.Type("r2") != r {
		t.Error("a use does not lead to the definition")
	}
	use := one.Uses[0]
	if use.From != two || use.Member != "r2" || use.Name != "r1" || use.Type != r {
		t.Errorf("use is %+v", use)
	}
	f := one.Func("f")
	if b, ok := f.Params[0].Type.(*wit.Borrow); !ok || b.Resource != r || b.Named != r {
		t.Errorf("parameter is %#v", f.Params[0].Type)
	}
	if f.Result != wit.Type(tt) {
		t.Errorf("result is %#v", f.Result)
	}
	if deps := one.Deps(); len(deps) != 1 || deps[0] != two {
		t.Errorf("deps are %v", deps)
	}
	if r.ID() != "c:d/three#r" || r.Interface != three {
		t.Errorf("%s is of %v", r.ID(), r.Interface)
	}
}

func TestResourceAliasKeepsItsName(t *testing.T) {
	set := mustParse(t, inInterface("resource r; type s = r; type s2 = s; type o = own<s2>; f: func(a: borrow<s2>, b: s, c: o);"))
	i := set.Root.Interfaces[0]
	r, s, s2, o := i.Type("r"), i.Type("s"), i.Type("s2"), i.Type("o")
	f := i.Funcs[0]
	if b := f.Params[0].Type.(*wit.Borrow); b.Resource != r || b.Named != s2 {
		t.Errorf("a is %+v", b)
	}
	if own := f.Params[1].Type.(*wit.Own); own.Resource != r || own.Named != s {
		t.Errorf("b is %+v", own)
	}
	if f.Params[2].Type != wit.Type(o) {
		t.Errorf("c is %#v", f.Params[2].Type)
	}
	if s2.Resolve() != wit.Type(r) {
		t.Errorf("s2 is %#v", s2.Resolve())
	}
	if own, ok := o.Resolve().(*wit.Own); !ok || own.Resource != r {
		t.Errorf("o is %#v", o.Resolve())
	}
}

// Packages of several versions live side by side.
func TestVersionsSideBySide(t *testing.T) {
	set := mustParse(t, `package a:b;
interface i { use c:d/j@1.0.0.{r as r1}; use c:d/j@1.0.1-rc.1.{r as r2}; use c:d/j.{r as r3}; f: func(a: r1, b: r2, c: r3); }
package c:d@1.0.0 { interface j { resource r; } }
package c:d@1.0.1-rc.1 { interface j { resource r; } }
package c:d { interface j { resource r; } }`)
	want := "func(a:own<c:d/j@1.0.0#r>,b:own<c:d/j@1.0.1-rc.1#r>,c:own<c:d/j#r>)"
	if got := wit.Signature(set.Interface("a:b/i").Func("f")); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Packages follow those they use, whatever the order of the text.
func TestPackageOrder(t *testing.T) {
	for _, text := range []string{
		"package a:z; interface i { use m:m/i.{t}; } package m:m { interface i { use b:b/i.{t}; } } package b:b { interface i { type t = u8; } } package c:c {}",
		"package a:z; interface i { use m:m/i.{t}; } package c:c {} package b:b { interface i { type t = u8; } } package m:m { interface i { use b:b/i.{t}; } }",
	} {
		set := mustParse(t, text)
		got := ""
		for _, p := range set.Packages {
			got += p.ID() + " "
		}
		if want := "b:b m:m a:z c:c "; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if set.Root != set.Package("a:z") {
			t.Errorf("root is %v", set.Root)
		}
	}
}

func TestProposalsAreNoted(t *testing.T) {
	set := mustParse(t, "package a:b; interface i {\n type t = list<u8, 4>; type u = list<u8, 5>;\n f: func(e: error-context); }\npackage c:d:e {}")
	uses := set.Root.Proposals
	want := []wit.ProposalUse{
		{Proposal: wit.FixedLengthLists, Pos: wit.Position{File: "test.wit", Line: 2, Column: 11}},
		{Proposal: wit.ErrorContexts, Pos: wit.Position{File: "test.wit", Line: 3, Column: 13}},
	}
	if len(uses) != 2 || uses[0] != want[0] || uses[1] != want[1] {
		t.Errorf("got %v, want %v", uses, want)
	}
	if p := set.Package("c:d:e").Proposals; len(p) != 1 || p[0].Proposal != wit.NestedPackages {
		t.Errorf("nested package has %v", p)
	}
	if p := mustParse(t, inInterface("type t = map<string, list<u8>>;")).Root.Proposals; len(p) != 0 {
		t.Errorf("released features are noted: %v", p)
	}
}
