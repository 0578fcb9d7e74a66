package capability

import (
	"strconv"
	"strings"
)

// Subject is code that asks for interfaces: a component of an app, or a dependency inside it.
type Subject struct {
	Component string   // id
	Pos       Position // of the component in the manifest
	// Path has the dependencies from the component inwards; it is empty for the component itself.
	Path []Dependency
}

// Dependency is an entry of a component's dependencies, and middleware alike.
type Dependency struct {
	Name    string   // the key, such as "acme:auth/tokens@1.0.0"
	Pos     Position // of the entry
	Inherit Inherit
	// Bare says that the entry is a version string, which has no place for inherit_configuration.
	Bare bool
}

// String names the code as in: dependency "acme:auth/tokens" of component "cart".
func (s Subject) String() string {
	var b strings.Builder
	for i := len(s.Path) - 1; i >= 0; i-- {
		b.WriteString("dependency " + strconv.Quote(s.Path[i].Name) + " of ")
	}
	b.WriteString("component " + strconv.Quote(s.Component))
	return b.String()
}

// Line is a line that the manifest should have for a dependency.
type Line struct {
	Dependency string   `json:"dependency"`   // the key of its entry
	Text       string   `json:"text"`         // such as inherit_configuration = ["files"]
	Pos        Position `json:"pos,omitzero"` // of the line to replace, or of the entry to add the line to

	verb string
}

// String says what to do, and where.
func (l Line) String() string {
	s := l.verb + " " + l.Text
	switch l.verb {
	case lineAdd:
		s += " to dependency " + strconv.Quote(l.Dependency)
	case lineTable:
		s = "write dependency " + strconv.Quote(l.Dependency) + " as a table with version and " + l.Text
	}
	if l.Pos == (Position{}) {
		return s
	}
	return s + " (" + l.Pos.String() + ")"
}

const (
	lineAdd   = "add"
	lineWrite = "write"
	lineTable = "table"
)

// missing returns the line with which d inherits a set.
func (d Dependency) missing(set string) Line {
	l := Line{Dependency: d.Name, Text: d.Inherit.key() + " = " + d.Inherit.with(set), Pos: d.Inherit.pos, verb: lineWrite}
	switch {
	case d.Bare && !d.Inherit.legacy:
		l.Pos, l.verb = d.Pos, lineTable
	case d.Inherit.pos == (Position{}):
		l.Pos, l.verb = d.Pos, lineAdd
	}
	return l
}
