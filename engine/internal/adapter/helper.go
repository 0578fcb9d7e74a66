package adapter

import "github.com/spinhost/spin/internal/corewasm"

// helperKey names a function that adapters share.
type helperKey struct {
	what string
	mem  uint32
}

// helper returns the index of a function, which is generated when it is first needed.
func (b *builder) helper(what string, mem uint32, t corewasm.FuncType, body func(*code, uint32)) uint32 {
	k := helperKey{what, mem}
	if i, ok := b.helpers[k]; ok {
		return i
	}
	i := b.define(what, t)
	b.helpers[k] = i
	c := newCode(len(t.Params))
	body(c, mem)
	b.bodies[int(i)-len(b.funcs)] = c.body()
	return i
}

// valid is a function (address, length as i64, alignment) -> i32 that says whether so many
// bytes lie there in a memory, and are aligned.
func (b *builder) valid(mem uint32) uint32 {
	i32, i64 := corewasm.I32, corewasm.I64
	t := corewasm.FuncType{Params: []corewasm.ValType{i32, i64, i32}, Results: []corewasm.ValType{i32}}
	return b.helper("valid", mem, t, func(c *code, mem uint32) {
		c.get(0)
		c.get(2)
		c.i32(1)
		c.op(opI32Sub, opI32And, opI32Eqz)
		c.get(0)
		c.op(opI64ExtendU)
		c.get(1)
		c.op(opI64Add)
		c.memoryBytes(mem)
		c.op(opI64LeU, opI32And)
	})
}

// memoryBytes pushes the size of a memory as i64.
func (c *code) memoryBytes(mem uint32) {
	c.op(opMemorySize)
	c.index(mem)
	c.op(opI64ExtendU)
	c.i64(16)
	c.op(opI64Shl)
}
