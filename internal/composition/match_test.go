package composition_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/composition"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
)

// hostAPI is an interface of the host that every component made of names imports: it is what their exports are.
const hostAPI = "wasi:cli/environment@0.2.6"

// named encodes a component that imports instances of these names beside hostAPI, and exports that under the names
// behind ">".
func named(names string) []byte {
	name := func(s string) string { return "\x00" + string(rune(len(s))) + s + "\x05\x00" }
	section := func(id byte, items []string) string {
		content := string(rune(len(items))) + strings.Join(items, "")
		return string([]byte{id, byte(len(content))}) + content
	}
	imports, exports, _ := strings.Cut(names, ">")
	list := []string{name(hostAPI)}
	for _, s := range strings.Fields(imports) {
		list = append(list, name(s))
	}
	wasm := "\x00asm\x0d\x00\x01\x00" + section(7, []string{"\x42\x00"}) + section(10, list)
	list = nil
	for _, s := range strings.Fields(exports) {
		list = append(list, name(s)+"\x00")
	}
	return []byte(wasm + section(11, list))
}

// composeNamed composes main and the dependencies of the files a and b, which are made of names.
func composeNamed(t *testing.T, main, a, b, dependencies string) error {
	t.Helper()
	c := newComposer(t)
	c.made = map[string][]byte{"main.wasm": named(main + ">acme:main/run@1.0.0"), "a": named(a), "b": named(b)}
	_, err := c.compose(t, "[component.main.dependencies]\n"+dependencies)
	return err
}

func TestWhichDependencyIsGiven(t *testing.T) {
	for _, tt := range []struct{ behaviour, main, a, b, dependencies string }{
		{"two interfaces of one package", "acme:geo/x acme:geo/y", ">acme:geo/x", ">acme:geo/y", `"acme:geo/x" = { path = "a" }` + "\n" + `"acme:geo/y" = { path = "b" }`},
		{"two versions of one interface", "acme:geo/x@1.0.0 acme:geo/x@2.0.0", ">acme:geo/x@1.0.0", ">acme:geo/x@2.0.0", `"acme:geo@1.0.0" = { path = "a" }` + "\n" + `"acme:geo@2.0.0" = { path = "b" }`},
		{"a package as a whole", "acme:geo/x acme:geo/y@1.0.0", ">acme:geo/x acme:geo/y@1.0.0", ">", `"acme:geo" = { path = "a" }`},
		{"the name of the component itself", "main", ">main", ">", `main = { path = "a" }`},
		{"an export of another name", "left", ">acme:geo/x@1.0.0", ">", `left = { path = "a", export = "acme:geo/x@1.0.0" }`},
	} {
		if err := composeNamed(t, tt.main, tt.a, tt.b, tt.dependencies); err != nil {
			t.Errorf("%s: %v", tt.behaviour, err)
		}
	}
}

func TestWhatNoDependencyGives(t *testing.T) {
	for _, tt := range []struct{ behaviour, main, a, b, dependencies, want string }{
		{"what another dependency has", "acme:geo/x acme:geo/y", "acme:geo/y>acme:geo/x", ">acme:geo/y", `"acme:geo/x" = { path = "a" }` + "\n" + `"acme:geo/y" = { path = "b" }`,
			`spin.toml:7:1: dependency "acme:geo/x": node "main/acme:geo/x": import "acme:geo/y": the host does not provide it`},
		{"one of the interfaces of a package", "acme:geo/x acme:geo/y", ">acme:geo/x", ">", `"acme:geo" = { path = "a" }`,
			`spin.toml:7:1: dependency "acme:geo": it does not export "acme:geo/y", which the component imports: it exports acme:geo/x`},
		{"two interfaces of a package", "acme:geo/x acme:geo/y acme:geo/z", ">acme:geo/z", ">", `"acme:geo" = { path = "a" }`,
			`spin.toml:7:1: dependency "acme:geo": it does not export "acme:geo/x", which the component imports`},
		{"an import without the version", "acme:geo/x", ">acme:geo/x", ">", `"acme:geo/x@0.1.0" = { path = "a" }`,
			`spin.toml:7:1: dependency "acme:geo/x@0.1.0": the component imports nothing of that name: write one of acme:geo/x, or remove it`},
		{"an interface by a plain name", "acme:geo/x", ">acme:geo/x", ">", `x = { path = "a" }`, `spin.toml:7:1: dependency "x": the component imports nothing of that name`},
		{"a plain name by a package", "x", ">x", ">", `"acme:x" = { path = "a" }`, `spin.toml:7:1: dependency "acme:x": the component imports nothing of that name`},
	} {
		err := composeNamed(t, tt.main, tt.a, tt.b, tt.dependencies)
		if err == nil || !strings.HasPrefix(placed(err), tt.want) {
			t.Errorf("%s: got  %v\nwant %s", tt.behaviour, err, tt.want)
		}
	}
}

// placed is the text of an error with the place that it has.
func placed(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Pos.String() + ": " + f.Err.Error()
	}
	return err.Error()
}

func TestExportOfAnotherTypeIsPlacedAtItsDependency(t *testing.T) {
	c := newComposer(t)
	c.made = map[string][]byte{"a": named(">acme:probe/probe@1.1.0")}
	_, err := c.compose(t, `dependencies = { "acme:probe/probe" = { path = "a" } }`)
	const want = `spin.toml:6:18: dependency "acme:probe/probe": node "main": import "acme:probe/probe@1.1.0" from node "main/acme:probe/probe": `
	if err == nil || !strings.HasPrefix(placed(err), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Manifests have no two such names; those that a program makes may.
func TestImportThatTwoDependenciesFit(t *testing.T) {
	pos := manifest.Position{File: "spin.toml", Line: 7, Column: 1}
	name := manifest.DependencyName{Package: "acme:geo"}
	codes := map[string][]byte{"": named("acme:geo/x >acme:main/run@1.0.0"), "a": named(">acme:geo/x"), "b": named(">acme:geo/x")}
	_, err := newComposer(t).Compose(t.Context(), composition.Spec{
		Component: &manifest.Component{ID: "main", Dependencies: []*manifest.Dependency{
			{Name: name, Source: manifest.Source{Path: "a"}}, {Name: name, Source: manifest.Source{Path: "b"}, Pos: pos},
		}},
		Decode: func(_ context.Context, d *manifest.Dependency) (*engine.Component, error) {
			if d == nil {
				return engine.Decode(codes[""])
			}
			return engine.Decode(codes[d.Source.Path])
		},
	})
	const want = `spin.toml:7:1: dependency "acme:geo": the import "acme:geo/x" is provided by "acme:geo" as well: remove one of the two`
	if err == nil || placed(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
