package manifest

import (
	"fmt"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/tomltree"
)

// Dependency is a component that provides imports of another one, or that a
// trigger places before another one.
type Dependency struct {
	// Name says which imports the dependency provides. It is empty for those of
	// triggers.
	Name DependencyName

	// Source is where the dependency is. For one of the app's own components
	// Component has its id, and Source is the source of that.
	Source    Source
	Component string

	// Dependencies holds those of the app's component that it is: they provide
	// imports of the dependency.
	Dependencies []*Dependency

	// Export is the export that provides the imports; empty for the one that has
	// the name of the import.
	Export string

	// Bare means that the value is only a version, without a table: there is
	// no place for inherit_configuration.
	Bare bool

	// Inherit says what it may use of what the component may use. Names of
	// capability sets are not checked: hosts may have sets of their own.
	Inherit capability.Inherit

	Pos Position // of the name

	path  string         // for errors
	table *tomltree.Node // nil if Bare
}

// KeyPos returns the place of a key of the dependency, such as "export", or of
// the dependency if it does not have the key.
func (d *Dependency) KeyPos(path ...string) Position {
	return d.table.KeyPos(d.Pos, path)
}

// Forms that the value of a dependency can have, beside a version.
var (
	pathForm     = form{name: "a local file", required: []string{"path"}, hint: `{ path = "..." }`}
	appForm      = form{name: "a component of the app", required: []string{"component"}, hint: `{ component = "..." }`}
	versionForm  = form{name: "a registry", required: []string{"version"}, optional: []string{"package", "registry"}, hint: `{ version = "1.2.3", package = "namespace:name" }`}
	packageForm  = form{name: "a registry", required: []string{"version", "package"}, optional: []string{"registry"}, hint: versionForm.hint}
	inheritKey   = "inherit_configuration"
	componentDep = []form{versionForm, pathForm, urlForm, appForm}
	triggerDep   = []form{packageForm, pathForm, urlForm, appForm}
)

// dependencies reads the dependencies of a component.
func (s section) dependencies() []*Dependency {
	table, ok := s.subsection("dependencies")
	if !ok {
		return nil
	}
	var list []*Dependency
	for i, f := range table.table.Fields {
		if i == maxDependencies {
			s.add(f.Pos, table.path, ErrLimit, fmt.Sprintf("the component has more than %d dependencies", maxDependencies))
			break
		}
		path := table.at(f.Key)
		name, problem := parseDependencyName(f.Key)
		if problem != "" {
			s.add(f.Pos, path, nil, problem)
			continue
		}
		d := &Dependency{Name: name, Pos: f.Pos, path: path}
		switch f.Node.Kind {
		case tomltree.String:
			d.Bare = true
			d.Source = Source{Package: name.Package, Version: f.Node.Value.(string), Pos: f.Node.Pos}
			s.requirement(f.Node, path)
		case tomltree.Table:
			d.table = f.Node
			if !(section{s.collector, f.Node, path}).dependency(d, componentDep, []string{"export", inheritKey}) {
				continue
			}
		default:
			s.wrongKind(f.Node, path, "a version or a table such as "+hints(componentDep))
			continue
		}
		list = append(list, d)
	}
	return list
}

// dependency reads the table of a dependency. Keys that all forms have are in
// shared. It reports whether the table has one of the forms.
func (s section) dependency(d *Dependency, forms []form, shared []string) bool {
	d.Inherit = s.inherit()
	d.Export = s.checked("export", notEmpty("the name of the export"))
	d.Source.Pos = s.table.Pos
	if s.union("component", forms, shared) == nil {
		return false
	}
	s.remote(&d.Source)
	d.Source.Path = s.checked("path", notEmpty("the path"))
	d.Component = s.checked("component", kebab.check)
	if f := s.table.Get("version"); f != nil {
		s.requirement(f.Node, s.at("version"))
		if d.Source.Package == "" && s.table.Get("package") == nil {
			d.Source.Package = d.Name.Package
		}
	}
	return true
}

// requirement checks a version of a dependency.
func (s section) requirement(n *tomltree.Node, path string) {
	if n.Kind != tomltree.String {
		return // reported where it is read
	}
	if _, err := semver.ParseRequirement(n.Value.(string)); err != nil {
		s.add(n.Pos, path, err, err.Error())
	}
}

// inherit reads what a dependency may use. Whether there are such capability sets
// is for the host to say, which may have sets of its own.
func (s section) inherit() capability.Inherit {
	f := s.table.Get(inheritKey)
	if f == nil {
		return capability.Inherit{}
	}
	switch f.Node.Kind {
	case tomltree.Boolean:
		return capability.InheritAll(f.Pos, f.Node.Value.(bool))
	case tomltree.Array:
		var names []capability.Entry
		for _, n := range s.textNodes(inheritKey) {
			names = append(names, capability.Entry{Text: n.Value.(string), Pos: n.Pos})
		}
		return capability.InheritSets(f.Pos, names)
	}
	s.wrongKind(f.Node, s.at(inheritKey), "a boolean or an array of capability sets")
	return capability.Inherit{}
}
