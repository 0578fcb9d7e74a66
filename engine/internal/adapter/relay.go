package adapter

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// A component may export a function that it imports, without any code of its own. If it is the
// host that provides the function and the host that calls it, values still have to pass from
// the one to the other by some memory, and resources by some table. A relay is a core module
// with such a memory: each of its functions calls a lowered function of the host, and is lifted.

// What the relay exports beside functions.
const (
	RelayMemory  = "memory"
	RelayRealloc = "realloc"
	RelayDone    = "done" // and a number, as post-return function of that number
)

// relayHeap is where allocations begin. They are all given up when a call is over, of which
// there is one at a time.
const relayHeap = 16

// Relayable reports whether a relay can pass on calls of functions of a type. Borrowed handles
// must be dropped before the call is over, so that they have to be parameters by themselves.
func Relayable(ft *types.Func) bool {
	for _, p := range ft.Params {
		if p.Type.HasBorrow && (p.Type.Kind != types.Borrow || ft.ParamFlatCount > types.MaxFlatParams) {
			return false
		}
	}
	return true
}

// Relay generates the module for functions of the given types. It imports their lowered forms,
// with the number of each as a Trampoline, and then resource.drop for each resource type that
// is lent, with the number of the type as a ResourceDrop.
func Relay(funcs []*types.Func) *Module {
	b := &builder{funcs: map[Import]uint32{}, memories: map[Import]uint32{}}
	i32 := corewasm.I32
	for i, ft := range funcs {
		b.function(Import{Trampoline, int32(i)}, ft.LowerSignature(types.SignatureOptions{}))
	}
	for _, ft := range funcs {
		for _, p := range ft.Params {
			if p.Type.Kind == types.Borrow {
				b.function(Import{ResourceDrop, p.Type.Resource.Index}, corewasm.FuncType{Params: []corewasm.ValType{i32}})
			}
		}
	}
	for i, ft := range funcs {
		b.export(ExportName(i), b.define("call of the host", ft.LiftSignature(types.SignatureOptions{})))
	}
	allocate := b.define("allocate", corewasm.FuncType{Params: []corewasm.ValType{i32, i32, i32, i32}, Results: []corewasm.ValType{i32}})
	b.export(RelayRealloc, allocate)
	for i, ft := range funcs {
		b.bodies[i] = b.relayed(ft, uint32(i), allocate)
	}
	b.bodies[len(funcs)] = relayAllocate()
	for i, ft := range funcs {
		results := ft.LiftSignature(types.SignatureOptions{}).Results
		b.export(RelayDone+ExportName(i), b.define("end of call", corewasm.FuncType{Params: results}))
		b.bodies[len(b.bodies)-1] = relayDone(len(results))
	}
	b.exports = append(append(append(b.exports, name(RelayMemory)...), byte(corewasm.Memory)), 0)
	b.exported++
	b.own = section(nil, secMemory, []byte{1, 0, 1})
	heap := newCode(0)
	heap.i32(relayHeap)
	b.own = section(b.own, secGlobal, append(append([]byte{1, byte(i32), 1}, heap.b...), opEnd))
	return &Module{Wasm: b.bytes(), Imports: b.imports}
}

// relayed calls the host's function n with the parameters, as they are, and drops what was lent.
func (b *builder) relayed(ft *types.Func, n, allocate uint32) []byte {
	params := len(ft.LiftSignature(types.SignatureOptions{}).Params)
	c := newCode(params)
	for i := range params {
		c.get(uint32(i))
	}
	var result uint32
	inMemory := ft.ResultFlatCount() > types.MaxFlatResults
	if inMemory {
		result = c.local(corewasm.I32)
		c.i32(0)
		c.i32(0)
		c.i32(ft.Result.Align)
		c.i32(ft.Result.Size)
		c.call(allocate)
		c.tee(result)
	}
	c.call(n)
	at := 0
	for _, p := range ft.Params {
		if p.Type.Kind == types.Borrow {
			c.get(uint32(at))
			c.call(b.funcs[Import{ResourceDrop, p.Type.Resource.Index}])
		}
		at += p.Type.FlatCount
	}
	if inMemory {
		c.get(result)
	}
	return c.body()
}

// relayAllocate is realloc: it takes the next bytes, and never gives any back.
func relayAllocate() []byte {
	const old, oldSize, align, size = 0, 1, 2, 3
	c := newCode(4)
	p, end := c.local(corewasm.I32), c.local(corewasm.I64)
	c.op(opGlobalGet, 0) // (heap + align - 1) & -align
	c.get(align)
	c.op(opI32Add)
	c.i32(1)
	c.op(opI32Sub)
	c.i32(0)
	c.get(align)
	c.op(opI32Sub, opI32And)
	c.tee(p)
	c.op(opI64ExtendU)
	c.get(size)
	c.op(opI64ExtendU, opI64Add)
	c.tee(end)
	c.i64(1<<32 - 1)
	c.op(opI64GtU)
	c.when(func() { c.op(opUnreachable) })
	c.get(end)
	c.op(opI32WrapI64, opGlobalSet, 0)
	c.get(end)
	c.memoryBytes(0)
	c.op(opI64GtU)
	c.when(func() {
		c.get(end)
		c.memoryBytes(0)
		c.op(opI64Sub)
		c.i64(1<<16 - 1)
		c.op(opI64Add)
		c.i64(16)
		c.op(opI64ShrU, opI32WrapI64, opMemoryGrow, 0)
		c.i32(0xffffffff)
		c.op(opI32Eq)
		c.when(func() { c.op(opUnreachable) })
	})
	c.get(p)
	c.get(old)
	c.get(oldSize)
	c.get(size)
	c.get(oldSize)
	c.get(size)
	c.op(opI32LtU, opSelect)
	c.copyMemory(0, 0)
	c.get(p)
	return c.body()
}

// relayDone is the post-return function of a call that returns so many values.
func relayDone(results int) []byte {
	c := newCode(results)
	c.i32(relayHeap)
	c.op(opGlobalSet, 0)
	return c.body()
}
