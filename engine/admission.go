package engine

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// need is what an instance takes from the pool.
type need struct{ memories, tables, instances, stacks int }

func (a need) plus(b need) need {
	return need{a.memories + b.memories, a.tables + b.tables, a.instances + b.instances, a.stacks + b.stacks}
}

func (a need) minus(b need) need {
	return need{a.memories - b.memories, a.tables - b.tables, a.instances - b.instances, a.stacks - b.stacks}
}

func (a need) fits(b need) bool {
	return a.memories <= b.memories && a.tables <= b.tables && a.instances <= b.instances && a.stacks <= b.stacks
}

// admission lets instances be made only as far as there is room for them. Others wait, first
// come, first served.
type admission struct {
	reclaim func() bool // makes room, if there is something to make it of; may be nil

	mu    sync.Mutex
	used  need
	room  need
	queue []*applicant
	max   int         // length of the queue
	waits atomic.Bool // whether there is a queue
}

type applicant struct {
	need need
	ok   chan struct{}
}

// take takes room for n if there is some and nobody waits.
func (a *admission) take(n need) bool {
	if len(a.queue) > 0 || !a.used.plus(n).fits(a.room) {
		return false
	}
	a.used = a.used.plus(n)
	return true
}

// tryAdmit is admit without waiting.
func (a *admission) tryAdmit(n need) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.take(n)
}

// contended reports whether somebody waits.
func (a *admission) contended() bool { return a.waits.Load() }

// possible returns an error for what there is never room for.
func (a *admission) possible(n need) error {
	if n.fits(a.room) {
		return nil
	}
	return fmt.Errorf("component needs %d memories, %d tables and %d core instances; there is room for %d, %d and %d: %w",
		n.memories, n.tables, n.instances, a.room.memories, a.room.tables, a.room.instances, ErrBusy)
}

// reclaimed reports whether some room was made.
func (a *admission) reclaimed() bool { return a.reclaim != nil && a.reclaim() }

// admit waits until there is room for n, or ctx ends.
func (a *admission) admit(ctx context.Context, n need) error {
	if err := a.possible(n); err != nil {
		return err
	}
	a.mu.Lock()
	if a.take(n) {
		a.mu.Unlock()
		return nil
	}
	if len(a.queue) >= a.max {
		a.mu.Unlock()
		return fmt.Errorf("%d instances wait for room already: %w", a.max, ErrBusy)
	}
	p := &applicant{n, make(chan struct{})}
	a.queue = append(a.queue, p)
	a.waits.Store(true)
	a.mu.Unlock()
	// Not before it waits: what comes to do nothing from now on makes way by itself.
	for !p.admitted() && a.reclaimed() {
	}
	select {
	case <-p.ok:
		return nil
	case <-ctx.Done():
		a.withdraw(p)
		return fmt.Errorf("no room for another instance: %w: %w", ErrBusy, context.Cause(ctx))
	}
}

func (p *applicant) admitted() bool {
	select {
	case <-p.ok:
		return true
	default:
		return false
	}
}

// withdraw takes p out of the queue, or gives back what it has just got.
func (a *admission) withdraw(p *applicant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, q := range a.queue {
		if q == p {
			a.queue = append(a.queue[:i], a.queue[i+1:]...)
			a.serve() // there may be room for those behind p, which needed more
			return
		}
	}
	a.release(p.need)
}

// leave gives back what admit has granted.
func (a *admission) leave(n need) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.release(n)
}

func (a *admission) release(n need) {
	a.used = a.used.minus(n)
	a.serve()
}

// serve lets those in who have waited for longest, as far as there is room.
func (a *admission) serve() {
	for len(a.queue) > 0 && a.used.plus(a.queue[0].need).fits(a.room) {
		a.used = a.used.plus(a.queue[0].need)
		close(a.queue[0].ok)
		a.queue[0] = nil
		a.queue = a.queue[1:]
	}
	a.waits.Store(len(a.queue) > 0)
}
