package canon

import (
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/corewasm"
)

// slots is how many slots a fiber has.
const slots = 18

// junk is what lies in the parts of a slot that a core value does not use.
const junk = 0xdeadbeef_00000000

// script is a Core whose core functions are Go functions. Each fiber is a coroutine, so that
// a guest can be suspended in the middle of a host call, as it can be in wasm.
type script struct {
	blocks [4]abi.Block
	tree   *Tree
	funcs  []coreFunc
	calls  []corewasm.FuncType // of trampolines, by number
	mems   []*[]byte
	table  []int32 // functions that threads can begin with
	args   abi.Flat
	first  [2]uint64 // context of the next Call

	served  int // host calls
	panics  []string
	dead    error // the store is lost: a guest has trapped
	fibers  int   // not closed
	noFiber error // why there are no more
	turns   atomic.Int64

	// slice is asked at every host call of a fiber, before and after it is served, whether the
	// guest's time slice is over.
	slice func() bool
	// step is called by guests before every host call.
	step func()
	// preempted answers Core.Preempted.
	preempted func(busy time.Duration) error
}

// coreFunc is a core function and its type.
type coreFunc struct {
	sig  corewasm.FuncType
	inst *component
	body body
}

// body is the code of a core function. Arguments are masked to their types; functions have
// one result at most.
type body func(g *guest, a []uint64) uint64

// mask returns the bits of v that a value of type t has.
func mask(t corewasm.ValType, v uint64) uint64 {
	if t == corewasm.I32 || t == corewasm.F32 {
		return uint64(uint32(v))
	}
	return v
}

// put stores a value as compiled wasm does: it leaves the rest of the slot alone.
func put(f abi.Flat, i int, t corewasm.ValType, v uint64) {
	f[i] = abi.Slot{v, junk}
	if t == corewasm.I32 || t == corewasm.F32 {
		f[i][0] = v&0xffffffff | junk
	}
}

// Memory implements Core.
func (s *script) Memory(m int32) []byte { return *s.mems[m] }
func (s *script) Renew(m int32) []byte  { return *s.mems[m] }

// move gives the memory of a guest that runs another place, as growing may do, and spoils
// the old one.
func (s *script) move(c *component) {
	m := s.mems[c.mem]
	old := *m
	*m = append([]byte(nil), old...)
	for i := range old {
		old[i] = 0xdd
	}
}

// Args implements Core.
func (s *script) Args() abi.Flat { return s.args }

// Blocks implements Core.
func (s *script) Blocks() []abi.Block { return s.blocks[:] }

// Allocate implements Core.
func (s *script) Allocate(fn int32, n int) error {
	for i := range s.blocks[:n] {
		b := &s.blocks[i]
		for k, v := range []uint32{0, 0, b.Align, b.Size} {
			s.args.Set(k, uint64(v))
		}
		if err := s.Call(fn); err != nil {
			return err
		}
		b.Ptr = s.args.U32(0)
	}
	return nil
}

// CallContext implements Core.
func (s *script) CallContext() *[2]uint64 { return &s.first }

// Call implements Core.
func (s *script) Call(fn int32) error {
	if s.dead != nil {
		return s.dead
	}
	f := s.funcs[fn]
	context := s.first
	s.first = [2]uint64{}
	trap := run(&guest{s: s, c: f.inst, context: &context}, f, s.args)
	s.move(f.inst)
	if trap != nil {
		s.die(trap)
	}
	return trap
}

func (s *script) die(err error) {
	if s.dead == nil {
		s.dead = err
	}
}

// Preempted implements Core.
func (s *script) Preempted(busy time.Duration) error {
	if s.preempted != nil {
		return s.preempted(busy)
	}
	return nil
}

// Begin implements Turns.
func (s *script) Begin() { s.turns.Add(1) }

func (s *script) TryBegin() bool {
	s.Begin()
	return true
}

// End implements Turns.
func (s *script) End() { s.turns.Add(-1) }

// guestTrap is how a core function ends that traps.
type guestTrap struct{ err error }

// unwound is how a core function ends whose fiber is closed.
type unwound struct{}

