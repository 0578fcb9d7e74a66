package guesttest

import (
	"encoding/binary"

	"github.com/spinhost/spin/engine/abi"
)

// firstFree is where memory is allocated first.
const firstFree = 1024

// Alloc allocates memory.
func (g *Guest) Alloc(size, align uint32) uint32 {
	ptr := (g.next + align - 1) &^ (align - 1)
	g.next = ptr + size
	if n := int(g.next) - len(g.mem); n > 0 {
		g.mem = append(g.mem, make([]byte, n+1<<16)...)
	}
	return ptr
}

// Free frees all memory.
func (g *Guest) Free() { g.next = firstFree }

// Put stores p and returns its address and length.
func (g *Guest) Put(p string) (ptr, n uint64) {
	at := g.Alloc(uint32(len(p)), 1)
	copy(g.mem[at:], p)
	return uint64(at), uint64(len(p))
}

// PutU32 stores a list of numbers and returns its address and length.
func (g *Guest) PutU32(list ...uint64) (ptr, n uint64) {
	at := g.Alloc(4*uint32(len(list)), 4)
	for i, v := range list {
		binary.LittleEndian.PutUint32(g.mem[int(at)+4*i:], uint32(v))
	}
	return uint64(at), uint64(len(list))
}

// U8 loads a byte.
func (g *Guest) U8(p uint32) uint8 { return g.mem[p] }

// U32 loads a number, which may be a handle or an address.
func (g *Guest) U32(p uint32) uint32 { return binary.LittleEndian.Uint32(g.mem[p:]) }

// U64 loads a number.
func (g *Guest) U64(p uint32) uint64 { return binary.LittleEndian.Uint64(g.mem[p:]) }

// Text loads the string or list of bytes whose address and length lie at p.
func (g *Guest) Text(p uint32) string {
	ptr, n := g.U32(p), g.U32(p+4)
	return string(g.mem[ptr : ptr+n])
}

// Memory implements abi.Env.
func (g *Guest) Memory(int32) []byte { return g.mem }

// Renew implements abi.Env.
func (g *Guest) Renew(int32) []byte { return g.mem }

// Realloc implements abi.Env.
func (g *Guest) Realloc(_ int32, _, _, align, size uint32) (uint32, error) {
	return g.Alloc(size, align), nil
}

// Handles implements abi.Env.
func (g *Guest) Handles() *abi.Table { return &g.table }
