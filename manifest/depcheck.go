package manifest

import "fmt"

// checkDependencies finds dependencies that cannot be meant: such as two for the
// same import. It is done when the profile is known, as those of other profiles
// may contradict.
func (d *draft) checkDependencies() {
	byPackage := make(map[string][]*Dependency)
	for _, dep := range d.Dependencies {
		if d.full() {
			return
		}
		d.checkDependency(dep)
		if dep.Name.Package == "" {
			continue
		}
		for _, other := range byPackage[dep.Name.Package] {
			if dep.Name.overlaps(other.Name) {
				d.conflict(dep, other)
				break
			}
		}
		byPackage[dep.Name.Package] = append(byPackage[dep.Name.Package], dep)
	}
}

func (d *draft) checkDependency(dep *Dependency) {
	if dep.Source.Version != "" && dep.Name.Plain != "" && dep.table.get("package") == nil && dep.Component == "" {
		d.add(dep.Pos, dep.path, ErrMissingKey, fmt.Sprintf(
			"the name does not say which package to take: write { version = %s, package = \"namespace:name\" }", quote(dep.Source.Version)))
	}
	if dep.Export != "" && dep.Name.Package != "" && dep.Name.Interface == "" {
		d.add(dep.KeyPos("export"), join(dep.path, "export"), nil, fmt.Sprintf(
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
		quote(other.Name.String()), other.Pos.Line))
}
