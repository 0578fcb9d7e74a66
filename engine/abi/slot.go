package abi

import "math"

// Slot is one raw core value: 16 bytes, as wasmtime passes parameters and results. Only the
// low 8 bytes are used by the Canonical ABI.
type Slot = [2]uint64

// Flat is a run of flattened core values: the parameters or the results of one core call.
// It views memory that belongs to the call and is valid only until the call is answered.
type Flat []Slot

// U32 returns value i as an i32.
func (f Flat) U32(i int) uint32 { return uint32(f[i][0]) }

// U64 returns value i as an i64.
func (f Flat) U64(i int) uint64 { return f[i][0] }

// F32 returns value i as an f32, its NaNs made canonical (Canonical ABI, canonicalize_nan32).
func (f Flat) F32(i int) float32 { return CanonF32(uint32(f[i][0])) }

// F64 returns value i as an f64, its NaNs made canonical (Canonical ABI, canonicalize_nan64).
func (f Flat) F64(i int) float64 { return CanonF64(f[i][0]) }

// Set stores v, zero-extended, as value i.
func (f Flat) Set(i int, v uint64) { f[i][0] = v }

// CanonF32 turns the bits of an f32 into a float, mapping every NaN to the canonical one.
func CanonF32(bits uint32) float32 {
	v := math.Float32frombits(bits)
	if v != v {
		return math.Float32frombits(0x7fc00000)
	}
	return v
}

// CanonF64 turns the bits of an f64 into a float, mapping every NaN to the canonical one.
func CanonF64(bits uint64) float64 {
	v := math.Float64frombits(bits)
	if v != v {
		return math.Float64frombits(0x7ff8000000000000)
	}
	return v
}

// F32Bits returns the bits of v, canonical for a NaN.
func F32Bits(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

// F64Bits returns the bits of v, canonical for a NaN.
func F64Bits(v float64) uint64 {
	if v != v {
		return 0x7ff8000000000000
	}
	return math.Float64bits(v)
}
