package spin

import (
	"context"
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/pool"
	"github.com/spinhost/spin/trigger"
)

// ID implements trigger.Component.
func (c *component) ID() string { return c.m.ID }

// Exports implements trigger.Component.
func (c *component) Exports() []string { return c.program.Exports() }

// Func implements trigger.Component. Errors are placed by the trigger, which knows what it
// needs the function for.
func (c *component) Func(iface, name, typ string) (trigger.Func, error) {
	f, err := c.program.Func(iface, name)
	if err == nil && typ != "" {
		err = f.Check(typ)
	}
	if err != nil {
		return nil, err
	}
	return &exported{f, c}, nil
}

// exported is an exported function of a component.
type exported struct {
	*engine.Func
	c *component
}

// Fresh implements trigger.Component.
func (c *component) Fresh(ctx context.Context) (trigger.Instance, error) {
	ctx, stop := c.a.cfg.Limits.withRoomTime(ctx)
	defer stop()
	return lease(c.pool.Fresh(ctx))
}

// Shared implements trigger.Component.
func (c *component) Shared(ctx context.Context) (trigger.Instance, error) {
	ctx, stop := c.a.cfg.Limits.withRoomTime(ctx)
	defer stop()
	return lease(c.pool.Shared(ctx))
}

// lease turns errors into what triggers know.
func lease(i trigger.Instance, err error) (trigger.Instance, error) {
	switch {
	case err == nil:
		return i, nil
	case errors.Is(err, ErrClosed):
		return nil, busy{err}
	}
	return nil, err
}

// busy is an error after which a client may try again.
type busy struct{ error }

func (b busy) Unwrap() error        { return b.error }
func (b busy) Is(target error) bool { return target == trigger.ErrBusy }

// start makes an instance for the pool.
func (c *component) start(ctx context.Context, shared, wait bool, ended func()) (pool.Instance, error) {
	hosts, err := c.hosts.Now(ctx)
	if err != nil {
		return nil, err
	}
	l := c.a.cfg.Limits
	i, err := c.program.Instantiate(ctx, engine.InstanceConfig{
		Name: c.m.ID, Memory: c.cfg.Memory, ComputeTime: l.computeTime(), Handles: l.Handles,
		Tasks: l.Tasks, CallBytes: l.CallBytes, Shared: shared, NoWait: !wait, Ended: ended,
	})
	switch {
	case err == nil:
		c.hosts.Keep(i.Locals(), hosts)
		return &instance{i, c}, nil
	case c.a.rt.closed.Load():
		return nil, errRuntimeClosed
	case errors.Is(err, engine.ErrBusy):
		return nil, busy{err}
	}
	return nil, err
}

// instance is an instance as package pool sees it.
type instance struct {
	*engine.Instance
	c *component
}

// Start implements pool.Instance. A function of another component is not called.
func (i *instance) Start(ctx context.Context, f trigger.Func, inv abi.Invocation, ended func()) trigger.Call {
	fn, ok := f.(*exported)
	if !ok || fn.c != i.c {
		ended()
		return failedCall{fmt.Errorf("function %s is not one of component %q", f.Name(), i.c.ID())}
	}
	return i.Instance.Start(ctx, fn.Func, inv, ended)
}

// failedCall is a call that was never begun.
type failedCall struct{ err error }

var over = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (c failedCall) Done() <-chan struct{}  { return over }
func (c failedCall) Ended() <-chan struct{} { return over }
func (c failedCall) Err() error             { return c.err }
func (c failedCall) Begun() bool            { return false }
func (c failedCall) Cancel()                {}
