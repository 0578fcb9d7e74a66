package wasmtime

import (
	"context"
	"testing"
	"time"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44" // for its text format alone

	"github.com/spinhost/spin/internal/corewasm"
)

// Host functions of the tests' guest, by op.
const (
	opEcho  = iota // answers its argument
	opAdd          // adds two
	opSleep        // waits
	opAct          // runs what the test wants
	opGet          // context.get 0
	opSet          // context.set 0
)

// guestWat is the guest of most tests.
const guestWat = `(module
 (import "" "h" (func $h (param i32) (result i32)))
 (import "" "h2" (func $h2 (param i32 i32) (result i32)))
 (import "" "sleepy" (func $s (param i32) (result i32)))
 (import "" "act" (func $act (param i32) (result i32)))
 (import "" "get" (func $get (result i32)))
 (import "" "set" (func $set (param i32)))
 (memory (export "memory") 1 100)
 (global (export "global") (mut i32) (i32.const 7))
 (table (export "table") 3 funcref)
 (func (export "nop") (param i32) (result i32) local.get 0)
 (func (export "nothing"))
 (func (export "loop") (param $n i32) (result i32) (local $a i32)
  (loop $l (local.set $a (i32.add (local.get $a) (call $h (local.get $n))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $a)
 (func (export "loop2") (param $n i32) (result i32) (local $a i32)
  (loop $l (local.set $a (call $h2 (local.get $a) (local.get $n)))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $a)
 (func (export "sleeps") (param $n i32) (result i32) (local $a i32)
  (loop $l (local.set $a (i32.add (local.get $a) (call $s (local.get $n))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $a)
 (func (export "mix") (param $n i32) (result i32) (local $a i32)
  (loop $l
   (local.set $a (i32.add (local.get $a) (call $h (local.get $n))))
   (local.set $a (i32.add (local.get $a) (call $rec (i32.rem_u (local.get $n) (i32.const 40)) (local.get $n))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $a)
 (func $rec (param $d i32) (param $n i32) (result i32)
  (if (result i32) (local.get $d)
   (then (i32.add (i32.const 0) (call $rec (i32.sub (local.get $d) (i32.const 1)) (local.get $n))))
   (else (call $s (local.get $n)))))
 (func (export "act") (param i32) (result i32) (call $act (local.get 0)))
 (func (export "actloop") (param $n i32) (result i32) (local $a i32)
  (loop $l (local.set $a (i32.add (local.get $a) (call $act (local.get $n))))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $a)
 (func (export "swap") (param $v i32) (result i32) (local $old i32)
  (local.set $old (call $get)) (call $set (local.get $v)) local.get $old)
 (func (export "trap") (param i32) (result i32) (drop (call $h (local.get 0))) unreachable)
 (func (export "oob") (param i32) (result i32) (drop (call $h (local.get 0))) (i32.load (i32.const -4)))
 (func (export "div") (param i32) (result i32) (i32.div_s (call $h (local.get 0)) (i32.const 0)))
 (func $so (export "so") (param i32) (result i32) (i32.add (call $so (call $h (local.get 0))) (i32.const 1)))
 (func (export "grow") (param i32) (result i32) (drop (call $h (local.get 0))) (memory.grow (local.get 0)))
 (func (export "spin") (param $n i32) (result i32)
  (loop $l (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))) local.get $n)
 (func (export "forever") (param i32) (result i32) (loop $l (br $l)) unreachable)
 (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
 (global $next (mut i32) (i32.const 64))
 (func (export "alloc") (param i32 i32 i32 i32) (result i32)
  (if (call $get) (then unreachable)) (call $set (i32.const 1))
  (if (i32.eqz (local.get 2)) (then unreachable))
  (i32.store (global.get $next) (local.get 3))
  (global.get $next) (global.set $next (i32.add (global.get $next) (i32.const 8))))
 (func (export "mul") (param i64 f64) (result f64 i64)
  (f64.mul (local.get 1) (f64.const 2)) (i64.mul (local.get 0) (i64.const 3))))`

var (
	i32      = corewasm.I32
	unary    = corewasm.FuncType{Params: []corewasm.ValType{i32}, Results: []corewasm.ValType{i32}}
	binaryOp = corewasm.FuncType{Params: []corewasm.ValType{i32, i32}, Results: []corewasm.ValType{i32}}
	getter   = corewasm.FuncType{Results: []corewasm.ValType{i32}}
	setter   = corewasm.FuncType{Params: []corewasm.ValType{i32}}
)

func guestImports() []HostFunc {
	return []HostFunc{
		{Type: unary, Op: opEcho},
		{Type: binaryOp, Op: opAdd},
		{Type: unary, Op: opSleep},
		{Type: unary, Op: opAct},
		{Type: getter, Op: 0, Kind: ContextGet},
		{Type: setter, Op: 0, Kind: ContextSet},
	}
}

// fake is the Host of the tests. Unset parts answer in the simplest way.
type fake struct {
	act   func(f *Fiber, a Slots) Status
	sleep func(f *Fiber, a Slots) Status
	next  func(f *Fiber) (FuncID, bool)
	calls int
}

