package wit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// A fault is found where it is, said so that it can be mended, and of the right class.
func TestFaults(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		class error
		want  string // every line of the error, without the file
	}{
		// Characters and tokens.
		{"character", "package a:b; $", wit.ErrSyntax, `1:14: unexpected character '$'`},
		{"first character", "\n  ?", wit.ErrSyntax, `2:3: unexpected character '?'`},
		{"byte order mark", "\ufeffpackage a:b;", wit.ErrSyntax, `1:1: unexpected character '\ufeff'`},
		{"invalid UTF-8", "package a:b;\n// \xff", wit.ErrSyntax, `2:4: invalid UTF-8; WIT files are encoded as UTF-8`},
		{"control code", "package a:b; // \x07", wit.ErrSyntax, `1:17: character U+0007 is not allowed in WIT`},
		{"C1 control code", "package a:b; // \u0085", wit.ErrSyntax, `1:17: character U+0085 is not allowed in WIT`},
		{"reordering", "package a:b;\n// é \u202e", wit.ErrSyntax, `2:7: character U+202E is not allowed in WIT`},
		{"isolate", "// \u2066", wit.ErrSyntax, `1:4: character U+2066 is not allowed in WIT`},
		{"deprecated", "// \u0149", wit.ErrSyntax, `1:4: character U+0149 is not allowed in WIT`},
		{"discouraged", "// \u17b4", wit.ErrSyntax, `1:4: character U+17B4 is not allowed in WIT`},
		{"open comment", "package a:b;\n  /* /* */", wit.ErrSyntax, `2:3: comment is not closed; write */`},
		{"lone escape", "package a:b; interface % {}", wit.ErrSyntax, `1:25: expected an identifier after %`},
		{"open string", inWorld("@external-id(\"a\n\") import f: func();"), wit.ErrSyntax, `1:37: string is not closed on its line`},
		{"tab in string", inWorld("@external-id(\"a\tb\") import f: func();"), wit.ErrSyntax, `1:39: control code in a string; write it as an escape such as \t`},
		{"escape", inWorld(`@external-id("a\q") import f: func();`), wit.ErrSyntax,
			`1:39: unknown escape in a string; WIT has \t \n \r \" \' \\ \u{hex} and two hex digits`},
		{"surrogate", inWorld(`@external-id("\u{d800}") import f: func();`), wit.ErrSyntax,
			`1:38: unknown escape in a string; WIT has \t \n \r \" \' \\ \u{hex} and two hex digits`},
		{"string bytes", inWorld(`@external-id("\ff") import f: func();`), wit.ErrSyntax, `1:37: string is not valid UTF-8 once its escapes are decoded`},

		// Names.
		{"underscore", inInterface("foo_bar: func();"), wit.ErrSyntax, `1:28: function name foo_bar has an underscore; names are written in kebab-case, as in foo-bar`},
		{"camel case", inInterface("fooBar: func();"), wit.ErrSyntax, `1:28: function name fooBar mixes upper and lower case in one word; names are written in kebab-case`},
		{"hyphens", inInterface("foo--bar: func();"), wit.ErrSyntax, `1:28: function name foo--bar has a hyphen that joins nothing`},
		{"last hyphen", inInterface("foo-: func();"), wit.ErrSyntax, `1:28: function name foo- has a hyphen that joins nothing`},
		{"escaped hyphen", inInterface("%-a: func();"), wit.ErrSyntax, `1:28: function name -a must start with a letter`},
		{"long", inInterface(strings.Repeat("a", 257) + ": func();"), wit.ErrSyntax, `1:28: function name ` + strings.Repeat("a", 60) + `... is too long`},
		{"keyword as function", inInterface("map: func();"), wit.ErrSyntax, `1:28: expected function name, found keyword map; write %map to use it as a name`},
		{"keyword as type", inInterface("type option = u8;"), wit.ErrSyntax, `1:33: expected type name, found keyword option; write %option to use it as a name`},
		{"keyword as package", "package interface:b;", wit.ErrSyntax, `1:9: expected package name, found keyword interface; write %interface to use it as a name`},
		{"upper case package", "package A:b;", wit.ErrSyntax, `1:9: package name A must be in lower case: it names a package`},
		{"upper case namespace in path", inWorld("import B:c/d;"), wit.ErrSyntax, `1:31: package name B must be in lower case: it names a package`},
		{"version", "package a:b@1.0;", wit.ErrSyntax, `1:13: version 1.0 is not a semantic version such as 1.0.0`},
		{"version zero", "package a:b@01.0.0;", wit.ErrSyntax, `1:13: version 01.0.0 is not a semantic version such as 1.0.0`},
		{"no version", "package a:b@;", wit.ErrSyntax, `1:13: expected version, found ";"`},

		// Structure.
		{"no package", "interface i {}", wit.ErrInvalid, `no package is declared; start one of the files with a line such as: package example:name;`},
		{"nothing", "", wit.ErrInvalid, `no package is declared; start one of the files with a line such as: package example:name;`},
		{"items beside nested packages", "interface i {} package a:b {}", wit.ErrInvalid,
			`no package is declared; start one of the files with a line such as: package example:name;`},
		{"late package", "interface i {} package a:b;", wit.ErrSyntax,
			`1:24: the declaration of a file's package must come first; write package a:b { } for a further package`},
		{"package in package", "package a:b { package c:d {} }", wit.ErrSyntax, `1:15: a nested package cannot hold another; move it to the top of the file`},
		{"top item", "package a:b; type t = u8;", wit.ErrSyntax, `1:14: expected interface, world, use or package, found keyword type`},
		{"interface item", inInterface("import j;"), wit.ErrSyntax, `1:28: expected use, a type definition, a function or "}", found keyword import`},
		{"world item", inWorld("f: func();"), wit.ErrSyntax, `1:24: expected import, export, include, use, a type definition or "}", found identifier f`},
		{"missing semicolon", inInterface("f: func() g: func();"), wit.ErrSyntax, `1:38: expected ";", found identifier g`},
		{"missing brace", "package a:b;\ninterface i {\n  f: func();\n", wit.ErrSyntax, `4:1: expected "}", found end of file`},
		{"surplus brace", "package a:b; interface i {} }", wit.ErrSyntax, `1:29: expected interface, world, use or package, found "}"`},
		{"import of a package", inWorld("import c:d;"), wit.ErrSyntax, `1:34: expected "/" and the name of an interface, found ";"`},
		{"import of nothing", inWorld("import c: ;"), wit.ErrSyntax, `1:34: expected func, interface or the name of an interface, found ";"`},
		{"empty use", inInterface("use j.{};"), wit.ErrSyntax, `1:35: expected the name of a type, found "}"`},
		{"use without names", inInterface("use j;"), wit.ErrSyntax, `1:33: expected ".", found ";"`},
		{"old results", inInterface("f: func() -> (a: u8);"), wit.ErrSyntax, `1:41: a function has one result; use a tuple or a record for several`},
		{"async constructor", inInterface("resource r { async constructor(); }"), wit.ErrSyntax, `1:41: expected function name, found keyword async; write %async to use it as a name`},
		{"static after async", inInterface("resource r { f: async static func(); }"), wit.ErrSyntax, `1:50: expected func, found keyword static`},
		{"static in interface", inInterface("f: static func();"), wit.ErrSyntax, `1:31: expected func, found keyword static`},

		// Types.
		{"type", inInterface("type t = ;"), wit.ErrSyntax, `1:37: expected type, found ";"`},
		{"type keyword", inInterface("type t = interface;"), wit.ErrSyntax, `1:37: expected type, found keyword interface`},
		{"underscore type", inInterface("type t = result<u8, _>;"), wit.ErrSyntax, `1:48: expected type, found keyword _`},
		{"bare list", inInterface("type t = list;"), wit.ErrSyntax, `1:41: expected "<", found ";"`},
		{"list length", inInterface("type t = list<u8, 0>;"), wit.ErrSyntax, `1:46: expected the length of the list, from 1 to 4294967295, found integer 0`},
		{"list length zeros", inInterface("type t = list<u8, 08>;"), wit.ErrSyntax, `1:46: expected the length of the list, from 1 to 4294967295, found integer 08`},
		{"list length too large", inInterface("type t = list<u8, 4294967296>;"), wit.ErrSyntax, `1:46: expected the length of the list, from 1 to 4294967295, found integer 4294967296`},
		{"map key", inInterface("type t = map<f32, u8>;"), wit.ErrSyntax, `1:41: expected the type of a map's keys, an integer type, bool, char or string, found keyword f32`},
		{"named map key", inInterface("type k = u8; type t = map<k, u8>;"), wit.ErrSyntax, `1:54: expected the type of a map's keys, an integer type, bool, char or string, found identifier k`},
		{"map key without end", "package a:b; interface i { type t = map<\"", wit.ErrSyntax, `1:41: string is not closed on its line`},
		{"keyless map", inInterface("type t = map;"), wit.ErrSyntax, `1:40: expected "<", found ";"`},
		{"empty record", inInterface("record r {}"), wit.ErrInvalid, `1:38: record r is empty; it needs at least one member`},
		{"empty variant", inInterface("variant v {}"), wit.ErrInvalid, `1:39: variant v is empty; it needs at least one member`},
		{"empty enum", inInterface("enum e {}"), wit.ErrInvalid, `1:36: enum e is empty; it needs at least one member`},
		{"empty flags", inInterface("flags f {}"), wit.ErrInvalid, `1:37: flags f is empty; it needs at least one member`},
		{"empty tuple", inInterface("type t = tuple<>;"), wit.ErrInvalid, `1:43: tuple is empty; it needs at least one type`},
		{"many flags", inInterface("flags f { " + labels(33) + " }"), wit.ErrInvalid, `1:166: flags f has 33 members; 32 is the most`},
		{"stream of char", inInterface("type c = char; type t = stream<c>;"), wit.ErrInvalid, `1:52: stream<char> is not allowed; use a stream<u8> of an agreed encoding`},
		{"stream of borrow", inInterface("resource r; type t = stream<option<borrow<r>>>;"), wit.ErrInvalid, `1:49: a stream or future cannot carry a borrow`},
		{"future of borrow", inInterface("resource r; record q { a: borrow<r> } type t = future<q>;"), wit.ErrInvalid, `1:75: a stream or future cannot carry a borrow`},
		{"borrow in result", inInterface("resource r; record q { a: borrow<r> } f: func() -> q;"), wit.ErrInvalid,
			`1:66: the result of function f contains a borrow; results carry owned handles only`},
		{"borrow in result of import", inWorld("resource r; import f: func() -> borrow<r>;"), wit.ErrInvalid,
			`1:43: the result of function f contains a borrow; results carry owned handles only`},
		{"borrow in result of method", inWorld("resource r { m: func() -> borrow<r>; }"), wit.ErrInvalid,
			`1:37: the result of function [method]r.m contains a borrow; results carry owned handles only`},
		{"borrow of a record", inInterface("record r { a: u8 } f: func(a: borrow<r>);"), wit.ErrInvalid, `1:65: type r is not a resource`},
		{"borrow of a handle", inInterface("resource r; type o = own<r>; f: func(a: borrow<o>);"), wit.ErrInvalid, `1:75: type o is not a resource`},
		{"constructor result", inInterface("resource r { constructor() -> u8; }"), wit.ErrInvalid,
			`1:58: a constructor returns result<r> or result<r, ...>, or leaves its result out`},
		{"constructor of another", inInterface("resource q; resource r { constructor() -> result<q>; }"), wit.ErrInvalid,
			`1:70: a constructor returns result<r> or result<r, ...>, or leaves its result out`},

		// Attributes.
		{"unknown attribute", inInterface("@foo f: func();"), wit.ErrSyntax, `1:29: unknown attribute @foo; WIT has @since, @unstable, @deprecated and @external-id`},
		{"gate field", inInterface("@since(feature = x) f: func();"), wit.ErrSyntax, `1:35: expected version, found identifier feature`},
		{"gate twice", "package a:b@1.0.0; @since(version = 1.0.0) @since(version = 1.0.0) interface i {}", wit.ErrInvalid, `1:44: attribute @since is given twice`},
		{"external id twice", inInterface(`@external-id("a") @external-id("a") f: func();`), wit.ErrInvalid, `1:46: attribute @external-id is given twice`},
		{"since and unstable", "package a:b@1.0.0; @since(version = 1.0.0) @unstable(feature = x) interface i {}", wit.ErrInvalid, `1:44: an item has either @since or @unstable, not both`},
		{"deprecated alone", "package a:b@1.0.0; @deprecated(version = 1.0.0) interface i {}", wit.ErrInvalid, `1:20: @deprecated must go with @since or @unstable`},
		{"later version", "package a:b@1.0.0; @since(version = 1.0.1) interface i {}", wit.ErrInvalid, `1:37: version 1.0.1 is later than that of package a:b@1.0.0`},
		{"gate without version", inInterface("@since(version = 1.0.0) f: func();"), wit.ErrInvalid, `1:45: a gate gives a version, but package a:b has none`},
		{"gate on use", "package a:b; @unstable(feature = x) use c:d/e;", wit.ErrSyntax, `1:14: a use statement at the top of a file takes no attributes`},
		{"external id on interface", `package a:b; @external-id("x") interface i {}`, wit.ErrSyntax, `1:14: this item takes no @external-id`},
		{"external id on use", inInterface(`@external-id("x") use j.{t};`), wit.ErrSyntax, `1:28: this item takes no @external-id`},
		{"external id on include", inWorld(`@external-id("x") include v;`), wit.ErrSyntax, `1:24: this item takes no @external-id`},
		{"gate on package", "@since(version = 1.0.0) package a:b@1.0.0;", wit.ErrSyntax, `1:25: expected interface, world, use or package, found keyword package`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkFault(t, test.text, test.class, test.want) })
	}
}

