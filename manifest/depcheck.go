package manifest

import (
	"fmt"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// checkDependencies finds dependencies that cannot be meant: such as two for the
// same import. It is done when the profile is known, as those of other profiles
// may contradict.
func (d *draft) checkDependencies() {
	byPackage := make(map[string][]selector)
	for _, dep := range d.Dependencies {
		if d.full() {
			return
		}
		d.checkDependency(dep)
		if dep.Name.Package == "" {
			continue
		}
		s := selector{dep, dep.Name.track()}
		for _, other := range byPackage[dep.Name.Package] {
			if s.overlaps(other) {
				d.conflict(dep, other.Dependency)
				break
			}
		}
		byPackage[dep.Name.Package] = append(byPackage[dep.Name.Package], s)
	}
}

// selector is a dependency and the track of the versions that it matches.
type selector struct {
	*Dependency
	track string
}

// overlaps reports whether the same import of a package can match both names.
func (s selector) overlaps(o selector) bool {
	a, b := s.Name, o.Name
	return (a.Interface == "" || b.Interface == "" || a.Interface == b.Interface) &&
		(s.track == "" || o.track == "" || s.track == o.track)
}

func (d *draft) checkDependency(dep *Dependency) {
	if dep.Source.Version != "" && dep.Name.Plain != "" && dep.table.Get("package") == nil && dep.Component == "" {
		d.add(dep.Pos, dep.path, ErrMissingKey, fmt.Sprintf(
			"the name does not say which package to take: write { version = %s, package = \"namespace:name\" }", wording.Quote(dep.Source.Version)))
	}
	if dep.Export != "" && dep.Name.Package != "" && dep.Name.Interface == "" {
		d.add(dep.KeyPos("export"), tomltree.Path(dep.path, "export"), nil, fmt.Sprintf(
			"one export cannot stand for all interfaces of %s: remove it, or name the interface, as in %q",
			clip(dep.Name.Package), DependencyName{Package: clip(dep.Name.Package), Interface: "interface", Version: clip(dep.Name.Version)}))
	}
}

// conflict reports two dependencies that can match the same import.
func (d *draft) conflict(dep, other *Dependency) {
	if dep.Pos.Line < other.Pos.Line {
		dep, other = other, dep
	}
	d.add(dep.Pos, dep.path, nil, fmt.Sprintf(
		"the same import can match %s at line %d: remove one of the two, or give both an interface, or incompatible versions",
		wording.Quote(other.Name.String()), other.Pos.Line))
}
