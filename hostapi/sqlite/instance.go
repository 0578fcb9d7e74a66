package sqlite

import (
	"context"
	"sync"
)

// maxConnections is how many connections an instance has open at once.
const maxConnections = 256

// instance is what is kept for a running instance of a component.
type instance struct {
	dbs  *Databases
	life context.Context // of the instance
	end  context.CancelCauseFunc

	mu      sync.Mutex
	count   int // of connections that are open or about to be
	conns   map[*conn]struct{}
	handles map[uint32]*conn // of version 1
	next    uint32
}

func newInstance(d *Databases) *instance {
	i := &instance{dbs: d, conns: map[*conn]struct{}{}, handles: map[uint32]*conn{}}
	i.life, i.end = context.WithCancelCause(d.life)
	return i
}

// Close ends what runs and closes the connections, without waiting for that.
func (i *instance) Close() error {
	i.end(errEnded)
	i.mu.Lock()
	conns := i.conns
	i.conns = nil
	i.mu.Unlock()
	for c := range conns {
		c.drop()
	}
	return nil
}

// reserve counts a connection that is about to be opened.
func (i *instance) reserve() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.count >= maxConnections {
		return errTooMany
	}
	if err := i.dbs.enter(); err != nil {
		return err
	}
	i.count++
	return nil
}

// forget takes a connection out that the guest cannot use any more; c is nil if it was not
// opened.
func (i *instance) forget(c *conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.count--
	delete(i.conns, c)
}

// open opens a connection.
func (i *instance) open(ctx context.Context, db Database) (*conn, error) {
	if err := i.reserve(); err != nil {
		return nil, err
	}
	ctx, stop := joined(ctx, i.life)
	x, err := opened(ctx, db)
	cause := context.Cause(ctx)
	stop(nil)
	if err == nil && cause != nil { // nobody is left to close it
		_ = x.Close()
		err = cause
	}
	if err != nil {
		i.forget(nil)
		i.dbs.leave()
		return nil, err
	}
	c := &conn{inst: i, c: x, running: make(chan struct{}, 1)}
	i.mu.Lock()
	ended := i.conns == nil
	if !ended {
		i.conns[c] = struct{}{}
	}
	i.mu.Unlock()
	if ended {
		c.drop()
	}
	return c, nil
}

// opened calls code that may be a user's.
func opened(ctx context.Context, db Database) (c Connection, err error) {
	defer recovered(&err)
	return db.Open(ctx)
}

// joined is a context with the values of ctx that ends with either.
func joined(ctx, other context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(other, func() { cancel(context.Cause(other)) })
	return ctx, func(err error) {
		stop()
		cancel(err)
	}
}

// handle gives a connection a number, as version 1 has them.
func (i *instance) handle(c *conn) uint32 {
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.handles[i.next] != nil {
		i.next++
	}
	n := i.next
	i.handles[n] = c
	i.next++
	return n
}

// take returns the connection of a number, and with remove forgets the number; nil if there is
// none.
func (i *instance) take(n uint32, remove bool) *conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	c := i.handles[n]
	if remove {
		delete(i.handles, n)
	}
	return c
}
