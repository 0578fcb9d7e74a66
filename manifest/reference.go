package manifest

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// resolveDependencies gives the dependencies that are components of the app the
// source of those.
func (a *assembly) resolveDependencies() {
	for _, d := range a.drafts {
		for _, dep := range d.Dependencies {
			a.resolveDependency(dep, d)
		}
	}
	for _, e := range a.m.Triggers {
		for _, role := range e.roles {
			for _, dep := range e.Dependencies[role] {
				a.resolveDependency(dep, nil)
			}
		}
	}
	a.checkNested()
}

// ownSettings are the keys of a component that it cannot have as a dependency,
// where it runs with the settings of another one.
var ownSettings = []string{
	"ai_models", "allowed_http_hosts", "allowed_outbound_hosts", "environment",
	"files", "key_value_stores", "sqlite_databases", "variables",
}

func (a *assembly) resolveDependency(dep *Dependency, owner *draft) {
	if dep.Component == "" || a.full() {
		return
	}
	fault := func(msg string) { a.add(dep.KeyPos("component"), tomltree.Path(dep.path, "component"), nil, msg) }
	target := a.byID[dep.Component]
	switch {
	case target == nil && a.used[dep.Component]: // reported where it is defined
	case target == nil:
		fault(noComponent(dep.Component, a.ids()))
	case target == owner:
		fault("a component cannot be a dependency of its own: name another one")
	default:
		if keys := target.ownSettings(); len(keys) > 0 {
			fault("the component " + wording.Quote(dep.Component) + " has settings of its own, " + strings.Join(keys, ", ") +
				", which a dependency cannot have: remove them, or add a component of the same source without them")
			return
		}
		dep.Dependencies = target.Dependencies
		pos := dep.Source.Pos
		dep.Source = target.Source
		dep.Source.Pos = pos
		if dep.Source.Version != "" { // of components it is a version, of dependencies a requirement
			dep.Source.Version = "=" + dep.Source.Version
		}
	}
}

func (a *assembly) ids() []string {
	var ids []string
	for _, d := range a.drafts {
		ids = append(ids, d.ID)
	}
	return ids
}

// ownSettings returns those keys of ownSettings that the component has under the
// active profile.
func (d *draft) ownSettings() []string {
	return slices.DeleteFunc(slices.Clone(ownSettings), func(key string) bool {
		switch key {
		case "environment":
			return len(d.Environment) == 0
		}
		f := d.section.table.Get(key)
		return f == nil || f.Node.Empty()
	})
}
