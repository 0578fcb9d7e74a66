package manifest

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

	// Export is the export that provides the imports; empty for the one that has
	// the name of the import.
	Export string

	Inherit Inherit // what it may use of what the component may use
	Pos     Position

	table *node
}

// KeyPos returns the place of a key of the dependency, such as "export", or of
// the dependency if it does not have the key.
func (d *Dependency) KeyPos(path ...string) Position {
	return d.table.keyPos(d.Pos, path)
}

// DependencyName selects imports of a component: the import with a plain name, or
// those of a package.
type DependencyName struct {
	Plain string // the name of an import; the other fields are empty then

	Package   string // NAMESPACE:NAME
	Interface string // empty for all interfaces of the package
	Version   string // empty for every version
}

// String returns the name as it is written.
func (n DependencyName) String() string {
	if n.Package == "" {
		return n.Plain
	}
	s := n.Package
	if n.Interface != "" {
		s += "/" + n.Interface
	}
	if n.Version != "" {
		s += "@" + n.Version
	}
	return s
}

// Inherit says which capabilities of its component a dependency may use: all, or
// those of some capability sets. The zero Inherit is none.
type Inherit struct {
	All  bool
	Sets []Text // names, which are not checked: hosts may have sets of their own
	Pos  Position
}
