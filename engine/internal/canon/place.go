package canon

import (
	"encoding/binary"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// place is where a value lies or will lie on one side of a call: in memory at address at,
// or flattened into core values from index at on.
//
// Core values are kept as raw bits, zero-extended to 64. Joining the flat types of a
// variant's cases (i32 with f32, anything with i64) therefore never changes a value.
type place struct {
	g    *abi.Guest
	flat abi.Flat // nil: in memory
	at   uint64
}

func inMemory(g *abi.Guest, p uint64) place  { return place{g: g, at: p} }
func inSlots(g *abi.Guest, f abi.Flat) place { return place{g: g, flat: f} }

// wide reports whether pointers have 64 bits.
func (p place) wide() bool { return p.g.Options().Memory64 }

// step is the place that many core values or bytes further on.
func (p place) step(flat int, bytes uint64) place {
	if p.flat != nil {
		bytes = uint64(flat)
	}
	return place{p.g, p.flat, p.at + bytes}
}

// length is where the length lies that belongs to a pointer.
func (p place) length() place {
	if p.wide() {
		return p.step(1, 8)
	}
	return p.step(1, 4)
}

// element is where element i of a list of fixed length lies.
func (p place) element(elem *types.Val, i uint32) place {
	return p.step(int(i)*elem.FlatCount, uint64(i)*elem.Bytes(p.wide()))
}

func (p place) payload(t *types.Val) place { return p.step(1, t.Payload(p.wide())) }

// u32 reads a handle.
func (p place) u32() uint32 {
	if p.flat != nil {
		return p.flat.U32(int(p.at))
	}
	return binary.LittleEndian.Uint32(p.g.Mem()[p.at:])
}

func (p place) putU32(v uint32) {
	if p.flat != nil {
		p.flat.Set(int(p.at), uint64(v))
	} else {
		binary.LittleEndian.PutUint32(p.g.Mem()[p.at:], v)
	}
}

// ptr reads a pointer or a length.
func (p place) ptr() uint64 {
	if p.wide() {
		return p.raw(8)
	}
	return uint64(p.u32())
}

func (p place) putPtr(v uint64) {
	if p.wide() {
		p.putRaw(8, v)
	} else {
		p.putU32(uint32(v))
	}
}

// target is where a value of type t lies whose address is here.
func (p place) target(t *types.Val) place {
	at := p.ptr()
	if w := p.wide(); !p.g.CheckAddr(at, t.Bytes(w), t.Alignment(w)) {
		at = 0
	}
	return inMemory(p.g, at)
}

// raw reads n bytes, or a whole core value.
func (p place) raw(n uint32) uint64 {
	if p.flat != nil {
		return p.flat.U64(int(p.at))
	}
	m := p.g.Mem()[p.at:]
	switch n {
	case 1:
		return uint64(m[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(m))
	case 4:
		return uint64(binary.LittleEndian.Uint32(m))
	}
	return binary.LittleEndian.Uint64(m)
}

func (p place) putRaw(n uint32, v uint64) {
	if p.flat != nil {
		p.flat.Set(int(p.at), v)
		return
	}
	m := p.g.Mem()[p.at:]
	switch n {
	case 1:
		m[0] = uint8(v)
	case 2:
		binary.LittleEndian.PutUint16(m, uint16(v))
	case 4:
		binary.LittleEndian.PutUint32(m, uint32(v))
	default:
		binary.LittleEndian.PutUint64(m, v)
	}
}

// scalar reads a bool, number, char or set of flags as it is lowered: in the bits of its
// core type (Canonical ABI, load and lift_flat).
func (p place) scalar(t *types.Val) uint64 {
	v := p.raw(t.Size)
	if t.Kind == types.Char {
		return uint64(p.g.ToChar(uint32(v)))
	}
	return asLowered(t, v)
}

// asLowered is a bool, number or set of flags as it is lowered, v being its bits in memory or
// in its core type.
func asLowered(t *types.Val, v uint64) uint64 {
	switch t.Kind {
	case types.Bool:
		return uint64(abi.BoolBits(uint32(v) != 0))
	case types.U8:
		return uint64(uint8(v))
	case types.S8:
		return uint64(uint32(int32(int8(v))))
	case types.U16:
		return uint64(uint16(v))
	case types.S16:
		return uint64(uint32(int32(int16(v))))
	case types.U32, types.S32:
		return uint64(uint32(v))
	case types.F32:
		return uint64(abi.F32Bits(abi.CanonF32(uint32(v))))
	case types.F64:
		return abi.F64Bits(abi.CanonF64(v))
	case types.Flags:
		return uint64(uint32(v)) & (1<<len(t.Labels) - 1)
	}
	return v
}

// disc reads and checks the discriminant of a variant.
func (p place) disc(t *types.Val) uint32 {
	return p.g.Case(uint32(p.raw(t.DiscSize)), uint32(len(t.Cases)))
}

// list reads and checks the pointer and length of a list of elem.
func (p place) list(elem *types.Val) (ptr, n uint64) {
	ptr, n = p.ptr(), p.length().ptr()
	if w := p.wide(); !p.g.RangeAddr(ptr, n, elem.Bytes(w), elem.Alignment(w)) {
		return 0, 0
	}
	return ptr, n
}

func (p place) putList(ptr, n uint64) {
	p.putPtr(ptr)
	p.length().putPtr(n)
}
