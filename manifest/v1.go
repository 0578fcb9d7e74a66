package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

var rootKeys1 = []keyRule{
	{name: versionKey}, {name: oldVersionKey}, {name: "name"}, {name: "version"}, {name: "description"},
	{name: "authors"}, {name: "trigger"}, {name: "variables"}, {name: "component"},
	{name: "application", instead: "write its keys at the top level, or write spin_manifest_version = 2"},
}

var componentKeys1 = []keyRule{
	{name: "id"}, {name: "source"}, {name: "trigger"}, {name: "description"}, {name: "config"}, {name: "environment"},
	{name: "files"}, {name: "exclude_files"}, {name: legacyHostsKey}, {name: hostsKey}, {name: "key_value_stores"},
	{name: "sqlite_databases"}, {name: "ai_models"}, {name: "build"},
	{name: "variables", instead: "write config, as this is a manifest of version 1"},
	{name: "dependencies", instead: "write a manifest of version 2, where components have dependencies"},
	{name: "profile", instead: "write a manifest of version 2, where components have profiles"},
}

// schema1 is how version 1 writes components: labels are free, and who does not
// say what a component may connect to lets it connect to databases.
var schema1 = schema{
	keys:      componentKeys1,
	variables: "config",
	label:     notEmpty("the label"),
	hosts:     []string{"redis://*:*", "mysql://*:*", "postgres://*:*"},
}

// parse1 reads a manifest of version 1 as if it were written in version 2.
func (m *Manifest) parse1(s section, opts Options) {
	s.check(rootKeys1)
	if old := s.table.Get(oldVersionKey); old != nil && s.table.Get(versionKey) != nil {
		s.add(old.Pos, oldVersionKey, nil, "the version is there twice: remove this line")
	}
	s.require("name", s.table.Pos, `add a line such as name = "my-app"`)
	m.Application = Application{
		Name: s.text("name"), Version: s.text("version"), Description: s.text("description"),
		Authors: s.texts("authors"), Pos: s.table.Pos,
	}
	m.Variables = s.variables()
	kind := m.trigger1(s)
	defs := newDefinitions(s.collector)
	list := s.field("component", tomltree.Array, "an array of tables")
	if list == nil {
		assemble(s.collector, m, nil, defs.used, opts)
		return
	}
	drafts := make(map[string]*draft)
	for i, item := range list.Node.Items {
		path := "component[" + strconv.Itoa(i) + "]"
		if s.full() || defs.overflow {
			break
		}
		if len(m.Triggers) == maxTriggers {
			s.add(item.Pos, path, ErrLimit, fmt.Sprintf("the manifest has more than %d triggers", maxTriggers))
			break
		}
		if item.Kind != tomltree.Table {
			s.wrongKind(item, path, "a table")
			continue
		}
		if d := m.component1(section{s.collector, item, path}, kind, defs); d != nil {
			drafts[d.ID] = d
		}
	}
	var ordered []*draft
	for _, def := range defs.list {
		if d := drafts[def.id]; d != nil {
			ordered = append(ordered, d)
		}
	}
	assemble(s.collector, m, ordered, defs.used, opts)
}

// trigger1 reads the trigger that all components share, and returns its type.
func (m *Manifest) trigger1(s section) string {
	const fix = `write trigger = { type = "http" }`
	s.require("trigger", s.table.Pos, fix)
	t, ok := s.subsection("trigger")
	if !ok {
		return ""
	}
	t.require("type", t.table.Pos, fix)
	kind := t.checked("type", notEmpty("the type"))
	m.Application.Triggers = map[string]*Table{
		kind: {node: t.table, path: t.path, pos: t.table.Pos, common: []string{"type"}},
	}
	return kind
}

// component1 reads a component and the one trigger that it has. If an id is there
// twice, the later component takes the place of the earlier one.
func (m *Manifest) component1(s section, kind string, defs *definitions) *draft {
	s.require("id", s.table.Pos, `add a line such as id = "my-component"`)
	s.require("trigger", s.table.Pos, "add the table [component.trigger]")
	f := s.field("id", tomltree.String, "a string")
	if f == nil {
		s.check(componentKeys1)
		return nil
	}
	id := f.Node.Value.(string)
	if kebab.problem(id) != "" {
		id = strings.ToLower(strings.ReplaceAll(id, "_", "-"))
	}
	if problem := kebab.check(id); problem != "" {
		s.add(f.Node.Pos, s.at("id"), nil, problem)
	}
	def := definition{id, s.table.Pos, s.table, s.path}
	if defs.used[id] {
		s.warn(f.Node.Pos, s.at("id"), fmt.Sprintf("there is another component %s before, which this one replaces: give each an id of its own", wording.Quote(id)))
	} else {
		defs.addTable(def)
	}
	d := parseComponent(s, def, schema1)
	d.Component.table = renamed(s.table, "config", "variables")
	if t, ok := s.subsection("trigger"); ok {
		e := &TriggerEntry{Type: kind, ID: "trigger-" + id, Component: id}
		e.Table = Table{node: t.table, path: t.path, pos: t.table.Pos}
		m.Triggers = append(m.Triggers, e)
	}
	return d
}

// renamed returns a table in which one key has another name.
func renamed(n *tomltree.Node, from, to string) *tomltree.Node {
	if n.Get(from) == nil {
		return n
	}
	c := &tomltree.Node{Kind: tomltree.Table, Pos: n.Pos}
	for _, f := range n.Fields {
		if f.Key == from {
			c.Set(to, f.Pos, f.Node)
		} else {
			c.Set(f.Key, f.Pos, f.Node)
		}
	}
	return c
}
