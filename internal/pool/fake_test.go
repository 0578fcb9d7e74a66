package pool_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/pool"
	"github.com/spinhost/spin/trigger"
)

var errClosed = errors.New("closed")

// config is what tests change fields of.
func config() pool.Config {
	return pool.Config{Requests: 100, Concurrent: 16, MaxInstances: 100, Idle: time.Second, Tail: 30 * time.Second, Closed: errClosed}
}

// guest is an instance whose tasks end when the test says so.
type guest struct {
	t      *testing.T
	n      int // in the order of their making, from 0
	shared bool

	mu    sync.Mutex
	busy  bool
	why   error // why it was killed
	tasks []func()
	ended func()
	stays bool // does not end when it is killed
}

func (g *guest) Start(_ context.Context, _ trigger.Func, _ abi.Invocation, ended func()) trigger.Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tasks = append(g.tasks, ended)
	return call{g: g}
}

// call tells which guest has it.
type call struct {
	trigger.Call
	g *guest
}

func (g *guest) Busy() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.busy
}

func (g *guest) Kill(err error) {
	g.mu.Lock()
	first := g.why == nil
	if first {
		g.why = err
	}
	stays := g.stays
	g.mu.Unlock()
	if first && !stays {
		go g.end()
	}
}

// end is what an instance does when it traps, or was killed.
func (g *guest) end() {
	g.mu.Lock()
	tasks, ended := g.tasks, g.ended
	g.tasks, g.ended = nil, nil
	g.mu.Unlock()
	for _, f := range tasks {
		f()
	}
	ended()
}

// finish ends the guest's oldest task.
func (g *guest) finish() {
	g.mu.Lock()
	f := g.tasks[0]
	g.tasks = g.tasks[1:]
	g.mu.Unlock()
	f()
}

func (g *guest) set(busy bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy = busy
}

// wantKilled checks why the guest was killed; nil: it lives.
func (g *guest) wantKilled(want error) {
	g.t.Helper()
	synctest.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.why != want {
		g.t.Errorf("instance %d was killed for %v, want %v", g.n, g.why, want)
	}
}

func (g *guest) isKilled() bool {
	synctest.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.why != nil
}

// farm makes guests.
type farm struct {
	*pool.Pool
	t *testing.T

	mu     sync.Mutex
	guests []*guest
	fail   error         // instead of a guest
	gate   chan struct{} // if not nil, making one waits for it
	room   chan struct{} // if not nil, there is no room for another until it can be read from
}

func newFarm(t *testing.T, cfg pool.Config) *farm {
	f := &farm{t: t}
	f.Pool = pool.New(cfg, f.start)
	return f
}

func (f *farm) start(ctx context.Context, shared, wait bool, ended func()) (pool.Instance, error) {
	f.mu.Lock()
	gate := f.gate
	if f.room != nil {
		gate = f.room
		if !wait {
			f.mu.Unlock()
			return nil, trigger.ErrBusy
		}
	}
	f.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return nil, f.fail
	}
	g := &guest{t: f.t, n: len(f.guests), shared: shared, ended: ended}
	f.guests = append(f.guests, g)
	return g, nil
}

// made is how many guests were made.
func (f *farm) made() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.guests)
}

// lease is what the pool has lent, with the instance that it is of.
type lease struct {
	trigger.Instance
	g *guest
}

// of finds the guest that serves a lease, with a call that runs.
func (f *farm) of(i trigger.Instance) *lease {
	return &lease{i, i.Start(f.t.Context(), nil, nil).(call).g}
}

// shared has a caller placed, with a call that runs.
func (f *farm) shared() *lease {
	f.t.Helper()
	i, err := f.Shared(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return f.of(i)
}

// over ends the call and gives the instance back.
func (l *lease) over() {
	l.g.finish()
	l.Release()
}

// waiter is a caller that may have to wait.
type waiter struct {
	i    trigger.Instance
	err  error
	done chan struct{}
}

// wait has a caller wait for a shared instance.
func (f *farm) wait(ctx context.Context) *waiter { return waitFor(ctx, f.Shared) }

// waitFresh has one wait for a fresh instance.
func (f *farm) waitFresh(ctx context.Context) *waiter { return waitFor(ctx, f.Fresh) }

func waitFor(ctx context.Context, get func(context.Context) (trigger.Instance, error)) *waiter {
	w := &waiter{done: make(chan struct{})}
	go func() {
		w.i, w.err = get(ctx)
		close(w.done)
	}()
	synctest.Wait()
	return w
}

// crowd has n callers wait, one after the other.
func crowd(t *testing.T, n int, wait func(context.Context) *waiter) (list []*waiter) {
	for range n {
		list = append(list, wait(t.Context()))
	}
	return list
}

func (w *waiter) served() bool {
	synctest.Wait()
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// bubble runs a test with a clock of its own, at the end of which nothing may be left.
func bubble(t *testing.T, cfg pool.Config, test func(t *testing.T, f *farm)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFarm(t, cfg)
		test(t, f)
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		if err := f.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}
