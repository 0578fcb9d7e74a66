package abi

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// Elements is what a host gives as a stream<T> for element types other than u8. Elements
// that the guest does not get because it drops the stream are dropped if they are a Dropper.
type Elements[T any] interface {
	// Next returns the next element, or io.EOF after the last. Another error ends the
	// stream too; if guests are to know it, it goes into a future beside the stream. Next is
	// called on a goroutine that the end of the guest's tree waits for, some elements ahead of
	// the guest: fewer if the Elements are a Sizer and elements are large; ctx ends when the
	// guest has dropped the stream, and has the values of the context of the call that has
	// given it the stream.
	Next(ctx context.Context) (T, error)
	// Close is called once, when no more elements are wanted, on such a goroutine too.
	Close() error
}

// Sizer is implemented by Elements whose elements may be large.
type Sizer[T any] interface {
	// Size returns about how many bytes of the host's memory an element takes.
	Size(T) int
}

// readAheadBytes is how much of elements of known size is buffered, one element aside.
const readAheadBytes = 1 << 20

// LowerStream gives the guest the readable end of a stream of what e yields. size is the
// size of an element in the guest's memory, store lowers one. A nil e is an empty stream.
func LowerStream[T any](g *Guest, e Elements[T], ref int, size uint32, store func(g *Guest, p uint32, v T)) uint32 {
	s := &elementSource[T]{e: e, size: size, store: store, ended: e == nil}
	s.sizer, _ = e.(Sizer[T])
	s.within = g.ctx
	s.ctx, s.stop = context.WithCancel(values(g.ctx))
	return g.lowerEnd(ref, s)
}

// values is a context with the values of ctx, which may be nil, that never ends.
func values(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return context.WithoutCancel(ctx)
}

type elementSource[T any] struct {
	mu      sync.Mutex
	e       Elements[T]
	waker   Waker
	within  context.Context // of the call
	ctx     context.Context
	stop    context.CancelFunc
	size    uint32
	store   func(g *Guest, p uint32, v T)
	sizer   Sizer[T]
	all     []T // where buf lies
	buf     []T
	bytes   int  // that buf takes, as far as is known
	reading bool // a goroutine fetches elements
	waiting bool // the guest waits for one
	ended   bool
	closed  bool
}

// Bind implements Source.
func (s *elementSource[T]) Bind(w Waker) { s.waker = w }

// Read implements Source.
func (s *elementSource[T]) Read(g *Guest, ptr, n uint32) (uint32, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.buf) == 0 {
		if s.ended {
			s.close()
			return 0, true
		}
		s.waiting = true
		s.fetch()
		return 0, false
	}
	if n == 0 {
		return uint32(len(s.buf)), false
	}
	n = min(n, uint32(len(s.buf)))
	g.within(s.within)
	for i := range n {
		s.store(g, ptr+i*s.size, s.buf[i])
		s.bytes -= s.sizeOf(s.buf[i])
	}
	clear(s.buf[:n])
	if s.buf = s.buf[n:]; len(s.buf) == 0 {
		s.buf = s.all[:0]
	}
	// Not for each element: a goroutine is worth some.
	if !s.ended && len(s.buf) <= readAhead/2 && s.bytes <= readAheadBytes/2 {
		s.fetch()
	}
	return n, false
}

func (s *elementSource[T]) sizeOf(v T) int {
	if s.sizer == nil {
		return 0
	}
	return s.sizer.Size(v)
}

// fetch runs the goroutine that fetches elements, up to readAhead of them.
func (s *elementSource[T]) fetch() {
	if s.reading {
		return
	}
	s.reading = true
	background(s.waker, func() {
		for {
			v, err := s.next()
			if !s.fetched(v, err) {
				return
			}
		}
	})
}

// next asks the host for an element; it may panic.
func (s *elementSource[T]) next() (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("elements of a stream panicked: %v", r)
		}
	}()
	return s.e.Next(s.ctx)
}

// fetched takes an element and reports whether to go on.
func (s *elementSource[T]) fetched(v T, err error) bool {
	s.mu.Lock()
	switch {
	case err != nil:
		s.ended = true
	case s.ended:
		discard([]T{v})
	default:
		s.add(v)
	}
	more := !s.ended && len(s.buf) < readAhead && s.bytes < readAheadBytes
	s.reading = more
	if s.ended && !more {
		s.close()
	}
	waiting := s.waiting
	s.waiting = false
	s.mu.Unlock()
	switch {
	case !waiting:
	case more:
		s.waker.Wake()
	default:
		s.waker.Drive(nil)
	}
	return more
}

func (s *elementSource[T]) add(v T) {
	if len(s.buf) == cap(s.buf) {
		s.all = make([]T, len(s.buf), 2*readAhead)
		copy(s.all, s.buf)
		s.buf = s.all
	}
	s.buf = append(s.buf, v)
	s.bytes += s.sizeOf(v)
}

func (s *elementSource[T]) close() {
	s.stop()
	if s.e != nil && !s.closed {
		s.closed = true
		e := s.e
		background(s.waker, func() { quietly(func() { _ = e.Close() }) })
	}
}

// End implements Source.
func (s *elementSource[T]) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	discard(s.buf)
	s.ended, s.buf, s.all = true, nil, nil
	s.stop()
	if !s.reading {
		s.close()
	}
}

// discard drops elements that nobody will get.
func discard[T any](elems []T) {
	for _, v := range elems {
		DropOwn(v)
	}
}

// Slice makes Elements of a slice.
func Slice[T any](elems []T) Elements[T] { return &slice[T]{elems} }

type slice[T any] struct{ left []T }

func (s *slice[T]) Next(context.Context) (v T, err error) {
	if len(s.left) == 0 {
		return v, io.EOF
	}
	v, s.left = s.left[0], s.left[1:]
	return v, nil
}

func (s *slice[T]) Close() error { return nil }
