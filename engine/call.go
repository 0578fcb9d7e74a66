package engine

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
)

// Call is one call of an exported function. Its methods may be called from any goroutine.
type Call struct {
	c canon.ExportCall
	f *Func
	i *Instance
}

// Start begins a call of f, a function of the instance's program whose type the caller has
// checked. inv lowers the arguments when the guest takes them, which under back-pressure may
// be later, and lifts the result (Canonical ABI, canon_lift); both happen on the goroutine
// that drives the instance and must not block. ended, if not nil, is called there once the
// guest's task is over, which may be long after it has returned its result.
//
// The guest runs on this goroutine, if no other drives the instance, until it has returned
// its result or waits. ctx is what the host functions get that the guest calls for this
// call; that it ends does not by itself end the call. Errors are those of Call.Err.
func (i *Instance) Start(ctx context.Context, f *Func, inv abi.Invocation, ended func()) *Call {
	c := &Call{f: f, i: i}
	c.c.Metered = i.cfg.Meter
	c.c.Ctx, c.c.Refs, c.c.Inv, c.c.Ended = ctx, f.refsIn(i), inv, ended
	i.tree.Call(f.lift, &c.c)
	return c
}

// Do calls f as Start does and waits as Call.Wait does. It makes no garbage if the guest has
// ended the call without waiting for anything.
func (i *Instance) Do(ctx context.Context, f *Func, inv abi.Invocation) error {
	c := i.spare.Swap(nil)
	if c == nil {
		c = new(Call)
	}
	c.f, c.i = f, i
	c.c.Ctx, c.c.Refs, c.c.Inv = ctx, f.refsIn(i), inv
	free := i.tree.Call(f.lift, &c.c)
	err := c.Wait(ctx)
	if free {
		c.c.Reset()
		i.spare.Store(c)
	}
	return err
}

// refsIn returns the identities of f's signature in instance i.
func (f *Func) refsIn(i *Instance) []abi.Ref {
	if f.own == nil {
		return f.refs
	}
	refs := append([]abi.Ref(nil), f.refs...)
	for k, n := range f.own {
		if n != canon.None {
			refs[k].Resource = i.tree.Resource(n)
		}
	}
	return refs
}

// Wait waits until the guest has returned its result, and returns what Err does. When ctx ends
// first it asks the guest to cancel and returns ctx's cause.
func (c *Call) Wait(ctx context.Context) error {
	if !c.c.Resolved() {
		select {
		case <-c.c.Done():
		case <-ctx.Done():
			c.Cancel()
			return context.Cause(ctx)
		}
	}
	return c.Err()
}

// Done returns a channel that is closed when the guest has returned its result, or will not
// return one.
func (c *Call) Done() <-chan struct{} { return c.c.Done() }

// Err returns why a call has no result: nil if it has, or if it is not over. It matches
// context.Canceled if the guest has given up as it was asked to, ErrClosed if the instance
// was closed, ErrTrap if it has trapped, now or before, or is what Kill was given.
func (c *Call) Err() error { return c.i.trapError(c.c.Err()) }

// Begun reports whether the guest has been given the arguments. If not when the instance has
// ended, the guest has done nothing for this call, and it may be made again elsewhere.
func (c *Call) Begun() bool { return c.c.Begun() }

// Ended returns a channel that is closed when the guest's task is over, which may be long
// after Done.
func (c *Call) Ended() <-chan struct{} { return c.c.HasEnded() }

// Cancel asks the guest to give the call up, and does not wait for that. The guest may still
// return a result. Guests that do not know how to be cancelled, which have no task.cancel,
// are not asked (Canonical ABI, Task.request_cancellation).
func (c *Call) Cancel() {
	if c.f.cancellable {
		c.c.Cancel()
	}
}
