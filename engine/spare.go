package engine

import (
	"context"
	"sync"
	"time"

	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/wasmtime"
)

// Bounds of what a program keeps for later instances.
const (
	maxSpares     = 16
	spareTime     = time.Second
	maxSparePages = 8192 // pages of memory, of 4 KiB, that they have written, together
)

// spares are stores of a program whose instances have ended in good order, reset so that they
// are as good as new. That is what a fresh instance for each request costs least with: nothing
// has to be mapped, linked or looked up again, and no page is faulted in twice.
//
// Only programs are kept whose core code can change nothing but memories and numeric globals.
type spares struct {
	p  *Program
	on bool // the program is of that kind, and the system tells which pages were written

	mu     sync.Mutex
	closed bool
	snap   *wasmtime.Snapshot
	list   []spare // oldest first
	timer  *time.Timer
}

type spare struct {
	core   *core
	fibers []canon.Fiber // one at most
	pages  int           // that have been written
	since  time.Time
}

// register notes in a new store what has to be reset, and remembers what of it somebody has
// found missing.
func (s *spares) register(c *core) error {
	if !s.on {
		return nil
	}
	for k, in := range c.insts {
		for _, g := range s.p.globals[s.p.link.Instances[k].Module] {
			x, err := c.st.Export(in, s.p.moduleOf(k), g)
			if err == nil {
				err = c.st.AddGlobal(x)
			}
			if err != nil {
				return err
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.snap != nil {
		return s.snap.Learn(c.st)
	}
	var err error
	s.snap, err = c.st.Snapshot()
	return err
}

// take returns a store that is as good as new, nil if there is none.
func (s *spares) take(limits wasmtime.StoreLimits) *spare {
	if !s.on {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.list)
	if n == 0 || s.list[n-1].core.limits != limits {
		return nil
	}
	x := s.list[n-1]
	s.list[n-1] = spare{}
	s.list = s.list[:n-1]
	return &x
}

// keep resets the store of a tree that was closed in good order and keeps it, with its place
// in the pool. Else it returns false, and the store is still the caller's.
func (s *spares) keep(c *core, fibers []canon.Fiber) bool {
	if !s.on {
		return false
	}
	s.mu.Lock()
	snap, room := s.snap, s.room()
	full := s.closed || len(s.list) >= maxSpares
	s.mu.Unlock()
	if full || snap == nil || s.p.rt.admit.contended() {
		return false
	}
	pages, ok := c.st.Reset(snap, s.p.rt.pagemap, room)
	if !ok {
		return false
	}
	for len(fibers) > 1 {
		last := fibers[len(fibers)-1]
		if last.Close() != nil {
			return false
		}
		delete(c.fiber, last.(*fiber).f)
		fibers = fibers[:len(fibers)-1]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.list) >= maxSpares {
		return false
	}
	c.i = nil
	s.list = append(s.list, spare{c, fibers, pages, time.Now()})
	if s.timer == nil {
		s.timer = time.AfterFunc(spareTime, s.trim)
	}
	return true
}

// room is how many pages another spare may have written.
func (s *spares) room() int {
	n := maxSparePages
	for _, x := range s.list {
		n -= x.pages
	}
	return n
}

// trim frees spares that nobody has wanted for a while.
func (s *spares) trim() {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for n < len(s.list) && (s.closed || time.Since(s.list[n].since) >= spareTime) {
		n++
	}
	s.free(n)
	s.timer = nil
	if len(s.list) > 0 {
		s.timer = time.AfterFunc(spareTime, s.trim)
	}
}

// drop frees all spares; closed, there will be no more.
func (s *spares) drop(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = s.closed || closed
	s.free(len(s.list))
	if s.timer != nil && s.closed {
		s.timer.Stop()
	}
}

// free frees the oldest n.
func (s *spares) free(n int) {
	for i, x := range s.list[:n] {
		_ = x.core.close(x.fibers) // nothing runs in it
		s.p.rt.admit.leave(s.p.need)
		s.list[i] = spare{}
	}
	s.list = append(s.list[:0], s.list[n:]...)
}

// admitInstance waits for room for an instance, for which spares make way, and instances that do
// nothing.
func (r *Runtime) admitInstance(ctx context.Context, n need, noWait bool) error {
	if r.admit.tryAdmit(n) {
		return nil
	}
	if err := r.admit.possible(n); err != nil {
		return err
	}
	r.dropSpares(false)
	if !noWait {
		return r.admit.admit(ctx, n)
	}
	for !r.admit.tryAdmit(n) {
		if !r.admit.reclaimed() {
			return ErrBusy
		}
		r.dropSpares(false) // that instance may have become one
	}
	return nil
}

// dropSpares frees the spares of all programs; closed, there will be no more.
func (r *Runtime) dropSpares(closed bool) {
	r.mu.Lock()
	var list []*Program
	for p := range r.programs {
		list = append(list, p)
	}
	r.mu.Unlock()
	for _, p := range list {
		p.spares.drop(closed)
	}
}

// know makes the runtime free the program's spares when their room is needed.
func (r *Runtime) know(p *Program) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.programs[p] = struct{}{}
}

func (r *Runtime) forget(p *Program) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.programs, p)
}

// revive makes the instance out of a spare.
func (i *Instance) revive(ctx context.Context, x *spare) error {
	i.core, i.made = x.core, true
	if err := i.grow(ctx, x.fibers); err != nil {
		return err
	}
	i.resources()
	if i.p.link.Control != canon.None {
		i.shareFlags()
	}
	if i.watch != nil {
		i.watch.made()
	}
	return nil
}
