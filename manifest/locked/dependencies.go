package locked

import (
	"fmt"
	"strconv"

	"github.com/spinhost/spin/internal/wording"
)

// middlewareRole is the role of components that HTTP triggers place around theirs.
const middlewareRole = "middleware"

// MoveTriggerDependencies brings the dependencies of triggers to the components
// that they run, since what a component is composed of is looked up by its id. Where
// several triggers run the same component, each with dependencies gets a copy of its
// own, named COMPONENT-for-TRIGGER, behind the other components; the component
// itself stays. Roles without dependencies stay with the trigger if it has no
// others, and so do dependencies around a component that the app does not have.
//
// A component with dependencies in the role middleware requires [Middleware] of its
// host from then on.
//
// The error is [ErrLimit] if the copies would be larger than the text of any app may
// be. The app is not changed then.
func (a *App) MoveTriggerDependencies() error {
	users := make(map[string]int)
	for i := range a.Triggers {
		users[a.Triggers[i].Component()]++
	}
	ids := make(map[string]int, len(a.Components)) // index by id
	for i, c := range a.Components {
		ids[c.ID] = i
	}
	if err := a.checkCopies(users, ids); err != nil {
		return err
	}
	for i := range a.Triggers {
		t := &a.Triggers[i]
		at, ok := ids[t.Component()]
		if !ok || !hasDependencies(t.Dependencies) {
			continue
		}
		if users[t.Component()] > 1 {
			c := a.Components[at].clone()
			c.ID = freeID(ids, c.ID+copyMark+t.ID)
			at = len(a.Components)
			ids[c.ID] = at
			a.Components = append(a.Components, c)
			t.Config["component"] = c.ID
		}
		a.Components[at].take(t)
	}
	return nil
}

// checkCopies keeps a small text from becoming a large app.
func (a *App) checkCopies(users, ids map[string]int) error {
	sizes := make(map[string]int)
	total := 0
	for i := range a.Triggers {
		id := a.Triggers[i].Component()
		at, ok := ids[id]
		if !ok || users[id] == 1 || !hasDependencies(a.Triggers[i].Dependencies) {
			continue
		}
		if _, ok := sizes[id]; !ok {
			sizes[id] = a.Components[at].size()
		}
		if total += sizes[id]; total > maxSize {
			return fmt.Errorf("locked: component %s: %w: triggers with dependencies need copies of %d bytes: let less triggers run the same component",
				wording.Quote(id), ErrLimit, total)
		}
	}
	return nil
}

// take moves the dependencies of a trigger to its component.
func (c *Component) take(t *Trigger) {
	c.TriggerDependencies, t.Dependencies = t.Dependencies, nil
	if c.Metadata == nil {
		c.Metadata = make(Values)
	}
	c.Metadata[resolveKey] = t.Type
	if len(c.TriggerDependencies[middlewareRole]) == 0 {
		return
	}
	if c.HostRequirements == nil {
		c.HostRequirements = make(Values)
	}
	c.HostRequirements[Middleware] = Required
}

func hasDependencies(roles map[string][]Dependency) bool {
	for _, list := range roles {
		if len(list) > 0 {
			return true
		}
	}
	return false
}

// freeID adds -dN to an id that is taken, as the ids of triggers may repeat.
func freeID(taken map[string]int, id string) string {
	free := id
	for n := 1; ; n++ {
		if _, ok := taken[free]; !ok {
			return free
		}
		free = id + "-d" + strconv.Itoa(n)
	}
}
