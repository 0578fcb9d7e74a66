package abi

import (
	"context"
	"errors"
	"sync"
)

// ErrDropped says that a future will never have a value: its writer is gone.
var ErrDropped = errors.New("future was dropped before it had a value")

// Future is the host's readable end of a future<T> that a guest writes.
type Future[T any] struct {
	mu    sync.Mutex
	v     T
	err   error
	set   bool
	then  func(T, error)
	done  chan struct{}
	waker Waker
	ctx   context.Context // of the call
	load  func(g *Guest, p uint32) T
}

// LiftFuture takes the readable end i of a future from the guest. load lifts its element,
// which lies at p, with the identities of the present call; nil for a future without one.
func LiftFuture[T any](g *Guest, i uint32, ref int, load func(g *Guest, p uint32) T) *Future[T] {
	e := g.liftEnd(i, ref)
	if e == nil {
		return nil
	}
	f := &Future[T]{ctx: g.ctx, load: load}
	if p, ok := e.Source().(promiseSource[T]); ok { // the host's own: no guest in between
		e.Take()
		p.p.follow(func(v T) { f.resolve(v, nil) })
		return f
	}
	f.waker = e.Attach(g.refs, f)
	return f
}

// Write implements Sink.
func (f *Future[T]) Write(g *Guest, ptr, n uint32) (uint32, bool) {
	if n == 0 {
		return 1, false
	}
	if _, _, known := f.Poll(); known { // it was closed
		return 0, true
	}
	var v T
	if f.load != nil {
		g.within(f.ctx)
		v = f.load(g, ptr)
	}
	if g.Failed() {
		return 0, false
	}
	f.resolve(v, nil)
	return 1, true
}

// End implements Sink.
func (f *Future[T]) End(err error) {
	if err == nil {
		err = ErrDropped
	}
	var zero T
	f.resolve(zero, err)
}

func (f *Future[T]) resolve(v T, err error) {
	f.mu.Lock()
	if f.set {
		f.mu.Unlock()
		return
	}
	f.v, f.err, f.set = v, err, true
	then := f.then
	f.then = nil
	if f.done != nil {
		close(f.done)
	}
	f.mu.Unlock()
	if then != nil {
		then(v, err)
	}
}

// Then calls fn once with the value, or with the reason why there is none: at once if it is
// known, else on the driver of the guest's tree, where fn must not block.
func (f *Future[T]) Then(fn func(v T, err error)) {
	f.mu.Lock()
	if !f.set {
		f.then = fn
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	fn(f.v, f.err)
}

// Poll returns the value if it is known.
func (f *Future[T]) Poll() (v T, err error, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.v, f.err, f.set
}

// Get waits for the value, running the guest on this goroutine if nobody else does.
func (f *Future[T]) Get(ctx context.Context) (T, error) {
	if f.wait() != nil && f.waker != nil {
		f.waker.Drive(func() bool { return f.wait() == nil })
	}
	if c := f.wait(); c != nil {
		select {
		case <-c:
		case <-ctx.Done():
			var zero T
			return zero, context.Cause(ctx)
		}
	}
	return f.v, f.err
}

// wait returns a channel that is closed when the value is known, nil if it is.
func (f *Future[T]) wait() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.set {
		return nil
	}
	if f.done == nil {
		f.done = make(chan struct{})
	}
	return f.done
}

// Close gives the future up: its writer sees that nobody reads. It may be called from any
// goroutine, more than once, and also when the value is known.
func (f *Future[T]) Close() error {
	f.mu.Lock()
	known := f.set
	f.mu.Unlock()
	f.End(nil)
	if !known && f.waker != nil {
		f.waker.Drop()
	}
	return nil
}
