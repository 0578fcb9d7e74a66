package adapter

import "github.com/spinhost/spin/internal/corewasm"

// utf8 is a function (address, length) -> i32 that says whether the bytes there are UTF-8. They
// lie within the memory.
func (b *builder) utf8(mem uint32) uint32 {
	i32 := corewasm.I32
	t := corewasm.FuncType{Params: []corewasm.ValType{i32, i32}, Results: []corewasm.ValType{i32}}
	return b.helper("utf8", mem, t, func(c *code, mem uint32) {
		u := &utf8Code{code: c, mem: mem, p: 0, left: 1, rest: c.local(i32), lead: c.local(i32)}
		u.whole()
	})
}

// utf8Code generates the check.
type utf8Code struct {
	*code
	mem  uint32
	p    uint32 // where it is
	left uint32 // how many bytes are left from there
	rest uint32 // how many are to be left after going byte by byte
	lead uint32 // the first byte of a character
}

const vectorBytes = 16

// whole goes by vectors as long as they are ASCII, else byte by byte for the length of one.
func (u *utf8Code) whole() {
	u.loop(func() {
		u.block(func() {
			u.get(u.left)
			u.i32(vectorBytes)
			u.op(opI32LtU)
			u.brIf(0)
			u.get(u.p)
			u.op(opVector, v128Load)
			u.memArg(u.mem, 0)
			u.op(opVector, i8x16Bitmask)
			u.brIf(0)
			u.step(vectorBytes)
			u.br(1)
		})
		u.limit()
		u.characters()
		u.get(u.left)
		u.brIf(0)
	})
	u.i32(1)
}

func (u *utf8Code) step(n uint32) {
	u.get(u.p)
	u.i32(n)
	u.op(opI32Add)
	u.set(u.p)
	u.get(u.left)
	u.i32(n)
	u.op(opI32Sub)
	u.set(u.left)
}

// limit sets rest to what is left after one vector.
func (u *utf8Code) limit() {
	u.get(u.left)
	u.i32(vectorBytes)
	u.op(opI32Sub)
	u.i32(0)
	u.get(u.left)
	u.i32(vectorBytes)
	u.op(opI32GtU, opSelect)
	u.set(u.rest)
}

// characters checks those that begin before rest bytes are left (The Unicode Standard, table 3-7).
func (u *utf8Code) characters() {
	u.block(func() {
		u.loop(func() {
			u.get(u.left)
			u.get(u.rest)
			u.op(opI32LeU)
			u.brIf(1)
			u.get(u.p)
			u.access(opI32Load8U, u.mem, 0)
			u.tee(u.lead)
			u.i32(0x80)
			u.op(opI32LtU)
			u.when(func() {
				u.step(1)
				u.br(1)
			})
			u.get(u.lead)
			u.i32(0xc2)
			u.op(opI32LtU)
			u.refuse()
			u.sequence(0xe0, 1, [2]byte{}, [2]byte{})
			u.sequence(0xf0, 2, [2]byte{0xe0, 0xa0}, [2]byte{0xed, 0x9f})
			u.sequence(0xf5, 3, [2]byte{0xf0, 0x90}, [2]byte{0xf4, 0x8f})
			u.i32(1)
			u.refuse()
		})
	})
}

// sequence checks a character whose first byte is below limit, which n more bytes follow, and
// goes on with the next. After the first byte low[0] the second is no less than low[1], after
// high[0] no greater than high[1].
func (u *utf8Code) sequence(limit, n uint32, low, high [2]byte) {
	u.get(u.lead)
	u.i32(limit)
	u.op(opI32LtU)
	u.when(func() {
		u.get(u.left)
		u.i32(n + 1)
		u.op(opI32LtU)
		u.refuse()
		for i := uint32(1); i <= n; i++ {
			u.byteAt(i)
			u.i32(0xc0)
			u.op(opI32And)
			u.i32(0x80)
			u.op(opI32Ne)
			u.refuse()
		}
		if low[0] != 0 {
			u.bound(low, opI32LtU)
			u.bound(high, opI32GtU)
		}
		u.step(n + 1)
		u.br(1)
	})
}

// bound refuses a second byte beyond b[1] after the first byte b[0].
func (u *utf8Code) bound(b [2]byte, beyond byte) {
	u.get(u.lead)
	u.i32(uint32(b[0]))
	u.op(opI32Eq)
	u.byteAt(1)
	u.i32(uint32(b[1]))
	u.op(beyond, opI32And)
	u.refuse()
}

func (u *utf8Code) byteAt(i uint32) {
	u.get(u.p)
	u.access(opI32Load8U, u.mem, i)
}

// refuse returns 0 if the i32 on the stack is not.
func (u *utf8Code) refuse() {
	u.when(func() {
		u.i32(0)
		u.op(opReturn)
	})
}
