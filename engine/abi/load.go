package abi

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// MaxListBytes is the greatest byte length of a list or string that is lifted (Canonical
// ABI, MAX_LIST_BYTE_LENGTH and MAX_STRING_BYTE_LENGTH).
const MaxListBytes = 1<<28 - 1

// Mem returns the guest's memory. It is valid until guest code runs again.
func (g *Guest) Mem() []byte { return g.mem }

// The following load one value at an address that Check or List has found valid.

func (g *Guest) U8(p uint32) uint8    { return g.mem[p] }
func (g *Guest) U16(p uint32) uint16  { return binary.LittleEndian.Uint16(g.mem[p:]) }
func (g *Guest) U32(p uint32) uint32  { return binary.LittleEndian.Uint32(g.mem[p:]) }
func (g *Guest) U64(p uint32) uint64  { return binary.LittleEndian.Uint64(g.mem[p:]) }
func (g *Guest) Bool(p uint32) bool   { return g.mem[p] != 0 }
func (g *Guest) F32(p uint32) float32 { return CanonF32(g.U32(p)) }
func (g *Guest) F64(p uint32) float64 { return CanonF64(g.U64(p)) }
func (g *Guest) Char(p uint32) rune   { return g.ToChar(g.U32(p)) }

// ToChar checks that v is a Unicode scalar value.
func (g *Guest) ToChar(v uint32) rune {
	if v >= 0x110000 || v >= 0xD800 && v <= 0xDFFF {
		g.Trapf("invalid char %#x", v)
		return 0
	}
	return rune(v)
}

// Case checks a variant's discriminant against the number of its cases.
func (g *Guest) Case(v, cases uint32) uint32 {
	if v >= cases {
		g.Trapf("invalid variant case %d of %d", v, cases)
		return 0
	}
	return v
}

// Bytes copies a list<u8> that lies at ptr. The copy belongs to the caller.
func (g *Guest) Bytes(ptr, n uint32) []byte {
	v := g.View(ptr, n)
	if len(v) == 0 || !g.Spend(uint64(n)) {
		return []byte{}
	}
	return append([]byte(nil), v...)
}

// View returns a list<u8> that lies at ptr without copying it: valid until guest code runs.
func (g *Guest) View(ptr, n uint32) []byte {
	if !g.Range(ptr, n, 1, 1) {
		return nil
	}
	end := uint64(ptr) + uint64(n)
	return g.mem[ptr:end:end]
}

// String copies the string of n code units that lies at ptr, which must be well formed.
func (g *Guest) String(ptr, n uint32) string {
	if g.opts.Encoding != UTF8 {
		return g.decode(ptr, n)
	}
	v := g.View(ptr, n)
	if len(v) == 0 || !g.Spend(uint64(n)) {
		return ""
	}
	if !utf8.Valid(v) {
		g.Trapf("string is not valid UTF-8")
		return ""
	}
	return string(v)
}

// LoadString loads the string whose pointer and length lie at p.
func (g *Guest) LoadString(p uint32) string { return g.String(g.U32(p), g.U32(p+4)) }

// LoadBytes loads the list<u8> whose pointer and length lie at p.
func (g *Guest) LoadBytes(p uint32) []byte { return g.Bytes(g.U32(p), g.U32(p+4)) }

// List checks the list of n elements at ptr, each of the given size and alignment, and
// returns n, or 0 after a failure. host is the size of one element in the host's memory.
func (g *Guest) List(ptr, n, size, align, host uint32) int {
	if !g.Range(ptr, n, size, align) || !g.Spend(uint64(n)*uint64(host)) {
		return 0
	}
	return int(n)
}

// Range checks the list of n elements at ptr, each of the given size and alignment.
func (g *Guest) Range(ptr, n, size, align uint32) bool {
	return g.RangeAddr(uint64(ptr), uint64(n), uint64(size), align)
}

// tooLong fails because of a list or string of n elements.
func (g *Guest) tooLong(n, size uint64) {
	hi, bytes := bits.Mul64(n, size)
	if hi > 0 || bytes > MaxListBytes {
		g.Trapf("list or string of %d elements of %d bytes is too long", n, size)
		return
	}
	g.Fail(&SizeError{Limit: int64(g.longest)})
}
