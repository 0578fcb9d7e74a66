package wasmtime

import (
	"errors"
	"testing"
)

// What is against the rules is refused, and changes nothing.
func TestRefused(t *testing.T) {
	w := newWorld(t, Config{Pool: smallPool})
	g := w.guest(t, StoreConfig{})
	f := g.fiber()
	act, sleeps, nop := g.fn("act"), g.fn("sleeps"), g.fn("nop")
	refused := func(what string, o Outcome, want error) {
		t.Helper()
		if o != Refused || !errors.Is(f.Err(), want) {
			t.Error(what, o, f.Err())
		}
	}
	fails := func(what string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Error(what, err)
		}
	}
	panics := func(what string, fn func()) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Error(what, "does not panic")
			}
		}()
		fn()
	}
	refused("resume idle", f.Resume(), ErrState)
	panics("answer idle", func() { f.Answer(Done) })
	g.act = func(*Fiber, Slots) Status {
		refused("start itself", f.Start(nop, false), ErrState)
		refused("resume itself", f.Resume(), ErrState)
		refused("instantiate on itself", f.Instantiate(w.pre), ErrState)
		fails("close itself", f.Close(), ErrBusy)
		fails("close its store", g.s.Close(), ErrBusy)
		panics("answer itself", func() { f.Answer(Done) })
		return Done
	}
	if r, err := run(f, act, 7); r != 7 || err != nil {
		t.Error(r, err)
	}
	g.act = func(*Fiber, Slots) Status {
		fails("close the store in a call", g.s.Close(), ErrBusy)
		return Done
	}
	if r, err := g.call(act, 7); r != 7 || err != nil {
		t.Error(r, err)
	}
	refused("no such function", f.Start(999, false), f.Err())
	if err := g.s.Call(999, 0); err == nil {
		t.Error("no such function")
	}
	if err := g.s.Call(nop, 2); err == nil {
		t.Error("wrong number of arguments")
	}
	if o := start(f, sleeps, 1); o != Suspended {
		t.Fatal(o)
	}
	refused("start suspended", f.Start(nop, false), ErrState)
	refused("resume without answer", f.Resume(), ErrState)
	panics("answer pending", func() { f.Answer(Pending) })
	panics("answer nonsense", func() { f.Answer(12) })
	fails("close the store of a fiber", g.s.Close(), ErrBusy)
	f.Answer(Done)
	panics("answer twice", func() { f.Answer(Done) })
	if _, err := finish(f, f.Resume()); err != nil {
		t.Error(err)
	}
	g.closeFiber(f)
	fails("close twice", f.Close(), nil)
	refused("start closed", f.Start(nop, false), ErrClosed)
	refused("resume closed", f.Resume(), ErrClosed)
	if f.Slots() != nil || f.CallArgs() != nil || f.Instance() != (Instance{}) {
		t.Error("a closed fiber has slots")
	}
	f.Context()[0] = 1

	// Pending where the guest cannot be suspended.
	if _, err := g.call(sleeps, 1); !errors.Is(err, ErrCannotSuspend) {
		t.Error(err)
	}
	x, err := g.s.Export(g.in, w.m, "memory")
	if err != nil {
		t.Fatal(err)
	}
	g.close()
	fails("close store twice", g.s.Close(), nil)
	fails("call", g.s.Call(nop, 1), ErrClosed)
	_, err = g.s.NewFiber()
	fails("fiber", err, ErrClosed)
	_, err = g.s.Instantiate(w.pre)
	fails("instantiate", err, ErrClosed)
	_, err = g.s.InstantiateWith(w.m, nil)
	fails("instantiate", err, ErrClosed)
	_, err = g.s.Export(g.in, w.m, "nop")
	fails("export", err, ErrClosed)
	_, err = g.s.AddMemory(x)
	fails("memory", err, ErrClosed)
	_, err = g.s.AddFunc(x)
	fails("func", err, ErrClosed)
	if g.s.Memory(0) != nil || g.s.MemoryBytes() != 0 || g.s.Args() != nil {
		t.Error("a closed store has memory")
	}
	if w.pre.Close(); !t.Failed() {
		s := newStore(t, w.e, &fake{}, StoreConfig{})
		_, err = s.Instantiate(w.pre)
		fails("closed prelinked module", err, ErrClosed)
	}
	w.m.Close()
	_, err = w.e.Prelink(w.m, guestImports())
	fails("closed module", err, ErrClosed)
}
