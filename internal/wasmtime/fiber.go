package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
)

// Outcome is why Start or Resume returned.
type Outcome int32

const (
	Idle      Outcome = iota // the job is finished; results are in Slots
	Suspended                // in a host call that answered Pending: Answer, then Resume
	Preempted                // by the epoch: Resume
	Trapped                  // Err says how; the store is dead and the fiber can only be closed
	Refused                  // nothing ran, or it could not be instantiated; Err says why, and the fiber is as before
)

func (o Outcome) String() string {
	if o < Idle || o > Refused {
		return fmt.Sprintf("outcome %d", int32(o))
	}
	return [...]string{"idle", "suspended", "preempted", "trapped", "refused"}[o]
}

// state is what a fiber can do next.
type state uint8

const (
	idle      state = iota
	running         // Start or Resume has not returned
	suspended       // waits for Answer
	answered        // Resume may go on
	preempted       // likewise
	finished        // trapped or closed
)

func (s state) String() string {
	return [...]string{"idle", "running", "suspended", "answered", "preempted", "finished"}[s]
}

// reply is what a fiber that waits in C is given: the answer to its host call,
// or to its question for the next job.
type reply struct {
	next  bool
	value int32
}

// Fiber is a stack for guests that can be suspended anywhere, and used for one
// job after another. Like its store it is for one goroutine at a time.
type Fiber struct {
	s       *Store
	c       *C.spin_fiber
	slots   Slots
	state   state
	reply   reply // what Resume is to give it
	stacked bool  // counted in the pool
	pinned  *refs // what the job needs to stay open
	cause   error // of a Trap answer
	err     error
}

// NewFiber makes an idle fiber. Its stack is allocated with the first job;
// ErrNoStack is returned at once if the pool has none to spare.
func (s *Store) NewFiber() (*Fiber, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	if !s.fibersUsed {
		if err := s.useFibers(); err != nil {
			return nil, err
		}
	}
	if !s.takeStack() {
		return nil, ErrNoStack
	}
	index := uint32(len(s.fibers))
	if n := len(s.freeFibers); n > 0 {
		index, s.freeFibers = s.freeFibers[n-1], s.freeFibers[:n-1]
	} else {
		s.fibers = append(s.fibers, nil)
	}
	f := &Fiber{s: s, c: C.spin_fiber_new(s.c, C.uint32_t(index))}
	if f.c == nil {
		s.freeFibers = append(s.freeFibers, index)
		s.e.stackRoom.Add(1)
		return nil, ErrNoMemory
	}
	f.slots = slotsAt(&f.c.slots[0], MaxSlots)
	s.fibers[index] = f
	s.live++
	s.e.fibers.Add(1)
	return f, nil
}

// useFibers makes fibers possible in the store, which takes an instance.
func (s *Store) useFibers() error {
	s.limits.Instances++
	s.limit()
	switch rc := C.spin_store_fibers(s.c, &s.e.private); rc {
	case C.SPIN_IDLE:
		s.fibersUsed = true
		return nil
	case C.SPIN_TRAPPED:
		return s.instantiateError(&s.c.trap, &s.c.err, nil, false)
	default:
		return refusal(rc)
	}
}

// takeStack counts a stack of the pool as used.
func (s *Store) takeStack() bool {
	if s.spareStack {
		s.spareStack = false
		return true
	}
	if !s.e.Pooled() || s.e.stackRoom.Add(-1) >= 0 {
		return true
	}
	s.e.stackRoom.Add(1)
	return false
}

// giveStack undoes takeStack. wasmtime keeps one stack in each store.
func (s *Store) giveStack() {
	if s.spareStack {
		s.e.stackRoom.Add(1)
	}
	s.spareStack = true
}

// Close unwinds the guest, without calling host functions, and frees the fiber.
// It fails from within the fiber's own host calls. Closing twice does nothing.
func (f *Fiber) Close() error {
	s := f.s
	switch {
	case f.c == nil:
		return nil
	case s.lost:
		return ErrLost
	case f.state == running:
		return ErrBusy
	}
	index := uint32(f.c.index)
	if rc := C.spin_fiber_delete(f.c); rc != C.SPIN_IDLE {
		return refusal(rc)
	}
	f.c, f.slots, f.state = nil, nil, finished
	f.unpin()
	f.leave()
	s.fibers[index] = nil
	s.freeFibers = append(s.freeFibers, index)
	s.live--
	s.giveStack()
	s.e.fibers.Add(-1)
	return nil
}

// Store is the store of the fiber.
func (f *Fiber) Store() *Store { return f.s }

// Slots is where a job's arguments and results are: MaxSlots slots that live as
// long as the fiber.
func (f *Fiber) Slots() Slots { return f.slots }

// Context is what context.get and context.set of guests on the fiber read and
// write. The guest's runtime keeps its thread's state there, so who runs several
// jobs on a fiber in turn saves and restores it. It lives as long as the fiber.
func (f *Fiber) Context() *[2]uint64 {
	if f.c == nil {
		return new([2]uint64)
	}
	return contextAt(&f.c.context[0])
}

// Err says why the last outcome was Trapped (a *TrapError) or Refused.
func (f *Fiber) Err() error { return f.err }

// Start gives an idle fiber a job: a registered function, with arguments in
// Slots. With loop, Host.NextJob is asked when it has returned.
func (f *Fiber) Start(fn FuncID, loop bool) Outcome {
	if err := f.ready(idle, idle); err != nil {
		return f.refuse(err)
	}
	if uint64(fn) >= uint64(len(f.s.funcs)) {
		return f.refuse(fmt.Errorf("wasmtime: the store has no function %d", fn))
	}
	if err := f.enter(); err != nil {
		return f.refuse(err)
	}
	f.state = running
	return f.settle(C.spin_start(f.addr(), C.uint32_t(fn), C.bool(loop)), idle)
}

// Resume goes on after Suspended, once Answer has been called, or after Preempted.
func (f *Fiber) Resume() Outcome {
	if err := f.ready(answered, preempted); err != nil {
		return f.refuse(err)
	}
	was := f.state
	f.state = running
	return f.settle(f.poll(), was)
}

// Answer sets the answer to the host call that the fiber is suspended in: Done,
// with results in CallArgs, or Trap, after Store.Fail. It panics if the fiber is
// not suspended or the answer is another.
func (f *Fiber) Answer(st Status) {
	if f.state != suspended || st != Done && st != Trap {
		panic(fmt.Sprintf("wasmtime: Answer(%d) to a fiber that is %v", st, f.state))
	}
	f.reply = reply{value: int32(st)}
	if st == Trap {
		if f.cause = f.s.takeCause(); f.cause == nil {
			f.cause = errHost
		}
	}
	f.state = answered
}

// CallArgs are the slots of the host call that the fiber is suspended in, nil if
// it is in none.
func (f *Fiber) CallArgs() Slots {
	if f.state != suspended && f.state != answered || f.c.call == nil {
		return nil
	}
	return slotsAt(f.c.call.slots, int(f.c.call.n))
}

// ready checks that something may run on the fiber, which must be in either state.
func (f *Fiber) ready(a, b state) error {
	if f.c == nil {
		return ErrClosed
	}
	if err := f.s.usable(); err != nil {
		return err
	}
	if f.state != a && f.state != b {
		return fmt.Errorf("%w: it is %v, not %v", ErrState, f.state, a)
	}
	return nil
}

func (f *Fiber) refuse(err error) Outcome {
	f.err = err
	return Refused
}

func (f *Fiber) unpin() {
	if f.pinned != nil {
		f.pinned.release()
		f.pinned = nil
	}
}
