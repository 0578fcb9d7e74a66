package wasmtime

import (
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/corewasm"
)

func TestCalls(t *testing.T) {
	for name, c := range map[string]Config{"pooled": {Pool: smallPool}, "on demand": {}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			if w.e.Pooled() != (c.Pool != nil) {
				t.Fatal(w.e.PoolError())
			}
			g := w.guest(t, StoreConfig{})
			defer g.close()
			f := g.fiber()
			defer g.closeFiber(f)
			for _, name := range []string{"loop", "loop2"} {
				if r, err := g.call(g.fn(name), 100); r != 5050 || err != nil {
					t.Error("off fiber", name, r, err)
				}
			}
			for _, name := range []string{"loop", "loop2", "sleeps"} {
				if r, err := run(f, g.fn(name), 100); r != 5050 || err != nil {
					t.Error(name, r, err)
				}
			}
			mix := g.fn("mix")
			for n := range uint32(50) {
				if r, err := run(f, mix, n+1); r != 2*sum(n+1) || err != nil {
					t.Fatal(n, r, err)
				}
			}
		})
	}
}

func TestTraps(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	codes := map[string]TrapCode{
		"trap": TrapUnreachable, "oob": TrapMemoryOutOfBounds, "div": TrapDivisionByZero, "so": TrapStackOverflow,
	}
	for name, code := range codes {
		for _, onFiber := range []bool{true, false} {
			g := w.guest(t, StoreConfig{})
			f := g.fiber()
			fn := g.fn(name)
			var err error
			if onFiber {
				_, err = run(f, fn, 3)
			} else {
				_, err = g.call(fn, 3)
			}
			var trap *TrapError
			if !errors.As(err, &trap) || trap.Code != code {
				t.Fatal(name, onFiber, err)
			}
			if len(trap.Frames) == 0 || len(trap.Frames) > 64 || len(err.Error()) > 1000 {
				t.Error(name, len(trap.Frames), err)
			}
			// The store is dead.
			if _, err := g.call(fn, 1); !errors.Is(err, ErrDead) || !errors.As(err, &trap) {
				t.Error(err)
			}
			if o := start(f, fn, 1); o != Refused || !errors.Is(f.Err(), ErrDead) {
				t.Error(o, f.Err())
			}
			if _, err := g.s.Instantiate(w.pre); !errors.Is(err, ErrDead) {
				t.Error(err)
			}
			g.closeFiber(f)
			g.close()
		}
	}
}

func TestHostTrap(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	boom := errors.New("boom")
	var nilMap map[string]int
	for name, act := range map[string]func(g *guest) Status{
		"fail":        func(g *guest) Status { g.s.Fail(boom); return Trap },
		"panic":       func(g *guest) Status { deep(200); panic(boom) },
		"panic value": func(g *guest) Status { panic("boom") },
		"nil map":     func(g *guest) Status { nilMap["boom"] = 1; return Done },
		"no such":     func(g *guest) Status { return 77 },
		"silent":      func(g *guest) Status { return Trap },
	} {
		for _, onFiber := range []bool{true, false} {
			g := w.guest(t, StoreConfig{})
			f := g.fiber()
			g.act = func(*Fiber, Slots) Status { return act(g) }
			var err error
			if onFiber {
				_, err = run(f, g.fn("act"), 3)
			} else {
				_, err = g.call(g.fn("act"), 3)
			}
			var trap *TrapError
			if !errors.As(err, &trap) || trap.Code != TrapHost || trap.Cause == nil {
				t.Fatal(name, onFiber, err)
			}
			var p *PanicError
			switch name {
			case "fail", "panic":
				if !errors.Is(err, boom) {
					t.Error(name, err)
				}
			case "panic value":
				if !errors.As(err, &p) || p.Value != "boom" || !strings.Contains(string(p.Stack), "TestHostTrap") {
					t.Error(name, err)
				}
			}
			g.closeFiber(f)
			g.close()
		}
	}
}