// run calls a core function and returns why it trapped.
func run(g *guest, f coreFunc, args abi.Flat) (trap error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case guestTrap:
			trap = r.err
		default:
			panic(r)
		}
	}()
	a := make([]uint64, len(f.sig.Params))
	for i, t := range f.sig.Params {
		a[i] = mask(t, args[i][0])
	}
	v := f.body(g, a)
	for i := range args {
		args[i] = abi.Slot{junk | 0x77, junk}
	}
	if len(f.sig.Results) > 0 {
		put(args, 0, f.sig.Results[0], v)
	}
	return nil
}

// errHost is why a guest traps whose host gave no reason.
var errHost = errors.New("host function failed")

// serve answers a host call of a guest.
func (s *script) serve(g *guest, op int32, args abi.Flat) (Status, error) {
	if s.dead != nil {
		return Trap, s.dead
	}
	if s.served++; s.served%8 == 0 {
		s.move(g.c)
	}
	st, panicked := s.hostCall(g, op, args)
	switch {
	case s.dead != nil:
		return Trap, s.dead
	case panicked != nil:
		return Trap, panicked
	case st == Trap:
		return Trap, s.fault()
	}
	return st, nil
}

// hostCall lets host functions that panic trap the guest, as package wasmtime does.
func (s *script) hostCall(g *guest, op int32, args abi.Flat) (st Status, panicked error) {
	defer func() {
		if r := recover(); r != nil {
			s.panics = append(s.panics, fmt.Sprintf("%v\n%s", r, debug.Stack()))
			panicked = &HostPanic{Value: r}
		}
	}()
	return s.tree.HostCall(g.fiber != nil, uint32(op), args), nil
}

func (s *script) fault() error {
	if err := s.tree.TakeFault(); err != nil {
		return err
	}
	return errHost
}

// NewFiber implements Core.
func (s *script) NewFiber() (Fiber, error) {
	switch {
	case s.noFiber != nil:
		return nil, s.noFiber
	case s.dead != nil:
		return nil, fmt.Errorf("store is lost: %w", s.dead)
	}
	f := &scriptFiber{s: s, slots: make(abi.Flat, slots)}
	f.next, f.stop = iter.Pull(f.root)
	s.fibers++
	return f, nil
}

// scriptFiber is a coroutine that runs core functions.
type scriptFiber struct {
	s       *script
	slots   abi.Flat
	context [2]uint64
	fn      int32
	loop    bool
	state   fiberState
	guest   *guest   // who runs
	op      int32    // of the host call in progress
	call    abi.Flat // its slots
	reply   Status
	err     error
	closed  bool
	next    func() (happening, bool)
	stop    func()
	yield   func(happening) bool
}

// happening is why a coroutine hands control back.
type happening uint8

const (
	calls    happening = iota // the guest calls its host
	returns                   // a core function has returned
	trapped                   // err says why
	goesAway                  // it is closed
)

type fiberState uint8

const (
	fiberIdle      fiberState = iota
	fiberRunning              // on the stack of the driver
	fiberSuspended            // waits for Answer
	fiberAnswered             // waits for Resume
	fiberCalling              // preempted before its host call is served
	fiberServed               // preempted after
)

// root is the coroutine.
func (f *scriptFiber) root(yield func(happening) bool) {
	f.yield = yield
	for {
		h := f.job()
		if h == goesAway || !yield(h) {
			return
		}
	}
}

func (f *scriptFiber) job() (h happening) {
	defer func() {
		if r := recover(); r == (unwound{}) {
			h = goesAway
		} else if r != nil {
			panic(r)
		}
	}()
	fn := f.s.funcs[f.fn]
	f.guest = &guest{s: f.s, c: fn.inst, fiber: f, context: &f.context}
	if f.err = run(f.guest, fn, f.slots); f.err != nil {
		return trapped
	}
	return returns
}

// Slots implements Fiber.
func (f *scriptFiber) Slots() abi.Flat { return f.slots }

// Context implements Fiber.
func (f *scriptFiber) Context() *[2]uint64 { return &f.context }

