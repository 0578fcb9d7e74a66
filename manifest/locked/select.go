package locked

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Causes of a [SelectError], for errors.Is.
var (
	// ErrNoComponent means that the app has no component of the id.
	ErrNoComponent = errors.New("no such component")
	// ErrNotSelected means that a selected component calls one that is not
	// selected.
	ErrNotSelected = errors.New("component is not selected")
)

// SelectError is one reason why components cannot be selected.
type SelectError struct {
	Component string // id
	Host      string // the entry of allowed_outbound_hosts; empty for ErrNoComponent
	Err       error  // ErrNoComponent or ErrNotSelected
	fix       string
}

// Error says what to write instead.
func (e *SelectError) Error() string {
	if e.Host == "" {
		return fmt.Sprintf("the app has no component %s: %s", wording.Quote(e.Component), e.fix)
	}
	return fmt.Sprintf("component %s calls components that are not selected, as its allowed_outbound_hosts has %s: %s",
		wording.Quote(e.Component), wording.Quote(e.Host), e.fix)
}

// Unwrap returns the cause.
func (e *SelectError) Unwrap() error { return e.Err }

// Select returns a copy of the app with the triggers that run one of the given
// components, and with the components that these triggers run. All others are left
// out: triggers that answer by themselves too, and a selected component that no
// trigger runs. A component must not be allowed to call others that are left out;
// entries with templates are not looked at.
//
// The error joins a [*SelectError] for each reason.
func (a *App) Select(ids ...string) (*App, error) {
	b := a.Clone()
	var errs []error
	components := b.byID()
	for _, id := range ids {
		if components[id] == nil {
			errs = append(errs, &SelectError{Component: id, Err: ErrNoComponent, fix: "write one of " + a.componentIDs()})
		}
	}
	runs := make(map[string]bool)
	b.Triggers = slices.DeleteFunc(b.Triggers, func(t Trigger) bool {
		id := t.Component()
		keep := id != "" && slices.Contains(ids, id)
		runs[id] = runs[id] || keep
		return !keep
	})
	b.Components = slices.DeleteFunc(b.Components, func(c Component) bool { return !runs[c.ID] })
	hosts := make(map[string]bool) // have no case
	for id, runs := range runs {
		hosts[strings.ToLower(id)] = runs
	}
	for i := range b.Components {
		errs = append(errs, b.Components[i].checkChaining(hosts)...)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return b, nil
}

func (a *App) componentIDs() string {
	const most = 20
	var ids []string
	for _, c := range a.Components[:min(len(a.Components), most)] {
		ids = append(ids, wording.Quote(c.ID))
	}
	if len(a.Components) > most {
		ids = append(ids, "...")
	}
	return strings.Join(ids, ", ")
}

// checkChaining finds the hosts that stand for components that are left out.
func (c *Component) checkChaining(kept map[string]bool) []error {
	var errs []error
	for _, entry := range c.AllowedOutboundHosts() {
		callee, ok := chainedComponent(entry)
		switch {
		case !ok || kept[callee]:
		case callee == "*":
			errs = append(errs, &SelectError{Component: c.ID, Host: entry, Err: ErrNotSelected,
				fix: "select all components, or name those that it calls"})
		default:
			errs = append(errs, &SelectError{Component: c.ID, Host: entry, Err: ErrNotSelected,
				fix: "select " + wording.Quote(callee) + " too, with a trigger that runs it"})
		}
	}
	return errs
}

const internalSuffix = ".spin.internal"

// chainedComponent returns the id of the component that an entry of
// allowed_outbound_hosts stands for, * for all. Entries with templates stand for
// none.
func chainedComponent(entry string) (string, bool) {
	if strings.Contains(entry, "{{") {
		return "", false
	}
	_, rest, ok := strings.Cut(strings.TrimSpace(entry), "://")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, ":/"); i >= 0 {
		rest = rest[:i]
	}
	id, ok := strings.CutSuffix(strings.ToLower(rest), internalSuffix)
	if !ok || id == "" {
		return "", false
	}
	return id, true
}
