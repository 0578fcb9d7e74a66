package corewasm

import "iter"

// Body is what the head of a function body says.
type Body struct {
	Offset int // of the body in the module
	Bytes  int
	Locals uint64 // without parameters
}

// code reads the heads of the function bodies.
func (p *parser) code(r *reader) {
	r.name = "code"
	p.m.CodeBytes, p.m.codeAt = uint64(r.left()), r.pos
	defined := len(p.funcs) - int(p.m.NumImportedFuncs)
	if n := int(r.u32()); n != defined {
		r.fail("%d function bodies for %d functions", n, defined)
	}
	p.bodies = true
	for range defined {
		size := r.u32()
		at := r.pos
		if int64(size) > int64(p.max.BodyBytes) {
			r.exceed("BodyBytes", uint64(size), p.max.BodyBytes, "function body of %d bytes", size)
		}
		body := r.section(uint64(size), "code")
		if n := body.locals(); n > uint64(p.max.Locals) {
			r.pos = at
			r.exceed("Locals", n, p.max.Locals, "function with %d locals", n)
		}
	}
	r.done()
}

// locals reads the declarations of locals and counts them.
func (r *reader) locals() (n uint64) {
	for groups := r.count("groups of locals"); groups > 0; groups-- {
		n += uint64(r.u32()) // at most 2^32 groups of less than 2^32
		valType(r)
	}
	return n
}

// bodies yields the functions that a module defines, with their bodies in the bytes that it was
// parsed from.
func (m *Module) bodies(wasm []byte) iter.Seq2[uint32, *reader] {
	return func(yield func(uint32, *reader) bool) {
		if m.codeAt == 0 {
			return
		}
		r := &reader{b: wasm, pos: m.codeAt, end: len(wasm), name: "code"}
		for f, n := m.NumImportedFuncs, r.u32(); n > 0; f, n = f+1, n-1 {
			if !yield(f, r.section(uint64(r.u32()), "code")) {
				return
			}
		}
	}
}

// Cost is an estimate of what makes compiling a module take longer than its
// size lets expect. It counts, for each function, how many values the compiler
// may have to carry along the edges of its control flow:
//
//	edges * (parameters and locals + values of the widest block + loops / 8)
//	  + loops around each edge + 8 * values that calls pass
//
// An edge is a block, loop, if, try, branch or entry of a br_table; calls count
// that pass more values than those of compilers do. Compilers that bring code into
// SSA form and allocate registers take time and memory in proportion to these
// products, which grow with the square of a function's size; functions that people
// write stay far below its size.
type Cost struct {
	Total, Max    uint64 // of all functions, and of the costliest one
	MaxAt         int    // offset of the latter's body in the module, in bytes
	BranchTargets uint64 // most entries that the br_tables of one function have
	BranchesAt    int    // offset of that function's body in the module, in bytes
}

// MeasureCode reads all code of a module. The time is linear in its size. m is
// the result of Parse for the same bytes. The error is an *Error for code that
// no compiler accepts either.
func MeasureCode(wasm []byte, m *Module) (c Cost, err error) {
	defer catch(&err)
	meter := meter{m: m}
	for f, body := range m.bodies(wasm) {
		at := body.pos
		cost, targets := meter.body(body, f)
		if c.Total += cost; cost > c.Max {
			c.Max, c.MaxAt = cost, at
		}
		if targets > c.BranchTargets {
			c.BranchTargets, c.BranchesAt = targets, at
		}
	}
	return c, nil
}

// meter measures functions.
type meter struct {
	m *Module

	// Of the present function:
	edges, loops, arity, passed, targets uint64
	nested                               uint64 // loops around edges
	open                                 []bool // blocks around an instruction: whether they are loops
	depth                                uint64 // loops among them
}

func (t *meter) body(r *reader, f uint32) (cost, targets uint64) {
	*t = meter{m: t.m, open: t.open[:0]}
	locals := r.locals()
	if ft := t.m.funcType(f); ft != nil {
		locals += uint64(len(ft.Params))
		t.arity = uint64(len(ft.Results))
	}
	for r.left() > 0 {
		i := r.instruction()
		t.count(r, i)
		if !r.skipImmediates(i.kind) && !r.skipRefused(i) {
			r.fail("function %d has %s", f, i)
		}
	}
	return t.edges*(locals+t.arity+t.loops/8) + t.nested + 8*t.passed, t.targets
}

// count looks at an instruction whose immediates are next.
func (t *meter) count(r *reader, i instruction) {
	switch i.op {
	case 0x02, 0x03, 0x04, 0x1f: // block, loop, if, try_table
		t.enter(i.op == 0x03)
		t.edge(1)
		t.block(*r)
	case opEnd:
		t.leave()
	case 0x0c, 0x0d, 0xd5, 0xd6: // br, br_if, br_on_null, br_on_non_null
		t.edge(1)
	case 0xfb: // br_on_cast, br_on_cast_fail
		if after := *r; after.u32()|1 == 25 {
			t.edge(1)
		}
	case 0x0e: // br_table
		after := *r
		n := uint64(after.u32())
		t.edge(n)
		t.targets += n
	case 0x10, 0x12: // call, return_call
		after := *r
		t.pass(t.m.funcType(after.u32()))
	case 0x11, 0x13, 0x14, 0x15: // call_indirect, call_ref and their tail calls: the type comes first
		after := *r
		t.pass(t.m.typeAt(int64(after.u32())))
	}
}

// edge notes n edges at the same place.
func (t *meter) edge(n uint64) {
	t.edges += n
	t.nested += n * t.depth
}

// enter and leave follow the nesting of blocks. The code need not be valid.
func (t *meter) enter(loop bool) {
	t.open = append(t.open, loop)
	if loop {
		t.loops++
		t.depth++
	}
}

func (t *meter) leave() {
	if n := len(t.open); n > 0 {
		if t.open[n-1] {
			t.depth--
		}
		t.open = t.open[:n-1]
	}
}

// block notes how many values enter and leave a block whose type is next.
func (t *meter) block(r reader) {
	if c := r.peek(); c&0xc0 == 0x40 { // no type or one value type
		return
	}
	if ft := t.m.typeAt(r.sleb(33)); ft != nil {
		t.arity = max(t.arity, uint64(len(ft.Params)+len(ft.Results)))
	}
}

// pass notes a call, if it passes more values than those of compilers do.
func (t *meter) pass(ft *FuncType) {
	if ft != nil {
		t.passed += uint64(max(0, len(ft.Params)+len(ft.Results)-fewValues))
	}
}

const fewValues = 20

// typeAt is the function type with an index, nil if there is none.
func (m *Module) typeAt(i int64) *FuncType {
	if i < 0 || i >= int64(len(m.types)) {
		return nil
	}
	return m.types[i]
}

// funcType is the type of the function with an index, nil if there is none.
func (m *Module) funcType(f uint32) *FuncType {
	if uint64(f) >= uint64(len(m.funcs)) {
		return nil
	}
	return m.typeAt(int64(m.funcs[f]))
}
