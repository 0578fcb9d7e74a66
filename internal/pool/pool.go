// Package pool decides which instance of a component serves a call, and how long instances
// live: fresh ones serve one caller, shared ones several, at once and one after the other.
package pool

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// ErrTail is why an instance ends whose guest goes on for too long after its work was done.
var ErrTail = errors.New("guest went on for too long after it had answered")

// Config configures a Pool. All fields must be set but Crowded and those that end in Below: if one is
// larger than its field, each shared instance draws a value of its own, from the field up to what is below it.
type Config struct {
	Requests     int           // callers of a shared instance, over its life; 1 or less: no sharing
	Concurrent   int           // callers of a shared instance at once
	MaxInstances int           // shared instances at once that take callers; more callers wait
	Idle         time.Duration // for how long a shared instance may wait for a caller
	Tail         time.Duration // for how long guests may go on when nobody waits for them
	Closed       error         // why there is no instance after Close, and why unused ones end

	// Parallel is how many instances can compute at once, as far as the machine goes. While so many
	// do that have room, callers wait for one of them: a further one would only take turns with
	// them. 0 means that they never do.
	Parallel int

	// Crowded reports whether somebody waits for room for an instance, of whichever pool. An
	// instance that has no caller then is ended, not kept for Idle. nil: nobody ever waits.
	Crowded func() bool

	RequestsBelow, ConcurrentBelow int
	IdleBelow                      time.Duration
}

// alone reports whether no instance is ever shared.
func (c *Config) alone() bool { return max(c.Requests, c.RequestsBelow-1) <= 1 }

// Draw returns a value from from up to what is below below, from if there are no others.
func Draw[T int | time.Duration](from, below T) T {
	if below <= from+1 {
		return from
	}
	return from + rand.N(below-from)
}

// Instance is an instance of a component. Its methods may be called by several goroutines at
// once. Busy is called with the pool locked.
type Instance interface {
	// Start begins a call. ended is called once, when the guest's task is over.
	Start(ctx context.Context, f trigger.Func, inv abi.Invocation, ended func()) trigger.Call
	// Busy reports whether the guest computes; else all of its calls wait for something.
	Busy() bool
	// Kill ends the instance, without waiting.
	Kill(error)
}

// Start makes an instance. Where there is no room for another, which all pools share, it waits for
// some if wait says so, and else fails with an error that matches trigger.ErrBusy. ended must be
// called once, when the instance has ended; not if Start fails.
type Start func(ctx context.Context, shared, wait bool, ended func()) (Instance, error)

// Pool has the instances of one component. It is safe for concurrent use.
type Pool struct {
	start Start
	cfg   Config

	line line      // of callers of fresh instances
	near sync.Pool // of *member: the shared instances that each processor has used last

	mu       sync.Mutex
	shared   []*member
	starting int         // shared instances that are being made
	patience patience    // of those who wait although another could be made
	queue    atomic.Bool // somebody waits
	waiting  []*caller   // for whom there was no shared instance, in their order
	crowded  int         // those of them for whom one is made as soon as there is room
	live     int         // members of both kinds
	closed   bool
	empty    chan struct{} // closed when the last member has gone after Close
}

// New returns a pool of instances that start makes.
func New(cfg Config, start Start) *Pool {
	return &Pool{start: start, cfg: cfg, empty: make(chan struct{}), line: line{parallel: cfg.Parallel}}
}

// Fresh makes an instance for one caller.
func (p *Pool) Fresh(ctx context.Context) (trigger.Instance, error) {
	return p.fresh(ctx, false)
}

func (p *Pool) fresh(ctx context.Context, shared bool) (trigger.Instance, error) {
	if err := p.line.enter(ctx); err != nil {
		return nil, err
	}
	l, err := p.make(ctx, shared, true)
	if err != nil {
		p.line.entered(nil)
		return nil, err
	}
	p.line.entered(l.m)
	return l, nil
}

// Shared returns the fullest shared instance with room whose calls all wait, or makes one.
func (p *Pool) Shared(ctx context.Context) (trigger.Instance, error) {
	if p.cfg.alone() {
		return p.fresh(ctx, true)
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, p.cfg.Closed
	}
	if len(p.waiting) == 0 {
		m, further := p.place()
		switch {
		case m != nil:
			m.join()
			p.mu.Unlock()
			return &lease{m: m}, nil
		case further:
			p.starting++
			p.mu.Unlock()
			return p.makeShared(ctx)
		}
	}
	c := p.enqueue(nil)
	if len(p.waiting) > 1 {
		p.serveWaiting() // perhaps an instance waits by now
	}
	p.mu.Unlock()
	return p.wait(ctx, c)
}

// place finds a shared instance for a caller: the one with most calls if they all wait, of
// several the one whose memory this processor's caches have; if there can be no further
// instance, the emptiest whose calls do not all wait. If it finds none, it tells whether a
// further one is to be made now.
func (p *Pool) place() (m *member, further bool) {
	var idle, busy *member
	computing := p.starting
	if near, _ := p.near.Get().(*member); near != nil && near.isFree() {
		idle = near
	}
	for _, m := range p.shared {
		switch {
		case !m.hasRoom():
		case (idle == nil || m.tasks > idle.tasks) && m.isFree():
			idle = m
		default:
			if computing++; busy == nil || m.users < busy.users {
				busy = m
			}
		}
	}
	switch {
	case idle != nil:
		return idle, false
	case p.crowded > 0 || !p.mayStart():
		return busy, false
	}
	return nil, !p.awaits(computing)
}

// mayStart reports whether there may be another shared instance.
func (p *Pool) mayStart() bool { return len(p.shared)+p.starting < p.cfg.MaxInstances }

// make makes an instance with one caller. wait is as for Start.
func (p *Pool) make(ctx context.Context, shared, wait bool) (*lease, error) {
	m := &member{p: p, uses: 1, users: 1, alone: !shared || p.cfg.alone()}
	if c := &p.cfg; !m.alone {
		m.requests, m.concurrent = Draw(c.Requests, c.RequestsBelow), Draw(c.Concurrent, c.ConcurrentBelow)
		m.idle = Draw(c.Idle, c.IdleBelow)
	}
	m.taskOver = m.taskEnded
	m.comes.Store(1)
	p.mu.Lock()
	closed := p.closed
	p.live++
	p.mu.Unlock()
	err := p.cfg.Closed
	if !closed {
		m.inst, err = p.start(ctx, !m.alone, wait, m.ended)
	}
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.live--
		p.checkEmpty()
		return nil, err
	}
	return &lease{m: m}, nil
}

// Close takes no more callers, and waits within ctx until all instances have ended: those with
// callers when they are released, those with tasks that go on when these are over or Tail has
// passed. It returns the cause of ctx if that ends first, and can be called again.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	var idle []*member
	if !p.closed {
		p.closed = true
		p.patience.stop()
		p.line.close()
		p.serveWaiting()
		for _, c := range p.waiting {
			c.stop()
		}
		for _, m := range slices.Clone(p.shared) {
			if m.settle() != nil {
				idle = append(idle, m)
			}
		}
		p.checkEmpty()
	}
	p.mu.Unlock()
	for _, m := range idle {
		m.kill(p.cfg.Closed)
	}
	select {
	case <-p.empty:
		return nil
	default:
	}
	select {
	case <-p.empty:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *Pool) checkEmpty() {
	if p.closed && p.live == 0 {
		select {
		case <-p.empty:
		default:
			close(p.empty)
		}
	}
}
