package target

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/wording"
)

// App is an application to check.
type App struct {
	// Environments are those that the manifest names for the whole application.
	// Triggers are checked against them even if all components name others.
	Environments []*Environment

	Triggers   []AppTrigger
	Components []*Component
}

// AppTrigger is a trigger of an application.
type AppTrigger struct {
	Type      string // such as "http"
	Component string // id; empty if it runs none
}

// Component is a component to check.
type Component struct {
	ID string

	// Environments are those that hold for the component: its own list if it has
	// one, be it empty, else that of the application.
	Environments []*Environment

	// Requirements are the features that it requires of its host.
	Requirements []string

	// Imports and Exports are those of the component composed with its
	// dependencies: what dependencies import is here, and what they provide is
	// not. Some may be here twice.
	Imports, Exports []Extern

	// Err says why imports and exports are not known; nil if they are.
	Err error

	Pos Position // for messages
}

// Error is one finding of Check.
type Error struct {
	Environment string
	Component   string   // id; empty for ErrTrigger
	TriggerType string   // empty for ErrRequirement
	Worlds      []Misfit // for ErrWorld, in the order of the definition
	Feature     string   // for ErrRequirement
	Pos         Position // of the component; may be unknown
	Err         error    // ErrTrigger, ErrWorld, ErrRequirement, or ErrUnchecked joined with its reason
	msg         string
}

// Misfit says why a component does not conform to a world.
type Misfit struct {
	World   string
	Reasons []string // each with what to change
}

// Error says what is missing and what to change, over several lines for ErrWorld.
func (e *Error) Error() string {
	s := e.msg
	if e.Pos.IsValid() {
		s = e.Pos.String() + ": " + s
	}
	for _, w := range e.Worlds {
		s += "\n  world " + w.World + ":"
		for _, r := range w.Reasons {
			s += "\n    " + r
		}
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors holds all findings of a check.
type Errors []*Error

// Error returns the findings, one after the other.
func (e Errors) Error() string { return wording.Lines(e) }

// Unwrap gives the findings to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return wording.Unwrap(e) }

// Check compares an application with the environments that it is meant to run on. The
// error is [Errors]: first, and then alone, types of triggers that an environment does
// not run; else for each component and each of its environments that it conforms to no
// world, or requires what the environment does not have. Components that no trigger
// runs are not checked, and neither are triggers that run none.
func Check(app App) error {
	errs := checkTriggers(app)
	if len(errs) > 0 {
		return errs
	}
	for _, c := range app.Components {
		types := typesOf(app.Triggers, c.ID)
		if len(types) == 0 {
			continue
		}
		for _, e := range c.Environments {
			errs = append(errs, c.check(e, types)...)
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// checkTriggers compares all types of triggers with all environments.
func checkTriggers(app App) Errors {
	envs := slices.Clone(app.Environments)
	for _, c := range app.Components {
		envs = append(envs, c.Environments...)
	}
	var errs Errors
	seen := make(map[*Environment]bool)
	for _, e := range envs {
		if seen[e] {
			continue
		}
		seen[e] = true
		var types []string
		for _, t := range app.Triggers {
			if _, ok := e.Trigger(t.Type); !ok && !slices.Contains(types, t.Type) {
				types = append(types, t.Type)
				errs = append(errs, &Error{
					Environment: e.Name, TriggerType: t.Type, Err: ErrTrigger,
					msg: fmt.Sprintf("the environment %s does not run triggers of type %s, only of type %s: remove those triggers, or the environment from the targets",
						wording.Quote(e.Name), wording.Quote(t.Type), quoteAll(e.TriggerTypes())),
				})
			}
		}
	}
	return errs
}

// typesOf returns the types of the triggers that run a component, each once.
func typesOf(triggers []AppTrigger, id string) []string {
	var types []string
	for _, t := range triggers {
		if t.Component == id && id != "" && !slices.Contains(types, t.Type) {
			types = append(types, t.Type)
		}
	}
	return types
}

// check compares a component with an environment.
func (c *Component) check(e *Environment, types []string) Errors {
	var errs Errors
	var missing []string
	for _, triggerType := range types {
		t, _ := e.Trigger(triggerType)
		if err := c.conform(e, triggerType, e.worlds[t]); err != nil {
			errs = append(errs, err)
		}
		for _, feature := range c.Requirements {
			if !slices.Contains(t.Capabilities, feature) && !slices.Contains(missing, feature) {
				missing = append(missing, feature)
				errs = append(errs, &Error{
					Environment: e.Name, Component: c.ID, TriggerType: triggerType, Feature: feature, Pos: c.Pos, Err: ErrRequirement,
					msg: fmt.Sprintf("component %s requires %s, which the environment %s does not have for triggers of type %s: %s, or remove the environment from the targets",
						wording.Quote(c.ID), wording.Quote(feature), wording.Quote(e.Name), wording.Quote(triggerType), avoid(feature)),
				})
			}
		}
	}
	return errs
}

// avoid says how an app can do without a feature.
func avoid(feature string) string {
	switch feature {
	case serviceChaining:
		return "remove the entries of allowed_outbound_hosts that end in .spin.internal"
	case middleware:
		return "remove the middleware from the dependencies of the trigger"
	}
	return "remove what needs it"
}

// conform returns nil if a component conforms to one of the worlds.
func (c *Component) conform(e *Environment, triggerType string, worlds []*wit.World) *Error {
	err := &Error{Environment: e.Name, Component: c.ID, TriggerType: triggerType, Pos: c.Pos, Err: ErrWorld}
	if c.Err != nil {
		err.Err = errors.Join(ErrUnchecked, c.Err)
		err.msg = fmt.Sprintf("component %s could not be checked for the environment %s: %v", wording.Quote(c.ID), wording.Quote(e.Name), c.Err)
		return err
	}
	for _, w := range worlds {
		reasons := mismatch(w, c.Imports, c.Exports)
		if len(reasons) == 0 {
			return nil
		}
		err.Worlds = append(err.Worlds, Misfit{w.ID(), reasons})
	}
	err.msg = fmt.Sprintf("component %s does not fit the environment %s, as it conforms to no world for triggers of type %s:",
		wording.Quote(c.ID), wording.Quote(e.Name), wording.Quote(triggerType))
	return err
}
