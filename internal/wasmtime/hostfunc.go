package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Status is the answer to a host call.
type Status int32

const (
	Done    Status = C.SPIN_DONE    // the results are in the slots
	Pending Status = C.SPIN_PENDING // suspend the guest until Fiber.Answer and Fiber.Resume
	Trap    Status = C.SPIN_TRAP    // trap the guest; Store.Fail says why
)

// Host serves what guests of a store ask for. Its methods run on the goroutine
// that called Start, Resume, Call or Instantiate, never on a fiber's stack. They
// may panic, block (which holds an OS thread), use large stacks, call into their
// own store, and run fibers of this or other stores except the one they serve.
// They must not call runtime.Goexit, which loses the store.
type Host interface {
	// HostCall serves a call of the host function that was defined with op. f is
	// the fiber that the guest runs on, nil if it runs on the thread's own stack
	// (instantiation, Store.Call): the answer Pending is then a trap. args are
	// valid until the call is answered. To trap, call Store.Fail and answer Trap.
	HostCall(f *Fiber, op uint32, args Slots) Status

	// NextJob is called when a job that was started with loop has returned.
	// Results are in f.Slots(). To go on without leaving the fiber, set up the
	// arguments there and return the function and true; otherwise the fiber
	// becomes idle and Start or Resume returns Idle.
	NextJob(f *Fiber) (fn FuncID, more bool)
}

// HostKind says who serves a host function.
type HostKind int32

const (
	GoCall     HostKind = C.SPIN_HOST_CALL        // Host.HostCall
	ContextGet HostKind = C.SPIN_HOST_CONTEXT_GET // reads slot Op of Fiber.Context, without Go
	ContextSet HostKind = C.SPIN_HOST_CONTEXT_SET // writes it

	// ContextSave returns both slots as i64 and sets them to 0, ContextRestore sets them.
	ContextSave    HostKind = C.SPIN_HOST_CONTEXT_SAVE
	ContextRestore HostKind = C.SPIN_HOST_CONTEXT_RESTORE
)

// HostFunc describes a function that guests import.
type HostFunc struct {
	Type corewasm.FuncType
	Op   uint32 // given to HostCall; for ContextGet and ContextSet the slot, 0 or 1
	Kind HostKind
}

func (h HostFunc) check() error {
	if !h.Type.Numeric() {
		return fmt.Errorf("wasmtime: host function %v has references", h.Type)
	}
	if n := h.Type.Slots(); n > MaxSlots {
		return fmt.Errorf("wasmtime: host function with %d values, at most %d are supported", n, MaxSlots)
	}
	p, r := len(h.Type.Params), len(h.Type.Results)
	switch h.Kind {
	case GoCall:
		return nil
	case ContextGet:
		if p == 0 && r == 1 && isInt(h.Type.Results[0]) && h.Op < 2 {
			return nil
		}
	case ContextSet:
		if p == 1 && r == 0 && isInt(h.Type.Params[0]) && h.Op < 2 {
			return nil
		}
	case ContextSave:
		if h.Type.Equal(corewasm.FuncType{Results: bothSlots}) {
			return nil
		}
	case ContextRestore:
		if h.Type.Equal(corewasm.FuncType{Params: bothSlots}) {
			return nil
		}
	}
	return fmt.Errorf("wasmtime: no host function of kind %d for slot %d has type %v", h.Kind, h.Op, h.Type)
}

var bothSlots = []corewasm.ValType{corewasm.I64, corewasm.I64}

func isInt(t corewasm.ValType) bool { return t == corewasm.I32 || t == corewasm.I64 }

// hostKey tells host functions apart, their types excepted.
type hostKey struct {
	op   uint32
	kind HostKind
}

// hostDef is a host function in the engine's linker, where it has a number for a name.
type hostDef struct {
	id   uint32
	typ  corewasm.ExternType
	full HostFunc
}

// hostDef finds or defines a host function.
func (e *Engine) hostDef(h HostFunc) (*hostDef, error) {
	key := hostKey{h.Op, h.Kind}
	e.hostMu.RLock()
	d := findDef(e.hostDefs[key], h.Type)
	e.hostMu.RUnlock()
	if d != nil {
		return d, nil
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	e.hostMu.Lock()
	defer e.hostMu.Unlock()
	if d := findDef(e.hostDefs[key], h.Type); d != nil {
		return d, nil
	}
	h.Type.Params, h.Type.Results = slices.Clone(h.Type.Params), slices.Clone(h.Type.Results)
	d = &hostDef{id: e.nextHost, full: h}
	d.typ = corewasm.ExternType{Kind: corewasm.Func, Func: &d.full.Type}
	pp, np := typeBytes(h.Type.Params)
	rp, nr := typeBytes(h.Type.Results)
	if er := C.spin_define_numbered(e.hosts, C.uint32_t(d.id), pp, np, rp, nr, C.int32_t(h.Kind), C.uint32_t(h.Op)); er != nil {
		return nil, fmt.Errorf("wasmtime: define host function: %w", takeError(er))
	}
	e.nextHost++
	e.hostDefs[key] = append(e.hostDefs[key], d)
	return d, nil
}

func findDef(defs []*hostDef, t corewasm.FuncType) *hostDef {
	for _, d := range defs {
		if d.full.Type.Equal(t) {
			return d
		}
	}
	return nil
}

func typeBytes(ts []corewasm.ValType) (*C.uint8_t, C.size_t) {
	return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(ts))), C.size_t(len(ts))
}
