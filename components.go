package spin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
)

// Component is a component of an app, loaded, with all that it depends on and that triggers place
// around it. It is safe for concurrent use.
type Component struct{ c *component }

// Components lists the components that are loaded: those that triggers use, and those that
// [App.Invoke] was asked for. They are in the order of the manifest; one that different
// triggers place different middleware around is there for each.
func (a *App) Components() []Component {
	list := a.programs()
	slices.SortFunc(list, func(x, y *component) int {
		order := func(c *component) int { return slices.Index(a.m.Components, c.m) }
		return cmp.Or(cmp.Compare(order(x), order(y)), strings.Compare(x.id, y.id))
	})
	all := make([]Component, len(list))
	for i, c := range list {
		all[i] = Component{c}
	}
	return all
}

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

// ID returns the component's id in the manifest.
func (c Component) ID() string { return c.c.m.ID }

// Functions lists the functions that the component exports, by the names that [App.Invoke]
// takes.
func (c Component) Functions() []string { return c.c.program.Funcs() }

// Invoke is [App.Invoke] for a function of the component.
func (c Component) Invoke(ctx context.Context, function string, args ...any) (any, error) {
	return c.c.a.Invoke(ctx, c.c.id, function, args...)
}

// Capabilities is what [App.Capabilities] reports of the component: what it can reach of the
// host, by which line of the manifest, and how often it has used it so far. Dependencies are
// nested, and what is around the component stands with them.
func (c Component) Capabilities() capability.Part { return c.c.program.Report() }
