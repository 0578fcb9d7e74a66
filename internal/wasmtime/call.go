package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Args is where Call takes arguments from and leaves results: MaxSlots slots
// that live as long as the store.
func (s *Store) Args() Slots { return s.args }

// CallContext is what the context slots of the next Call begin with. Each Call
// makes it 0 again. It lives as long as the store.
func (s *Store) CallContext() *[2]uint64 {
	if s.closed {
		return new([2]uint64)
	}
	return contextAt(&s.c.first[0])
}

// Call calls a registered function on the current thread's stack: outside any
// fiber, or nested in a host call. The guest cannot be suspended there, and its
// context slots are those of CallContext at first. Results are in Args. nargs must be the number of
// the function's parameters.
func (s *Store) Call(fn FuncID, nargs int) error {
	if err := s.usable(); err != nil {
		return err
	}
	if uint64(fn) >= uint64(len(s.funcs)) {
		return fmt.Errorf("wasmtime: the store has no function %d", fn)
	}
	if int(s.funcs[fn].params) != nargs {
		return fmt.Errorf("wasmtime: function %d has %d parameters, not %d", fn, s.funcs[fn].params, nargs)
	}
	rc := C.int(C.SPIN_IDLE)
	if f := s.inside; f != nil {
		rc = f.nested(fn)
	} else {
		rc = C.spin_call(s.addr(), C.uint32_t(fn))
	}
	return s.called(rc)
}

// Block is one call of a guest's allocator among several.
type Block struct{ Size, Align, Ptr uint32 }

// Blocks is where Allocate finds what to allocate and leaves the addresses: room that lives
// as long as the store.
func (s *Store) Blocks() []Block { return s.blocks }

// Allocate calls a registered function, an allocator by the canonical ABI, for each of the
// first n Blocks, as Call would.
func (s *Store) Allocate(fn FuncID, n int) error {
	if err := s.usable(); err != nil {
		return err
	}
	if uint(n) > uint(len(s.blocks)) || uint64(fn) >= uint64(len(s.funcs)) || s.funcs[fn] != (funcType{4, 1}) {
		return fmt.Errorf("wasmtime: function %d is no allocator of %d blocks", fn, n)
	}
	if s.inside != nil {
		return s.allocateEach(fn, n)
	}
	return s.called(C.spin_allocate(s.addr(), C.uint32_t(fn), C.uint32_t(n)))
}

func (s *Store) allocateEach(fn FuncID, n int) error {
	for i := range s.blocks[:n] {
		b := &s.blocks[i]
		s.args.SetU32(0, 0)
		s.args.SetU32(1, 0)
		s.args.SetU32(2, b.Align)
		s.args.SetU32(3, b.Size)
		if err := s.Call(fn, 4); err != nil {
			return err
		}
		b.Ptr = s.args.U32(0)
	}
	return nil
}

// called is the error of a call on the thread's stack.
func (s *Store) called(rc C.int) error {
	switch rc {
	case C.SPIN_IDLE:
		return nil
	case C.SPIN_TRAPPED:
		trap := takeTrap(&s.c.trap, &s.c.err, s.takeCause(), bool(s.c.interrupted))
		s.die(trap)
		return trap
	default:
		return refusal(rc)
	}
}

func (s *Store) addr() C.spin_store_addr { return C.spin_store_addr(uintptr(unsafe.Pointer(s.c))) }

// die notes that a guest trapped. What it left behind is not to be trusted.
func (s *Store) die(err error) {
	if s.dead == nil {
		s.dead = err
	}
}

// refusal is why C did not run anything.
func refusal(rc C.int) error {
	switch rc {
	case C.SPIN_NO_STACK:
		return ErrNoStack
	case C.SPIN_SHALLOW:
		return ErrTooDeep
	case C.SPIN_NO_MEMORY:
		return ErrNoMemory
	default:
		return ErrBusy
	}
}