// labels renders n distinct labels of three bytes.
func labels(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("l%02d", i))
	}
	return strings.Join(list, ",")
}

// checkFault parses text and compares its faults.
func checkFault(t *testing.T, text string, class error, want string) {
	t.Helper()
	_, err := wit.Parse("f.wit", text)
	if err == nil {
		t.Fatalf("parses: %s", text)
	}
	if !errors.Is(err, class) {
		t.Errorf("class of %v is not %v", err, class)
	}
	var list wit.ErrorList
	if !errors.As(err, &list) {
		t.Fatalf("error is a %T", err)
	}
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		rest, ok := strings.CutPrefix(l, "f.wit:")
		if !ok {
			t.Errorf("error has no file: %s", l)
		}
		lines[i] = strings.TrimPrefix(rest, " ")
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestManyFaultsInOneReport(t *testing.T) {
	text := `package a:b;
interface i {
  f: func(;
  record r { a: u8; }
  g: func() -> u8;
  use j.{};
  resource q {
    m: fun();
    n: func();
    s: static func() -> (a: u8);
  }
}
world w {
  import x;;
  import y: func();
}
interface j { $
`
	want := `3:11: expected parameter name, found ";"
4:19: expected "," or "}", found ";"
6:10: expected the name of a type, found "}"
8:8: expected func, found identifier fun
10:25: a function has one result; use a tuple or a record for several
14:12: expected import, export, include, use, a type definition or "}", found ";"
17:15: unexpected character '$'`
	checkFault(t, text, wit.ErrSyntax, want)
}

func TestReportIsBounded(t *testing.T) {
	_, err := wit.Parse("f.wit", "package a:b; interface i {"+strings.Repeat("f: x;", 1000)+"}")
	var list wit.ErrorList
	if !errors.As(err, &list) || len(list) != 100 {
		t.Errorf("%d faults, want 100", len(list))
	}
}

func TestErrorTypes(t *testing.T) {
	_, err := wit.Parse("f.wit", inInterface("f: func(a: u9);"))
	var fault *wit.Error
	if !errors.As(err, &fault) {
		t.Fatalf("no *wit.Error in %v", err)
	}
	if want := (wit.Position{File: "f.wit", Line: 1, Column: 39}); fault.Pos != want {
		t.Errorf("position %v, want %v", fault.Pos, want)
	}
	if !errors.Is(err, wit.ErrUndefined) || errors.Is(err, wit.ErrSyntax) {
		t.Errorf("wrong class: %v", err)
	}
}

func TestPositionString(t *testing.T) {
	for _, test := range []struct {
		pos  wit.Position
		want string
	}{
		{wit.Position{File: "a.wit", Line: 2, Column: 3}, "a.wit:2:3"},
		{wit.Position{File: "a.wit"}, "a.wit"},
		{wit.Position{Line: 2, Column: 3}, "2:3"},
		{wit.Position{}, ""},
	} {
		if got := test.pos.String(); got != test.want {
			t.Errorf("%#v is %q, want %q", test.pos, got, test.want)
		}
	}
}
