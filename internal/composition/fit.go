package composition

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/manifest"
)

// How well the name of a dependency fits an import: a better fit goes before others.
const (
	noFit = iota
	packageFit
	interfaceFit
	compatibleFit
	exactFit
)

// fits reports how well a dependency's name fits an import.
func fits(n manifest.DependencyName, imp string) int {
	if n.Package == "" {
		if imp == n.Plain {
			return exactFit
		}
		return noFit
	}
	id, err := capability.ParseInterfaceID(imp)
	want := capability.InterfaceID{Package: id.Package, Interface: id.Interface, Version: n.Version}
	switch {
	case err != nil || id.Package != n.Package || n.Interface != "" && n.Interface != id.Interface:
		return noFit
	case n.Version == id.Version && n.Version != "":
		return exactFit
	case n.Version != "" && !want.Compatible(id):
		return noFit
	case n.Version != "":
		return compatibleFit
	case n.Interface != "":
		return interfaceFit
	}
	return packageFit
}

// compatible reports whether an export of that name can be given for an import.
func compatible(export, imp string) bool { return semver.TrackOf(export) == semver.TrackOf(imp) }

// compatibleExport finds the export of a name, or of a compatible version of it; the name itself if
// there is none.
func compatibleExport(exports []string, name string) string {
	if name == "" || slices.Contains(exports, name) {
		return name
	}
	for _, e := range exports {
		if compatible(e, name) {
			return e
		}
	}
	return name
}

// versionsOf lists the names that an interface has with its versions.
func versionsOf(iface string, names []string) []string {
	var list []string
	for _, n := range names {
		if base, _, _ := strings.Cut(n, "@"); base == iface {
			list = append(list, n)
		}
	}
	return list
}

// versionOf finds the first of them, "" if there is none.
func versionOf(iface string, names []string) string {
	if list := versionsOf(iface, names); len(list) > 0 {
		return list[0]
	}
	return ""
}