// CallArgs implements Fiber.
func (f *scriptFiber) CallArgs() abi.Flat {
	if f.state != fiberSuspended && f.state != fiberAnswered {
		return nil
	}
	return f.call
}

// Err implements Fiber.
func (f *scriptFiber) Err() error { return f.err }

// Start implements Fiber.
func (f *scriptFiber) Start(fn int32, loop bool) Outcome {
	if f.state != fiberIdle || f.closed {
		panic(fmt.Sprintf("Start of a fiber that is in state %d", f.state))
	}
	f.fn, f.loop = fn, loop
	return f.run()
}

// Answer implements Fiber.
func (f *scriptFiber) Answer(st Status) {
	if f.state != fiberSuspended || st != Done && st != Trap {
		panic(fmt.Sprintf("Answer(%d) to a fiber in state %d", st, f.state))
	}
	f.reply, f.state = st, fiberAnswered
	if st == Trap {
		f.err = f.s.fault()
	}
}

// Resume implements Fiber.
func (f *scriptFiber) Resume() Outcome {
	switch f.state {
	case fiberCalling:
		if out, back := f.serve(); back {
			return out
		}
	case fiberAnswered, fiberServed:
	default:
		panic(fmt.Sprintf("Resume of a fiber in state %d", f.state))
	}
	return f.run()
}

// run lets the coroutine go on until it has to wait.
func (f *scriptFiber) run() Outcome {
	for {
		f.state = fiberRunning
		h, ok := f.next()
		switch {
		case !ok:
			panic("a fiber runs that is closed")
		case h == calls:
			if f.sliceOver() {
				f.state = fiberCalling
				return Preempted
			}
			if out, back := f.serve(); back {
				return out
			}
		case h == trapped:
			f.s.die(f.err)
			return Trapped
		case f.loop && f.nextJob():
		case f.err != nil:
			return Trapped
		default:
			f.state = fiberIdle
			return Idle
		}
	}
}

// nextJob asks for the next core function to run.
func (f *scriptFiber) nextJob() (more bool) {
	f.fn, more = f.s.tree.NextJob(f)
	if f.s.dead != nil {
		f.err = f.s.dead
		return false
	}
	return more
}

// serve serves the guest's host call; back says that the fiber's run is over for now.
func (f *scriptFiber) serve() (out Outcome, back bool) {
	f.state = fiberRunning
	f.reply, f.err = f.s.serve(f.guest, f.op, f.call)
	switch {
	case f.reply == Pending:
		f.state = fiberSuspended
		return Suspended, true
	case f.sliceOver():
		f.state = fiberServed
		return Preempted, true
	}
	return 0, false
}

func (f *scriptFiber) sliceOver() bool { return f.s.slice != nil && f.s.slice() }

// Close implements Fiber.
func (f *scriptFiber) Close() error {
	if f.closed {
		return nil
	}
	if f.state == fiberRunning && f.err == nil {
		return errors.New("fiber is running")
	}
	f.closed = true
	f.s.fibers--
	f.stop()
	return nil
}

// hostCall makes a host call from within the coroutine.
func (f *scriptFiber) hostCall(op int32, args abi.Flat) {
	f.op, f.call = op, args
	if f.closed || !f.yield(calls) {
		panic(unwound{})
	}
	if f.reply == Trap {
		panic(guestTrap{f.err})
	}
}

// testDeadline ends tests that hang.
func testDeadline(tb testing.TB, what string, done <-chan struct{}) {
	tb.Helper()
	select {
	case <-done:
	case <-time.After(time.Minute):
		tb.Fatalf("%s: still waiting after a minute", what)
	}
}

// TableFunc implements Core. Tables are all the same one, of functions that take one number.
func (s *script) TableFunc(_ int32, index uint64, wide bool) (int32, error) {
	if index >= uint64(len(s.table)) {
		return 0, abi.Trapf("index %d is out of bounds of the table of functions", index)
	}
	fn := s.table[index]
	if wide || len(s.funcs[fn].sig.Params) != 1 {
		return 0, abi.Trapf("function %d of the table has another type", index)
	}
	return fn, nil
}
