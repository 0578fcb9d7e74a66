package composition

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
)

// match gives each import that a dependency is named for to that dependency. A version in a
// dependency's name means compatible ones too, where Spin wants it to be the same.
func (p *Part) match() []error {
	var errs []error
	used := map[*Part]bool{}
	for _, imp := range p.importNames() {
		var best []*Part
		fit := noFit
		for _, d := range p.deps {
			switch f := fits(d.dep.Name, imp); {
			case f == noFit:
				continue
			case f > fit:
				best, fit = []*Part{d}, f
			case f == fit:
				best = append(best, d)
			}
			used[d] = true
		}
		if len(best) > 1 {
			errs = append(errs, best[1].fault("the import %q is provided by %q as well: remove one of the two", imp, best[0].name()))
		}
		if len(best) > 0 {
			p.given[imp] = best[0]
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
func (p *Part) missingExports() []error {
	var errs []error
	for _, imp := range p.importNames() {
		d := p.given[imp]
		if d == nil {
			continue
		}
		want := d.dep.Export
		if want == "" {
			want = imp
		}
		exports := d.exportNames()
		if !slices.ContainsFunc(exports, func(e string) bool { return compatible(e, want) }) {
			errs = append(errs, d.fault("it does not export %q, which the component imports: it exports %s; write export = with one of these if it is meant",
				want, list(exports)))
		}
	}
	return errs
}

// importList lists the imports that no host interface is known for; all of them if there are
// no others.
func (p *Part) importList() string {
	all := p.importNames()
	own := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		_, known := capability.SetOf(name)
		return known || capability.Ambient(name)
	})
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
