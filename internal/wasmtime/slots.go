package wasmtime

/*
#include "spin.h"
*/
import "C"

import "unsafe"

// Slot is one raw value as wasmtime passes it: 16 bytes, little-endian.
type Slot = [2]uint64

// MaxSlots is how many parameters, or results, a registered or host function may have.
const MaxSlots = C.SPIN_SLOTS

// Slots are the arguments and then, from index 0 again, the results of a call.
// They lie in C memory: those of a host call are valid until it is answered.
// An index out of range panics.
type Slots []Slot

// U32 reads an i32, or the bits of an f32.
func (s Slots) U32(i int) uint32 { return uint32(s[i][0]) }

// U64 reads an i64, or the bits of an f64.
func (s Slots) U64(i int) uint64 { return s[i][0] }

// SetU32 writes an i32, or the bits of an f32, and clears the rest of the low half.
func (s Slots) SetU32(i int, v uint32) { s[i][0] = uint64(v) }

// SetU64 writes an i64, or the bits of an f64.
func (s Slots) SetU64(i int, v uint64) { s[i][0] = v }

func slotsAt(p *C.wasmtime_val_raw_t, n int) Slots {
	return unsafe.Slice((*Slot)(unsafe.Pointer(p)), n)
}
