package manifest

import (
	"fmt"
	"strconv"
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
	table *node // of an inline component
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
	for _, f := range s.table.fields {
		if f.node.kind != arrayKind {
			s.wrongKind(f.node, s.at(f.key), "an array of tables")
			continue
		}
		for i, item := range f.node.items {
			path := s.at(f.key) + "[" + strconv.Itoa(i) + "]"
			switch {
			case s.full():
				return nil
			case len(entries) == maxTriggers:
				s.add(item.pos, path, ErrLimit, fmt.Sprintf("the manifest has more than %d triggers", maxTriggers))
				return nil
			case item.kind != tableKind:
				s.wrongKind(item, path, "a table")
			default:
				entries = append(entries, parseTrigger(section{s.collector, item, path}, f.key))
			}
		}
	}
	normalizeTriggers(entries, defs)
	return entries
}

func parseTrigger(s section, triggerType string) *TriggerEntry {
	e := &TriggerEntry{Type: triggerType, ID: s.text("id")}
	e.Table = Table{node: s.table, path: s.path, pos: s.table.pos, common: commonKeys}
	if f := s.table.get("component"); f != nil {
		if spec := s.componentSpec(f.node, s.at("component")); spec != nil {
			e.main = spec
			e.specs = append(e.specs, spec)
		}
	}
	e.readDependencies(s)
	if components, ok := s.subsection("components"); ok {
		for _, f := range components.table.fields {
			named := namedSpecs{f.key, components.componentSpecs(f)}
			e.named = append(e.named, named)
			e.specs = append(e.specs, named.specs...)
		}
	}
	return e
}

// componentSpecs reads one component or an array of them.
func (s section) componentSpecs(f field) []*componentSpec {
	items := []*node{f.node}
	if f.node.kind == arrayKind {
		items = f.node.items
	}
	var specs []*componentSpec
	for i, item := range items {
		path := s.at(f.key)
		if f.node.kind == arrayKind {
			path += "[" + strconv.Itoa(i) + "]"
		}
		if spec := s.componentSpec(item, path); spec != nil {
			specs = append(specs, spec)
		}
	}
	return specs
}

func (s section) componentSpec(n *node, path string) *componentSpec {
	switch n.kind {
	case stringKind:
		id := n.value.(string)
		if problem := kebab.check(id); problem != "" {
			s.add(n.pos, path, nil, problem)
			return nil
		}
		return &componentSpec{id: id, pos: n.pos, path: path}
	case tableKind:
		return &componentSpec{table: n, pos: n.pos, path: path}
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
	for _, f := range roles.table.fields {
		list := roles.field(f.key, arrayKind, "an array of dependencies, also if there is only one")
		if list == nil || list.node.empty() {
			continue
		}
		if e.Dependencies == nil {
			e.Dependencies = make(map[string][]*Dependency)
		}
		e.roles = append(e.roles, f.key)
		for i, item := range list.node.items {
			path := roles.at(f.key) + "[" + strconv.Itoa(i) + "]"
			if item.kind != tableKind {
				s.wrongKind(item, path, "a table such as "+hints(triggerDep))
				continue
			}
			d := &Dependency{Pos: item.pos, path: path, table: item}
			if (section{s.collector, item, path}).dependency(d, triggerDep, []string{inheritKey}) {
				e.Dependencies[f.key] = append(e.Dependencies[f.key], d)
			}
		}
	}
}
