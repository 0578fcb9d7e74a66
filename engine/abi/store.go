package abi

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// The following store one value at an address that Check, Alloc or NewList has found valid.

func (g *Guest) PutU8(p uint32, v uint8)    { g.mem[p] = v }
func (g *Guest) PutU16(p uint32, v uint16)  { binary.LittleEndian.PutUint16(g.mem[p:], v) }
func (g *Guest) PutU32(p uint32, v uint32)  { binary.LittleEndian.PutUint32(g.mem[p:], v) }
func (g *Guest) PutU64(p uint32, v uint64)  { binary.LittleEndian.PutUint64(g.mem[p:], v) }
func (g *Guest) PutF32(p uint32, v float32) { g.PutU32(p, F32Bits(v)) }
func (g *Guest) PutF64(p uint32, v float64) { g.PutU64(p, F64Bits(v)) }
func (g *Guest) PutChar(p uint32, v rune)   { g.PutU32(p, CharBits(v)) }

// PutBool stores v as 0 or 1.
func (g *Guest) PutBool(p uint32, v bool) { g.mem[p] = uint8(BoolBits(v)) }

// BoolBits returns 1 for true.
func BoolBits(v bool) uint32 {
	if v {
		return 1
	}
	return 0
}

// CharBits returns v, or the replacement character if v is no Unicode scalar value.
func CharBits(v rune) uint32 {
	if v < 0 || v >= 0x110000 || v >= 0xD800 && v <= 0xDFFF {
		return utf8.RuneError
	}
	return uint32(v)
}

// LowerString copies s into memory that the guest allocates. Bytes that are not UTF-8
// become replacement characters.
func (g *Guest) LowerString(s string) (ptr, n uint32) {
	s = validUTF8(s)
	if g.opts.Encoding != UTF8 {
		p, units := g.LowerText(Text{Bytes: []byte(s)})
		return uint32(p), uint32(units)
	}
	ptr = g.Alloc(uint64(len(s)), 1)
	if g.err != nil {
		return 0, 0
	}
	copy(g.mem[ptr:], s)
	return ptr, uint32(len(s))
}

// validUTF8 is s with replacement characters for what is not UTF-8.
func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}

// LowerBytes copies b into memory that the guest allocates.
func (g *Guest) LowerBytes(b []byte) (ptr, n uint32) {
	ptr = g.Alloc(uint64(len(b)), 1)
	if g.err != nil {
		return 0, 0
	}
	copy(g.mem[ptr:], b)
	return ptr, uint32(len(b))
}

// LowerList allocates n elements of the given size and alignment.
func (g *Guest) LowerList(n int, size, align uint32) (ptr, count uint32) {
	ptr = g.Alloc(uint64(n)*uint64(size), align)
	if g.err != nil {
		return 0, 0
	}
	return ptr, uint32(n)
}

// StoreString lowers s and stores its pointer and length at p.
func (g *Guest) StoreString(p uint32, s string) {
	ptr, n := g.LowerString(s)
	g.storePair(p, ptr, n)
}

// StoreBytes lowers b and stores its pointer and length at p.
func (g *Guest) StoreBytes(p uint32, b []byte) {
	ptr, n := g.LowerBytes(b)
	g.storePair(p, ptr, n)
}

// StoreList allocates n elements, stores pointer and length at p, and returns the address
// of the first element.
func (g *Guest) StoreList(p uint32, n int, size, align uint32) uint32 {
	ptr, count := g.LowerList(n, size, align)
	g.storePair(p, ptr, count)
	return ptr
}

func (g *Guest) storePair(p, ptr, n uint32) {
	if g.err == nil {
		g.PutU32(p, ptr)
		g.PutU32(p+4, n)
	}
}
