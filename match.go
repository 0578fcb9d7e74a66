package spin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
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

// match gives each import that a dependency is named for to that dependency. A version in a
// dependency's name means compatible ones too, where Spin wants it to be the same.
func (p *part) match() []error {
	var errs []error
	used := map[*part]bool{}
	for _, imp := range p.decoded.Imports() {
		var best []*part
		fit := noFit
		for _, d := range p.deps {
			switch f := fits(d.dep.Name, imp.Name); {
			case f == noFit:
				continue
			case f > fit:
				best, fit = []*part{d}, f
			case f == fit:
				best = append(best, d)
			}
			used[d] = true
		}
		if len(best) > 1 {
			errs = append(errs, best[1].fault("the import %q is provided by %q as well: remove one of the two", imp.Name, best[0].name()))
		}
		if len(best) > 0 {
			p.given[imp.Name] = best[0]
		}
	}
	for _, d := range p.deps {
		if !used[d] {
			errs = append(errs, d.fault("the component imports nothing of that name: write one of %s, or remove it", p.importList()))
		}
	}
	return append(errs, p.missingExports()...)
}

// missingExports finds imports that a dependency has no export for.
func (p *part) missingExports() []error {
	var errs []error
	for imp, d := range p.given {
		want := d.dep.Export
		if want == "" {
			want = imp
		}
		if !slices.ContainsFunc(d.exportNames(), func(e string) bool { return compatible(e, want) }) {
			errs = append(errs, d.fault("it does not export %q, which the component imports: it exports %s; write export = with one of these if it is meant",
				want, list(d.exportNames())))
		}
	}
	return errs
}

func (p *part) fault(format string, args ...any) error {
	return &Error{Component: p.c.m.ID, Pos: p.dep.Pos, Err: fmt.Errorf("dependency %q: "+format, append([]any{p.name()}, args...)...)}
}

func (p *part) exportNames() []string {
	var names []string
	for _, e := range p.decoded.Exports() {
		names = append(names, e.Name)
	}
	return names
}

func (p *part) importNames() []string {
	var names []string
	for _, e := range p.decoded.Imports() {
		names = append(names, e.Name)
	}
	return names
}

// importList lists the imports that no host interface is known for; all of them if there are
// no others.
func (p *part) importList() string {
	var own, all []string
	for _, imp := range p.decoded.Imports() {
		all = append(all, imp.Name)
		_, known := capability.SetOf(imp.Name)
		if !known && !capability.Ambient(imp.Name) {
			own = append(own, imp.Name)
		}
	}
	if len(own) == 0 {
		own = all
	}
	return list(own)
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

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
func compatible(export, imp string) bool {
	if export == imp {
		return true
	}
	e, err := capability.ParseInterfaceID(export)
	i, err2 := capability.ParseInterfaceID(imp)
	return err == nil && err2 == nil && e.Compatible(i)
}

func compacted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
