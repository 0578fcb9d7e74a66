package manifest

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/template"
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// checkExpressions finds templates that could never have a value: in the variables
// of components they are faults. In allowed hosts they are none, as such an entry
// allows nothing, and the others may do.
func (a *assembly) checkExpressions(d *draft) {
	if f := d.expressions; f != nil && f.Node.Kind == tomltree.Table {
		for _, v := range f.Node.Fields {
			if v.Node.Kind == tomltree.String {
				path := tomltree.Path(d.at(f.Key), v.Key)
				a.checkTemplate(v.Node, func(pos Position, problem string) { d.add(pos, path, nil, problem) })
			}
		}
	}
	f := d.section.table.Get(hostsKey)
	if f == nil {
		return
	}
	for _, n := range f.Node.Items {
		if n.Kind == tomltree.String && strings.Contains(n.Value.(string), "}}") { // else no template, which hosts has judged
			a.checkTemplate(n, func(pos Position, problem string) {
				d.warn(pos, d.at(hostsKey), problem+"; until then the entry allows nothing")
			})
		}
	}
}

func (a *assembly) checkTemplate(n *tomltree.Node, report func(Position, string)) {
	t, err := template.Parse(n.Value.(string))
	var syntax *template.SyntaxError
	if errors.As(err, &syntax) {
		report(n.Inside(syntax.Offset), syntax.Reason+": "+syntax.Fix)
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
		if near := wording.Nearest(ref.Name, slices.Sorted(maps.Keys(a.m.Variables))); near != "" {
			fix = "did you mean " + wording.Quote(near) + "? If not, " + fix
		}
		report(n.Inside(ref.Offset), "the application has no variable "+wording.Quote(ref.Name)+": "+fix)
	}
}
