package wasmtime

import (
	"errors"
	"testing"
)

// collected holds objects in locals across host calls, and churns through others,
// which the collector has to clear away.
const collected = `(module
 (import "" "act" (func $act (param i32) (result i32)))
 (import "" "sleepy" (func $s (param i32) (result i32)))
 (type $box (struct (field (mut i32))))
 (tag $t (param i32))
 (func $make (param i32) (result (ref $box)) (struct.new $box (local.get 0)))
 (func (export "hold") (param $v i32) (result i32) (local $a (ref null $box)) (local $b (ref null $box))
  (local.set $a (call $make (local.get $v)))
  (local.set $b (call $make (i32.const 1000)))
  (drop (call $act (local.get $v)))
  (i32.add (struct.get $box 0 (local.get $a)) (struct.get $box 0 (local.get $b))))
 (func (export "holdsleep") (param $v i32) (result i32) (local $a (ref null $box))
  (local.set $a (call $make (local.get $v)))
  (drop (call $s (local.get $v)))
  (struct.get $box 0 (local.get $a)))
 (func $churn (export "churn") (param $n i32) (result i32) (local $a i32) (local $x (ref null $box))
  (loop $l
   (local.set $x (call $make (local.get $n)))
   (local.set $a (i32.add (local.get $a) (struct.get $box 0 (local.get $x))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $a))
 (func (export "churnact") (param $n i32) (result i32) (local $x (ref null $box)) (local $r i32)
  (local.set $x (call $make (i32.const 77)))
  (drop (call $act (i32.const 0)))
  (local.set $r (call $churn (local.get $n)))
  (if (i32.ne (struct.get $box 0 (local.get $x)) (i32.const 77)) (then unreachable))
  (local.get $r))
 (func (export "forever") (param i32) (result i32) (loop $l (br $l)) unreachable)
 (func (export "sleeps") (param i32) (result i32) (call $s (local.get 0)))
 (func (export "uncaught") (param i32) (result i32) (throw $t (local.get 0))))`

// strictWorld is an engine with a collector and that guest.
func strictWorld(t testing.TB) func(h Host) (s *Store, fn func(string) FuncID) {
	e := newEngine(t, Config{GC: true, Exceptions: true})
	m := compile(t, e, collected)
	return func(h Host) (*Store, func(string) FuncID) {
		s := newStore(t, e, h, StoreConfig{Limits: StoreLimits{MemoryBytes: 1 << 17}})
		act := HostFunc{Type: unary, Op: opAct}
		sleep := HostFunc{Type: unary, Op: opSleep}
		in, err := s.InstantiateWith(m, []Extern{s.HostFunc(act), s.HostFunc(sleep)})
		if err != nil {
			t.Fatal(err)
		}
		return s, func(name string) FuncID {
			x, err := s.Export(in, m, name)
			if err != nil {
				t.Fatal(err)
			}
			fn, err := s.AddFunc(x)
			if err != nil {
				t.Fatal(err)
			}
			return fn
		}
	}
}

