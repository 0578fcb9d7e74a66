package spin

import (
	"context"
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/trigger"
)

// Invoke calls a function that a component exports, in an instance of its own, and waits for
// the result. function is the name of a function that the component exports by itself, or that
// of an interface and of a function in it, such as "acme:calc/ops@1.0.0#add"; the version may
// be a compatible one, or be left out if the component exports only one. Arguments and the result, nil if there is none,
// have the forms of package [value]; an error of a WIT result is a value too, not a Go error.
//
// The component need not belong to any trigger: it is loaded when it is first asked for. When
// ctx ends the instance is ended, also while the guest computes, and the error is ctx's cause. A
// guest that traps is an error that matches [ErrTrap].
func (a *App) Invoke(ctx context.Context, component, function string, args ...any) (any, error) {
	if a.closed.Load() {
		return nil, ErrClosed
	}
	result, err := a.invoke(ctx, component, function, args)
	if _, placed := position(err); err != nil && !placed {
		return nil, fmt.Errorf("component %q: %w", component, err)
	}
	return result, err
}

func (a *App) invoke(ctx context.Context, component, function string, args []any) (any, error) {
	c, err := a.component(component)
	if err != nil {
		return nil, err
	}
	f, err := c.program.FuncNamed(function)
	if err != nil {
		return nil, err
	}
	var result any // the guest's until it has returned
	inv, err := f.Invocation(args, &result)
	if err != nil {
		return nil, err
	}
	err = trigger.Do(ctx, c, &exported{f, c}, inv)
	var misfit *value.TypeError
	// One that is the cause of a trap is not about the arguments.
	switch {
	case errors.As(err, &misfit) && !errors.Is(err, ErrTrap):
		return nil, misfit
	case err != nil:
		return nil, err // result is still the guest's
	}
	return result, nil
}
