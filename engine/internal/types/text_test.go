package types_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
)

var texts = []string{
	"bool", "s8", "u64", "f32", "char", "string", "error-context",
	"list<string>", "list<u8,4>", "option<list<u8>>", "map<string,list<u32>>", "tuple<u8>", "tuple<u8,string,bool>",
	"record{a:u8,b-c:list<string>}", "variant{a,b(string),c(tuple<u8,u8>)}", "enum{not-found,X}", "flags{r,w,x}",
	"result", "result<u8>", "result<_,string>", "result<u8,string>", "result<result,result<_,result>>",
	"own<wasi:http/types@0.3.0#request>", "borrow<r>", "stream", "stream<u8>", "future", "future<result<own<r>,enum{e}>>",
}

func TestTextRoundTrip(t *testing.T) {
	a := &types.Arena{}
	for _, text := range texts {
		v, err := a.ParseVal(text, resolver())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := v.String(); got != text {
			t.Errorf("%s is printed as %s", text, got)
		}
	}
	for _, text := range []string{
		"func()", "async func()", "func(a:u8)", "func()->string",
		"async func(request:own<wasi:http/types@0.3.0#request>)->result<own<r>,variant{a,b(option<string>)}>",
	} {
		f, err := a.ParseFunc(text, resolver())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.String(); got != text {
			t.Errorf("%s is printed as %s", text, got)
		}
	}
}

func TestTextErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "expected a name",
		"u9":                  `there is no type "u9"`,
		"list":                `expected "<"`,
		"list<":               "expected a name",
		"list<u8":             `expected ">"`,
		"list<u8,>":           "expected a name",
		"list<u8,4294967296>": "must be a number below 2^32",
		"list<u8,0>":          "at least one element",
		"list<u8> ":           "unexpected text",
		"list< u8>":           "expected a name",
		"record{}":            "expected a name",
		"record{a:u8,}":       "expected a name",
		"record{a}":           `expected ":"`,
		"tuple<>":             "expected a name",
		"map<u8>":             "a key and a value",
		"result<_>":           `expected ","`,
		"result<_,_>":         "expected a name",
		"own<>":               "expected the name of a resource",
		"own<r":               "expected the name of a resource",
		"own<unknown>":        "no such resource",
		"stream<char>":        "is not valid",
		"stream<borrow<r>>":   "cannot contain a borrow",
		strings.Repeat("option<", 101) + "u8" + strings.Repeat(">", 101): "nested more than 100",
	} {
		_, err := new(types.Arena).ParseVal(text, func(name string) (*types.Resource, error) {
			if name == "unknown" {
				return nil, errors.New("no such resource")
			}
			return &types.Resource{Name: name}, nil
		})
		var e *types.ParseError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"u8":                `expected "func("`,
		"func":              `expected "func("`,
		"func(":             "expected a name",
		"func(u8)":          `expected ":"`,
		"func(a:u8":         `expected ","`,
		"func(a:u8,)":       "expected a name",
		"func(a:u8 )":       `expected ","`,
		"func()->":          "expected a name",
		"func()->u8x":       "there is no type",
		"async  func()":     `expected "func("`,
		"func()->borrow<r>": "cannot contain a borrow",
	} {
		_, err := new(types.Arena).ParseFunc(text, resolver())
		var e *types.ParseError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}

func TestUnknownResourceKeepsItsCause(t *testing.T) {
	cause := errors.New("gone")
	_, err := new(types.Arena).ParseVal("list<own<r>>", func(string) (*types.Resource, error) { return nil, cause })
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestLongTypesAreCutInMessages(t *testing.T) {
	a := &types.Arena{}
	v := val(t, a, "record{"+strings.Repeat("a", 90000)+":u8}")
	if n := len(v.Short()); n > 250 {
		t.Errorf("short form of %d bytes", n)
	}
	if n := len(v.String()); n > 65<<10 {
		t.Errorf("text of %d bytes", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, t := range texts {
		f.Add(t)
		f.Add("func(a:" + t + ")->" + t)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := &types.Arena{}
		if v, err := a.ParseVal(text, resolver()); err == nil && len(text) < 60_000 {
			again, err := a.ParseVal(v.String(), resolver())
			if err != nil || again.String() != v.String() {
				t.Errorf("%q is printed as %q, which reads as %v, %v", text, v, again, err)
			}
		}
		if fn, err := a.ParseFunc(text, resolver()); err == nil && len(text) < 60_000 {
			if _, err := a.ParseFunc(fn.String(), resolver()); err != nil {
				t.Errorf("%q is printed as %q, which fails: %v", text, fn, err)
			}
		}
	})
}
