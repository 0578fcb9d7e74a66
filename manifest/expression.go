package manifest

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/template"
	"github.com/spinhost/spin/internal/wording"
)

// checkExpressions finds templates that could never have a value: in the variables
// of components they are faults. In allowed hosts they are none, as such an entry
// allows nothing, and the others may do.
func (a *assembly) checkExpressions(d *draft) {
	if f := d.expressions; f != nil && f.node.kind == tableKind {
		for _, v := range f.node.fields {
			if v.node.kind == stringKind {
				path := join(d.at(f.key), v.key)
				a.checkTemplate(v.node, func(pos Position, problem string) { d.add(pos, path, nil, problem) })
			}
		}
	}
	f := d.section.table.get(hostsKey)
	if f == nil {
		return
	}
	for _, n := range f.node.items {
		if n.kind == stringKind && strings.Contains(n.value.(string), "}}") { // else no template, which hosts has judged
			a.checkTemplate(n, func(pos Position, problem string) {
				d.warn(pos, d.at(hostsKey), problem+"; until then the entry allows nothing")
			})
		}
	}
}

func (a *assembly) checkTemplate(n *node, report func(Position, string)) {
	t, err := template.Parse(n.value.(string))
	var syntax *template.SyntaxError
	if errors.As(err, &syntax) {
		report(n.inside(syntax.Offset), syntax.Reason+": "+syntax.Fix)
		return
	}
	reported := make(map[string]bool)
	for _, ref := range t.References() {
		if a.m.Variables[ref.Name] != nil || reported[ref.Name] {
			continue
		}
		if a.full() || len(a.warnings) == maxErrors {
			return
		}
		reported[ref.Name] = true
		fix := "add it to the table [variables]"
		if near := nearest(ref.Name, slices.Sorted(maps.Keys(a.m.Variables))); near != "" {
			fix = "did you mean " + wording.Quote(near) + "? If not, " + fix
		}
		report(n.inside(ref.Offset), "the application has no variable "+wording.Quote(ref.Name)+": "+fix)
	}
}

// inside returns the place of a byte of a string; that of the string if it has
// escapes or several lines.
func (n *node) inside(offset int) Position {
	text := n.value.(string)
	pos := n.pos
	if len(n.raw) == len(text)+2 && n.raw[1:len(n.raw)-1] == text {
		pos.Column += 1 + offset
	}
	return pos
}
