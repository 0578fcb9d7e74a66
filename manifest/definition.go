package manifest

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// definition is a component table with its id.
type definition struct {
	id    string
	pos   Position
	table *tomltree.Node
	path  string // for errors
}

// definitions collects the components of a manifest, wherever they are written.
type definitions struct {
	*collector
	list []definition
	ids  []string        // of list, for messages
	used map[string]bool // includes the ids of faulty tables

	overflow bool // there were too many
}

func newDefinitions(c *collector) *definitions {
	return &definitions{collector: c, used: make(map[string]bool)}
}

// addTables adds the [component.ID] tables.
func (d *definitions) addTables(components section) {
	for _, f := range components.table.Fields {
		if d.full() {
			return
		}
		path := components.at(f.Key)
		d.used[f.Key] = true
		if problem := kebab.check(f.Key); problem != "" {
			d.addFault(f.Pos, path, problem)
		}
		if f.Node.Kind != tomltree.Table {
			components.wrongKind(f.Node, path, "a table")
			continue
		}
		d.addTable(definition{f.Key, f.Pos, f.Node, path})
	}
}

func (d *definitions) addFault(pos Position, path, msg string) {
	d.collector.add(pos, path, nil, msg)
}

// addTable adds a component whose id is not taken.
func (d *definitions) addTable(def definition) {
	if d.overflow {
		return
	}
	if len(d.list) == maxComponents {
		d.overflow = true
		d.collector.add(def.pos, def.path, ErrLimit, fmt.Sprintf("the manifest has more than %d components", maxComponents))
		return
	}
	d.used[def.id] = true
	d.list = append(d.list, def)
	d.ids = append(d.ids, def.id)
}

// checkReference reports a reference to a component that is not there.
func (d *definitions) checkReference(spec *componentSpec) {
	if d.used[spec.id] || d.full() {
		return
	}
	d.addFault(spec.pos, spec.path, noComponent(spec.id, d.ids))
}

// noComponent says that there is no component of an id.
func noComponent(id string, ids []string) string {
	fix := "add the table [" + tomltree.Path("component", id) + "]"
	if len(ids) > 0 {
		fix = "write one of " + enumerate(wording.NearestFirst(id, ids)) + ", or " + fix
	}
	return "there is no component " + wording.Quote(id) + ": " + fix
}

// enumerate lists ids, as many as a message can hold.
func enumerate(ids []string) string {
	const most, mostBytes = 8, 160
	var b strings.Builder
	for i, id := range ids {
		if i == most || b.Len() > mostBytes {
			fmt.Fprintf(&b, " (%d more)", len(ids)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(wording.Quote(id))
	}
	return b.String()
}
