package trigger

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// Do calls a function of a component in an instance of its own, and returns when the guest has
// returned the result, which is then in inv. When ctx ends the instance is ended, also while it
// computes, and the error matches ctx's cause. What the guest still does after it has returned
// is no longer waited for, and not ended by ctx.
func Do(ctx context.Context, c Component, f Func, inv abi.Invocation) error {
	instance, err := c.Fresh(ctx)
	if err != nil {
		return err
	}
	defer instance.Release()
	killed := make(chan struct{})
	keep := context.AfterFunc(ctx, func() {
		defer close(killed)
		instance.Kill(context.Cause(ctx))
	})
	call := instance.Start(ctx, f, inv)
	<-call.Done()
	err = call.Err()
	if !keep() {
		<-killed // an instance that was given back must not be ended any more
		if err != nil && !call.Begun() {
			err = context.Cause(ctx) // it was ended before
		}
	}
	return err
}

// Invoke is [Do] with arguments and a result, nil if there is none, in the forms of package
// engine/value. An error of a WIT result is a value too, not a Go error.
func Invoke(ctx context.Context, c Component, f Func, args ...any) (any, error) {
	var result any
	inv, err := f.Invocation(args, &result)
	if err != nil {
		return nil, err
	}
	if err := Do(ctx, c, f, inv); err != nil {
		return nil, err
	}
	return result, nil
}
