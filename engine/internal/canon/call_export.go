package canon

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
)

// ExportCall is one call of an exported function by the host.
type ExportCall struct {
	Ctx   context.Context // passed on to the host functions that the task calls
	Refs  []abi.Ref
	Inv   abi.Invocation
	Ended func() // called on the driver, once: the task has ended

	Metered bool // Spent will be asked for; such a call is not Reset

	t          *Tree
	fn         *Lift
	task       Task // the call's, from when it is begun
	made       bool // task is one
	prev, next *ExportCall

	state atomic.Uint32
	err   error // set before callOver

	spent spent
	mu    sync.Mutex
	ready chan struct{} // made when asked for
	exit  chan struct{}
}

// What has become of a call.
const (
	callBegun = 1 << iota // the guest was given the arguments
	callOver              // it has resolved
	callGone              // its task has ended

	callAwaited = 8 // shifts callOver and callGone: there is a channel to be closed
)

// Call starts c, driving the tree on this goroutine if nobody else does until c has
// resolved or has to wait. It reports whether nobody but the caller has c any more: its task
// has ended, and this goroutine has driven it.
func (t *Tree) Call(fn *Lift, c *ExportCall) (free bool) {
	c.t, c.fn = t, fn
	return t.drive(c, c) && c.has(callGone)
}

// Reset makes a call that is free ready for another use.
func (c *ExportCall) Reset() {
	c.Ctx, c.Refs, c.Inv, c.Ended = nil, nil, nil, nil
	c.task, c.made, c.err = Task{}, false, nil
	c.ready, c.exit = nil, nil
	c.state.Store(0)
}

func (c *ExportCall) has(what uint32) bool { return c.state.Load()&what != 0 }

// Resolved reports whether the call has returned, failed, or was cancelled.
func (c *ExportCall) Resolved() bool { return c.has(callOver) }

// reached implements goal.
func (c *ExportCall) reached() bool { return c.has(callOver) }

// Done returns a channel that is closed when the call is Resolved.
func (c *ExportCall) Done() <-chan struct{} { return c.await(&c.ready, callOver) }

// HasEnded returns a channel that is closed when the task has ended.
func (c *ExportCall) HasEnded() <-chan struct{} { return c.await(&c.exit, callGone) }

func (c *ExportCall) await(ch *chan struct{}, what uint32) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *ch == nil {
		*ch = make(chan struct{})
		if c.state.Or(what<<callAwaited)&what != 0 {
			close(*ch)
		}
	}
	return *ch
}

// reach notes what has come and tells those who wait for it.
func (c *ExportCall) reach(what uint32, ch *chan struct{}) {
	if was := c.state.Or(what); was&what == 0 && was&(what<<callAwaited) != 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(*ch)
	}
}

// awaited reports whether somebody waits for the call's result, or for the end of its task.
func (c *ExportCall) awaited() bool {
	return c.Ended != nil || !c.has(callOver) || c.has(callGone<<callAwaited)
}

// Begun reports whether the guest was given the arguments.
func (c *ExportCall) Begun() bool { return c.has(callBegun) }

// Err returns why a resolved call has no result.
func (c *ExportCall) Err() error {
	if !c.has(callOver) {
		return nil
	}
	return c.err
}

// Cancel asks the guest to stop. It may still return a result.
func (c *ExportCall) Cancel() {
	c.t.post(messageFunc(func(t *Tree) {
		if t.dead == nil && c.made {
			t.cancelTask(&c.task, nil)
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
	if t.room() != nil {
		c.settle(&CountError{Tasks, t.cfg.Tasks, true})
		c.ended()
		return
	}
	if c.next = t.calls; c.next != nil {
		c.next.prev = c
	}
	t.calls = c
	task := &c.task
	t.initTask(task, c.fn, c.Ctx)
	task.call, task.origin, c.made = c, c.fn, true
	if c.Metered {
		task.root = c
	}
	task.inst.enterFrom(nil)
	if t.call(task) == ran {
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

// settle is called on the driver. Only the first time counts.
func (c *ExportCall) settle(err error) {
	if !c.has(callOver) {
		c.err = err
		c.reach(callOver, &c.ready)
	}
}

// forget takes the call out of the tree's list.
func (c *ExportCall) forget() {
	switch {
	case c.prev != nil:
		c.prev.next = c.next
	case c.t.calls == c:
		c.t.calls = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.prev, c.next = nil, nil
}

// ended is called when the task has ended, be it with its tree.
func (c *ExportCall) ended() {
	c.forget()
	ended := c.Ended
	c.reach(callGone, &c.exit)
	if ended != nil {
		ended()
	}
}

// lower lowers the arguments.
func (c *ExportCall) lower(g *abi.Guest, flat abi.Flat) {
	c.state.Or(callBegun)
	c.Inv.Lower(g, flat)
}
