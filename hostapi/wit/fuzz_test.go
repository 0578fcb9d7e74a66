package wit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// Whatever the text, parsing ends with a sound model or with faults that have a place in it.
func FuzzParse(f *testing.F) {
	for _, text := range roundTripTexts {
		f.Add(text)
	}
	for _, text := range []string{
		"", "package a:b;", "interface i {", "\ufeff", "package a:b; interface i { f: func(a: list<u8, 4>) -> result<_, u8>; }",
		"package a:b@1.0.0; @since(version = 1.0.0) world w { include v with { a as b } } world v { import a: func(); }",
		"package a:b; interface i { use j.{t}; } interface j { use i.{t}; }",
		"package a:b; interface i { type t = t; record r { r: r } }",
		"package a:b; world w { import a:b/i; import a: i; export i; } interface i { resource r { constructor(); r: static func(); } }",
		`package a:b; world w { @external-id("\u{41}\41\"") import f: func(); }`,
		"/** a\n * b\n */ package a:b; /// c\r\n/* /* */ */ interface i {} ////",
		"package a:b { } package c:d:e/f@1.0.0-a.b+c { use a:b/i; }",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := wit.Loader{Limits: wit.Limits{Items: 5000, TypeSize: 2000}}
		l.Add("fuzz.wit", text)
		set, err := l.Load()
		if err != nil {
			checkFaultPlaces(t, text, err)
			return
		}
		checkRoundTrip(t, set)
		for _, p := range set.Packages {
			for _, i := range p.Interfaces {
				for _, fn := range i.Funcs {
					if s := wit.Signature(fn); !strings.Contains(s, "func(") || strings.Contains(strings.TrimPrefix(s, "async "), " ") {
						t.Errorf("signature %q", s)
					}
				}
			}
		}
		if err := wit.Vet(set); err != nil {
			checkFaultPlaces(t, text, err)
		}
	})
}

// checkFaultPlaces checks that faults are typed, say something and lie within the text.
func checkFaultPlaces(t *testing.T, text string, err error) {
	var list wit.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("error is a %T: %v", err, err)
	}
	lines := strings.Split(text, "\n")
	for _, e := range list {
		if e.Msg == "" || e.Err == nil || e.Pos.File != "fuzz.wit" {
			t.Errorf("incomplete: %+v", e)
		}
		if e.Pos.IsValid() && (e.Pos.Line > len(lines) || e.Pos.Column < 1 || e.Pos.Column > len(lines[e.Pos.Line-1])+1) {
			t.Errorf("position %v lies outside of the text", e.Pos)
		}
	}
}
