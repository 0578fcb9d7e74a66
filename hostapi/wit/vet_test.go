package wit_test

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

func TestVet(t *testing.T) {
	tests := []struct {
		name string
		text string
		want string // "" if nothing is wrong
	}{
		{"no gates", "interface i { type t = u8; f: func(a: t); } world w { import i; }", ""},
		{"agreeing gates", `@since(version = 1.0.0) interface i {
  @since(version = 1.0.0) type t = u8;
  @since(version = 1.1.0) f: func(a: t);
  @unstable(feature = x) g: func(a: t);
  @since(version = 1.0.0) resource r { @since(version = 1.1.0) m: func(a: t); }
}
interface j { @since(version = 1.0.0) use i.{t}; @since(version = 1.2.0) record q { a: t } }
world w { @since(version = 1.0.0) import i; }`, ""},
		{"ungated inside gated", "@since(version = 1.0.0) interface i { f: func(); }",
			`f.wit:2:39: function f is not gated by @since(version = 1.0.0) or later, as interface i is`},
		{"earlier inside later", "@since(version = 1.1.0) interface i { @since(version = 1.0.0) f: func(); }",
			`f.wit:2:63: function f is gated by version 1.0.0, before 1.1.0, as interface i is`},
		{"stable inside unstable", "@unstable(feature = x) interface i { @since(version = 1.0.0) type t = u8; }",
			`f.wit:2:67: type t is not gated by @unstable(feature = x), as interface i is`},
		{"method", "interface i { @since(version = 1.0.0) resource r { m: func(); } }",
			`f.wit:2:52: function m is not gated by @since(version = 1.0.0) or later, as resource r is`},
		{"use of a gated type", "interface i { @since(version = 1.0.0) type t = u8; f: func(a: list<t>) -> option<t>; }",
			"f.wit:2:52: function f is not gated by @since(version = 1.0.0) or later, as type t is, which it uses"},
		{"field and case", "interface i { @since(version = 1.0.0) resource t; record q { a: borrow<t> } variant v { b(t) } type l = t; }",
			"f.wit:2:58: type q is not gated by @since(version = 1.0.0) or later, as type t is, which it uses\n" +
				"f.wit:2:85: type v is not gated by @since(version = 1.0.0) or later, as type t is, which it uses\n" +
				"f.wit:2:101: type l is not gated by @since(version = 1.0.0) or later, as type t is, which it uses"},
		{"another feature", "interface i { @unstable(feature = x) type t = u8; @unstable(feature = y) type u = t; }",
			`f.wit:2:79: type u is not gated by @unstable(feature = x), as type t is, which it uses`},
		{"use statement", "@unstable(feature = x) interface i { @unstable(feature = x) type t = u8; } interface j { use i.{t}; }",
			"f.wit:2:97: use of t is not gated by @unstable(feature = x), as interface i is, which it uses\n" +
				"f.wit:2:97: use of t is not gated by @unstable(feature = x), as type t is, which it uses"},
		{"world items", "@unstable(feature = x) interface i {} world w { import i; include v; } @since(version = 1.0.0) world v { import f: func(); import l: interface {} }",
			"f.wit:2:49: item a:b/i@1.2.0 is not gated by @unstable(feature = x), as interface i is, which it uses\n" +
				"f.wit:2:67: include of v is not gated by @since(version = 1.0.0) or later, as world v is, which it uses\n" +
				"f.wit:2:113: function f is not gated by @since(version = 1.0.0) or later, as world v is\n" +
				"f.wit:2:124: item l is not gated by @since(version = 1.0.0) or later, as world v is"},
		{"inside an inline interface", "world w { @unstable(feature = x) import l: interface { f: func(); } }",
			`f.wit:2:56: function f is not gated by @unstable(feature = x), as interface l is`},
		{"versions of other packages do not count", "interface j { use c:d/i@9.0.0.{t}; f: func(a: t); } package c:d@9.0.0 { @since(version = 9.0.0) interface i { @since(version = 9.0.0) type t = u8; } }", ""},
		{"features of other packages count", "interface j { use c:d/i.{t}; } package c:d { interface i { @unstable(feature = x) type t = u8; } }",
			`f.wit:2:26: use of t is not gated by @unstable(feature = x), as type t is, which it uses`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := wit.Parse("f.wit", "package a:b@1.2.0;\n"+test.text)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := wit.Vet(set); err != nil {
				got = err.Error()
				if !errors.Is(err, wit.ErrInvalid) {
					t.Errorf("class of %v", err)
				}
			}
			if got != test.want {
				t.Errorf("\ngot  %s\nwant %s", got, test.want)
			}
		})
	}
}
