package spin

import (
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/manifest"
)

// Capabilities reports what each component that is loaded, and each dependency inside it, can
// reach of the host, by which line of the manifest, and how often it has used it so far.
// Components are in the order of the manifest.
func (a *App) Capabilities() capability.Report {
	r := capability.Report{App: a.Name()}
	for _, c := range a.Components() {
		r.Components = append(r.Components, c.Capabilities())
	}
	return r
}

// report is what the part and its dependencies can reach, and have used.
func (p *part) report() capability.Part {
	var imports []capability.Import
	for _, imp := range p.decoded.Imports() {
		if i, ok := p.provided(imp.Name); ok {
			imports = append(imports, capability.Import{ID: imp.Name, Set: i.Capability})
		}
	}
	r := capability.NewPart(p.subject, imports, nil)
	seen := map[string]bool{}
	for k := range r.Interfaces {
		use := &r.Interfaces[k]
		if id, ok := p.linker.Lookup(use.ID); ok && !seen[id] {
			seen[id] = true // of several versions that are bound to one interface, the first has the counts
			use.Calls = p.c.a.usage.Counts(p.c.m.ID, p.path(), id)
		}
	}
	if p.dep == nil {
		r.Grants = grants(p.c.m)
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
