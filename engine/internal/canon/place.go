package canon

import (
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
	at   uint32
}

func inMemory(g *abi.Guest, p uint32) place  { return place{g: g, at: p} }
func inSlots(g *abi.Guest, f abi.Flat) place { return place{g: g, flat: f} }
func (p place) word(i uint32) place          { return place{p.g, p.flat, p.at + p.step(i, 4*i)} }
func (p place) field(flat, offset uint32) place {
	return place{p.g, p.flat, p.at + p.step(flat, offset)}
}

// element is where element i of a list of fixed length lies.
func (p place) element(elem *types.Val, i uint32) place {
	return p.field(i*uint32(elem.FlatCount), i*elem.Size)
}
func (p place) payload(t *types.Val) place { return p.field(1, t.PayloadOffset) }
func (p place) step(flat, offset uint32) uint32 {
	if p.flat != nil {
		return flat
	}
	return offset
}

// u32 reads a pointer, a length or a handle.
func (p place) u32() uint32 {
	if p.flat != nil {
		return p.flat.U32(int(p.at))
	}
	return p.g.U32(p.at)
}

func (p place) putU32(v uint32) {
	if p.flat != nil {
		p.flat.Set(int(p.at), uint64(v))
	} else {
		p.g.PutU32(p.at, v)
	}
}

// raw reads n bytes, or a whole core value.
func (p place) raw(n uint32) uint64 {
	switch {
	case p.flat != nil:
		return p.flat.U64(int(p.at))
	case n == 1:
		return uint64(p.g.U8(p.at))
	case n == 2:
		return uint64(p.g.U16(p.at))
	case n == 4:
		return uint64(p.g.U32(p.at))
	}
	return p.g.U64(p.at)
}

func (p place) putRaw(n uint32, v uint64) {
	switch {
	case p.flat != nil:
		p.flat.Set(int(p.at), v)
	case n == 1:
		p.g.PutU8(p.at, uint8(v))
	case n == 2:
		p.g.PutU16(p.at, uint16(v))
	case n == 4:
		p.g.PutU32(p.at, uint32(v))
	default:
		p.g.PutU64(p.at, v)
	}
}

// scalar reads a bool, number, char or set of flags as it is lowered: in the bits of its
// core type (Canonical ABI, load and lift_flat).
func (p place) scalar(t *types.Val) uint64 {
	v := p.raw(t.Size)
	switch t.Kind {
	case types.Bool:
		if p.flat != nil {
			v = uint64(uint32(v))
		}
		return uint64(abi.BoolBits(v != 0))
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
	case types.Char:
		return uint64(p.g.ToChar(uint32(v)))
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
func (p place) list(elem *types.Val) (ptr, n uint32) {
	ptr, n = p.u32(), p.word(1).u32()
	if !p.g.Range(ptr, n, elem.Size, elem.Align) {
		return 0, 0
	}
	return ptr, n
}

func (p place) putList(ptr, n uint32) {
	p.putU32(ptr)
	p.word(1).putU32(n)
}
