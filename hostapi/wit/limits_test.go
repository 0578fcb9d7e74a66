package wit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// repeat renders n items; the format gets the number of each and that of the one before.
func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1, i)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	tests := []struct {
		name   string
		limits wit.Limits
		texts  []string
		want   string // the first fault; "" if the text is within the limit
	}{
		{"file size", wit.Limits{FileSize: 12}, []string{"package a:b;"}, ""},
		{"file size exceeded", wit.Limits{FileSize: 11}, []string{"package a:b;"}, "0.wit: file is larger than 11 bytes"},
		{"total size", wit.Limits{TotalSize: 24}, []string{"package a:b;", "package a:c;"}, ""},
		{"total size exceeded", wit.Limits{TotalSize: 23}, []string{"package a:b;", "package a:c;"}, "1.wit: all files together are larger than 23 bytes"},
		{"files", wit.Limits{Files: 2}, []string{"package a:b;", "package a:c;"}, ""},
		{"files exceeded", wit.Limits{Files: 1}, []string{"package a:b;", "package a:c;"}, "1.wit: there are more than 1 files"},
		{"items", wit.Limits{Items: 10}, []string{inInterface("type t = u8;")}, ""},
		{"items exceeded", wit.Limits{Items: 10}, []string{inInterface("record r { " + labels(10) + " }")}, "0.wit:1:42: expected \":\", found \",\""},
		{"labels exceeded", wit.Limits{Items: 10}, []string{inInterface("enum e { " + labels(10) + " }")}, "0.wit:1:53: more than 10 items in all files together"},
		{"items of several files", wit.Limits{Items: 10}, []string{inInterface("type t = u8;"), inInterface("f: func(a: u8);")}, "1.wit:1:24: more than 10 items in all files together"},
		{"type depth", wit.Limits{TypeDepth: 3}, []string{inInterface("type t = list<list<u8>>;")}, ""},
		{"type depth exceeded", wit.Limits{TypeDepth: 3}, []string{inInterface("type t = list<list<list<u8>>>;")}, "0.wit:1:52: type nests deeper than 3 levels"},
		{"expanded depth", wit.Limits{TypeDepth: 3}, []string{inInterface("type t1 = list<u8>; type t2 = list<t1>; type t3 = t2; f: func(a: list<t3>);")}, ""},
		{"expanded depth exceeded", wit.Limits{TypeDepth: 3}, []string{inInterface("type t1 = list<u8>; type t2 = list<t1>; type t3 = t2; f: func(a: list<list<t3>>);")},
			"0.wit:1:82: function f nests deeper than 3 levels once its named types are expanded"},
		{"type size", wit.Limits{TypeSize: 8}, []string{inInterface("record a { x: u8, y: u8 } record b { x: a, y: a }")}, ""},
		{"type size exceeded", wit.Limits{TypeSize: 6}, []string{inInterface("record a { x: u8, y: u8 } record b { x: a, y: a }")},
			"0.wit:1:61: type b has more than 6 parts once its named types are expanded"},
		{"function size exceeded", wit.Limits{TypeSize: 6}, []string{inInterface("record a { x: u8, y: u8 } f: func(a: a) -> a;")},
			"0.wit:1:54: function f has more than 6 parts once its named types are expanded"},
		{"world items", wit.Limits{Items: 90}, []string{"package a:b; interface i {} " + repeat(10, "world w%[1]d { include v; } ") + "world v { import i; import f: func(); }"}, ""},
		{"world items exceeded", wit.Limits{Items: 70}, []string{"package a:b; interface i {} " + repeat(10, "world w%[1]d { include v; } ") + "world v { import i; import f: func(); }"},
			"0.wit:1:280: more than 70 items in all packages together"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := wit.Loader{Limits: test.limits}
			for i, text := range test.texts {
				l.Add(fmt.Sprintf("%d.wit", i), text)
			}
			_, err := l.Load()
			got := ""
			if err != nil {
				got, _, _ = strings.Cut(err.Error(), "\n")
			}
			if got != test.want {
				t.Errorf("\ngot  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestFileSizeBoundsReading(t *testing.T) {
	l := wit.Loader{Limits: wit.Limits{FileSize: 20}}
	l.AddFS(files("big.wit", "package a:b; // "+strings.Repeat("x", 100)), "big.wit")
	if _, err := l.Load(); !errors.Is(err, wit.ErrLimit) || err.Error() != "big.wit: file is larger than 20 bytes" {
		t.Errorf("got %v", err)
	}
}

// Small texts that stand for something huge, or that make careless code recurse or loop without end.
func TestHostileTexts(t *testing.T) {
	const many = 10000
	nested := func(open, close string, n int) string {
		return inInterface("type t = " + strings.Repeat(open, n) + "u8" + strings.Repeat(close, n) + ";")
	}
	tests := []struct {
		name  string
		text  string
		class error // nil if the text is fine
	}{
		{"deep list", nested("list<", ">", 100000), wit.ErrLimit},
		{"deep list without end", nested("list<", "", 100000), wit.ErrLimit},
		{"deep result", nested("result<_, ", ">", 100000), wit.ErrLimit},
		{"deep comment", "package a:b; " + strings.Repeat("/*", 100000) + strings.Repeat("*/", 100000), nil},
		{"open comments", "package a:b; " + strings.Repeat("/*", 200000), wit.ErrSyntax},
		{"braces", "package a:b; " + strings.Repeat("{", 200000), wit.ErrSyntax},
		{"closing braces", "package a:b; " + strings.Repeat("}", 200000), wit.ErrSyntax},
		{"attributes", "package a:b; " + strings.Repeat("@", 200000), wit.ErrSyntax},
		{"namespaces", "package " + strings.Repeat("a:", 200000) + "b;", wit.ErrLimit},
		{"package path", "package a:b; use a:" + strings.Repeat("a/", 200000) + "b;", wit.ErrLimit},
		{"long name", "package a:b; interface " + strings.Repeat("a", 500000) + " {}", wit.ErrSyntax},
		{"long version", "package a:b@1.0.0-" + strings.Repeat("a", 500000) + ";", wit.ErrSyntax},
		{"exponential records", inInterface("record r0 { a: u8 } " + repeat(60, "record r%[1]d { a: r%[2]d, b: r%[2]d } ")), wit.ErrLimit},
		{"exponential tuples", inInterface("type t0 = u8; " + repeat(60, "type t%[1]d = tuple<t%[2]d, t%[2]d>; ") + "f: func(a: t60);"), wit.ErrLimit},
		{"chain of records", inInterface("record r0 { a: u8 } " + repeat(many, "record r%[1]d { a: r%[2]d } ")), wit.ErrLimit},
		{"chain of aliases", inInterface("type t0 = u8; " + repeat(many, "type t%[1]d = t%[2]d; ")), nil},
		{"chain of aliases backwards", inInterface(repeat(many, "type t%[2]d = t%[1]d; ") + fmt.Sprintf("type t%d = u8;", many)), nil},
		{"chain of resource aliases", inInterface(repeat(many, "type t%[2]d = t%[1]d; ") + fmt.Sprintf("resource t%d; f: func(a: borrow<t0>);", many)), nil},
		{"ring of aliases", inInterface(repeat(many, "type t%[2]d = t%[1]d; ") + fmt.Sprintf("type t%d = t0; f: func(a: t0);", many)), wit.ErrCycle},
		{"chain of uses", "package a:b; interface i0 { type t = u8; } " + repeat(many, "interface i%[1]d { use i%[2]d.{t}; } ") + fmt.Sprintf("world w { import i%d; }", many), nil},
		{"chain of uses backwards", "package a:b; " + repeat(many, "interface i%[2]d { use i%[1]d.{t}; } ") + fmt.Sprintf("interface i%d { type t = u8; }", many), nil},
		{"ring of uses", "package a:b; " + repeat(many, "interface i%[2]d { use i%[1]d.{t}; } ") + fmt.Sprintf("interface i%d { use i0.{t}; }", many), wit.ErrCycle},
		{"chain of packages", "package p:p0 { interface i { type t = u8; } } " + repeat(many/2, "package p:p%[1]d { interface i { use p:p%[2]d/i.{t}; } } "), nil},
		{"chain of includes", "package a:b; world w0 { import f: func(); } " + repeat(many, "world w%[1]d { include w%[2]d; } "), nil},
		{"worlds that double", "package a:b; world w0 { import f: func(); } " +
			repeat(60, "world w%[1]d { include w%[2]d; include w%[2]d with { f as g } } "), wit.ErrDuplicate},
		{"many worlds of many imports", "package a:b; world w0 { " + repeat(2000, "import g%[1]d: func();") + " } " + repeat(2000, "world w%[1]d { include w%[2]d; } "), wit.ErrLimit},
		{"many worlds of many implied imports", "package a:b; interface i0 { type t = u8; } " + repeat(2000, "interface i%[1]d { use i%[2]d.{t}; } ") +
			repeat(2000, "world w%[1]d { import i2000; }"), wit.ErrLimit},
		{"many faults", inInterface(repeat(many, "g%[1]d: func(a: x%[2]d); ")), wit.ErrUndefined},
		{"many faults among many types", inInterface(repeat(many, "type t%[1]d = u8; g%[1]d: func(a: x); ")), wit.ErrUndefined},
		{"many unknown packages", "package a:b; " + repeat(many, "package c:d%[1]d { interface i { use c:x%[2]d/i.{t}; } } "), wit.ErrUndefined},
		{"many unknown interfaces", "package a:b; " + repeat(many, "interface i%[1]d { use x%[2]d.{t}; } "), wit.ErrUndefined},
		{"many rings of uses", "package a:b; " + repeat(many, "interface i%[2]d { use i%[1]d.{t}; use i0.{u}; } "), wit.ErrCycle},
		{"many rings of types", inInterface(repeat(many, "record r%[2]d { a: r%[1]d, b: r0 } ") + fmt.Sprintf("type r%d = u8;", many)), wit.ErrCycle},
		{"many rings of worlds", "package a:b; " + repeat(many, "world w%[2]d { include w%[1]d; include w0; } "), wit.ErrCycle},
		{"many copies of a package", "package a:b; package c:d { interface i { " + repeat(many, "g%[1]d: func(); ") + "} } " + strings.Repeat("package c:d {} ", many), wit.ErrDuplicate},
		{"many items", inInterface(repeat(40000, "g%[1]d: func(a: u8, b: u8, c: u8); ")), wit.ErrLimit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := wit.Loader{Limits: wit.Limits{FileSize: 8 << 20}}
			l.Add("f.wit", test.text)
			set, err := l.Load()
			if !errors.Is(err, test.class) {
				t.Fatalf("class of %.300v is not %v", err, test.class)
			}
			if err == nil && set.String() == "" {
				t.Error("nothing to render")
			}
		})
	}
}