func TestCollector(t *testing.T) {
	h := &fake{}
	s, fn := strictWorld(t)(h)
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	hold, holdsleep, churn, churnact := fn("hold"), fn("holdsleep"), fn("churn"), fn("churnact")
	call := func(id FuncID, arg uint32) uint32 {
		s.Args().SetU32(0, arg)
		if err := s.Call(id, 1); err != nil {
			t.Error(err)
		}
		return s.Args().U32(0)
	}
	const many = 20_000 // objects that the heap has no room for
	if r := call(churn, many); r != sum(many) {
		t.Error("off fiber", r)
	}
	depth := 0
	h.act = func(f *Fiber, a Slots) Status {
		if depth++; depth < 4 {
			if r := call(churnact, many); r != sum(many) {
				t.Error("nested", depth, r)
			}
		}
		if r := call(churn, many); r != sum(many) {
			t.Error("nested", r)
		}
		depth--
		return Done
	}
	for v := range uint32(20) {
		if r, err := run(f, hold, v); r != v+1000 || err != nil {
			t.Fatal(v, r, err)
		}
		o := start(f, holdsleep, v)
		if o != Suspended {
			t.Fatal(o, f.Err())
		}
		if r := call(churn, many); r != sum(many) {
			t.Error("while suspended", r)
		}
		if f.CallArgs().U32(0) != v {
			t.Error(f.CallArgs())
		}
		if r, err := finish(f, o); r != v || err != nil {
			t.Fatal(v, r, err)
		}
	}
	if r, err := run(f, churn, many); r != sum(many) || err != nil {
		t.Error(r, err)
	}
	_, err = run(f, fn("uncaught"), 5)
	var trap *TrapError
	if !errors.As(err, &trap) || trap.Code != TrapException {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// One fiber at a time has guests on its stack, and nothing is instantiated then.
func TestStrictRules(t *testing.T) {
	h := &fake{}
	s, fn := strictWorld(t)(h)
	fiber := func() *Fiber {
		f, err := s.NewFiber()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f, g := fiber(), fiber()
	sleeps, forever, churn := fn("sleeps"), fn("forever"), fn("churn")
	m := compile(t, s.e, "(module)")
	pre := prelink(t, s.e, m, nil)
	refused := func(when string) {
		t.Helper()
		if o := start(g, sleeps, 1); o != Refused || !errors.Is(g.Err(), ErrStrict) {
			t.Error(when, o, g.Err())
		}
		if o := g.Instantiate(pre); o != Refused || !errors.Is(g.Err(), ErrStrict) {
			t.Error(when, o, g.Err())
		}
		if o := g.InstantiateWith(m, nil); o != Refused || !errors.Is(g.Err(), ErrStrict) {
			t.Error(when, o, g.Err())
		}
		if _, err := s.Instantiate(pre); !errors.Is(err, ErrStrict) {
			t.Error(when, err)
		}
		if _, err := s.InstantiateWith(m, nil); !errors.Is(err, ErrStrict) {
			t.Error(when, err)
		}
	}
	h.act = func(*Fiber, Slots) Status { refused("in a host call"); return Done }
	if r, err := run(f, fn("churnact"), 3); r != 6 || err != nil {
		t.Error(r, err)
	}
	o := start(f, sleeps, 1)
	refused("while suspended")
	if _, err := finish(f, o); err != nil {
		t.Error(err)
	}
	if r, err := run(g, sleeps, 7); r != 7 || err != nil {
		t.Error(r, err)
	}
	if o := g.Instantiate(pre); o != Idle {
		t.Error(o, g.Err())
	}

	stop := tick(s.e)
	o = start(f, forever, 1)
	stop()
	if o != Preempted {
		t.Fatal(o, f.Err())
	}
	refused("while preempted")
	if err := s.Call(churn, 1); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	f.Close()
	s.Args().SetU32(0, 5)
	if err := s.Call(churn, 1); err != nil || s.Args().U32(0) != 15 {
		t.Error(s.Args().U32(0), err)
	}
	if r, err := run(g, churn, 3); r != 6 || err != nil {
		t.Error(r, err)
	}

	// A nested call that does not end is trapped, and one that would wait.
	h.act = func(*Fiber, Slots) Status {
		defer tick(s.e)()
		s.c.max_ticks = 3
		s.Args().SetU32(0, 5)
		var trap *TrapError
		if err := s.Call(forever, 1); !errors.As(err, &trap) || trap.Code != TrapInterrupted {
			t.Error(err)
		}
		return Done
	}
	if _, err := run(g, fn("churnact"), 3); err == nil {
		t.Error("no trap")
	}
	g.Close()

	s2, fn2 := strictWorld(t)(h)
	f2, err := s2.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	sleeps, act := fn2("sleeps"), fn2("churnact")
	h.act = func(*Fiber, Slots) Status {
		s2.Args().SetU32(0, 5)
		if err := s2.Call(sleeps, 1); !errors.Is(err, ErrCannotSuspend) {
			t.Error(err)
		}
		return Done
	}
	if _, err := run(f2, act, 3); !errors.Is(err, ErrCannotSuspend) {
		t.Error(err)
	}
	f2.Close()
}

// Tags go from one instance to another.
func TestTags(t *testing.T) {
	e := newEngine(t, Config{Exceptions: true})
	lib := compile(t, e, `(module (tag (export "t") (param i32))
	 (func (export "throws") (param i32) (throw 0 (local.get 0))))`)
	app := compile(t, e, `(module (import "" "t" (tag $t (param i32))) (import "" "throws" (func $throws (param i32)))
	 (func (export "run") (param i32) (result i32)
	  (block $h (result i32) (try_table (catch $t $h) (call $throws (local.get 0))) (i32.const 0))))`)
	s := newStore(t, e, &fake{}, StoreConfig{})
	li, err := s.InstantiateWith(lib, nil)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := s.Export(li, lib, "t")
	if err != nil {
		t.Fatal(err)
	}
	throws, err := s.Export(li, lib, "throws")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.InstantiateWith(app, []Extern{throws, tag}); err == nil {
		t.Error("a function for a tag")
	}
	ai, err := s.InstantiateWith(app, []Extern{tag, throws})
	if err != nil {
		t.Fatal(err)
	}
	x, _ := s.Export(ai, app, "run")
	fn, err := s.AddFunc(x)
	if err != nil {
		t.Fatal(err)
	}
	s.Args().SetU32(0, 9)
	if err := s.Call(fn, 1); err != nil || s.Args().U32(0) != 9 {
		t.Error(s.Args().U32(0), err)
	}
}
