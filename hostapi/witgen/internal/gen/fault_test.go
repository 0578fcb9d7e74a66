package gen

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// one makes the text of a package with one interface.
func one(body string) string { return "package a:b@1.0.0;\ninterface i {\n" + body + "\n}" }

func generate(t testing.TB, text string, o Options) ([]File, error) {
	t.Helper()
	set, err := wit.Parse("x.wit", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if o.Package == "" {
		o.Package = set.Root.ID()
	}
	return Generate(set, o)
}

// What has no Go form is refused with a position and a way out.
func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name, text string
		options    Options
		class      error
		want       []string
	}{
		{"error-context", one("f: func(e: error-context);"), Options{}, ErrUnsupported, []string{"x.wit:3:9: ", "error-context is not supported"}},
		{"fixed list", one("f: func(e: list<u8, 4>);"), Options{}, ErrUnsupported, []string{"x.wit:3:9: ", "write list or tuple"}},
		{"long tuple", one("record r { x: tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8> }"), Options{}, ErrUnsupported, []string{"x.wit:3:12: ", "write a record"}},
		{"both ways", one("record r { s: stream<u8> }\nf: func(r: r) -> r;"), Options{}, ErrUnsupported, []string{"x.wit:4:1: ", "a:b/i@1.0.0#r has streams or futures", "define one type for each"}},
		{"alias both ways", one("type s = stream<u8>;\nf: func(s: s) -> s;"), Options{}, ErrUnsupported, []string{"cannot both come from guests and go to them"}},
		{"exported resource", one("resource r;"), Options{Exports: []string{"i"}}, ErrUnsupported, []string{"x.wit:3:10: resource r: ", "guests implement"}},
		{"words that join", one("a-b: func();\na-1: func();\nab: func();\na1: func();"), Options{}, ErrName, []string{"x.wit:6:1: a1 is A1 in Go, as is a-1 (x.wit:4:1)", `"@go Name"`}},
		{"types of two interfaces", one("record r { x: u8 }") + "interface j { enum r { x } }", Options{}, ErrName, []string{"type r is R in Go, as is type r (x.wit:3:8)"}},
		{"type and interface", one("f: func();\nrecord i { x: u8 }"), Options{}, ErrName, []string{"type i is I in Go, as is interface i"}},
		{"case and type", one("enum a { b }\nrecord a-b { x: u8 }"), Options{}, ErrName, []string{"type a-b is AB in Go, as is case b of a"}},
		{"variant case", one("variant v { a-1(u8), a1(u8) }"), Options{}, ErrName, []string{"case a1 of v is VA1 in Go"}},
		{"constructor and function", one("resource r { constructor(); }\nnew-r: func();"), Options{}, ErrName, []string{"new-r is NewR in Go, as is [constructor]r"}},
		{"method drop", one("resource r { drop: func(); }"), Options{}, ErrName, []string{"[method]r.drop is Drop in Go, as is the method of abi.Dropper"}},
		{"field error", one("record r { error: u8 }\nf: func() -> result<_, r>;"), Options{}, ErrName, []string{"field error is Error in Go, as is the method of errors"}},
		{"parameters", one("f: func(a-1: u8, a1: u8);"), Options{}, ErrName, []string{"parameter a1 is a1 in Go, as is parameter a-1"}},
		{"file", "package a:b@1.0.0;\ninterface abi { f: func(); }", Options{}, ErrName, []string{"interface abi would go to the file abi_gen.go"}},
		{"unknown instruction", one("/// Text.\n/// @blockng\nf: func();"), Options{}, ErrOption, []string{"x.wit:5:1: ", `unknown instruction "@blockng"`}},
		{"no name", one("/// @go name\nf: func();"), Options{}, ErrOption, []string{`unknown instruction "@go name"`}},
		{"blocking async", one("/// @blocking\nf: async func();"), Options{}, ErrOption, []string{"remove @blocking"}},
		{"inline sync", one("/// @inline\nf: func();"), Options{}, ErrOption, []string{"remove @inline"}},
		{"blocking type", one("/// @blocking\nrecord r { x: u8 }"), Options{}, ErrOption, []string{"are for functions"}},
		{"other package", "package a:c@1.0.0 { interface j { record r { x: u8 } } }\n" + one("use a:c/j@1.0.0.{r};\nf: func(r: r);"), Options{Package: "a:b@1.0.0"}, ErrOption, []string{"a:c/j@1.0.0#r is of another WIT package", "-use a:c@1.0.0=IMPORT-PATH"}},
		{"no such package", one(""), Options{Package: "a:c"}, ErrOption, []string{`no package "a:c"; it has a:b@1.0.0`}},
		{"no such interface", one(""), Options{Interfaces: []string{"j"}}, ErrOption, []string{`a:b@1.0.0 has no interface "j"`}},
		{"no such export", one(""), Options{Exports: []string{"j"}}, ErrOption, []string{`has no interface "j"`}},
		{"package name", one(""), Options{GoPackage: "P-2"}, ErrOption, []string{`"P-2" is no name for a Go package`}},
		{"empty use", one(""), Options{Use: map[string]string{"a:c": ""}}, ErrOption, []string{"-use a:c= names no Go package"}},
		{"foreign with streams", "package a:c@1.0.0 { interface j { record r { x: stream<u8> } } }\n" + one("use a:c/j@1.0.0.{r};\nf: func(r: r);"), Options{Package: "a:b@1.0.0", Use: map[string]string{"a:c@1.0.0": "x/c"}}, ErrUnsupported, []string{"is defined in another Go package"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := test.text
			if strings.HasPrefix(text, "package a:c") { // nested packages only
				i := strings.LastIndex(text, "package a:b@1.0.0;")
				text = text[:i] + "package a:b@1.0.0 {" + text[i+len("package a:b@1.0.0;"):] + "}"
			}
			_, err := generate(t, text, test.options)
			if !errors.Is(err, test.class) {
				t.Fatalf("got %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\ndoes not say %q", err, want)
				}
			}
		})
	}
}

// All faults are reported together.
func TestFaultsTogether(t *testing.T) {
	_, err := generate(t, one("f: func(e: error-context);\ng: func(e: list<u8, 4>);\nh: func(e: error-context);"), Options{})
	var list wit.ErrorList
	if !errors.As(err, &list) || len(list) != 3 {
		t.Errorf("got %v", err)
	}
}
