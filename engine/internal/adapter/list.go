package adapter

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// run is what lies in the sender's memory of a list or string.
type run struct {
	p, n  uint32 // locals: address, number of elements
	bytes uint32 // local: length in bytes
}

// list loads and checks the address and length of a list or string, and counts its bytes.
func (f *fn) list(src place, size, align uint32) run {
	r := run{f.local(corewasm.I32), f.local(corewasm.I32), f.local(corewasm.I32)}
	long := f.local(corewasm.I64)
	f.i32At(src)
	f.set(r.p)
	f.i32At(src.word(1))
	f.tee(r.n)
	f.op(opI64ExtendU)
	if size > 1 {
		f.i64(int64(size))
		f.op(opI64Mul)
	}
	f.tee(long)
	f.op(opI32WrapI64)
	f.set(r.bytes)
	f.get(r.p)
	f.get(long)
	f.i32(align)
	f.code.call(f.m.valid(f.from.mem))
	f.op(opI32Eqz)
	f.get(long)
	f.i64(abi.MaxListBytes)
	f.op(opI64GtU, opI32Or)
	f.when(func() {
		f.report(BadRange+f.from.fault, func() {
			f.get(r.p)
			f.get(r.n)
			f.i32(size)
			f.i32(align)
		})
	})
	f.spend(long)
	return r
}

// spend counts bytes that are copied to memory which the receiver allocates. In all they are
// no more than its memory can hold, unless its allocator gives a place out twice.
func (f *fn) spend(bytes uint32) {
	f.get(f.copied)
	f.get(bytes)
	f.op(opI64Add)
	f.tee(f.copied)
	f.i64(abi.DefaultBudget)
	f.op(opI64GtU)
	f.when(func() {
		f.get(f.copied)
		f.memoryBytes(f.to.mem)
		f.op(opI64GtU)
		f.when(func() { f.report(TooMuch+f.to.fault, func() { f.zeros(4) }) })
	})
}

func (f *fn) copyString(src, dst place) {
	r := f.list(src, 1, 1)
	f.get(r.p)
	f.get(r.n)
	f.code.call(f.m.utf8(f.from.mem))
	f.op(opI32Eqz)
	f.when(func() { f.report(BadString+f.from.fault, func() { f.zeros(4) }) })
	to := f.alloc(r.bytes, 1)
	f.move(to, r)
	f.putI32(dst, to)
	f.putI32(dst.word(1), r.n)
}

// move copies the bytes of a list or string to the address in a local.
func (f *fn) move(to uint32, r run) {
	f.get(to)
	f.get(r.p)
	f.get(r.bytes)
	f.copyMemory(f.to.mem, f.from.mem)
}

func (f *fn) copyList(elem *types.Val, src, dst place) {
	r := f.list(src, elem.Size, elem.Align)
	to := f.alloc(r.bytes, elem.Align)
	f.putI32(dst, to)
	f.putI32(dst.word(1), r.n)
	if elem.Copyable {
		f.move(to, r)
		return
	}
	f.elements(elem, r, to)
}

// elements copies the elements of a list one by one. It uses up r and to.
func (f *fn) elements(elem *types.Val, r run, to uint32) {
	f.block(func() {
		f.loop(func() {
			f.get(r.n)
			f.op(opI32Eqz)
			f.brIf(1)
			f.copy(elem, inMemory(f.from, r.p), inMemory(f.to, to))
			f.advance(r.p, elem.Size)
			f.advance(to, elem.Size)
			f.advance(r.n, ^uint32(0)) // minus one
			f.br(0)
		})
	})
}

func (f *fn) advance(local, by uint32) {
	f.get(local)
	f.i32(by)
	f.op(opI32Add)
	f.set(local)
}

// copyFixed copies a list of fixed length, which lies where it is.
func (f *fn) copyFixed(v *types.Val, src, dst place) {
	if src.flat != nil || dst.flat != nil { // of few core values
		for i := range v.Len {
			at, offset := int(i)*v.Elem.FlatCount, i*v.Elem.Size
			f.copy(v.Elem, src.field(at, offset), dst.field(at, offset))
		}
		return
	}
	r := run{p: f.local(corewasm.I32), n: f.local(corewasm.I32)}
	to := f.local(corewasm.I32)
	f.address(src)
	f.set(r.p)
	f.address(dst)
	f.set(to)
	f.i32(v.Len)
	f.set(r.n)
	f.elements(v.Elem, r, to)
}
