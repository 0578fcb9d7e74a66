package spin

import (
	"fmt"

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
