package wit_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

func TestModel(t *testing.T) {
	set := mustParse(t, `/// The package.
package wasi:http@0.3.0;

/// The types.
@since(version = 0.3.0)
interface types {
  /// A method.
  variant method { get, /// Anything.
    other(string) }
  /// A size.
  record size {
    /// In bytes.
    bytes: u64,
  }
  /// Headers.
  @external-id("Headers")
  resource fields {
    constructor();
    /// Reads.
    @unstable(feature = reading) @deprecated(version = 0.3.0)
    get: async func(name: string) -> list<list<u8>>;
    from-list: static func(size: size);
  }
  @external-id("free")
  handle: func() -> size;
  enum on { /** Yes. */ yes }
  flags bits { /** Low. */ low }
}
/// The world.
@unstable(feature = proxies)
world proxy {
  /// Import.
  @since(version = 0.2.0)
  import types;
  /// Include.
  include other;
}
world other {}
`)
	pkg := set.Root
	if pkg.ID() != "wasi:http@0.3.0" || pkg.Namespace != "wasi" || pkg.Name != "http" || pkg.Version != "0.3.0" || pkg.Docs != "The package." {
		t.Errorf("package is %+v", pkg)
	}
	types := set.Interface("wasi:http/types@0.3.0")
	if types == nil || types.Name != "types" || types.Package != pkg || types.World != nil || types.Docs != "The types." || types.Stability.Since != "0.3.0" {
		t.Fatalf("interface is %+v", types)
	}
	if types.Pos != (wit.Position{File: "test.wit", Line: 6, Column: 11}) {
		t.Errorf("interface is at %v", types.Pos)
	}

	var wire []string
	for _, f := range types.Funcs {
		wire = append(wire, f.Kind.String()+" "+f.WireName())
	}
	if got, want := strings.Join(wire, ", "), "constructor [constructor]fields, method [method]fields.get, static [static]fields.from-list, free handle"; got != want {
		t.Errorf("functions are %s, want %s", got, want)
	}
	fields := types.Type("fields")
	get := types.Func("[method]fields.get")
	if get.Name != "get" || get.Resource != fields || get.Interface != types || get.World != nil || !get.Async || get.Docs != "Reads." ||
		get.Stability != (wit.Stability{Unstable: "reading", Deprecated: "0.3.0"}) {
		t.Errorf("get is %+v", get)
	}
	if len(get.Params) != 2 || get.Params[0].Name != "self" || get.Params[1].Name != "name" || get.Params[1].Type != wit.Type(wit.String) {
		t.Errorf("parameters are %+v", get.Params)
	}
	constructor := types.Func("[constructor]fields")
	if own, ok := constructor.Result.(*wit.Own); !ok || own.Resource != fields || constructor.Name != "fields" {
		t.Errorf("constructor is %+v", constructor)
	}
	if free := types.Func("handle"); free.Resource != nil || free.ExternalID != "free" || free.Result != wit.Type(types.Type("size")) {
		t.Errorf("handle is %+v", free)
	}

	res, ok := fields.Kind.(*wit.Resource)
	if !ok || len(res.Funcs) != 3 || res.Funcs[1] != get || fields.ExternalID != "Headers" || fields.Docs != "Headers." {
		t.Errorf("fields is %+v", fields)
	}
	if fields.ID() != "wasi:http/types@0.3.0#fields" || fields.Interface != types {
		t.Errorf("fields is %s", fields.ID())
	}
	method := types.Type("method").Kind.(*wit.Variant)
	if c := method.Cases; len(c) != 2 || c[0].Type != nil || c[1].Name != "other" || c[1].Docs != "Anything." || c[1].Type != wit.Type(wit.String) {
		t.Errorf("method is %+v", method)
	}
	if f := types.Type("size").Kind.(*wit.Record).Fields; len(f) != 1 || f[0].Docs != "In bytes." || f[0].Name != "bytes" || f[0].Pos.Line != 13 {
		t.Errorf("size is %+v", f)
	}
	if c := types.Type("on").Kind.(*wit.Enum).Cases; c[0].Docs != "Yes." || c[0].Name != "yes" {
		t.Errorf("on is %+v", c)
	}
	if f := types.Type("bits").Kind.(*wit.Flags).Flags; f[0].Docs != "Low." || f[0].Name != "low" {
		t.Errorf("bits is %+v", f)
	}

	proxy := set.World("wasi:http/proxy@0.3.0")
	if proxy.Docs != "The world." || proxy.Stability.Unstable != "proxies" || proxy.Package != pkg {
		t.Errorf("world is %+v", proxy)
	}
	if it := proxy.Items[0]; it.Docs != "Import." || it.Stability.Since != "0.2.0" || it.Interface != types {
		t.Errorf("import is %+v", it)
	}
	if inc := proxy.Includes[0]; inc.Docs != "Include." || inc.World != set.World("wasi:http/other@0.3.0") {
		t.Errorf("include is %+v", inc)
	}
}

