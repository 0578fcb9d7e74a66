package wasmtime

import (
	"errors"
	"math/rand"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Two guests in two stores, interleaved by one goroutine.
func TestInterleave(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	a, b := w.guest(t, StoreConfig{}), w.guest(t, StoreConfig{})
	defer a.close()
	defer b.close()
	fa, fb := a.fiber(), b.fiber()
	defer a.closeFiber(fa)
	defer b.closeFiber(fb)
	oa, ob := start(fa, a.fn("mix"), 60), start(fb, b.fn("mix"), 90)
	n := 0
	for oa == Suspended || ob == Suspended {
		for _, x := range []struct {
			f *Fiber
			o *Outcome
		}{{fa, &oa}, {fb, &ob}} {
			if *x.o == Suspended {
				x.f.Answer(Done)
				*x.o = x.f.Resume()
				n++
			}
		}
	}
	if oa != Idle || ob != Idle || fa.Slots().U32(0) != 2*sum(60) || fb.Slots().U32(0) != 2*sum(90) || n != 150 {
		t.Error(oa, ob, fa.Slots().U32(0), fb.Slots().U32(0), n)
	}
}

// threads are goroutines locked to a thread each, which run what they are given.
type threads []chan func()

func newThreads(n int) threads {
	ts := make(threads, n)
	for i := range ts {
		ts[i] = make(chan func())
		go func() {
			runtime.LockOSThread() // ends with the goroutine
			for f := range ts[i] {
				f()
			}
		}()
	}
	return ts
}

func (ts threads) run(i int, f func()) {
	done := make(chan bool)
	ts[i] <- func() { defer close(done); f() }
	<-done
}

func (ts threads) close() {
	for _, c := range ts {
		close(c)
	}
}

// Every resumption is on another OS thread than the last.
func TestOtherThreads(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	ts := newThreads(4)
	defer ts.close()
	g := w.guest(t, StoreConfig{})
	f := g.fiber()
	mix := g.fn("mix")
	var o Outcome
	ts.run(0, func() { o = start(f, mix, 1000) })
	n := 0
	for ; o == Suspended; n++ {
		f.Answer(Done)
		ts.run(n%4, func() { o = f.Resume() })
	}
	if o != Idle || f.Slots().U32(0) != 2*sum(1000) || n != 1000 {
		t.Error(o, f.Err(), n)
	}
	ts.run(1, func() { g.closeFiber(f) })
	ts.run(2, func() { g.close() })
}

// A host function runs guests of other stores, on fibers that suspend inside and
// are driven to their end there, and calls back into its own store.
func TestNested(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	var run1 func(depth int) uint32
	run1 = func(depth int) uint32 {
		g := w.guest(t, StoreConfig{})
		defer g.close()
		f := g.fiber()
		defer g.closeFiber(f)
		loop, grow, mix, swap := g.fn("loop"), g.fn("grow"), g.fn("mix"), g.fn("swap")
		g.act = func(_ *Fiber, a Slots) Status {
			deep(30)
			v := uint32(1)
			if depth > 0 {
				v += run1(depth - 1)
			}
			if r, err := g.call(loop, 10); r != 55 || err != nil {
				t.Error(r, err)
			}
			if r, err := g.call(grow, 1); r != 1 || err != nil {
				t.Error(r, err)
			}
			if len(g.s.Renew(0)) != 2<<16 {
				t.Error("view is stale")
			}
			f.Context()[0] = 77
			if r, err := g.call(swap, 5); r != 0 || err != nil || f.Context()[0] != 77 {
				t.Error("context of the nested call", r, err, f.Context())
			}
			g.s.CallContext()[0] = 9
			for _, want := range []uint64{9, 0} { // set for one call
				if r, err := g.call(swap, 5); uint64(r) != want || err != nil || f.Context()[0] != 77 {
					t.Error("context given to the nested call", r, err, f.Context())
				}
			}
			// Another fiber of the same store, started and suspended here.
			h := g.fiber()
			if r, err := run(h, mix, 20); r != 420 || err != nil {
				t.Error(r, err)
			}
			g.closeFiber(h)
			a.SetU32(0, v)
			return Done
		}
		r, err := run(f, g.fn("act"), 0)
		if err != nil {
			t.Error(depth, err)
		}
		return r
	}
	for _, d := range []int{0, 1, 5, 40} {
		if r := run1(d); r != uint32(d+1) {
			t.Fatal(d, r)
		}
	}
}

// A trap in a nested call kills the guest that is being served too.
func TestNestedTrap(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	for _, onFiber := range []bool{true, false} {
		g := w.guest(t, StoreConfig{})
		f := g.fiber()
		oob, act := g.fn("oob"), g.fn("act")
		g.act = func(*Fiber, Slots) Status {
			if _, err := g.call(oob, 1); err == nil {
				t.Error("no trap")
			}
			return Done
		}
		var err error
		if onFiber {
			_, err = run(f, act, 1)
		} else {
			_, err = g.call(act, 1)
		}
		var trap, inner *TrapError
		if !errors.As(err, &trap) || !errors.As(trap.Cause, &inner) || inner.Code != TrapMemoryOutOfBounds {
			t.Error(err)
		}
		g.closeFiber(f)
		g.close()
	}
}

// Nesting goes on until the thread's stack runs short, which is an error.
func TestNestingDepth(t *testing.T) {
	w := newWorld(t, Config{Pool: &Pool{Memories: 3000, Tables: 3000, CoreInstances: 3000, Stacks: 6000}})
	deepest := 0
	var down func(n int) error
	down = func(n int) error {
		g, err := w.tryGuest(t, StoreConfig{})
		if err != nil {
			return err
		}
		defer g.close()
		f, err := g.s.NewFiber()
		if err != nil {
			return err
		}
		defer g.closeFiber(f)
		act := g.fn("act")
		g.act = func(*Fiber, Slots) Status {
			deepest = max(deepest, n)
			err := down(n + 1)
			if err != nil && !errors.Is(err, ErrTooDeep) && !errors.Is(err, ErrNoStack) {
				g.s.Fail(err)
				return Trap
			}
			return Done
		}
		_, err = run(f, act, 1)
		return err
	}
	if !hasHop {
		t.Skip("nesting takes no thread stack in the record way")
	}
	if err := down(0); err != nil {
		t.Fatal(err)
	}
	t.Log(deepest, "levels")
	if deepest < 100 {
		t.Error("too few")
	}

	// Calls on the thread's stack share the outermost one's limit.
	g := w.guest(t, StoreConfig{})
	defer g.close()
	act := g.fn("act")
	n := 0
	g.act = func(*Fiber, Slots) Status {
		n++
		g.call(act, 1)
		return Done
	}
	_, err := g.call(act, 1)
	for trap := (*TrapError)(nil); errors.As(err, &trap); err = trap.Cause {
		if trap.Cause == nil && trap.Code != TrapStackOverflow {
			t.Error(err)
		}
	}
	t.Log(n, "levels")
	if n < 100 || g.s.Dead() == nil {
		t.Error(n, g.s.Dead())
	}
}

// A fiber that is started inside another's host call, in the same store, outlives it.
func TestSecondFiberOutlives(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	for range 50 {
		g := w.guest(t, StoreConfig{})
		f, h := g.fiber(), g.fiber()
		mix := g.fn("mix")
		o, started := Idle, false
		g.act = func(*Fiber, Slots) Status {
			if !started {
				started = true
				o = start(h, mix, 12)
			} else if o == Suspended {
				h.Answer(Done)
				o = h.Resume()
			}
			return Done
		}
		if _, err := run(f, g.fn("actloop"), 7); err != nil {
			t.Fatal(err)
		}
		g.closeFiber(f)
		done := make(chan bool)
		go func() {
			defer close(done)
			runtime.LockOSThread()
			if r, err := finish(h, o); r != 2*sum(12) || err != nil {
				t.Error(r, err)
			}
		}()
		<-done
		g.closeFiber(h)
		g.close()
	}
}

// Many fibers of one store, suspended at once and resumed in any order on any of
// four threads, while memory grows and some are closed as they are.
func TestManyFibersOneStore(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	ts := newThreads(4)
	defer ts.close()
	on := func(f func()) { ts.run(rand.Intn(4), f) }
	mix, grow := g.fn("mix"), g.fn("grow")
	type task struct {
		f *Fiber
		o Outcome
		n uint32
	}
	var tasks []*task
	for ended := 0; ended < 1500; {
		if len(tasks) < 60 {
			k := &task{f: g.fiber(), n: 1 + uint32(rand.Intn(30))}
			on(func() { k.o = start(k.f, mix, k.n) })
			tasks = append(tasks, k)
			continue
		}
		i := rand.Intn(len(tasks))
		k := tasks[i]
		if k.o == Suspended && rand.Intn(100) > 0 {
			k.f.Answer(Done)
			on(func() { k.o = k.f.Resume() })
			continue
		}
		if k.o == Idle && k.f.Slots().U32(0) != 2*sum(k.n) {
			t.Fatal(k.f.Slots().U32(0))
		}
		on(func() {
			g.closeFiber(k.f)
			if ended%10 == 0 {
				g.call(grow, 1)
			}
		})
		tasks = append(tasks[:i], tasks[i+1:]...)
		ended++
	}
	for _, k := range tasks {
		g.closeFiber(k.f)
	}
	g.close()
}

// A host function that computes for long is preempted like any goroutine.
func TestGoPreemptsHostFunctions(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	w := newWorld(t, Config{Pool: smallPool})
	var wg sync.WaitGroup
	var mu sync.Mutex
	var order []int
	for k := range 4 {
		wg.Go(func() {
			g := w.guest(t, StoreConfig{})
			defer g.close()
			f := g.fiber()
			defer g.closeFiber(f)
			g.act = func(_ *Fiber, a Slots) Status {
				x := 1
				for t0 := time.Now(); time.Since(t0) < 60*time.Millisecond; {
					for j := range 1_000_000 { // no safepoint but the signal's
						x = x*3 + j
					}
					mu.Lock()
					order = append(order, k)
					mu.Unlock()
				}
				a.SetU32(0, uint32(x)|1)
				return Done
			}
			if _, err := run(f, g.fn("act"), 3); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	switches := 0
	for i := range order[1:] {
		if order[i] != order[i+1] {
			switches++
		}
	}
	if switches < 4 {
		t.Error(switches, "switches")
	}
}
