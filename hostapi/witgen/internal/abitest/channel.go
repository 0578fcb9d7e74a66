package abitest

import (
	"fmt"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
)

// Channel is a stream or future. The guest has written one with Elems and ended it; one from
// the host is read to its end when it is lifted.
type Channel struct{ Elems []any }

// channel is the two ends of a Channel; that of the guest is in its table.
type channel struct {
	env    *Env
	elem   wit.Type
	future bool
	wrote  []uint32   // addresses of the elements that the guest has written
	source abi.Source // what the host writes
	refs   []abi.Ref

	mu    sync.Mutex
	woken *sync.Cond
	wakes int
}

func (e *Env) addChannel(t wit.Type, v *Channel) uint32 {
	c := &channel{env: e}
	kind := abi.KindStreamReader
	switch t := t.(type) {
	case *wit.Stream:
		c.elem = t.Elem
	case *wit.Future:
		c.elem, c.future = t.Elem, true
		kind = abi.KindFutureReader
	}
	for _, x := range v.Elems {
		p := uint32(0)
		if c.elem != nil {
			p = e.alloc(elemSize(c.elem), alignment(c.elem))
			e.Store(c.elem, x, p)
		}
		c.wrote = append(c.wrote, p)
	}
	return e.add(kind, c)
}

func (e *Env) add(kind abi.Kind, c *channel) uint32 {
	c.woken = sync.NewCond(&c.mu)
	i, err := e.table.Add(abi.Entry{Kind: kind, Obj: c})
	if err != nil {
		panic(err)
	}
	return i
}

// LiftEnd implements abi.Env.
func (e *Env) LiftEnd(i uint32, r *abi.Ref) (abi.End, error) {
	kind := abi.KindStreamReader
	if r.Future {
		kind = abi.KindFutureReader
	}
	x, err := e.table.Get(i, kind)
	if err != nil {
		return nil, err
	}
	c := x.Obj.(*channel)
	if r.Resource != nil || identity(c.elem) != r.Elem {
		return nil, abi.Trapf("handle index %d has another element type", i)
	}
	e.table.Remove(i)
	return end{c}, nil
}

// LowerEnd implements abi.Env.
func (e *Env) LowerEnd(r *abi.Ref, refs []abi.Ref, s abi.Source) (uint32, error) {
	if r.Resource != nil {
		return 0, fmt.Errorf("the identity is that of %s, not of a stream or future", r.Resource.Name)
	}
	c := &channel{env: e, future: r.Future, refs: refs}
	kind := abi.KindStreamReader
	if r.Future {
		kind = abi.KindFutureReader
	}
	i := e.add(kind, c)
	s.Bind(c)
	c.source = s
	return i, nil
}

// Forward implements abi.Env.
func (e *Env) Forward(abi.End) (uint32, error) { panic("abitest: Forward is not supported") }

// end is what the host takes from the guest.
type end struct{ c *channel }

// Attach implements abi.End. All that the guest has written is there at once.
func (x end) Attach(refs []abi.Ref, s abi.Sink) abi.Waker {
	c := x.c
	for _, p := range c.wrote {
		var g abi.Guest
		g.Reset(c.env, Options, refs, nil, nil)
		if n, _ := s.Write(&g, p, 1); n != 1 && !g.Failed() {
			panic("abitest: sink does not take an element")
		}
		if c.env.Fault == nil {
			c.env.Fault = g.Err()
		}
	}
	if !c.future {
		s.End(nil)
	}
	return c
}

// Drop implements abi.End.
func (x end) Drop() {}

// Source implements abi.End.
func (x end) Source() abi.Source { return x.c.source }

// Take implements abi.End.
func (x end) Take() {}

// Wake implements abi.Waker.
func (c *channel) Wake() {
	c.mu.Lock()
	c.wakes++
	c.woken.Broadcast()
	c.mu.Unlock()
}

// Drive implements abi.Waker.
func (c *channel) Drive(func() bool) { c.Wake() }

// Drop implements abi.Waker.
func (c *channel) Drop() {}

// takeChannel reads all of the stream or future i that the host has given to the guest.
func (e *Env) takeChannel(t wit.Type, i uint32) *Channel {
	kind, elem := abi.KindStreamReader, wit.Type(nil)
	switch t := t.(type) {
	case *wit.Stream:
		elem = t.Elem
	case *wit.Future:
		kind, elem = abi.KindFutureReader, t.Elem
	}
	x, err := e.table.Get(i, kind)
	if err != nil {
		panic(err)
	}
	c := x.Obj.(*channel)
	e.table.Remove(i)
	c.elem = elem
	return &Channel{Elems: c.read()}
}

// read reads elements one or two at a time until the end.
func (c *channel) read() []any {
	all, size, align := []any{}, uint32(0), uint32(1)
	if c.elem != nil {
		size, align = elemSize(c.elem), alignment(c.elem)
	}
	for want := uint32(1); ; want = 3 - want {
		p := c.env.alloc(want*size, align)
		c.mu.Lock()
		seen := c.wakes
		c.mu.Unlock()
		var g abi.Guest
		g.Reset(c.env, Options, c.refs, nil, nil)
		n, end := c.source.Read(&g, p, want)
		if g.Failed() {
			panic(g.Err())
		}
		for k := range n {
			var v any
			if c.elem != nil {
				v = c.env.Load(c.elem, p+k*size)
			}
			all = append(all, v)
		}
		if end {
			return all
		}
		if n == 0 {
			c.mu.Lock()
			for c.wakes == seen {
				c.woken.Wait()
			}
			c.mu.Unlock()
		}
	}
}
