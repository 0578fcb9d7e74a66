package abi

import "math/bits"

// A 64-bit memory has addresses of 64 bits. Only the engine meets such memories, when it copies
// between guests: host functions of theirs see a 32-bit one, into which the values are copied.
// What follows is for memories of both kinds.

// Memory64 is what an Env with 64-bit memories implements.
type Memory64 interface {
	// Realloc64 is Realloc for allocators of 64-bit memories.
	Realloc64(fn int32, old, oldSize, align, newSize uint64) (uint64, error)
}

// Options returns the canonical options of g.
func (g *Guest) Options() *Options { return &g.opts }

// CheckAddr reports whether size bytes at ptr, aligned to align, lie in the guest's memory; if
// not, it fails.
func (g *Guest) CheckAddr(ptr, size uint64, align uint32) bool {
	if g.err != nil {
		return false
	}
	if ptr&uint64(align-1) != 0 {
		g.Trapf("unaligned pointer %#x (alignment %d)", ptr, align)
		return false
	}
	end, carry := bits.Add64(ptr, size, 0)
	if carry != 0 || end > uint64(len(g.mem)) && !g.Reaches(end) {
		g.Trapf("pointer out of bounds of memory: %#x + %d > %d", ptr, size, len(g.mem))
		return false
	}
	return true
}

// RangeAddr checks the list of n elements at ptr, each of the given size and alignment.
func (g *Guest) RangeAddr(ptr, n, size uint64, align uint32) bool {
	if g.err != nil {
		return false
	}
	hi, bytes := bits.Mul64(n, size)
	if hi != 0 || bytes > uint64(g.longest) {
		g.tooLong(n, size)
		return false
	}
	return g.CheckAddr(ptr, bytes, align)
}

// AllocAddr is Alloc for memories of both kinds.
func (g *Guest) AllocAddr(size uint64, align uint32) uint64 { return g.Reallocate(0, 0, align, size) }

// Reallocate calls the guest's allocator and checks the block that it returns (Canonical ABI,
// LiftLowerContext.reallocate).
func (g *Guest) Reallocate(old, oldSize uint64, align uint32, size uint64) (ptr uint64) {
	if g.err != nil {
		return 0
	}
	var err error
	if g.opts.Memory64 {
		ptr, err = g.env.(Memory64).Realloc64(g.opts.Realloc, old, oldSize, uint64(align), size)
	} else if size > 1<<32-1 {
		g.Trapf("value of %d bytes is too large for a 32-bit memory", size)
		return 0
	} else {
		var p uint32
		p, err = g.env.Realloc(g.opts.Realloc, uint32(old), uint32(oldSize), align, uint32(size))
		ptr = uint64(p)
	}
	g.Refresh() // also after an error: the memory may have moved before it
	if err != nil {
		g.Fail(err)
		return 0
	}
	g.CheckAddr(ptr, size, align)
	return ptr
}
