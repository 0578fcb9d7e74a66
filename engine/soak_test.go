package engine_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

var soakTime = flag.Duration("soak", 2*time.Second, "for how long the soak test runs")

// TestSoak has 8 goroutines do whatever comes into their minds with up to 1,000 instances:
// calls that return, trap, exceed limits, are given up or wait for ever, growing memory,
// closing and killing, while Go's collector runs. Nothing may be left, and nothing may fail in
// another way than it should.
func TestSoak(t *testing.T) {
	leaktest.Check(t)
	const stores, workers = 1000, 8
	rt, err := engine.NewRuntime(engine.Config{Instances: stores + workers, MaxStack: 128 << 10})
	if err != nil {
		t.Fatal(err)
	}
	h := newGuestHost()
	s := &soak{t: t, p: guestProgram(t, rt, h), stores: make(chan *engine.Instance, stores), limit: int64(20 + rand.IntN(80))}
	stop := time.Now().Add(*soakTime)
	over := make(chan struct{})
	var wg, helpers sync.WaitGroup
	helpers.Go(func() {
		for {
			select {
			case <-over:
				return
			case <-h.blocked: // somebody has to take them
			case <-time.After(50 * time.Millisecond):
				runtime.GC()
			}
		}
	})
	for range workers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(rand.Uint64(), 1))
			for time.Now().Before(stop) && !t.Failed() {
				s.step(r)
			}
		})
	}
	for report := time.Now(); time.Now().Before(stop) && !t.Failed(); time.Sleep(100 * time.Millisecond) {
		if time.Since(report) > 30*time.Second {
			report = time.Now()
			s.report(rt)
		}
	}
	wg.Wait()
	s.report(rt)
	close(s.stores)
	for i := range s.stores {
		closeInstance(t, i)
	}
	s.calls.Wait()
	close(over)
	helpers.Wait()
	if st := rt.Stats(); st != (engine.Stats{}) {
		t.Errorf("left behind: %+v", st)
	}
	if s.made.Load() == 0 || s.traps.Load() == 0 || s.limits.Load() == 0 || s.returned.Load() == 0 {
		t.Errorf("not everything has happened")
	}
	if err := rt.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

type soak struct {
	t      *testing.T
	p      *engine.Program
	stores chan *engine.Instance
	calls  sync.WaitGroup // that nobody waits for at present
	limit  int64          // handles, pages

	made, returned, traps, limits, cancelled, closed atomic.Int64
}

// step does one thing with one instance.
func (s *soak) step(r *rand.Rand) {
	var i *engine.Instance
	select {
	case i = <-s.stores:
	default:
	}
	if i == nil || len(s.stores) < cap(s.stores)*3/4 && r.IntN(2) == 0 {
		n, err := s.p.Instantiate(context.Background(), engine.InstanceConfig{
			Name: "soak", Shared: true, Meter: r.IntN(2) == 0, ComputeTime: 20 * time.Millisecond,
			Memory: s.limit * page, Handles: int(s.limit),
		})
		if err != nil {
			s.t.Errorf("Instantiate: %v", err)
			return
		}
		s.made.Add(1)
		s.keep(i)
		i = n
	}
	if s.do(r, i) {
		s.keep(i)
		return
	}
	if err := i.Close(context.Background()); err != nil {
		s.t.Errorf("Close: %v", err)
	}
	s.closed.Add(1)
}

func (s *soak) keep(i *engine.Instance) {
	if i == nil {
		return
	}
	select {
	case s.stores <- i:
	default:
		if err := i.Close(context.Background()); err != nil {
			s.t.Errorf("Close: %v", err)
		}
	}
}

// do does something with an instance and reports whether it lives.
func (s *soak) do(r *rand.Rand, i *engine.Instance) bool {
	switch n := r.IntN(100); {
	case n < 50:
		return s.call(i, "describe", uint32(n), []any{})
	case n < 60:
		return s.call(i, "grow", uint32(r.IntN(int(s.limit))))
	case n < 70:
		return s.call(i, "handles", uint32(1+r.IntN(int(s.limit))))
	case n < 74:
		return s.call(i, "boom")
	case n < 76:
		return s.call(i, "recurse", uint32(0))
	case n < 77:
		return s.call(i, "spin")
	case n < 85: // waits until it is given up
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(r.IntN(3))*time.Millisecond)
		defer cancel()
		return s.callWithin(ctx, i, "linger")
	case n < 92: // waits until the instance ends
		s.calls.Go(func() { s.call(i, []string{"block", "tarry"}[n%2]) })
		return true
	case n < 96:
		i.Kill(errSoak)
		return s.call(i, "count")
	}
	return false
}

var errSoak = errors.New("killed by the soak test")

func (s *soak) call(i *engine.Instance, name string, args ...any) bool {
	return s.callWithin(context.Background(), i, name, args...)
}

// callWithin calls a function, checks that it ends in a way in which it may, and reports
// whether the instance lives.
func (s *soak) callWithin(ctx context.Context, i *engine.Instance, name string, args ...any) bool {
	f, err := i.Program().Func("", name)
	if err != nil {
		s.t.Error(err)
		return false
	}
	_, err = i.Call(ctx, f, args...)
	_, _ = i.Usage(), i.Busy()
	switch {
	case err == nil:
		s.returned.Add(1)
		return true
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		s.cancelled.Add(1)
		return true
	case errors.Is(err, engine.ErrLimit):
		s.limits.Add(1)
	case errors.Is(err, engine.ErrTrap):
		s.traps.Add(1)
	case !errors.Is(err, engine.ErrClosed) && !errors.Is(err, errSoak):
		s.t.Errorf("%s: %v", name, err)
	}
	if text := err.Error(); len(text) > 4000 {
		s.t.Errorf("%s: a message of %d bytes", name, len(text))
	}
	return false
}

func (s *soak) report(rt *engine.Runtime) {
	debug.FreeOSMemory()
	s.t.Logf("%d made, %d closed, %d returned, %d traps, %d limits, %d given up; now %+v, %d goroutines, RSS %d MiB",
		s.made.Load(), s.closed.Load(), s.returned.Load(), s.traps.Load(), s.limits.Load(), s.cancelled.Load(),
		rt.Stats(), runtime.NumGoroutine(), rss()>>20)
}

// rss is the resident memory of the process in bytes, 0 where nobody says.
func rss() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.ParseInt(fields[1], 10, 64)
	return n * int64(os.Getpagesize())
}