func TestLookupsOfWhatIsNotThere(t *testing.T) {
	set := mustParse(t, inInterface("type t = u8;"))
	if set.Package("a:c") != nil || set.Interface("a:b/j") != nil || set.World("a:b/i") != nil {
		t.Error("the set finds what is not there")
	}
	if i := set.Root.Interfaces[0]; i.Type("u") != nil || i.Func("t") != nil {
		t.Error("the interface finds what is not there")
	}
}

func TestNamesOfUnknownKinds(t *testing.T) {
	if got := wit.Primitive(0).String() + " " + wit.Primitive(200).String() + " " + wit.FuncKind(9).String(); got != "invalid invalid unknown" {
		t.Errorf("got %s", got)
	}
}

func TestDocumentation(t *testing.T) {
	tests := []struct{ name, comment, want string }{
		{"none", "// plain", ""},
		{"line", "/// One.", "One."},
		{"lines", "/// One.\n///\n///   Two. \n", "One.\n\n  Two."},
		{"no space", "///One.", "One."},
		{"empty", "///", ""},
		{"apart", "/// One.\n\n// plain\n/* plain */\n/// Two.", "One.\nTwo."},
		{"ruler", "//////////\n/// One.\n/*********/", "One."},
		{"slash", "/// /// One.", "/// One."},
		{"block", "/** One. */", "One."},
		{"block without space", "/**One.*/", "One."},
		{"empty block", "/** */", ""},
		{"block of lines", "/** One.\n   Two.\n     Three.\n */", "One.\nTwo.\n  Three."},
		{"block with stars", "/**\n * One.\n *\n *   Two.\n */", "One.\n\n  Two."},
		{"star not on all lines", "/**\n * One.\n Two.\n */", "* One.\nTwo."},
		{"nested block", "/** One /* two */ three. */", "One /* two */ three."},
		{"carriage returns", "/// One.\r\n/// Two.\r\n", "One.\nTwo."},
		{"marker", "/// spin:blocking\n/// One.", "spin:blocking\nOne."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := mustParse(t, "package a:b@1.0.0;\n"+test.comment+"\n@since(version = 1.0.0)\ninterface i {}")
			if got := set.Root.Interfaces[0].Docs; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			again := mustParse(t, set.String())
			if got := again.Root.Interfaces[0].Docs; got != test.want {
				t.Errorf("after rendering %q, want %q", got, test.want)
			}
		})
	}
}

func TestDocumentationAroundAttributes(t *testing.T) {
	set := mustParse(t, "package a:b@1.0.0;\n/// One.\n@since(version = 1.0.0)\n/// Two.\n@deprecated(version = 1.0.0)\n/// Three.\ninterface i {}")
	if got, want := set.Root.Interfaces[0].Docs, "One.\nTwo.\nThree."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStringLiterals(t *testing.T) {
	tests := []struct{ literal, want string }{
		{`"a b"`, "a b"},
		{`"☃"`, "☃"},
		{`"\t\n\r\"\'\\"`, "\t\n\r\"'\\"},
		{`"\u{2603}\u{1_F600}"`, "☃😀"},
		{`"\41\7f\e2\98\83"`, "A\x7f☃"},
		{`"// no comment"`, "// no comment"},
	}
	for _, test := range tests {
		set := mustParse(t, inInterface("@external-id("+test.literal+") f: func();"))
		if got := set.Root.Interfaces[0].Funcs[0].ExternalID; got != test.want {
			t.Errorf("%s is %q, want %q", test.literal, got, test.want)
		}
		again := mustParse(t, set.String())
		if got := again.Root.Interfaces[0].Funcs[0].ExternalID; got != test.want {
			t.Errorf("after rendering %s is %q, want %q", test.literal, got, test.want)
		}
	}
}

func TestVersions(t *testing.T) {
	valid := []string{"0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-0.3.7", "1.0.0-x-y-z", "1.0.0+1", "1.0.0-a+b.c-d",
		"0.2.0-rc-2023-11-10", "0.3.0-rc-2026-03-15", "99999999999999999999.0.0"}
	for _, v := range valid {
		if got := mustParse(t, "package a:b@"+v+";").Root.Version; got != v {
			t.Errorf("%s became %s", v, got)
		}
	}
	for _, v := range []string{"1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.03", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+", "a.b.c", "1.2.x", "1.2.-3"} {
		if set, err := wit.Parse("f.wit", "package a:b@"+v+";"); err == nil {
			t.Errorf("%s is taken for %s", v, set.Root.Version)
		}
	}
}

// A gate's version must not be later than that of the package, by semver precedence.
func TestVersionOrder(t *testing.T) {
	ascending := []string{"0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
		"1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "10.0.0", "99999999999999999999.0.0"}
	for i, pkg := range ascending {
		for j, since := range ascending {
			_, err := wit.Parse("f.wit", "package a:b@"+pkg+"; @since(version = "+since+") interface i {}")
			if ok := err == nil; ok != (j <= i) {
				t.Errorf("since %s in %s: %v", since, pkg, err)
			}
		}
	}
	mustParse(t, "package a:b@1.0.0+x; @since(version = 1.0.0+y) interface i {}")
}
