package wasmtime

import (
	"errors"
	"testing"
)

// starting is a module whose start function does what body says.
func starting(body string) string {
	return `(module (import "" "act" (func $act (param i32) (result i32))) (import "" "sleepy" (func $s (param i32) (result i32)))
	 (memory (export "memory") 1) (global $g (export "g") (mut i32) (i32.const 0))
	 (func (export "get") (result i32) (global.get $g))
	 (func $start ` + body + `) (start $start))`
}

var startImports = []HostFunc{{Type: unary, Op: opAct}, {Type: unary, Op: opSleep}}

// ways of instantiating a module on a fiber.
var instantiations = map[string]func(f *Fiber, p *InstancePre, hs []HostFunc) Outcome{
	"prelinked": func(f *Fiber, p *InstancePre, _ []HostFunc) Outcome { return f.Instantiate(p) },
	"with": func(f *Fiber, p *InstancePre, hs []HostFunc) Outcome {
		var xs []Extern
		for _, h := range hs {
			xs = append(xs, f.Store().HostFunc(h))
		}
		return f.InstantiateWith(p.Module(), xs)
	},
}

func TestStartFunctionOnFiber(t *testing.T) {
	for way, instantiate := range instantiations {
		t.Run(way, func(t *testing.T) {
			e := newEngine(t, Config{Pool: smallPool})
			h := &fake{}
			s := newStore(t, e, h, StoreConfig{})
			fiber := func() *Fiber {
				f, err := s.NewFiber()
				if err != nil {
					t.Fatal(err)
				}
				return f
			}
			pre := func(body string) *InstancePre {
				return prelink(t, e, compile(t, e, starting(body)), startImports)
			}
			f := fiber()

			// Host calls, nested calls, suspensions and a preemption.
			var nested FuncID
			h.act = func(f *Fiber, a Slots) Status {
				if f == nil {
					t.Error("no fiber")
				}
				if a.U32(0) == 1 {
					if err := s.Call(nested, 0); err != nil || s.Args().U32(0) != 42 {
						t.Error(s.Args().U32(0), err)
					}
				}
				return Done
			}
			quick := pre(`(global.set $g (i32.const 42))`)
			o := instantiate(f, quick, startImports)
			if o != Idle {
				t.Fatal(o, f.Err())
			}
			x, err := s.Export(f.Instance(), quick.Module(), "get")
			if err != nil {
				t.Fatal(err)
			}
			if nested, err = s.AddFunc(x); err != nil {
				t.Fatal(err)
			}
			p := pre(`(local $i i32)
			 (drop (call $act (i32.const 1)))
			 (loop $l (drop (call $s (local.get $i)))
			  (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
			 (global.set $g (local.get $i))`)
			slept := 0
			for o = instantiate(f, p, startImports); o == Suspended || o == Preempted; o = f.Resume() {
				if o == Suspended {
					f.Answer(Done)
					slept++
				}
				e.IncrementEpoch()
			}
			if o != Idle || slept != 10 {
				t.Fatal(o, f.Err(), slept)
			}
			if x, err = s.Export(f.Instance(), p.Module(), "get"); err != nil {
				t.Fatal(err)
			}
			get, _ := s.AddFunc(x)
			if err := s.Call(get, 0); err != nil || s.Args().U32(0) != 10 {
				t.Error(s.Args().U32(0), err)
			}

			// An endless one is preempted, and killed. Its module may be closed meanwhile.
			endless := compile(t, e, starting(`(loop $l (br $l))`))
			pe, err := e.Prelink(endless, startImports)
			if err != nil {
				t.Fatal(err)
			}
			g := fiber()
			stop := tick(e)
			o = instantiate(g, pe, startImports)
			pe.Close()
			for range 3 {
				if o != Preempted {
					t.Fatal(o, g.Err())
				}
				o = g.Resume()
			}
			stop()
			if err := g.Close(); err != nil {
				t.Fatal(err)
			}
			// The fiber can be used further until one traps.
			if _, err := finish(f, instantiate(f, quick, startImports)); err != nil {
				t.Fatal(err)
			}
			o = instantiate(f, pre(`(drop (call $act (i32.const 0))) unreachable`), startImports)
			for o == Preempted {
				o = f.Resume()
			}
			var trap *TrapError
			if o != Trapped || !errors.As(f.Err(), &trap) || trap.Code != TrapUnreachable {
				t.Error(o, f.Err())
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestStartFunctionOffFiber(t *testing.T) {
	e := newEngine(t, Config{})
	var s *Store
	run := func(body string, h *fake) error {
		s = newStore(t, e, h, StoreConfig{OffFiberTicks: 3})
		_, err := s.Instantiate(prelink(t, e, compile(t, e, starting(body)), startImports))
		return err
	}
	boom := errors.New("boom")
	if err := run(`(drop (call $act (i32.const 0)))`, &fake{}); err != nil {
		t.Error(err)
	}
	fail := &fake{}
	fail.act = func(f *Fiber, a Slots) Status { s.Fail(boom); return Trap }
	if err := run(`(drop (call $act (i32.const 0)))`, fail); !errors.Is(err, boom) {
		t.Error(err)
	}
	if err := run(`(drop (call $s (i32.const 0)))`, &fake{}); !errors.Is(err, ErrCannotSuspend) {
		t.Error(err)
	}
	defer tick(e)()
	var trap *TrapError
	if err := run(`(loop $l (br $l))`, &fake{}); !errors.As(err, &trap) || trap.Code != TrapInterrupted {
		t.Error(err)
	}
}

// A fiber may be preempted before it has come to instantiate; what others
// instantiate meanwhile does not get in its way.
func TestInstantiationsOverlap(t *testing.T) {
	e := newEngine(t, Config{})
	two := compile(t, e, `(module (import "" "a" (func (param i32) (result i32))) (import "" "b" (func (param i32 i32) (result i32))))`)
	other := compile(t, e, `(module (import "" "a" (func (param i32))) (import "" "b" (memory 1)) (import "" "c" (func (param i32))))`)
	mem := compile(t, e, `(module (memory (export "m") 1))`)
	s := newStore(t, e, &fake{}, StoreConfig{})
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := s.InstantiateWith(mem, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Export(in, mem, "m")
	if err != nil {
		t.Fatal(err)
	}
	set := s.HostFunc(HostFunc{Type: setter, Op: opAct})
	e.IncrementEpoch()
	e.IncrementEpoch()
	o := f.InstantiateWith(two, []Extern{s.HostFunc(HostFunc{Type: unary}), s.HostFunc(HostFunc{Type: binaryOp})})
	if o != Preempted {
		t.Fatal(o, f.Err())
	}
	if _, err := s.InstantiateWith(other, []Extern{set, m, set}); err != nil {
		t.Fatal(err)
	}
	if o = f.Resume(); o != Idle {
		t.Error(o, f.Err())
	}
}
