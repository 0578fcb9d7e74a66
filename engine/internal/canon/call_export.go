package canon

import (
	"context"
	"errors"
	"sync"

	"github.com/spinhost/spin/engine/abi"
)

// ExportCall is one call of an exported function by the host.
type ExportCall struct {
	Ctx   context.Context // passed on to the host functions that the task calls
	Refs  []abi.Ref
	Inv   abi.Invocation
	Ended func() // called on the driver, once: the task has ended

	t    *Tree
	fn   *Lift
	task *Task

	mu    sync.Mutex
	begun bool
	over  bool
	gone  bool
	err   error
	ready chan struct{}
	exit  chan struct{}
}

// Call starts c, driving the tree on this goroutine if nobody else does until c has
// resolved or has to wait.
func (t *Tree) Call(fn *Lift, c *ExportCall) {
	c.t, c.fn = t, fn
	t.drive(c, c.Resolved)
}

// Resolved reports whether the call has returned, failed, or was cancelled.
func (c *ExportCall) Resolved() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

// Done returns a channel that is closed when the call is Resolved.
func (c *ExportCall) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready == nil {
		c.ready = make(chan struct{})
		if c.over {
			close(c.ready)
		}
	}
	return c.ready
}

// HasEnded returns a channel that is closed when the task has ended.
func (c *ExportCall) HasEnded() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.exit == nil {
		c.exit = make(chan struct{})
		if c.gone {
			close(c.exit)
		}
	}
	return c.exit
}

// Begun reports whether the guest was given the arguments.
func (c *ExportCall) Begun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

// Err returns why a resolved call has no result.
func (c *ExportCall) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Cancel asks the guest to stop. It may still return a result.
func (c *ExportCall) Cancel() {
	c.t.post(messageFunc(func(t *Tree) {
		if t.dead == nil && c.task != nil {
			t.cancelTask(c.task, nil)
		}
	}))
}

// deliver implements message: it starts the task.
func (c *ExportCall) deliver(t *Tree) {
	if t.dead != nil {
		err := error(ErrPoisoned)
		if errors.Is(t.dead, ErrClosed) {
			err = ErrClosed
		}
		c.settle(err)
		c.ended()
		return
	}
	if t.calls == nil {
		t.calls = map[*ExportCall]struct{}{}
	}
	t.calls[c] = struct{}{}
	task := t.newTask(c.fn, c.Ctx)
	task.call, c.task = c, task
	task.inst.enterFrom(nil)
	if t.start(task) == ran {
		task.inst.leaveTo(nil)
	}
}

// resolved is called when the task has returned or confirmed its cancellation.
func (c *ExportCall) resolved(returned bool) {
	if returned {
		c.settle(nil)
	} else {
		c.settle(context.Canceled)
	}
}

func (c *ExportCall) settle(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over, c.err = true, err
	if c.ready != nil {
		close(c.ready)
	}
}

// ended is called when the task has ended, be it with its tree.
func (c *ExportCall) ended() {
	delete(c.t.calls, c)
	c.mu.Lock()
	c.gone = true
	if c.exit != nil {
		close(c.exit)
	}
	c.mu.Unlock()
	if c.Ended != nil {
		c.Ended()
	}
}

// lower lowers the arguments.
func (c *ExportCall) lower(g *abi.Guest, flat abi.Flat) {
	c.mu.Lock()
	c.begun = true
	c.mu.Unlock()
	c.Inv.Lower(g, flat)
}
