package gen

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// Types of another version are used where they have the same form in Go, and only there.
func TestSame(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new string
		same     bool
	}{
		{"record", "record t { a: u8, b: string }", "record t { a: u8, b: string }", true},
		{"documented otherwise", "/// Old.\nrecord t { a: u8 }", "/// New.\nrecord t { /// New.\na: u8 }", true},
		{"type of a field", "record t { a: u8 }", "record t { a: u16 }", false},
		{"name of a field", "record t { a: u8 }", "record t { b: u8 }", false},
		{"one field more", "record t { a: u8 }", "record t { a: u8, b: u8 }", false},
		{"Go name of a field", "record t { a: u8 }", "record t { /// @go B\na: u8 }", false},
		{"Go name", "record t { a: u8 }", "/// @go Other\nrecord t { a: u8 }", false},
		{"variant", "variant t { a(list<u8>), b }", "variant t { a(list<u8>), b }", true},
		{"payload", "variant t { a(u8), b }", "variant t { a, b }", false},
		{"enum", "enum t { a, b }", "enum t { a, b }", true},
		{"case of an enum", "enum t { a, b }", "enum t { a, b, c }", false},
		{"flags", "flags t { a, b }", "flags t { a, b }", true},
		{"order of flags", "flags t { a, b }", "flags t { b, a }", false},
		{"enum and flags", "enum t { a, b }", "flags t { a, b }", false},
		{"alias", "type t = map<string, option<result<u8, tuple<char, s64>>>>;", "type t = map<string, option<result<u8, tuple<char, s64>>>>;", true},
		{"list of an alias", "type t = list<u8>;", "type t = list<s8>;", false},
		{"option and list", "type t = option<u8>;", "type t = list<u8>;", false},
		{"result without value", "type t = result<u8>;", "type t = result;", false},
		{"stream", "record t { s: stream<u8> }", "record t { s: stream<u8> }", false},
		{"what it is made of", "record u { a: u8 }\nrecord t { u: u }", "record u { a: u16 }\nrecord t { u: u }", false},
		{"other names inside", "record u { a: u8 }\nrecord t { u: u }", "record v { a: u8 }\nrecord t { u: v }", false},
		{"error", "record t { a: u8 }", "record t { a: u8 }\nf: func() -> result<_, t>;", false},
		{"resource", "resource t { constructor(); a: func(t: t) -> result<u8>; }", "resource t { a: func(t: t) -> result<u8>; s: static func(); }", true},
		{"method", "resource t { a: func(); }", "resource t { a: func(); b: func(); }", false},
		{"result of a method", "resource t { a: func() -> result<u8>; }", "resource t { a: func() -> u8; }", false},
		{"two resources", "resource t { u: func() -> u; }\nresource u { t: func() -> t; }", "resource t { u: func() -> u; }\nresource u { t: func() -> t; n: func(); }", false},
		{"handle in a record", "resource r;\nrecord t { r: r }", "resource r;\nrecord t { r: r }", true},
		{"borrowed handle", "resource r;\ntype t = borrow<r>;", "resource r;\ntype t = r;", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			const form = "package a:b@1.0.0 { interface i { %1 } }\npackage a:b@2.0.0 { interface i { %2\nu-t: func(a: borrow<r-t>); resource r-t { f: func(); } } }"
			set, err := wit.Parse("x.wit", strings.NewReplacer("%1", test.old, "%2", test.new).Replace(form))
			if err != nil {
				t.Fatal(err)
			}
			files, err := Generate(set, Options{Package: "a:b@2.0.0", Same: map[string]string{"a:b@1.0.0": "x/old"}})
			if err != nil {
				t.Fatal(err)
			}
			declared := false
			for _, f := range files {
				for _, name := range []string{"T", "Other"} {
					declared = declared || strings.Contains(string(f.Text), "\ntype "+name+" ")
				}
			}
			if declared == test.same {
				t.Errorf("declared again: %v", declared)
			}
		})
	}
}

// Types of two versions of another package agree if one Go package stands for both.
func TestSameByAnotherPackage(t *testing.T) {
	const text = `package a:b@1.0.0 { interface i { use c:d/e@1.0.0.{p, q}; record t { p: p } record u { q: q } f: func(t: t, u: u); } }
package a:b@2.0.0 { interface i { use c:d/e@2.0.0.{p, q as r}; record t { p: p } record u { q: r } f: func(t: t, u: u); } }
package c:d@1.0.0 { interface e { record p { a: u8 } record q { a: u8 } } }
package c:d@2.0.0 { interface e { record p { a: u8 } record q { a: u8 } } }
`
	set, err := wit.Parse("x.wit", text)
	if err != nil {
		t.Fatal(err)
	}
	for path, same := range map[string]bool{"x/one": true, "x/two": false} {
		files, err := Generate(set, Options{
			Package: "a:b@2.0.0", Same: map[string]string{"a:b@1.0.0": "x/old"}, Use: map[string]string{"c:d@1.0.0": "x/one", "c:d@2.0.0": path},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			for _, name := range []string{"T", "U"} {
				if declared := strings.Contains(string(f.Text), "\ntype "+name+" "); declared && same {
					t.Errorf("%s is declared again in %s", name, f.Name)
				} else if strings.HasPrefix(f.Name, "i_") && !declared && !same {
					t.Errorf("%s is that of the other version", name)
				}
			}
		}
	}
}

func TestSameFaults(t *testing.T) {
	for id, want := range map[string]string{
		"a:b@2.0.0": "-same a:b@2.0.0: the WIT has no such package; add its folder to -wit",
		"a:b@1.0.0": "-same a:b@1.0.0: write another version of the package",
	} {
		_, err := generate(t, one("f: func();"), Options{Same: map[string]string{id: "x"}})
		if !errors.Is(err, ErrOption) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v", err)
		}
	}
}
