package composition

import (
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/manifest"
)

// Report says what the component and its dependencies can reach of the host, by which line of the
// manifest, and how often they have used it so far. What is around the component stands with its
// dependencies.
func (p *Program) Report() capability.Part {
	r := p.main.report()
	for _, x := range p.around {
		r.Dependencies = append(r.Dependencies, x.report())
	}
	return r
}

// report is what the part and its dependencies can reach, and have used.
func (p *Part) report() capability.Part {
	var imports []capability.Import
	for _, imp := range p.importNames() {
		if i, ok := p.provided(imp); ok {
			imports = append(imports, capability.Import{ID: imp, Set: i.Capability})
		}
	}
	r := capability.NewPart(p.subject, imports, nil)
	seen := map[string]bool{}
	for k := range r.Interfaces {
		use := &r.Interfaces[k]
		if id, ok := p.linker.Lookup(use.ID); ok && !seen[id] {
			seen[id] = true // of several versions that are bound to one interface, the first has the counts
			use.Calls = p.program.host.Usage.Counts(p.subject.Component, p.Path(), id)
		}
	}
	if p.dep == nil {
		r.Grants = grants(p.program.spec.Component)
	}
	for _, d := range p.deps {
		r.Dependencies = append(r.Dependencies, d.report())
	}
	return r
}

// grants lists what a component's manifest grants it.
func grants(m *manifest.Component) []capability.Item {
	var items []capability.Item
	add := func(set, text string, pos manifest.Position) {
		items = append(items, capability.Item{Set: set, Text: text, Pos: pos})
	}
	for _, e := range m.AllowedOutboundHosts.Entries() {
		add(capability.AllowedOutboundHosts, e.Text, e.Pos)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Environment)) {
		add(capability.Environment, name, m.KeyPos("environment", name))
	}
	for _, f := range m.Files {
		add(capability.Files, f.Source.Value, f.Pos)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Variables)) {
		add(capability.Variables, name, m.Variables[name].Pos)
	}
	for set, labels := range map[string][]manifest.Text{
		capability.KeyValueStores: m.KeyValueStores, capability.SQLiteDatabases: m.SQLiteDatabases, capability.AIModels: m.AIModels,
	} {
		for _, l := range labels {
			add(set, l.Value, l.Pos)
		}
	}
	slices.SortStableFunc(items, func(a, b capability.Item) int { return strings.Compare(a.Set, b.Set) })
	return items
}
