package spin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// variant is a component with what an entry of a trigger places around it.
type variant struct {
	component string                 // id
	around    []*manifest.Dependency // from the outermost inwards
	iface     string                 // that they export, and import from the next; without version
}

// findVariants gives the entries of a trigger that have dependencies components of their own,
// by the ids by which the trigger asks for them, and returns what is wrong.
func (a *App) findVariants(t trigger.Trigger, entries []*manifest.TriggerEntry) []error {
	composer, _ := t.(trigger.Composer)
	var errs []error
	for _, e := range entries {
		if len(e.Dependencies) == 0 {
			continue
		}
		v := variant{component: e.Component}
		for role, around := range e.Dependencies {
			if composer != nil && composer.Around(role) != "" {
				v.around, v.iface = around, composer.Around(role)
				continue
			}
			errs = append(errs, &Error{e.Component, e.KeyPos("dependencies", role),
				fmt.Errorf("the trigger %q has no dependencies of the role %q: remove them", t.Kind(), role)})
		}
		id := a.newVariantID(e)
		a.variant[id], a.entryID[e] = v, id
	}
	return errs
}

// newVariantID is the component's own id if no other entry uses it, as Spin has it.
func (a *App) newVariantID(e *manifest.TriggerEntry) string {
	users := 0
	for _, x := range a.m.Triggers {
		if x.Component == e.Component {
			users++
		}
	}
	if users == 1 {
		return e.Component
	}
	id := e.Component + "-for-" + e.ID
	for taken := true; taken; {
		_, used := a.variant[id]
		if _, taken = a.m.Component(id); taken || used {
			id, taken = id+"-d", true
		}
	}
	return id
}

// componentID is the id by which a trigger asks for the component of an entry.
func (a *App) componentID(e *manifest.TriggerEntry) string {
	if id, ok := a.entryID[e]; ok {
		return id
	}
	return e.Component
}

// placeAround makes the parts that are placed around the component.
func (c *component) placeAround(ctx context.Context, v variant) error {
	var errs []error
	seen := map[string]int{}
	for _, d := range v.around {
		name := d.Component
		if name == "" {
			name = d.Source.String()
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		p, err := c.newPart(ctx, c.part, d, name)
		if err != nil {
			errs = append(errs, split(err)...)
			continue
		}
		c.around = append(c.around, p)
	}
	if len(errs) == 0 {
		errs = c.checkChain()
	}
	return errors.Join(errs...)
}

// checkChain finds parts that cannot be placed where they are.
func (c *component) checkChain() []error {
	if len(c.around) == 0 {
		return nil
	}
	iface := c.iface
	var errs []error
	chain := append(slices.Clone(c.around), c.part)
	for k, p := range chain {
		if named(p.exportNames(), iface) == "" {
			err := fmt.Errorf("source %q does not export %s, without which nothing can be placed before it", c.m.Source, iface)
			if p.dep != nil {
				err = p.fault("it does not export %s, which is what it is placed there for", iface)
			}
			errs = append(errs, err)
		}
		if k < len(chain)-1 && named(p.importNames(), iface) == "" {
			errs = append(errs, p.fault("it does not import %s, by which it would call what it is placed before", iface))
		}
	}
	return errs
}

// connectAround connects the chain, and returns the outermost part.
func (c *component) connectAround(g *engine.Graph) *part {
	chain := append(slices.Clone(c.around), c.part)
	for k, p := range c.around {
		p.addTo(g)
		next := chain[k+1]
		imp := named(p.importNames(), c.iface)
		g.Connect(p.node(), imp, next.node(), named(next.exportNames(), c.iface))
	}
	return chain[0]
}

// named finds the name that an interface has with its version.
func named(names []string, iface string) string {
	for _, n := range names {
		if base, _, _ := strings.Cut(n, "@"); base == iface {
			return n
		}
	}
	return ""
}
