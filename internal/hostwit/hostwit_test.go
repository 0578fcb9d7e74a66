package hostwit_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/hostwit"
)

func files(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const (
	lookup = "package acme:geo@1.0.0;\ninterface lookup { use shapes.{place}; here: func() -> place; }\ninterface shapes { type place = u32; }\n"
	areas  = "package acme:geo@1.0.0;\ninterface areas { count: func() -> u32; }\ninterface shapes { type place = u32; }\n"
)

func TestSourcesWithPartsOfOnePackage(t *testing.T) {
	var g hostwit.Gathered
	g.AddDirs(files(map[string]string{
		"a/wit/geo.wit": lookup,
		"b/wit/geo.wit": "this is no WIT",
		"c/other.wit":   "nor this, which nobody asks for",
	}), "*/wit")
	g.Add(nil, "nothing")
	if err := g.Err(); err == nil || !strings.HasPrefix(err.Error(), "the WIT of b/wit: ") || !g.Has("acme:geo/lookup@1.0.0") {
		t.Errorf("got %v", err)
	}
	g = hostwit.Gathered{}
	g.Add(files(map[string]string{"wit/geo.wit": lookup}), "one")
	g.Add(files(map[string]string{"any/place/geo.wit": areas}), "two")
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	if n := len(g.Set().Packages); n != 1 {
		t.Errorf("%d packages", n)
	}
	for id, want := range map[string]bool{
		"acme:geo/lookup@1.0.0": true, "acme:geo/areas@1.0.0": true, "acme:geo/shapes@1.9.0": true,
		"acme:geo/areas@2.0.0": false, "acme:geo/areas": false, "acme:geo/maps@1.0.0": false,
	} {
		if g.Has(id) != want {
			t.Errorf("%s: %v", id, !want)
		}
	}
}

func TestAVersionWithTheTypesOfAnother(t *testing.T) {
	var g hostwit.Gathered
	g.Add(files(map[string]string{"geo.wit": lookup}), "it")
	g.AddRenamed("acme:geo/lookup@1.0.0", "acme:geo/lookup@1.0.0-rc1", nil)
	g.AddRenamed("acme:geo/none@1.0.0", "acme:geo/none@1.0.0-rc1", nil)
	g.AddRenamed("acme:geo/lookup@1.0.0", "acme:geo/lookup", nil)
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	if !g.Has("acme:geo/lookup@1.0.0-rc1") || !g.Has("acme:geo/shapes@1.0.0-rc1") || g.Has("acme:geo/none@1.0.0-rc1") {
		t.Errorf("%d packages", len(g.Set().Packages))
	}
}
