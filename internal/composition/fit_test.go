package composition

import (
	"testing"

	"github.com/spinhost/spin/manifest"
)

func TestFits(t *testing.T) {
	plain := manifest.DependencyName{Plain: "clamp"}
	pkg := manifest.DependencyName{Package: "acme:geo"}
	iface := manifest.DependencyName{Package: "acme:geo", Interface: "lookup"}
	version := manifest.DependencyName{Package: "acme:geo", Version: "1.2.0"}
	for _, tt := range []struct {
		name   manifest.DependencyName
		imp    string
		fit    int
		reason string
	}{
		{plain, "clamp", exactFit, "the same plain name"},
		{plain, "acme:geo/clamp", noFit, "an interface is no plain name"},
		{pkg, "acme:geo/lookup@1.2.0", packageFit, "all of a package"},
		{pkg, "acme:geology/lookup@1.2.0", noFit, "another package"},
		{pkg, "clamp", noFit, "a plain name has no package"},
		{iface, "acme:geo/lookup@1.2.0", interfaceFit, "an interface of it"},
		{iface, "acme:geo/areas@1.2.0", noFit, "another interface"},
		{version, "acme:geo/lookup@1.2.0", exactFit, "the same version"},
		{version, "acme:geo/lookup@1.9.0", compatibleFit, "a compatible version"},
		{version, "acme:geo/lookup@2.0.0", noFit, "an incompatible version"},
		{version, "acme:geo/lookup@1.2.0-rc", noFit, "a prerelease of it"},
		{version, "acme:geo/lookup", noFit, "no version"},
	} {
		if got := fits(tt.name, tt.imp); got != tt.fit {
			t.Errorf("%s: %s for %s is %d, want %d", tt.reason, tt.name, tt.imp, got, tt.fit)
		}
	}
}

func TestCompatibleExport(t *testing.T) {
	exports := []string{"run", "acme:geo/lookup@1.2.0", "acme:geo/lookup@2.0.0", "acme:geo/areas"}
	for name, want := range map[string]string{
		"":                      "",
		"run":                   "run",
		"acme:geo/lookup@1.2.0": "acme:geo/lookup@1.2.0",
		"acme:geo/lookup@1.0.0": "acme:geo/lookup@1.2.0",
		"acme:geo/lookup@2.5.0": "acme:geo/lookup@2.0.0",
		"acme:geo/lookup@3.0.0": "acme:geo/lookup@3.0.0",
		"acme:geo/lookup":       "acme:geo/lookup",
		"acme:geo/areas":        "acme:geo/areas",
	} {
		if got := compatibleExport(exports, name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
