package adapter

import (
	"encoding/binary"

	"github.com/spinhost/spin/internal/corewasm"
)

// Instructions (Core specification, "Index of Instructions").
const (
	opUnreachable = 0x00
	opBlock       = 0x02
	opLoop        = 0x03
	opIf          = 0x04
	opEnd         = 0x0b
	opBr          = 0x0c
	opBrIf        = 0x0d
	opBrTable     = 0x0e
	opReturn      = 0x0f
	opCall        = 0x10
	opDrop        = 0x1a
	opSelect      = 0x1b
	opLocalGet    = 0x20
	opLocalSet    = 0x21
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opGlobalSet   = 0x24
	opI32Load     = 0x28
	opI64Load     = 0x29
	opF32Load     = 0x2a
	opF64Load     = 0x2b
	opI32Load8S   = 0x2c
	opI32Load8U   = 0x2d
	opI32Load16S  = 0x2e
	opI32Load16U  = 0x2f
	opI32Store    = 0x36
	opI64Store    = 0x37
	opF32Store    = 0x38
	opF64Store    = 0x39
	opI32Store8   = 0x3a
	opI32Store16  = 0x3b
	opMemorySize  = 0x3f
	opMemoryGrow  = 0x40
	opI32Const    = 0x41
	opI64Const    = 0x42
	opF32Const    = 0x43
	opF64Const    = 0x44
	opI32Eqz      = 0x45
	opI32Eq       = 0x46
	opI32Ne       = 0x47
	opI32LtU      = 0x49
	opI32GtU      = 0x4b
	opI32LeU      = 0x4d
	opI32GeU      = 0x4f
	opI64GtU      = 0x56
	opI64LeU      = 0x58
	opF32Eq       = 0x5b
	opF64Eq       = 0x61
	opI32Add      = 0x6a
	opI32Sub      = 0x6b
	opI32And      = 0x71
	opI32Or       = 0x72
	opI32Shl      = 0x74
	opI64Add      = 0x7c
	opI64Sub      = 0x7d
	opI64Mul      = 0x7e
	opI64Shl      = 0x86
	opI64ShrU     = 0x88
	opI32WrapI64  = 0xa7
	opI64ExtendU  = 0xad
	opI32OfF32    = 0xbc
	opI64OfF64    = 0xbd
	opF32OfI32    = 0xbe
	opF64OfI64    = 0xbf
	opI32Extend8  = 0xc0
	opI32Extend16 = 0xc1
	opBulk        = 0xfc
	opVector      = 0xfd
	memoryCopy    = 0x0a
	v128Load      = 0x00
	i8x16Bitmask  = 0x64
	noResult      = 0x40
)

// code is the body of a function while it is generated.
type code struct {
	b       []byte
	nparams int
	locals  []corewasm.ValType
}

func newCode(params int) *code { return &code{nparams: params} }

// local adds a local variable, which is 0 at first, and returns its index.
func (c *code) local(t corewasm.ValType) uint32 {
	c.locals = append(c.locals, t)
	return uint32(c.nparams + len(c.locals) - 1)
}

// body returns the body as it stands in the code section.
func (c *code) body() []byte {
	b := binary.AppendUvarint(nil, uint64(len(c.locals)))
	for _, t := range c.locals {
		b = append(b, 1, byte(t))
	}
	return append(append(b, c.b...), opEnd)
}

func (c *code) op(ops ...byte)   { c.b = append(c.b, ops...) }
func (c *code) index(i uint32)   { c.b = binary.AppendUvarint(c.b, uint64(i)) }
func (c *code) get(local uint32) { c.op(opLocalGet); c.index(local) }
func (c *code) set(local uint32) { c.op(opLocalSet); c.index(local) }
func (c *code) tee(local uint32) { c.op(opLocalTee); c.index(local) }
func (c *code) call(fn uint32)   { c.op(opCall); c.index(fn) }
func (c *code) br(depth uint32)  { c.op(opBr); c.index(depth) }
func (c *code) brIf(d uint32)    { c.op(opBrIf); c.index(d) }
func (c *code) i32(v uint32)     { c.op(opI32Const); c.signed(int64(int32(v))) }
func (c *code) i64(v int64)      { c.op(opI64Const); c.signed(v) }

// signed appends v in the signed form of LEB128.
func (c *code) signed(v int64) {
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if v == 0 && low&0x40 == 0 || v == -1 && low&0x40 != 0 {
			c.op(low)
			return
		}
		c.op(low | 0x80)
	}
}

// access appends a load or store of memory mem at the address on the stack plus offset. No
// alignment is promised.
func (c *code) access(op byte, mem, offset uint32) {
	c.op(op)
	c.memArg(mem, offset)
}

func (c *code) memArg(mem, offset uint32) {
	if mem == 0 {
		c.op(0)
	} else {
		c.op(0x40)
		c.index(mem)
	}
	c.index(offset)
}

// copyMemory copies from one memory to another: both addresses and the length are on the stack.
func (c *code) copyMemory(dst, src uint32) {
	c.op(opBulk, memoryCopy)
	c.index(dst)
	c.index(src)
}

// block, loop and when append a block without parameters and results.
func (c *code) block(f func()) { c.nest(opBlock, f) }
func (c *code) loop(f func())  { c.nest(opLoop, f) }
func (c *code) when(f func())  { c.nest(opIf, f) }

func (c *code) nest(op byte, f func()) {
	c.op(op, noResult)
	f()
	c.op(opEnd)
}

// convert turns the value on the stack, which holds the bits of another type, into type to.
// Types are joined as the Canonical ABI's join does, so that nothing but these occurs.
func (c *code) convert(from, to corewasm.ValType) {
	switch {
	case from == to:
	case from == corewasm.I64 && to == corewasm.F64:
		c.op(opF64OfI64)
	case from == corewasm.F64:
		c.op(opI64OfF64)
	default:
		if from == corewasm.I64 {
			c.op(opI32WrapI64)
		}
		if from == corewasm.F32 {
			c.op(opI32OfF32)
		}
		if to == corewasm.F32 {
			c.op(opF32OfI32)
		}
		if to == corewasm.I64 {
			c.op(opI64ExtendU)
		}
	}
}
