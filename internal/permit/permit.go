// Package permit bounds how many connections there are at once: those of a protocol, and within
// the same bound those of all protocols.
package permit

import (
	"context"
	"errors"
	"sync"
)

// ErrNone says that no permit can ever be had, as the bound is zero.
var ErrNone = errors.New("no connections are allowed")

// Limit is how many permits there are. It is safe for concurrent use. A nil Limit has no bound.
type Limit struct{ held chan struct{} }

// New returns a Limit; nil if max is, which means no bound.
func New(max *int) *Limit {
	if max == nil {
		return nil
	}
	return &Limit{make(chan struct{}, *max)} // takes no memory for each
}

func (l *Limit) try() bool {
	if l == nil {
		return true
	}
	select {
	case l.held <- struct{}{}:
		return true
	default:
		return false
	}
}

func (l *Limit) acquire(ctx context.Context) error {
	switch {
	case l == nil:
		return nil
	case cap(l.held) == 0:
		return ErrNone
	}
	select {
	case l.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *Limit) release() {
	if l != nil {
		<-l.held
	}
}

// Of are the limits for connections of one protocol.
type Of struct{ Own, Total *Limit }

// Try takes a permit if there is one, and returns what gives it back.
func (o Of) Try() (release func(), ok bool) {
	if !o.Total.try() {
		return nil, false
	}
	if !o.Own.try() {
		o.Total.release()
		return nil, false
	}
	return o.release(), true
}

// Acquire waits for a permit, and returns what gives it back. The error is the cause of ctx or
// [ErrNone]. That of all protocols is taken last, so that nobody holds one while it waits for its
// protocol's own.
func (o Of) Acquire(ctx context.Context) (release func(), err error) {
	if err := o.Own.acquire(ctx); err != nil {
		return nil, err
	}
	if err := o.Total.acquire(ctx); err != nil {
		o.Own.release()
		return nil, err
	}
	return o.release(), nil
}

func (o Of) release() func() {
	return sync.OnceFunc(func() {
		o.Total.release()
		o.Own.release()
	})
}
