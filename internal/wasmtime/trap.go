package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
	"strings"
	"unicode"
	"unsafe"
)

// TrapCode says why a guest trapped.
type TrapCode uint8

// The reasons. Those up to TrapCast are what instructions trap with.
const (
	TrapUnknown TrapCode = iota // TrapError.Msg says more
	TrapStackOverflow
	TrapMemoryOutOfBounds
	TrapMisaligned
	TrapTableOutOfBounds
	TrapIndirectCallToNull
	TrapBadSignature
	TrapIntegerOverflow
	TrapDivisionByZero
	TrapBadConversion
	TrapUnreachable
	TrapInterrupted // used up its epoch ticks on the thread's own stack
	TrapOutOfFuel
	TrapAtomicWait
	TrapNullReference
	TrapArrayOutOfBounds
	TrapAllocationTooLarge
	TrapCast
	TrapHost      // a host function answered Trap or panicked: see TrapError.Cause
	TrapException // threw an exception that nothing caught
)

var trapText = [...]string{
	TrapUnknown:            "trap",
	TrapStackOverflow:      "call stack exhausted",
	TrapMemoryOutOfBounds:  "out of bounds memory access",
	TrapMisaligned:         "unaligned atomic",
	TrapTableOutOfBounds:   "out of bounds table access",
	TrapIndirectCallToNull: "uninitialized element",
	TrapBadSignature:       "indirect call type mismatch",
	TrapIntegerOverflow:    "integer overflow",
	TrapDivisionByZero:     "integer divide by zero",
	TrapBadConversion:      "invalid conversion to integer",
	TrapUnreachable:        "unreachable executed",
	TrapInterrupted:        "interrupted: ran too long where it cannot be suspended",
	TrapOutOfFuel:          "out of fuel",
	TrapAtomicWait:         "atomic wait on non-shared memory",
	TrapNullReference:      "null reference",
	TrapArrayOutOfBounds:   "out of bounds array access",
	TrapAllocationTooLarge: "allocation size too large",
	TrapCast:               "cast failure",
	TrapHost:               "host function failed",
	TrapException:          "uncaught exception",
}

func (c TrapCode) String() string {
	if int(c) < len(trapText) {
		return trapText[c]
	}
	return fmt.Sprintf("trap %d", c)
}

// TrapError is the end of a guest. The store it ran in is dead.
type TrapError struct {
	Code   TrapCode
	Msg    string  // what wasmtime says of a trap without a code of its own
	Frames []Frame // innermost first; wasmtime keeps the innermost 20
	Cause  error   // what Store.Fail was given, a *PanicError, or nil
}

// Frame is one guest function on the stack. Names come from the guest; those
// that cannot be printed or are too long are mended.
type Frame struct {
	Module, Func             string // "" if the module does not say
	FuncIndex                uint32
	FuncOffset, ModuleOffset uint64 // of the instruction, in bytes
}

func (f Frame) String() string {
	name := f.Func
	if name == "" {
		name = fmt.Sprintf("function %d", f.FuncIndex)
	}
	if f.Module != "" {
		name = f.Module + ": " + name
	}
	return name
}

func (t *TrapError) Error() string {
	var b strings.Builder
	b.WriteString("guest trapped: ")
	switch {
	case t.Cause != nil:
		b.WriteString(t.Cause.Error())
	case t.Code == TrapUnknown && t.Msg != "":
		b.WriteString(t.Msg)
	default:
		b.WriteString(t.Code.String())
	}
	for i, f := range t.Frames {
		if i == 3 {
			b.WriteString(", ...")
			break
		}
		b.WriteString([...]string{" in ", ", called by ", ", called by "}[i])
		b.WriteString(f.String())
	}
	return b.String()
}

// Unwrap returns Cause.
func (t *TrapError) Unwrap() error { return t.Cause }

const (
	maxFrames    = 64
	maxFrameName = 200
	maxMessage   = 4000
	noOffset     = ^uint64(0)  // wasmtime's word for an unknown offset
	rootModule   = "spin:root" // below every guest on a fiber, see private.c
)

// takeTrap turns how a guest ended into a TrapError and frees it. Both pointers may
// hold null: the root of a fiber can fail without wasmtime's help.
func takeTrap(t **C.wasm_trap_t, e **C.wasmtime_error_t, cause error, interrupted bool) *TrapError {
	if *t == nil && *e == nil {
		return &TrapError{Code: TrapHost, Cause: cause}
	}
	code, msg, frames := readTrap(t, e)
	trap := &TrapError{Frames: frames, Cause: cause}
	switch {
	case cause != nil:
		trap.Code = TrapHost
	case interrupted:
		trap.Code = TrapInterrupted
	case code >= 0 && code < int(TrapCast):
		trap.Code = TrapCode(code + 1)
	case strings.Contains(msg, "thrown Wasm exception"):
		trap.Code = TrapException
	default:
		trap.Msg = firstLines(msg)
	}
	return trap
}

// readTrap reads and frees a trap or an error; code is -1 if there is none.
func readTrap(t **C.wasm_trap_t, e **C.wasmtime_error_t) (code int, msg string, frames []Frame) {
	var i C.spin_trap_info
	C.spin_trap_read(*t, *e, &i)
	defer C.spin_trap_free(t, e, &i)
	all := unsafe.Slice(i.frames.data, int(i.frames.size))
	for _, f := range all[:min(len(all), maxFrames)] {
		frame := Frame{
			Module:       frameName(C.wasmtime_frame_module_name(f)),
			Func:         frameName(C.wasmtime_frame_func_name(f)),
			FuncIndex:    uint32(C.wasm_frame_func_index(f)),
			FuncOffset:   uint64(C.wasm_frame_func_offset(f)),
			ModuleOffset: uint64(C.wasm_frame_module_offset(f)),
		}
		if frame.Module == rootModule {
			continue
		}
		if frame.FuncOffset == noOffset {
			frame.FuncOffset = 0
		}
		if frame.ModuleOffset == noOffset {
			frame.ModuleOffset = 0
		}
		frames = append(frames, frame)
	}
	return int(i.code), byteVec(&i.msg, maxMessage), frames
}

func frameName(v *C.wasm_byte_vec_t) string {
	if v == nil {
		return ""
	}
	return clean(byteVec(v, 4*maxFrameName), maxFrameName)
}

// byteVec copies at most limit bytes of a vector.
func byteVec(v *C.wasm_byte_vec_t, limit int) string {
	n := min(uint64(v.size), uint64(limit))
	if n == 0 {
		return ""
	}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(v.data)), int(n)))
}

// clean makes a guest's text fit to print: valid, no control characters, short.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.TrimRight(s, "\x00"))
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}
