package wit_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// dump renders every field of a set but positions, so that models can be compared. Pointers that lead to something
// another part of the model owns are rendered as ids.
func dump(set *wit.Set) string {
	var b strings.Builder
	for _, p := range set.Packages {
		dumpStruct(&b, reflect.ValueOf(p).Elem(), 0)
	}
	if set.Root != nil {
		b.WriteString("root " + set.Root.ID() + "\n")
	}
	return b.String()
}

// owned tells the fields whose pointers are expanded.
func owned(parent reflect.Type, field string) bool {
	switch parent.Name() + "." + field {
	case "Package.Interfaces", "Package.Worlds", "Interface.Types", "Interface.Funcs", "World.Types":
		return true
	}
	return false
}

func dumpStruct(b *strings.Builder, v reflect.Value, depth int) {
	indent := strings.Repeat(" ", depth)
	b.WriteString(indent + v.Type().Name() + "\n")
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Name != "Pos" {
			b.WriteString(indent + " " + field.Name + ":\n")
			dumpValue(b, v.Field(i), owned(v.Type(), field.Name), depth+2)
		}
	}
}

func dumpValue(b *strings.Builder, v reflect.Value, own bool, depth int) {
	indent := strings.Repeat(" ", depth)
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if id, ok := reference(v, own); ok {
		b.WriteString(indent + id + "\n")
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString(indent + "nil\n")
			return
		}
		dumpStruct(b, v.Elem(), depth)
	case reflect.Slice:
		for i := range v.Len() {
			dumpValue(b, v.Index(i), own, depth)
		}
	case reflect.Struct:
		dumpStruct(b, v, depth)
	default:
		fmt.Fprintf(b, "%s%#v\n", indent, v.Interface())
	}
}

// reference renders a pointer that is not expanded.
func reference(v reflect.Value, own bool) (string, bool) {
	if v.Kind() != reflect.Pointer || v.IsNil() || own {
		return "", false
	}
	switch p := v.Interface().(type) {
	case *wit.Package:
		return "package " + p.ID(), true
	case *wit.World:
		return "world " + p.ID(), true
	case *wit.Interface:
		if p.World != nil {
			return "inline interface " + p.ID() + " with " + inlineContents(p), true
		}
		return "interface " + p.ID(), true
	case *wit.TypeDef:
		return "type " + p.ID(), true
	case *wit.Func:
		return "func " + p.WireName() + " " + wit.Signature(p), true
	}
	return "", false
}

// inlineContents renders an interface that no package lists.
func inlineContents(i *wit.Interface) string {
	var parts []string
	for _, d := range i.Types {
		parts = append(parts, d.Name+" "+wit.TypeSignature(d)+" "+d.Docs)
	}
	for _, f := range i.Funcs {
		parts = append(parts, f.WireName()+" "+wit.Signature(f)+" "+f.Docs)
	}
	for _, u := range i.Uses {
		parts = append(parts, "use "+u.From.ID()+" "+u.Member+" "+u.Name)
	}
	return strings.Join(parts, "; ")
}

// checkRoundTrip renders a set, parses the text and compares the models and their texts.
func checkRoundTrip(t testing.TB, set *wit.Set) {
	t.Helper()
	text := set.String()
	again, err := wit.Parse("rendered.wit", text)
	if err != nil {
		t.Fatalf("rendered text does not parse: %v\n%s", err, text)
	}
	if got, want := dump(again), dump(set); got != want {
		t.Errorf("the model changed.\nText:\n%s\nBefore:\n%s\nAfter:\n%s", text, want, got)
	}
	if got := again.String(); got != text {
		t.Errorf("the text changed.\nBefore:\n%s\nAfter:\n%s", text, got)
	}
}

// A text with everything in it survives rendering.
func TestRoundTrip(t *testing.T) {
	for _, text := range roundTripTexts {
		set := mustParse(t, text)
		checkRoundTrip(t, set)
		if d := dump(set); !strings.Contains(d, "Package\n") {
			t.Errorf("the dump is empty: %s", d)
		}
	}
}

// The comparison itself must notice changes.
func TestDumpTellsModelsApart(t *testing.T) {
	base := "package a:b@1.0.0; interface i { /// Doc.\n @since(version = 1.0.0) f: func(a: u8); resource r { m: func(); } } world w { import i; }"
	want := dump(mustParse(t, base))
	for _, change := range [][2]string{
		{"Doc.", "Docs."}, {"(version = 1.0.0)", "(version = 0.9.0)"}, {"f: func", "g: func"}, {"a: u8", "b: u8"}, {"u8", "u16"},
		{"m: func()", "m: static func()"}, {"func(a", "async func(a"}, {"import i", "export i"}, {"import i", "import x: i"}, {"a:b", "a:c"},
	} {
		if changed := strings.Replace(base, change[0], change[1], 1); dump(mustParse(t, changed)) == want {
			t.Errorf("not noticed: %s for %s", change[1], change[0])
		}
	}
}

var roundTripTexts = []string{
	`/// Package docs.
///
///  Indented.
package %interface:%with-keyword@1.2.3-rc.1+build;

use other:pkg/types@0.1.0 as ot;

/** Block
  * docs. */
@since(version = 1.2.0)
interface %record {
  use ot.{%type, r as %resource};
  use other:pkg/types@0.1.0.{e};
  /// Documented use.
  @unstable(feature = %enum)
  use local.{alias};
  variant v { none, one(%type), many(list<map<string, %type>>), err(result<_, e>) }
  record rec { %list: list<u8, 4>, t: tuple<u8, option<v>>, res: %resource, ctx: error-context }
  flags %flags { %a, b, /// C.
    c }
  type s1 = stream; type s2 = stream<tuple<u8>>; type f1 = future; type f2 = future<s2>;
  type o = own<%resource>; type b = borrow<%resource>; type x = %resource;
  @external-id("weird \u{1f600} \"quoted\" \\ \n")
  resource res {
    @unstable(feature = zeta) @deprecated(version = 1.0.0)
    constructor(a: borrow<x>, b: x) -> result<res>;
    /// Method.
    %func: async func(%as: list<borrow<res>>) -> result<list<u8>, string>;
    make: static func() -> option<res>;
  }
  resource plain;
  f: func(cb: b, c: char, f: f32, g: f64, h: bool, i: s8, j: s16, k: s32, l: s64, m: u16, n: u32, o: u64) -> o;
}
interface local { resource target; type alias = target; }
world %world {
  use %record.{v as w-v};
  type t = w-v;
  resource wr { constructor(); m: func(t: t); }
  import %use: func(a: borrow<wr>) -> wr;
  /// Inline.
  import inline: interface {
    use local.{alias};
    /// Inside.
    f: func(a: alias);
    resource inner { g: func() -> inner; }
  }
  @external-id("ext") export named: local;
  export local;
  include base with { a as b, %c as %import }
  include other:pkg/w@0.1.0;
}
world base { import a: func(); export %c: func(); }

/// Nested docs.
package other:pkg@0.1.0 {
  interface types { type %type = u8; resource r; enum e { x, y } }
  world w { export z: func(); import types; }
}
package deep:er:est/a/b { interface i { use other:pkg/types@0.1.0.{r}; f: func() -> r; } }
`,
	`package a:b { interface i { type t = u8; } } package c:d { interface j { use a:b/i.{t, t as u}; f: func(a: t, b: u); } }`,
	`package a:b; interface i { type error-context = u8; f: func(a: error-context); }`,
	`package a:b; interface i {} world w { import i; export i; import x: i; export x: i; }`,
}
