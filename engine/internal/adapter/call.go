package adapter

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// side is one side of a call while its adapter is generated.
type side struct {
	*Side
	mem     uint32 // index of its memory
	realloc uint32 // index of its allocator
	fault   Fault  // added to faults of its memory
}

// fn is an adapter while it is generated.
type fn struct {
	*code
	m              *builder
	c              *Call
	caller, callee side
	control        uint32
	save, restore  uint32

	from, to *side  // of the values that are being copied
	copied   uint32 // local: bytes of lists and strings so far
}

// call generates the adapter for c.
func (b *builder) call(c *Call) []byte {
	sig := c.Type.LowerSignature(types.SignatureOptions{})
	f := &fn{code: newCode(len(sig.Params)), m: b, c: c, control: b.memories[Import{Kind: Control}]}
	f.caller, f.callee = b.side(&c.Caller, 0), b.side(&c.Callee, OfCallee)
	f.save, f.restore = b.funcs[Import{Kind: SaveContext}], b.funcs[Import{Kind: RestoreContext}]
	f.unlessFree(len(sig.Params))
	f.enter()
	var outer [2]uint32
	if f.savesContext() {
		outer = f.saveContext()
	}
	args := f.params()
	if c.allocatesParams() {
		f.clearContext(&f.callee)
	}
	for _, a := range args {
		f.get(a.local)
	}
	f.code.call(b.funcs[Import{CoreFunc, c.Core}])
	result, has := f.result(len(sig.Params) - 1)
	if f.savesContext() {
		f.restoreContext(outer)
	}
	for _, i := range c.Enters {
		f.flag(i, Entered, false)
	}
	if has {
		f.get(result)
	}
	return f.body()
}

func (b *builder) side(s *Side, fault Fault) side {
	return side{
		Side: s, fault: fault,
		mem: b.memories[Import{Memory, s.Memory}], realloc: b.funcs[Import{CoreFunc, s.Realloc}],
	}
}

// unlessFree leaves the call to the engine if one of the flags forbids it.
func (f *fn) unlessFree(params int) {
	f.loadFlag(f.c.Caller.Instance, MustStay)
	for _, i := range f.c.Enters {
		f.loadFlag(i, Entered)
		f.op(opI32Or)
	}
	f.i32(0)
	f.access(opI32Load8U, f.control, ByEngine)
	f.op(opI32Or)
	f.when(func() {
		for i := range params {
			f.get(uint32(i))
		}
		f.code.call(f.m.funcs[Import{Trampoline, f.c.Plan}])
		f.op(opReturn)
	})
}

func (f *fn) loadFlag(instance int32, flag uint32) {
	f.i32(0)
	f.access(opI32Load8U, f.control, FlagBytes*uint32(instance)+flag)
}

// enter marks the instances that the call enters, with one more than what the caller has.
func (f *fn) enter() {
	depth := f.local(corewasm.I32)
	f.loadFlag(f.c.Caller.Instance, Entered)
	f.i32(1)
	f.op(opI32Add)
	f.tee(depth)
	f.i32(MaxDepth)
	f.get(depth)
	f.i32(MaxDepth)
	f.op(opI32LtU, opSelect)
	f.set(depth)
	for _, i := range f.c.Enters {
		f.i32(0)
		f.get(depth)
		f.access(opI32Store8, f.control, FlagBytes*uint32(i)+Entered)
	}
}

// flag sets or clears a flag of an instance.
func (f *fn) flag(instance int32, flag uint32, on bool) {
	f.i32(0)
	if on {
		f.i32(1)
	} else {
		f.i32(0)
	}
	f.access(opI32Store8, f.control, FlagBytes*uint32(instance)+flag)
}

// savesContext reports whether the call must keep the callee, or the caller's allocator, from
// the caller's context slots.
func (f *fn) savesContext() bool {
	return f.c.Callee.Context || f.c.Caller.Context && f.c.allocatesResult()
}

// saveContext moves the context slots to locals.
func (f *fn) saveContext() (at [2]uint32) {
	at = [2]uint32{f.local(corewasm.I64), f.local(corewasm.I64)}
	f.code.call(f.save)
	f.set(at[1])
	f.set(at[0])
	return at
}

func (f *fn) restoreContext(at [2]uint32) {
	f.get(at[0])
	f.get(at[1])
	f.code.call(f.restore)
}

// clearContext clears the context slots if code of s could notice.
func (f *fn) clearContext(s *side) {
	if s.Context {
		f.code.call(f.save)
		f.op(opDrop, opDrop)
	}
}

