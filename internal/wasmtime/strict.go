package wasmtime

/*
#include "spin.h"
*/
import "C"

// A store whose guests may use wasmtime's collector is strict. The collector
// looks for references on the stacks of the thread that runs, not on those of
// suspended fibers, and may itself suspend the fiber it finds itself on. So in a
// strict store host calls are always recorded, one fiber at a time has guests on
// its stack, and what Store.Call calls meanwhile runs on that stack too.

// enter notes that f is about to have guests on its stack, and refuses if
// another fiber of a strict store has.
func (f *Fiber) enter() error {
	s := f.s
	if !s.strict {
		return nil
	}
	if s.inside != nil {
		return ErrStrict
	}
	s.inside = f
	return nil
}

// leave undoes enter.
func (f *Fiber) leave() {
	if f.s.inside == f {
		f.s.inside = nil
	}
}

// nested makes a call on the stack of the fiber, which waits in a host call.
func (f *Fiber) nested(fn FuncID) C.int {
	if f.state != suspended && f.state != running {
		return C.SPIN_BUSY // preempted: it does not wait in a host call
	}
	was := f.state
	f.state = running
	defer func() { f.state = was }()
	why := C.spin_nested_call(f.c, C.uint32_t(fn))
	for asked := false; ; {
		switch why {
		case C.SPIN_SERVE:
			why = C.spin_resume(f.addr(), C.int32_t(serve(f.c.call)))
		case C.SPIN_PREEMPTED: // by the collector
			why = C.spin_resume(f.addr(), C.int32_t(C.SPIN_DONE))
		case C.SPIN_CALLED:
			if f.s.c.trap != nil || f.s.c.err != nil {
				return C.SPIN_TRAPPED
			}
			return C.SPIN_IDLE
		default:
			if asked { // it waits somewhere in the call, and nobody knows where
				f.s.die(refusal(why))
			}
			return why
		}
		asked = true
	}
}