func (h *fake) HostCall(f *Fiber, op uint32, a Slots) Status {
	h.calls++
	switch {
	case op == opAdd:
		a.SetU32(0, a.U32(0)+a.U32(1))
	case op == opSleep && h.sleep != nil:
		return h.sleep(f, a)
	case op == opSleep:
		return Pending
	case op == opAct && h.act != nil:
		return h.act(f, a)
	}
	return Done
}

func (h *fake) NextJob(f *Fiber) (FuncID, bool) {
	if h.next == nil {
		return 0, false
	}
	return h.next(f)
}

func wat(t testing.TB, text string) []byte {
	t.Helper()
	b, err := wasmtimego.Wat2Wasm(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newEngine(t testing.TB, c Config) *Engine {
	t.Helper()
	e, err := NewEngine(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s, f := e.Live(); s != 0 || f != 0 {
			t.Errorf("%d stores and %d fibers are left", s, f)
		}
		e.Close()
	})
	return e
}

func compile(t testing.TB, e *Engine, text string) *Module {
	t.Helper()
	m, err := e.Compile(context.Background(), Source{Wasm: wat(t, text)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// world is an engine with the guest, compiled and prelinked.
type world struct {
	e   *Engine
	m   *Module
	pre *InstancePre
}

var smallPool = &Pool{Memories: 100, Tables: 100, CoreInstances: 200, Stacks: 200}

func newWorld(t testing.TB, c Config) *world {
	t.Helper()
	e := newEngine(t, c)
	w := &world{e: e, m: compile(t, e, guestWat)}
	var err error
	if w.pre, err = e.Prelink(w.m, guestImports()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.pre.Close)
	return w
}

// guest is an instance of the guest in a store of its own.
type guest struct {
	fake
	t  testing.TB
	w  *world
	s  *Store
	in Instance
}

func (w *world) guest(t testing.TB, c StoreConfig) *guest {
	t.Helper()
	g, err := w.tryGuest(t, c)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// tryGuest is guest for host functions, which must not call t.Fatal.
func (w *world) tryGuest(t testing.TB, c StoreConfig) (*guest, error) {
	g := &guest{t: t, w: w}
	var err error
	if g.s, err = w.e.NewStore(&g.fake, c); err != nil {
		return nil, err
	}
	var x Extern
	if g.in, err = g.s.Instantiate(w.pre); err == nil {
		x, err = g.s.Export(g.in, w.m, "memory")
	}
	if err == nil {
		_, err = g.s.AddMemory(x)
	}
	if err != nil {
		g.s.Close()
		return nil, err
	}
	return g, nil
}

func (g *guest) fn(name string) FuncID {
	g.t.Helper()
	x, err := g.s.Export(g.in, g.w.m, name)
	if err != nil {
		g.t.Fatal(err)
	}
	id, err := g.s.AddFunc(x)
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

func (g *guest) close() {
	g.t.Helper()
	if err := g.s.Close(); err != nil {
		g.t.Error(err)
	}
}

func (g *guest) fiber() *Fiber {
	g.t.Helper()
	f, err := g.s.NewFiber()
	if err != nil {
		g.t.Fatal(err)
	}
	return f
}

func (g *guest) closeFiber(f *Fiber) {
	g.t.Helper()
	if err := f.Close(); err != nil {
		g.t.Error(err)
	}
}

// call calls an export of type i32 -> i32 on the thread's stack.
func (g *guest) call(fn FuncID, arg uint32) (uint32, error) {
	g.s.Args().SetU32(0, arg)
	err := g.s.Call(fn, 1)
	return g.s.Args().U32(0), err
}

// start begins such a call on a fiber.
func start(f *Fiber, fn FuncID, arg uint32) Outcome {
	f.Slots().SetU32(0, arg)
	return f.Start(fn, false)
}

// finish drives a fiber until its job is finished, waking it whenever it sleeps.
func finish(f *Fiber, o Outcome) (uint32, error) {
	for {
		switch o {
		case Suspended:
			f.Answer(Done)
			o = f.Resume()
		case Preempted:
			o = f.Resume()
		case Idle:
			return f.Slots().U32(0), nil
		default:
			return 0, f.Err()
		}
	}
}

func run(f *Fiber, fn FuncID, arg uint32) (uint32, error) { return finish(f, start(f, fn, arg)) }

func sum(n uint32) uint32 { return n * (n + 1) / 2 }

// deep needs far more stack than a goroutine has at first.
//
//go:noinline
func deep(n int) int {
	var b [256]byte
	b[n%256] = byte(n)
	if n == 0 {
		return int(b[0])
	}
	return deep(n-1) + int(b[n%256])&1
}

func prelink(t testing.TB, e *Engine, m *Module, hs []HostFunc) *InstancePre {
	t.Helper()
	p, err := e.Prelink(m, hs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func newStore(t testing.TB, e *Engine, h Host, c StoreConfig) *Store {
	t.Helper()
	s, err := e.NewStore(h, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tick advances the epoch every millisecond until stop is called.
func tick(e *Engine) (stop func()) {
	done, gone := make(chan bool), make(chan bool)
	go func() {
		defer close(gone)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				e.IncrementEpoch()
			}
		}
	}()
	return func() { close(done); <-gone }
}
