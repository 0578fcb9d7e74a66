package capability

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Inherit says which capability sets a dependency may use of those that its component has: the value of
// inherit_configuration. The zero Inherit is that of a dependency without the key, and allows none. It never changes
// and is safe for concurrent use.
//
// Inheriting gives nothing that the component itself has not: a dependency that inherits key_value_stores opens the
// stores that the component may open.
type Inherit struct {
	pos    Position
	all    bool
	legacy bool // set for all dependencies by dependencies_inherit_configuration
	names  []Entry
}

// InheritAll is inherit_configuration = true, or false. pos is the position of the key.
func InheritAll(pos Position, all bool) Inherit { return Inherit{pos: pos, all: all} }

// InheritSets is inherit_configuration with a list of names of capability sets; use [Inherit.Check] to find those that
// are no sets. pos is the position of the key.
func InheritSets(pos Position, names []Entry) Inherit {
	return Inherit{pos: pos, names: slices.Clone(names)}
}

// InheritForAll is the component's older key dependencies_inherit_configuration, which holds for all its dependencies.
func InheritForAll(pos Position, all bool) Inherit { return Inherit{pos: pos, all: all, legacy: true} }

// Pos returns the position of the key; the zero Position if there is none.
func (i Inherit) Pos() Position { return i.pos }

// All reports whether everything is inherited.
func (i Inherit) All() bool { return i.all }

// Names returns the listed names as written. The slice is the caller's.
func (i Inherit) Names() []Entry { return slices.Clone(i.names) }

// Allows reports whether a set is inherited, and where that is written: the name in a list, or the key. No list allows
// the empty set, to which interfaces belong that name none.
func (i Inherit) Allows(set string) (Position, bool) {
	if i.all {
		return i.pos, true
	}
	for _, n := range i.names {
		if set != "" && n.Text == set {
			return n.Pos, true
		}
	}
	return Position{}, false
}

// Check finds the listed names that are none of the known sets, which are [Sets] and those that interfaces of users
// name. The error is [InheritErrors] and has every fault.
func (i Inherit) Check(known []string) error {
	var errs InheritErrors
	for _, n := range i.names {
		if !slices.Contains(known, n.Text) {
			errs = append(errs, &InheritError{Name: n, Known: slices.Clone(known), Nearest: wording.Nearest(n.Text, known)})
		}
	}
	if errs == nil {
		return nil
	}
	return errs
}

// String says in words what is inherited.
func (i Inherit) String() string {
	switch {
	case i.all:
		return "everything"
	case len(i.names) == 0:
		return "nothing"
	}
	texts := make([]string, len(i.names))
	for k, n := range i.names {
		texts[k] = n.Text
	}
	return strings.Join(texts, ", ")
}

// key returns the manifest key that the value belongs to.
func (i Inherit) key() string {
	if i.legacy {
		return "dependencies_inherit_configuration"
	}
	return "inherit_configuration"
}

// with returns the value of the key that allows a set too.
func (i Inherit) with(set string) string {
	if i.legacy || set == "" {
		return "true"
	}
	var list strings.Builder
	list.WriteByte('[')
	for _, n := range i.names {
		list.WriteString(tomlString(n.Text) + ", ")
	}
	return list.String() + tomlString(set) + "]"
}
