package wasi_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi"
	"github.com/spinhost/spin/hostapi/wit"
)

// snapshotWIT returns the WIT of a snapshot.
func snapshotWIT(t *testing.T, version string) *wit.Set {
	t.Helper()
	folder := "p2"
	if version == wasi.October {
		folder = "october"
	}
	dirs, err := filepath.Glob("wit/" + folder + "/*")
	if err != nil {
		t.Fatal(err)
	}
	set, err := wit.ParseDir(dirs...)
	if err != nil || version == wasi.October {
		return set
	}
	var l wit.Loader
	for _, p := range set.Packages {
		l.Add(p.ID(), strings.ReplaceAll(wasi.NovemberWIT(p.String()), "@0.2.12", "@"+version))
	}
	if set, err = l.Load(); err != nil {
		t.Fatal(err)
	}
	return set
}

// What the WIT of a snapshot says is what guests get.
func TestSnapshotsAreAsTheirWITSays(t *testing.T) {
	bound := bindAll(t)
	for _, version := range []string{wasi.October, wasi.November} {
		served := 0
		for _, p := range snapshotWIT(t, version).Packages {
			if text := p.String(); strings.Contains(text, "exit-with-code") || strings.Contains(text, " has:") || strings.Contains(text, "name has a value") {
				t.Errorf("left of WASI 0.2:\n%s", text)
			}
			for _, i := range p.Interfaces {
				b := bound[i.ID()]
				if i.Name == "run" || i.Name == "incoming-handler" { // what guests export
					continue
				}
				if b == nil {
					t.Errorf("%s is not served", i.ID())
					continue
				}
				served++
				types := map[string]string{}
				for _, f := range b.Funcs {
					types[f.Name] = f.Type
				}
				for _, f := range i.Funcs {
					name := f.WireName()
					if got, want := types[name], wit.Signature(f); got != want {
						t.Errorf("%s %s is served as\n%s, not\n%s", i.ID(), name, got, want)
					}
					delete(types, name)
				}
				for name := range types {
					t.Errorf("%s %s is served, but not in the WIT", i.ID(), name)
				}
			}
		}
		for id := range bound {
			if strings.HasSuffix(id, "@"+version) {
				served--
			}
		}
		if served != 0 {
			t.Errorf("%s: %d interfaces more in the WIT than are served", version, served)
		}
	}
}
