package http

import (
	"context"
	"sync"
	"time"
)

// taskContext is the context of the guest's task that serves a request: it has the request's
// values, outlives it, and ends when the exchange is given up. Most guests are done before
// anybody has asked for it, so that it is made when somebody does.
type taskContext struct {
	request context.Context

	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (c *taskContext) made() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancelCause(context.WithoutCancel(c.request))
	}
	return c.ctx
}

// end ends the context.
func (c *taskContext) end(why error) {
	c.made()
	c.cancel(why)
}

// ended reports whether the context has ended.
func (c *taskContext) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ctx != nil && c.ctx.Err() != nil
}

// Deadline implements context.Context: there is none.
func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done implements context.Context.
func (c *taskContext) Done() <-chan struct{} { return c.made().Done() }

// Err implements context.Context.
func (c *taskContext) Err() error {
	if !c.ended() {
		return nil
	}
	return c.ctx.Err()
}

// Value implements context.Context. The context package finds its own through it.
func (c *taskContext) Value(key any) any { return c.made().Value(key) }
