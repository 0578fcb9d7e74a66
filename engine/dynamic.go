package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/value"
)

// Call calls f, a function of the instance's program, with one Go value for each parameter,
// in the forms of package value, and returns the result, nil if the function has none. It is
// the convenient way; generated code uses Start.
//
// Arguments that do not fit the function's type are an error that the guest does not learn
// of, a *value.TypeError if one has the wrong form. For other errors see [Call.Err]. When ctx
// ends, the guest is asked to give up and the error is ctx's cause. Call may be called by any
// number of goroutines at once.
func (i *Instance) Call(ctx context.Context, f *Func, args ...any) (any, error) {
	var result any
	c := &Call{f: f, i: i}
	inv, err := f.Invocation(args, &result)
	if err != nil {
		return nil, err
	}
	c.c.Ctx, c.c.Inv, c.c.Metered = ctx, inv, i.cfg.Meter
	i.tree.Call(f.lift, &c.c)
	err = c.Wait(ctx)
	var misfit *value.TypeError
	switch {
	case err == nil:
		return result, nil
	case errors.As(err, &misfit):
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return nil, err
}

// Invocation makes what [Instance.Start] takes of Go values in the forms of package value: one
// for each parameter. The result of the call is stored at result, which must not be looked at
// before the call is over. An invocation is for one call; the error says that there are too few
// values or too many.
func (f *Func) Invocation(args []any, result *any) (abi.Invocation, error) {
	inv, err := canon.Dynamic(f.lift, args, result)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return inv, nil
}