func TestValues(t *testing.T) {
	w := newWorld(t, Config{})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	mul, store, nothing := g.fn("mul"), g.fn("store"), g.fn("nothing")
	for name, c := range map[string]struct {
		slots Slots
		call  func(fn FuncID, n int) error
	}{
		"fiber": {f.Slots(), func(fn FuncID, n int) error {
			_, err := finish(f, f.Start(fn, false))
			return err
		}},
		"off fiber": {g.s.Args(), g.s.Call},
	} {
		c.slots.SetU64(0, 1<<40)
		c.slots.SetU64(1, math.Float64bits(1.25))
		if err := c.call(mul, 2); err != nil || math.Float64frombits(c.slots.U64(0)) != 2.5 || c.slots.U64(1) != 3<<40 {
			t.Error(name, err, c.slots[:2])
		}
		c.slots.SetU64(0, 1<<63|100) // the upper half of an i32 is nobody's
		c.slots.SetU32(1, 0xdeadbeef)
		if err := c.call(store, 2); err != nil {
			t.Error(name, err)
		}
		if b := g.s.Memory(0); b[100] != 0xef || b[103] != 0xde {
			t.Error(name, b[100:104])
		}
		clear(g.s.Memory(0))
		if err := c.call(nothing, 0); err != nil {
			t.Error(name, err)
		}
	}
	// Results of a host function that writes too much.
	g.act = func(_ *Fiber, a Slots) Status { a.SetU64(0, 1<<40|9); return Done }
	if r, err := run(f, g.fn("act"), 1); r != 9 || err != nil {
		t.Error(r, err)
	}
}

func TestCallArgs(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	if f.CallArgs() != nil {
		t.Error("CallArgs while idle")
	}
	sleeps := g.fn("sleeps")
	o := start(f, sleeps, 3)
	for n := uint32(3); o == Suspended; n-- {
		if a := f.CallArgs(); len(a) != 1 || a.U32(0) != n {
			t.Fatal(n, a)
		}
		f.CallArgs().SetU32(0, 100)
		f.Answer(Done)
		o = f.Resume()
	}
	if o != Idle || f.Slots().U32(0) != 300 {
		t.Error(o, f.Slots().U32(0))
	}

	boom := errors.New("boom")
	if o = start(f, sleeps, 3); o != Suspended {
		t.Fatal(o)
	}
	g.s.Fail(boom)
	f.Answer(Trap)
	if o = f.Resume(); o != Trapped || !errors.Is(f.Err(), boom) {
		t.Error(o, f.Err())
	}
}

func TestContext(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f, h := g.fiber(), g.fiber()
	defer g.closeFiber(f)
	defer g.closeFiber(h)
	swap := g.fn("swap")
	for i := range uint32(5) {
		if r, err := run(f, swap, i+1); r != i || err != nil {
			t.Error(r, err)
		}
		if r, err := run(h, swap, 10*i+10); r != 10*i || err != nil {
			t.Error(r, err)
		}
		if r, err := g.call(swap, 99); r != 0 || err != nil {
			t.Error("off fiber", r, err)
		}
	}
	f.Context()[0] = 1<<40 | 1234
	if r, err := run(f, swap, 1); r != 1234 || err != nil {
		t.Error(r, err)
	}
}

// Saving the context slots of a fiber, or of the thread's stack, leaves zeros.
func TestSaveAndRestoreContext(t *testing.T) {
	e := newEngine(t, Config{Pool: smallPool})
	m := compile(t, e, `(module
	 (import "" "save" (func $save (result i64 i64))) (import "" "restore" (func $restore (param i64 i64)))
	 (import "" "get" (func $get (result i32))) (import "" "set" (func $set (param i32)))
	 (func (export "run") (param $v i32) (result i32) (local $a i64) (local $b i64) (local $seen i32)
	  (call $set (local.get $v))
	  (call $save) (local.set $b) (local.set $a)
	  (local.set $seen (call $get))
	  (call $set (i32.const 1000))
	  (call $restore (local.get $a) (local.get $b))
	  (i32.add (i32.mul (local.get $seen) (i32.const 10000)) (call $get))))`)
	both := []corewasm.ValType{corewasm.I64, corewasm.I64}
	pre := prelink(t, e, m, []HostFunc{
		{Type: corewasm.FuncType{Results: both}, Kind: ContextSave}, {Type: corewasm.FuncType{Params: both}, Kind: ContextRestore},
		{Type: getter, Op: 1, Kind: ContextGet}, {Type: setter, Op: 1, Kind: ContextSet},
	})
	s := newStore(t, e, &fake{}, StoreConfig{})
	in, err := s.Instantiate(pre)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Export(in, m, "run")
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.AddFunc(x)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Slots().SetU32(0, 5)
	if o := f.Start(run, false); o != Idle || f.Slots().U32(0) != 5 || f.Context()[1] != 5 {
		t.Error(o, f.Slots().U32(0), f.Context())
	}
	s.Args().SetU32(0, 6)
	if err := s.Call(run, 1); err != nil || s.Args().U32(0) != 6 {
		t.Error(err, s.Args().U32(0))
	}
}

