package abi

import (
	"context"
	"io"
	"sync"
)

// readAhead is how many elements of a stream are buffered between guest and host.
const readAhead = 64

// Reader is the host's readable end of a stream<T> that a guest writes, for element types
// other than u8. It is for use by one goroutine, which need not be the guest's.
type Reader[T any] struct {
	mu     sync.Mutex
	buf    []T
	ended  bool
	err    error
	closed bool
	full   bool
	more   chan struct{}
	waker  Waker
	size   uint32
	ctx    context.Context // of the call
	load   func(g *Guest, p uint32) T
}

// LiftStream takes the readable end i of a stream from the guest. size is the size of an
// element in the guest's memory, load lifts one.
func LiftStream[T any](g *Guest, i uint32, ref int, size uint32, load func(g *Guest, p uint32) T) *Reader[T] {
	e := g.liftEnd(i, ref)
	if e == nil {
		return nil
	}
	r := &Reader[T]{more: make(chan struct{}, 1), size: size, ctx: g.ctx, load: load}
	r.waker = e.Attach(g.refs, r)
	return r
}

// Write implements Sink.
func (r *Reader[T]) Write(g *Guest, ptr, n uint32) (uint32, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, true
	}
	room := uint32(readAhead - len(r.buf))
	if n == 0 {
		return room, false
	}
	n = min(n, room)
	g.within(r.ctx)
	for i := range n {
		v := r.load(g, ptr+i*r.size)
		if g.Failed() {
			return 0, false
		}
		r.buf = append(r.buf, v)
	}
	r.full = n == 0
	r.signal()
	return n, false
}

func (r *Reader[T]) signal() {
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// End implements Sink.
func (r *Reader[T]) End(err error) {
	r.mu.Lock()
	r.ended, r.err = true, err
	r.signal()
	r.mu.Unlock()
}

// Next returns the next element, waiting for it, running the guest on this goroutine if
// nobody else does. After the last it returns io.EOF.
func (r *Reader[T]) Next(ctx context.Context) (v T, err error) {
	for drove := false; ; drove = true {
		v, ok, wake, err := r.take()
		if wake {
			r.waker.Wake()
		}
		if ok || err != nil {
			return v, err
		}
		if !drove {
			r.waker.Drive(r.ready)
			continue
		}
		select {
		case <-r.more:
		case <-ctx.Done():
			return v, context.Cause(ctx)
		}
	}
}

func (r *Reader[T]) ready() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.buf) > 0 || r.ended || r.closed
}

func (r *Reader[T]) take() (v T, ok, wake bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return v, false, false, io.ErrClosedPipe
	case len(r.buf) > 0:
		v, r.buf = r.buf[0], r.buf[1:]
		wake, r.full = r.full, false
		return v, true, wake, nil
	case r.ended && r.err != nil:
		return v, false, false, r.err
	case r.ended:
		return v, false, false, io.EOF
	}
	return v, false, false, nil
}

// Close drops the host's end. Elements that were not read are dropped if they are a Dropper.
func (r *Reader[T]) Close() error {
	r.mu.Lock()
	was := r.closed
	left := r.buf
	r.closed, r.buf = true, nil
	r.signal()
	r.mu.Unlock()
	discard(left)
	if !was {
		r.waker.Drop()
	}
	return nil
}
