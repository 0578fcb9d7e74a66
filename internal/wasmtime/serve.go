package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// spinServe is C's way to a host function. It runs on a thread's own stack.
//
//export spinServe
func spinServe(c *C.spin_hostcall) C.int32_t { return C.int32_t(serve(c)) }

// spinNext is C's way to ask for the next job of a fiber.
//
//export spinNext
func spinNext(c *C.spin_hostcall) C.int32_t {
	s := stores.get(uint32(c.store))
	return C.int32_t(s.next(s.fiber(c)))
}

// fiber is the fiber that the guest runs on, nil if it runs on the thread's stack.
func (s *Store) fiber(c *C.spin_hostcall) *Fiber {
	if c.fiber == 0 {
		return nil
	}
	return s.fibers[c.fiber-1]
}

// serve answers a host call and keeps panics and wrong answers from C.
func serve(c *C.spin_hostcall) (st Status) {
	s := stores.get(uint32(c.store))
	f := s.fiber(c)
	returned := false
	defer func() {
		if !returned {
			st = s.failed(f, recover())
		}
	}()
	st = s.host.HostCall(f, uint32(c.op), slotsAt(c.slots, int(c.n)))
	returned = true
	if st != Done || s.dead != nil {
		return s.judge(f, st)
	}
	if s.cause != nil {
		s.cause = nil // of a Fail that no Trap followed
	}
	return st
}

// judge looks at an answer that is not simply Done.
func (s *Store) judge(f *Fiber, st Status) Status {
	switch {
	case s.dead != nil:
		// A guest trapped in a nested call: this one must not go on either.
		s.cause = s.dead
	case st == Pending && f == nil:
		s.cause = ErrCannotSuspend
	case st == Pending:
		return Pending
	case st != Trap:
		s.cause = fmt.Errorf("wasmtime: host function answered %d", st)
	case s.cause == nil:
		s.cause = errHost
	}
	if f != nil {
		f.cause = s.takeCause()
	}
	return Trap
}

var errHost = errors.New("host function failed")

// failed deals with a host function that did not return: it panicked, or called
// Goexit, in which case r is nil and this goroutine is on its way out.
func (s *Store) failed(f *Fiber, r any) Status {
	if r == nil {
		s.lose()
		return Trap
	}
	s.cause = &PanicError{Value: r, Stack: debug.Stack()}
	if f != nil {
		f.cause = s.takeCause()
	}
	return Trap
}

// lose gives the store up because Goexit is about to drop the C frames below,
// which belong to guests of it. wasmtime's state of this thread still refers to
// them, so the thread must not outlive its goroutine: that is what exiting while
// locked does.
func (s *Store) lose() {
	s.lost = true
	runtime.LockOSThread()
}

// next asks for the next job of a fiber and checks the answer.
func (s *Store) next(f *Fiber) (n int32) {
	returned := false
	defer func() {
		if !returned {
			s.failed(f, recover())
			n = C.SPIN_NEXT_TRAP
		}
	}()
	fn, more := s.host.NextJob(f)
	returned = true
	switch {
	case s.dead != nil:
		f.cause = s.dead
		return C.SPIN_NEXT_TRAP
	case !more:
		return C.SPIN_NEXT_PARK
	case uint64(fn) >= uint64(len(s.funcs)):
		f.cause = fmt.Errorf("wasmtime: NextJob: the store has no function %d", fn)
		return C.SPIN_NEXT_TRAP
	}
	return int32(fn)
}
