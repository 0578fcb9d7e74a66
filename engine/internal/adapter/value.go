package adapter

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// slot is a local that holds a core value.
type slot struct {
	local uint32
	typ   corewasm.ValType
}

// place is where a value lies or will lie: in memory, or in core values.
type place struct {
	flat []slot // nil: in memory
	mem  uint32
	addr uint32 // local with an address
	off  uint32 // from there
}

func inMemory(s *side, addr uint32) place { return place{mem: s.mem, addr: addr} }

// field is the part that begins with core value at, or at an offset.
func (p place) field(at int, offset uint32) place {
	if p.flat != nil {
		return place{flat: p.flat[at:]}
	}
	p.off += offset
	return p
}

// copy copies a value from one place to another (Canonical ABI, load or lift_flat, store or
// lower_flat).
func (f *fn) copy(v *types.Val, src, dst place) {
	if v.Copyable && src.flat == nil && dst.flat == nil {
		f.copyBytes(v.Size, src, dst)
		return
	}
	switch v.Kind {
	case types.String:
		f.copyString(src, dst)
	case types.List, types.Map:
		f.copyList(v.Elem, src, dst)
	case types.FixedList:
		f.copyFixed(v, src, dst)
	case types.Record, types.Tuple:
		at := 0
		for i := range v.Fields {
			e := &v.Fields[i]
			f.copy(e.Type, src.field(at, e.Offset), dst.field(at, e.Offset))
			at += e.Type.FlatCount
		}
	case types.Variant, types.Enum, types.Option, types.Result:
		f.copyVariant(v, src, dst)
	default:
		f.put(v, dst, func() { f.scalar(v, src) })
	}
}

// maxMoves is how many loads and stores are better than one memory.copy, which is a call.
const maxMoves = 8

// copyBytes copies a value of constant size from memory to memory.
func (f *fn) copyBytes(size uint32, src, dst place) {
	if size > 8*maxMoves {
		f.address(dst)
		f.address(src)
		f.i32(size)
		f.copyMemory(dst.mem, src.mem)
		return
	}
	for at := uint32(0); at < size; {
		n, load, store := uint32(1), byte(opI32Load8U), byte(opI32Store8)
		switch left := size - at; {
		case left >= 8:
			n, load, store = 8, opI64Load, opI64Store
		case left >= 4:
			n, load, store = 4, opI32Load, opI32Store
		case left >= 2:
			n, load, store = 2, opI32Load16U, opI32Store16
		}
		f.get(dst.addr)
		f.get(src.addr)
		f.access(load, src.mem, src.off+at)
		f.access(store, dst.mem, dst.off+at)
		at += n
	}
}

// address pushes the address of a place in memory.
func (f *fn) address(p place) {
	f.get(p.addr)
	if p.off != 0 {
		f.i32(p.off)
		f.op(opI32Add)
	}
}

// word is the place of an i32 within a value: a pointer, a length.
func (p place) word(i int) place { return p.field(i, uint32(4*i)) }

// i32At pushes an i32 that lies at p.
func (f *fn) i32At(p place) {
	if p.flat != nil {
		f.get(p.flat[0].local)
		f.convert(p.flat[0].typ, corewasm.I32)
		return
	}
	f.get(p.addr)
	f.access(opI32Load, p.mem, p.off)
}

// putI32 puts an i32 local to p.
func (f *fn) putI32(p place, local uint32) {
	f.store(p, corewasm.I32, opI32Store, func() { f.get(local) })
}

// store puts the value that push pushes, of core type t, to p; op stores it in memory.
func (f *fn) store(p place, t corewasm.ValType, op byte, push func()) {
	if p.flat != nil {
		push()
		f.convert(t, p.flat[0].typ)
		f.set(p.flat[0].local)
		return
	}
	f.get(p.addr)
	push()
	f.access(op, p.mem, p.off)
}

// put puts a scalar that push pushes to p.
func (f *fn) put(v *types.Val, p place, push func()) {
	op := byte(opI32Store)
	switch {
	case v.Size == 1:
		op = opI32Store8
	case v.Size == 2:
		op = opI32Store16
	case v.Kind == types.F32:
		op = opF32Store
	case v.Kind == types.F64:
		op = opF64Store
	case v.Size == 8:
		op = opI64Store
	}
	f.store(p, v.Flat[0], op, push)
}

// scalar pushes a bool, number, char or set of flags as it is lowered.
func (f *fn) scalar(v *types.Val, src place) {
	if src.flat != nil {
		f.get(src.flat[0].local)
		f.convert(src.flat[0].typ, v.Flat[0])
	} else {
		f.get(src.addr)
		f.access(loadOp(v), src.mem, src.off)
	}
	switch v.Kind {
	case types.Bool:
		f.op(opI32Eqz, opI32Eqz)
	case types.F32, types.F64:
		f.canonical(v)
	case types.Char:
		f.char()
	case types.Flags:
		if n := len(v.Labels); n < 32 {
			f.i32(1<<n - 1)
			f.op(opI32And)
		}
	}
	if src.flat != nil {
		f.narrow(v.Kind)
	}
}

func loadOp(v *types.Val) byte {
	switch v.Kind {
	case types.S8:
		return opI32Load8S
	case types.S16:
		return opI32Load16S
	case types.F32:
		return opF32Load
	case types.F64:
		return opF64Load
	}
	switch v.Size {
	case 1:
		return opI32Load8U
	case 2:
		return opI32Load16U
	case 4:
		return opI32Load
	}
	return opI64Load
}

// narrow drops the bits of an i32 that a small integer does not have.
func (f *fn) narrow(k types.Kind) {
	switch k {
	case types.U8:
		f.i32(0xff)
		f.op(opI32And)
	case types.S8:
		f.op(opI32Extend8)
	case types.U16:
		f.i32(0xffff)
		f.op(opI32And)
	case types.S16:
		f.op(opI32Extend16)
	}
}

// canonical replaces a NaN on the stack by the canonical one.
func (f *fn) canonical(v *types.Val) {
	x := f.local(v.Flat[0])
	f.tee(x)
	if v.Kind == types.F32 {
		f.op(opF32Const, 0, 0, 0xc0, 0x7f)
	} else {
		f.op(opF64Const, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f)
	}
	f.get(x)
	f.get(x)
	if v.Kind == types.F32 {
		f.op(opF32Eq)
	} else {
		f.op(opF64Eq)
	}
	f.op(opSelect)
}

// char checks that the i32 on the stack is a Unicode scalar value.
func (f *fn) char() {
	x := f.local(corewasm.I32)
	f.set(x)
	f.block(func() {
		f.get(x)
		f.i32(0xd800)
		f.op(opI32LtU)
		f.brIf(0)
		f.get(x)
		f.i32(0xe000)
		f.op(opI32Sub)
		f.i32(0x110000 - 0xe000)
		f.op(opI32LtU)
		f.brIf(0)
		f.report(BadChar, func() { f.get(x); f.zeros(3) })
	})
	f.get(x)
}