// params brings the parameters to the callee and returns its core arguments.
func (f *fn) params() []slot {
	f.from, f.to, f.copied = &f.caller, &f.callee, f.local(corewasm.I64)
	ft := f.c.Type
	var src, dst place
	var args []slot
	if f.c.spills() {
		f.check(f.from, 0, ft.ParamSize, ft.ParamAlign)
		size := f.local(corewasm.I32)
		f.i32(ft.ParamSize)
		f.set(size)
		p := f.alloc(size, ft.ParamAlign)
		src, dst = inMemory(f.from, 0), inMemory(f.to, p)
		args = []slot{{p, corewasm.I32}}
	} else {
		for i, t := range ft.ParamFlat {
			src.flat = append(src.flat, slot{uint32(i), t})
			args = append(args, slot{f.local(t), t})
		}
		dst.flat = args
	}
	at := 0
	for i := range ft.Params {
		p := &ft.Params[i]
		f.copy(p.Type, src.field(at, p.Offset), dst.field(at, p.Offset))
		at += p.Type.FlatCount
	}
	return args
}

// result brings the result, which is on the stack, to the caller and runs the callee's
// post-return function. out is the parameter that has the address for a result in memory. It
// returns the local that holds what the adapter returns, if it returns anything.
func (f *fn) result(out int) (local uint32, has bool) {
	r := f.c.Type.Result
	if r == nil {
		f.postReturn(nil)
		return 0, false
	}
	f.from, f.to, f.copied = &f.callee, &f.caller, f.local(corewasm.I64)
	if r.FlatCount <= types.MaxFlatResults {
		raw, res := slot{f.local(r.Flat[0]), r.Flat[0]}, slot{f.local(r.Flat[0]), r.Flat[0]}
		f.set(raw.local)
		f.copy(r, place{flat: []slot{raw}}, place{flat: []slot{res}})
		f.postReturn(&raw.local)
		return res.local, true
	}
	p := f.local(corewasm.I32)
	f.set(p)
	var inner [2]uint32
	keeps := f.c.Callee.Context && f.c.PostReturn != None
	if keeps {
		inner = f.saveContext()
	}
	f.check(f.from, p, r.Size, r.Align)
	f.check(f.to, uint32(out), r.Size, r.Align)
	f.copy(r, inMemory(f.from, p), inMemory(f.to, uint32(out)))
	if keeps {
		f.restoreContext(inner)
	}
	f.postReturn(&p)
	return 0, false
}

// postReturn calls the callee's post-return function with what its core function has returned.
func (f *fn) postReturn(raw *uint32) {
	if f.c.PostReturn == None {
		return
	}
	f.flag(f.c.Callee.Instance, MustStay, true)
	if raw != nil {
		f.get(*raw)
	}
	f.code.call(f.m.funcs[Import{CoreFunc, f.c.PostReturn}])
	f.flag(f.c.Callee.Instance, MustStay, false)
}

// alloc calls the receiver's allocator for as many bytes as the local size says, and returns
// the local with the address.
func (f *fn) alloc(size, align uint32) uint32 {
	p := f.local(corewasm.I32)
	f.clearContext(f.to)
	f.flag(f.to.Instance, MustStay, true)
	f.i32(0)
	f.i32(0)
	f.i32(align)
	f.get(size)
	f.code.call(f.to.realloc)
	f.set(p)
	f.flag(f.to.Instance, MustStay, false)
	f.get(p)
	f.get(size)
	f.op(opI64ExtendU)
	f.unlessValid(f.to, align, func() {
		f.get(p)
		f.get(size)
		f.i32(0)
		f.i32(align)
	})
	return p
}

// check makes sure that a value of a size lies in the memory of s at the address in a local.
func (f *fn) check(s *side, p, size, align uint32) {
	f.get(p)
	f.i64(int64(size))
	f.unlessValid(s, align, func() {
		f.get(p)
		f.i32(size)
		f.i32(0)
		f.i32(align)
	})
}

// unlessValid reports BadPlace if the address and the length, an i64, on the stack are not in
// the memory of s.
func (f *fn) unlessValid(s *side, align uint32, operands func()) {
	f.i32(align)
	f.code.call(f.m.valid(s.mem))
	f.op(opI32Eqz)
	f.when(func() { f.report(BadPlace+s.fault, operands) })
}

// report tells the engine of a fault; operands pushes four values.
func (f *fn) report(fault Fault, operands func()) {
	f.i32(uint32(fault))
	operands()
	f.code.call(f.m.funcs[Import{Trampoline, f.c.Fault}])
	f.op(opUnreachable)
}

// zeros pushes n zeros.
func (f *fn) zeros(n int) {
	for range n {
		f.i32(0)
	}
}
