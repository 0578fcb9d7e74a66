package manifest

import (
	"fmt"
	"strconv"

	"github.com/spinhost/spin/internal/tomltree"
)

// TriggerEntry is one [[trigger.TYPE]] table.
type TriggerEntry struct {
	Type string
	ID   string // as written, or generated; ids that were written may repeat

	// Component is the id of the component to run, empty if the entry names
	// none. An inline component is replaced by its generated id.
	Component string

	// Components holds the entries of the components table, whose meaning is up
	// to the trigger, in the order of the file.
	Components []NamedComponents

	// Dependencies holds, by role, components that are placed around the main
	// one. Which roles there are is up to the trigger.
	Dependencies map[string][]*Dependency

	// Table has the keys that belong to the type of the trigger: all others.
	Table

	main  *componentSpec   // of component; nil if there is none
	specs []*componentSpec // all
	named []namedSpecs
	roles []string // of Dependencies, in the order of the file
}

// NamedComponents is one entry of the components table of a trigger.
type NamedComponents struct {
	Name string
	IDs  []string
}

// componentSpec is what a trigger says about a component: the id of one, or the
// whole table, which gets an id when it is moved to the other components.
type componentSpec struct {
	id    string
	table *tomltree.Node // of an inline component
	pos   Position
	path  string
}

type namedSpecs struct {
	name  string
	specs []*componentSpec
}

// commonKeys are the keys of every trigger; all others belong to its type.
var commonKeys = []string{"id", "component", "components", "dependencies"}

// parseTriggers reads the trigger table, generates ids and moves inline components
// to the others.
func parseTriggers(s section, defs *definitions) []*TriggerEntry {
	var entries []*TriggerEntry
	for _, f := range s.table.Fields {
		if f.Node.Kind != tomltree.Array {
			s.wrongKind(f.Node, s.at(f.Key), "an array of tables")
			continue
		}
		for i, item := range f.Node.Items {
			path := s.at(f.Key) + "[" + strconv.Itoa(i) + "]"
			switch {
			case s.full():
				return nil
			case len(entries) == maxTriggers:
				s.add(item.Pos, path, ErrLimit, fmt.Sprintf("the manifest has more than %d triggers", maxTriggers))
				return nil
			case item.Kind != tomltree.Table:
				s.wrongKind(item, path, "a table")
			default:
				entries = append(entries, parseTrigger(section{s.collector, item, path}, f.Key))
			}
		}
	}
	normalizeTriggers(entries, defs)
	return entries
}

func parseTrigger(s section, triggerType string) *TriggerEntry {
	e := &TriggerEntry{Type: triggerType, ID: s.text("id")}
	e.Table = Table{node: s.table, path: s.path, pos: s.table.Pos, common: commonKeys}
	if f := s.table.Get("component"); f != nil {
		if spec := s.componentSpec(f.Node, s.at("component")); spec != nil {
			e.main = spec
			e.specs = append(e.specs, spec)
		}
	}
	e.readDependencies(s)
	if components, ok := s.subsection("components"); ok {
		for _, f := range components.table.Fields {
			named := namedSpecs{f.Key, components.componentSpecs(f)}
			e.named = append(e.named, named)
			e.specs = append(e.specs, named.specs...)
		}
	}
	return e
}

// componentSpecs reads one component or an array of them.
func (s section) componentSpecs(f tomltree.Field) []*componentSpec {
	items := []*tomltree.Node{f.Node}
	if f.Node.Kind == tomltree.Array {
		items = f.Node.Items
	}
	var specs []*componentSpec
	for i, item := range items {
		path := s.at(f.Key)
		if f.Node.Kind == tomltree.Array {
			path += "[" + strconv.Itoa(i) + "]"
		}
		if spec := s.componentSpec(item, path); spec != nil {
			specs = append(specs, spec)
		}
	}
	return specs
}

func (s section) componentSpec(n *tomltree.Node, path string) *componentSpec {
	switch n.Kind {
	case tomltree.String:
		id := n.Value.(string)
		if problem := kebab.check(id); problem != "" {
			s.add(n.Pos, path, nil, problem)
			return nil
		}
		return &componentSpec{id: id, pos: n.Pos, path: path}
	case tomltree.Table:
		return &componentSpec{table: n, pos: n.Pos, path: path}
	}
	s.wrongKind(n, path, "the id of a component or a table")
	return nil
}

// readDependencies reads the dependencies of a trigger by role.
func (e *TriggerEntry) readDependencies(s section) {
	roles, ok := s.subsection("dependencies")
	if !ok {
		return
	}
	for _, f := range roles.table.Fields {
		list := roles.field(f.Key, tomltree.Array, "an array of dependencies, also if there is only one")
		if list == nil || list.Node.Empty() {
			continue
		}
		if e.Dependencies == nil {
			e.Dependencies = make(map[string][]*Dependency)
		}
		e.roles = append(e.roles, f.Key)
		for i, item := range list.Node.Items {
			path := roles.at(f.Key) + "[" + strconv.Itoa(i) + "]"
			if item.Kind != tomltree.Table {
				s.wrongKind(item, path, "a table such as "+hints(triggerDep))
				continue
			}
			d := &Dependency{Pos: item.Pos, path: path, table: item}
			if (section{s.collector, item, path}).dependency(d, triggerDep, []string{inheritKey}) {
				e.Dependencies[f.Key] = append(e.Dependencies[f.Key], d)
			}
		}
	}
}
