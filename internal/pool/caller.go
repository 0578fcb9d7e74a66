package pool

import (
	"context"
	"errors"
	"slices"

	"github.com/spinhost/spin/trigger"
)

// caller waits for a shared instance with room.
type caller struct {
	served chan *member // nil says to make one
	stop   func()       // if not nil one is being made for it, as soon as there is room; this ends that
}

// enqueue has a caller wait.
func (p *Pool) enqueue(stop func()) *caller {
	c := &caller{make(chan *member, 1), stop}
	p.waiting = append(p.waiting, c)
	p.queue.Store(true)
	return c
}

// withdraw reports whether a caller still waited, and lets it wait no longer.
func (p *Pool) withdraw(c *caller) bool {
	k := slices.Index(p.waiting, c)
	if k >= 0 {
		p.unqueue(k)
	}
	return k >= 0
}

func (p *Pool) unqueue(k int) *caller {
	c := p.waiting[k]
	p.waiting = slices.Delete(p.waiting, k, k+1)
	p.queue.Store(len(p.waiting) > 0)
	return c
}

// serveWaiting lets callers that wait, in their order, have what has become free.
func (p *Pool) serveWaiting() {
	for len(p.waiting) > 0 {
		m, further := p.place()
		switch {
		case m != nil:
			m.join()
			c := p.unqueue(0)
			c.served <- m
			if c.stop != nil {
				c.stop()
			}
		case !further && !p.closed || !p.startWaiting(false):
			return
		}
	}
}

// startWaiting has the first caller, or the last, make an instance for whom none is being made, or
// it is told that it cannot. It reports whether there is one.
func (p *Pool) startWaiting(last bool) bool {
	for k := range p.waiting {
		if last {
			k = len(p.waiting) - 1 - k
		}
		if p.waiting[k].stop == nil {
			p.starting++
			p.unqueue(k).served <- nil
			return true
		}
	}
	return false
}

// wait waits for a shared instance with room, or for room to make one.
func (p *Pool) wait(ctx context.Context, c *caller) (trigger.Instance, error) {
	var m *member
	select {
	case m = <-c.served:
	case <-ctx.Done():
		p.mu.Lock()
		waited := p.withdraw(c)
		p.mu.Unlock()
		if waited {
			return nil, context.Cause(ctx)
		}
		m = <-c.served // came in this moment
	}
	if m != nil {
		return &lease{m: m}, nil
	}
	return p.makeShared(ctx)
}

// makeShared makes an instance that counts as starting. Where there is no room for one, it takes
// a place in an instance even if that computes, or what comes first, a place or room.
func (p *Pool) makeShared(ctx context.Context) (trigger.Instance, error) {
	l, err := p.make(ctx, true, false)
	p.mu.Lock()
	defer p.mu.Unlock()
	if !errors.Is(err, trigger.ErrBusy) {
		return p.started(l, err)
	}
	p.crowded++
	if m, _ := p.place(); m != nil {
		p.crowded--
		p.starting--
		m.join()
		return &lease{m: m}, nil
	}
	return p.crowd(ctx)
}

// crowd waits for what comes first. The pool is locked, and unlocked meanwhile.
func (p *Pool) crowd(ctx context.Context) (trigger.Instance, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c := p.enqueue(stop)
	p.mu.Unlock()
	l, err := p.make(ctx, true, true)
	p.mu.Lock()
	p.crowded--
	if p.withdraw(c) {
		if err != nil && p.closed {
			err = p.cfg.Closed
		}
		return p.started(l, err)
	}
	m := <-c.served
	if err == nil { // both came: the new one is for others
		l.m.uses--
		l.m.users--
		l.begin()
		if l.m.settle() != nil { // the pool is closed
			go l.m.kill(p.cfg.Closed)
		}
	}
	_, _ = p.started(l, err)
	return &lease{m: m}, nil
}

// started adds an instance that counted as starting.
func (p *Pool) started(l *lease, err error) (trigger.Instance, error) {
	p.starting--
	if err == nil && !l.m.gone {
		p.shared = append(p.shared, l.m)
	}
	p.serveWaiting()
	if err != nil {
		return nil, err
	}
	return l, nil
}