func TestNextJob(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	defer g.close()
	f := g.fiber()
	nop, sleeps := g.fn("nop"), g.fn("sleeps")
	jobs, slept := 0, 0
	g.next = func(f *Fiber) (FuncID, bool) {
		if want := uint32(jobs%3) * 10; jobs > 0 && f.Slots().U32(0) != want && want != 0 {
			t.Error("result", f.Slots().U32(0), want)
		}
		jobs++
		f.Slots().SetU32(0, uint32(jobs%3)*10)
		if jobs%3 == 0 {
			f.Slots().SetU32(0, 2)
			return sleeps, jobs < 20
		}
		return nop, jobs < 20
	}
	g.sleep = func(*Fiber, Slots) Status { slept++; return Pending }
	f.Slots().SetU32(0, 5)
	if _, err := finish(f, f.Start(nop, true)); err != nil || jobs != 20 || slept != 12 {
		t.Fatal(err, jobs, slept)
	}
	n := 0
	g.next = func(f *Fiber) (FuncID, bool) { n++; return nop, n < 100_000 }
	f.Slots().SetU32(0, 1)
	if o := f.Start(nop, true); o != Idle || n != 100_000 {
		t.Error(o, n)
	}
	if o := f.Start(nop, false); o != Idle || n != 100_000 {
		t.Error("asked without loop", o, n)
	}
	g.next = func(f *Fiber) (FuncID, bool) { panic("next") }
	var p *PanicError
	if o := f.Start(nop, true); o != Trapped || !errors.As(f.Err(), &p) {
		t.Error(o, f.Err())
	}
	g.closeFiber(f)

	g2 := w.guest(t, StoreConfig{})
	defer g2.close()
	f2 := g2.fiber()
	defer g2.closeFiber(f2)
	g2.next = func(f *Fiber) (FuncID, bool) { return 1000, true }
	if o := f2.Start(g2.fn("nop"), true); o != Trapped || f2.Err() == nil {
		t.Error(o, f2.Err())
	}
}

// An endless guest is preempted, and killed by closing its fiber; off a fiber it
// is trapped.
func TestEpoch(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	defer tick(w.e)()
	g := w.guest(t, StoreConfig{OffFiberTicks: 3})
	forever := g.fn("forever")
	f := g.fiber()
	o := start(f, forever, 1)
	for range 5 {
		if o != Preempted {
			t.Fatal(o, f.Err())
		}
		o = f.Resume()
	}
	g.closeFiber(f)

	// Nested in a host call it cannot yield.
	f = g.fiber()
	var err error
	g.act = func(*Fiber, Slots) Status { _, err = g.call(forever, 1); return Done }
	_, outer := run(f, g.fn("act"), 1)
	var trap *TrapError
	if !errors.As(err, &trap) || trap.Code != TrapInterrupted || !errors.As(outer, &trap) {
		t.Error(err, outer)
	}
	g.closeFiber(f)
	g.close()
}

// Closing suspended fibers unwinds their guests without calling Go.
func TestCloseSuspended(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	mix, sleeps := g.fn("mix"), g.fn("sleeps")
	for k := range 500 {
		f := g.fiber()
		if k%3 == 0 { // never started
			g.closeFiber(f)
			f = g.fiber()
		}
		fn := mix
		if k%2 == 0 {
			fn = sleeps
		}
		if o := start(f, fn, 5); o != Suspended {
			t.Fatal(o)
		}
		if k%5 == 0 {
			f.Answer(Done)
		}
		calls := g.calls
		done := make(chan bool)
		go func() { defer close(done); runtime.LockOSThread(); g.closeFiber(f) }()
		<-done
		if g.calls != calls {
			t.Fatal("host call while closing")
		}
	}
	g.close()
}
