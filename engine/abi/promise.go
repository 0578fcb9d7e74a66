package abi

import (
	"context"
	"sync"
)

// Promise is the host's side of a future<T> that a guest reads: made by the host, given to
// the guest, resolved later or before.
type Promise[T any] struct {
	mu    sync.Mutex
	v     T
	set   bool
	given bool // a guest has it, or had
	waker Waker
	then  func(T)
	ctx   context.Context // of the call that has given it to the guest
	store func(g *Guest, p uint32, v T)
}

// NewPromise returns a promise without a value.
func NewPromise[T any]() *Promise[T] { return new(Promise[T]) }

// Resolve gives the promise its value. Only the first call counts. It may be called from
// any goroutine.
func (p *Promise[T]) Resolve(v T) {
	p.mu.Lock()
	if p.set {
		p.mu.Unlock()
		return
	}
	p.v, p.set = v, true
	w, then := p.waker, p.then
	p.mu.Unlock()
	switch {
	case then != nil:
		then(v)
	case w != nil:
		w.Wake()
	}
}

// follow calls then with the value, now or later.
func (p *Promise[T]) follow(then func(T)) {
	p.mu.Lock()
	p.then = then
	v, set := p.v, p.set
	p.mu.Unlock()
	if set {
		then(v)
	}
}

// LowerPromise gives the guest the readable end of p. store lowers the element to address p
// with the identities of the present call; nil for a future without one.
func LowerPromise[T any](g *Guest, p *Promise[T], ref int, store func(g *Guest, p uint32, v T)) uint32 {
	if p == nil {
		g.Trapf("host gave no promise where a future is needed")
		return 0
	}
	p.mu.Lock()
	given := p.given
	p.store, p.ctx, p.given = store, g.ctx, true
	p.mu.Unlock()
	if given {
		g.Trapf("host gave the same promise to a guest twice")
		return 0
	}
	return g.lowerEnd(ref, promiseSource[T]{p})
}

type promiseSource[T any] struct{ p *Promise[T] }

// Bind implements Source.
func (s promiseSource[T]) Bind(w Waker) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.waker = w
}

// Read implements Source.
func (s promiseSource[T]) Read(g *Guest, ptr, n uint32) (uint32, bool) {
	p := s.p
	p.mu.Lock()
	v, set := p.v, p.set
	g.within(p.ctx)
	p.mu.Unlock()
	if !set {
		return 0, false
	}
	if n > 0 && p.store != nil {
		p.store(g, ptr, v)
	}
	return 1, n > 0
}

// End implements Source: the guest will not read any more, so nobody is to be woken.
func (s promiseSource[T]) End() {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.waker = nil
}
