package wasmtime

/*
#include "spin.h"
*/
import "C"

import "unsafe"

func (f *Fiber) addr() C.spin_fiber_addr { return C.spin_fiber_addr(uintptr(unsafe.Pointer(f.c))) }

// settle finishes what a poll of the fiber began: in the record way it answers
// host calls and goes on until something else happens. was is the state to
// return to if nothing ran.
func (f *Fiber) settle(why C.int, was state) Outcome {
	for {
		switch why {
		case C.SPIN_SERVE:
			switch st := serve(f.c.call); st {
			case Pending:
				f.state = suspended
				return Suspended
			default:
				f.reply = reply{value: int32(st)}
				why, was = f.poll(), answered
			}
		case C.SPIN_NEXT:
			f.reply = reply{next: true, value: f.s.next(f)}
			why, was = f.poll(), answered
		case C.SPIN_SUSPENDED:
			f.state = suspended
			return Suspended
		case C.SPIN_PREEMPTED:
			f.state, f.reply = preempted, reply{}
			return Preempted
		case C.SPIN_IDLE:
			f.rest()
			return Idle
		case C.SPIN_TRAPPED:
			trap := takeTrap(&f.c.trap, &f.c.err, f.takeCause(), false)
			f.s.die(trap)
			return f.trapped(trap)
		case C.SPIN_FAILED:
			err := f.s.instantiateError(&f.c.trap, &f.c.err, f.takeCause(), false)
			if _, ok := err.(*TrapError); ok {
				return f.trapped(err)
			}
			f.rest()
			return f.refuse(err)
		default:
			if f.state = was; was == idle {
				f.rest()
			}
			return f.refuse(refusal(why))
		}
	}
}

// rest makes the fiber idle.
func (f *Fiber) rest() {
	f.state = idle
	f.unpin()
	f.leave()
}

// poll goes on with a fiber that waits, giving it the reply.
func (f *Fiber) poll() C.int {
	if f.reply.next {
		return C.spin_resume_next(f.addr(), C.int32_t(f.reply.value))
	}
	return C.spin_resume(f.addr(), C.int32_t(f.reply.value))
}

// trapped takes leave of a fiber whose guest has trapped.
func (f *Fiber) trapped(err error) Outcome {
	f.state = finished
	f.unpin()
	f.leave()
	f.err = err
	return Trapped
}

func (f *Fiber) takeCause() error {
	err := f.cause
	f.cause = nil
	return err
}

// Instantiate is Store.Instantiate as a job of an idle fiber, for modules with a
// start function: it can be preempted, suspended in host calls and killed by
// closing the fiber. After Idle, Instance has the instance.
func (f *Fiber) Instantiate(p *InstancePre) Outcome {
	if err := f.ready(idle, idle); err != nil {
		return f.refuse(err)
	}
	if err := f.s.accepts(p.m); err != nil {
		return f.refuse(err)
	}
	if err := f.enter(); err != nil {
		return f.refuse(err)
	}
	if !p.acquire() {
		f.leave()
		return f.refuse(ErrClosed)
	}
	f.pinned = &p.refs
	f.state = running
	return f.settle(C.spin_start_instance(f.c, p.c, nil, 0), idle)
}

// InstantiateWith is Store.InstantiateWith as a job of an idle fiber.
func (f *Fiber) InstantiateWith(m *Module, imports []Extern) Outcome {
	if err := f.ready(idle, idle); err != nil {
		return f.refuse(err)
	}
	if err := f.s.resolve(m, imports); err != nil {
		return f.refuse(err)
	}
	if !m.acquire() {
		return f.refuse(ErrClosed)
	}
	if err := f.enter(); err != nil {
		m.release()
		return f.refuse(err)
	}
	f.pinned = &m.refs
	f.state = running
	return f.settle(C.spin_start_instance(f.c, nil, m.c, C.size_t(len(imports))), idle)
}

// Instance is what the last Instantiate of the fiber made.
func (f *Fiber) Instance() Instance {
	if f.c == nil || f.state != idle || f.c.job == C.SPIN_JOB_CALL {
		return Instance{}
	}
	return Instance{f.s, f.c.instance}
}

func contextAt(p *C.uint64_t) *[2]uint64 { return (*[2]uint64)(unsafe.Pointer(p)) }

// pollPainted polls once and measures the thread's stack that wasmtime used. For a test.
func (f *Fiber) pollPainted() int {
	var used C.int64_t
	C.spin_poll_painted(f.c, &used)
	return int(used)
}
