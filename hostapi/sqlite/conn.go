package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a connection that a guest has.
type conn struct {
	inst    *instance
	c       Connection
	running chan struct{} // full while a statement runs
	step    sync.Mutex    // while the Connection computes
	steps   atomic.Uint64 // how often it has begun and ended to; odd while it does

	mu   sync.Mutex
	uses int  // statements and calls under way
	gone bool // the guest has dropped it
}

// use keeps the connection open until done is called.
func (c *conn) use() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return ErrInvalidConnection
	}
	c.uses++
	return nil
}

func (c *conn) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uses--; c.uses == 0 && c.gone {
		c.close()
	}
}

// drop gives the connection up. Statements go on. It does not wait; a second call does
// nothing.
func (c *conn) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		return
	}
	c.gone = true
	c.inst.forget(c)
	if c.uses == 0 {
		c.close()
	}
}

// close closes the connection, which may take time, on a goroutine that Databases.Close waits
// for.
func (c *conn) close() {
	go func() {
		defer c.inst.dbs.leave()
		var err error
		defer recovered(&err)
		_ = c.c.Close() // nobody is left to tell
	}()
}

// parked is after how long without a step a statement counts as one that waits for its guest.
const parked = 200 * time.Millisecond

// begin waits until the connection is free for a statement. A guest that is frozen meanwhile
// cannot read the rows of another statement that waits for that: then begin fails.
func (c *conn) begin(ctx context.Context, frozen bool) error {
	select { // most are free
	case c.running <- struct{}{}:
		return nil
	default:
	}
	var tick <-chan time.Time
	if frozen {
		t := time.NewTicker(parked)
		defer t.Stop()
		tick = t.C
	}
	seen := c.steps.Load()
	for {
		select {
		case c.running <- struct{}{}:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick:
			now := c.steps.Load()
			if now == seen && now%2 == 0 {
				return errBusy
			}
			seen = now
		}
	}
}

func (c *conn) end() { <-c.running }

// prepare prepares a statement. The Connection must be locked for a step.
func (c *conn) prepare(ctx context.Context, statement string, params []Value) (r Rows, err error) {
	defer recovered(&err)
	c.steps.Add(1)
	defer c.steps.Add(1)
	return c.c.Query(ctx, statement, params)
}

// next computes a row. The Connection must be locked for a step.
func (c *conn) next(r Rows) (row []Value, err error) {
	defer recovered(&err)
	c.steps.Add(1)
	defer c.steps.Add(1)
	return r.Next()
}

// closeRows ends a statement.
func (c *conn) closeRows(r Rows) {
	c.step.Lock()
	defer c.step.Unlock()
	var err error
	defer recovered(&err)
	_ = r.Close() // it has told its error before
}

// number asks the connection for a number once no step is under way; 0 if it cannot tell.
func number[N int64 | uint64](c *conn, ctx context.Context, ask func(Connection, context.Context) (N, error)) N {
	if c.use() != nil {
		return 0
	}
	defer c.done()
	c.step.Lock()
	defer c.step.Unlock()
	n, err := func() (n N, err error) {
		defer recovered(&err)
		return ask(c.c, ctx)
	}()
	if err != nil {
		return 0
	}
	return n
}

// recovered makes an error of a panic in code that may be a user's.
func recovered(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("the database panicked: %v", v)
	}
}
