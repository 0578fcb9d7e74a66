package gen

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// writeCall writes the type of a call of a function that guests implement: an
// abi.Invocation with the parameters as fields.
func (p *pkg) writeCall(c *code, f *wit.Func) {
	name, id := p.callName(f), p.interfaceName(f.Interface)+"ID"
	c.line("// The name of the function %s in %s, and its type.", f.Name, id)
	c.line("const (\n%sName = %q\n%sType = %q\n)\n", name, f.Name, name, wit.Signature(f))
	docs := p.funcMarks(f).docs
	text := fmt.Sprintf("%s is a call of %s#%s.", name, f.Interface.ID(), f.Name)
	if docs != "" {
		text += "\n\n" + docs
	}
	c.comment(text)
	r := p.resultOf(f, in)
	c.line("type %s struct {", name)
	params := p.wireParams(f, out)
	for _, q := range params {
		c.line("%s %s", paramField(q.label), q.typ.goty)
	}
	if r.ok != nil {
		c.line("// Result is the result of a call that has succeeded.\nResult %s", r.ok.goty)
	}
	if r.fails {
		c.line("// Err is the error case, of type %s, of a call that has not; else nil.\nErr error", r.goErr)
	}
	c.line("}\n")
	p.writeCallLower(c, f, params)
	p.writeCallLift(c, f, r)
}

// writeCallLower writes the method that lowers the parameters: to core values, or to memory
// of the guest if these would be too many.
func (p *pkg) writeCallLower(c *code, f *wit.Func, params []param) {
	name, tuple := p.callName(f), p.paramTuple(f, out)
	c.line("// Lower implements abi.Invocation.")
	if len(params) == 0 {
		c.line("func (c *%s) Lower(*abi.Guest, abi.Flat) {}\n", name)
		return
	}
	c.line("func (c *%s) Lower(g *abi.Guest, f abi.Flat) {", name)
	if tuple.flat > maxFlatParams {
		c.line("p := g.Alloc(%d, %d)", tuple.size, tuple.align)
		c.line("if g.Failed() {\nreturn\n}")
		for _, q := range params {
			p.store(c, q.typ, atP.at(int(q.offset)), "c."+paramField(q.label), ref{n: q.ref})
		}
		c.line("f.Set(0, uint64(p))\n}\n")
		return
	}
	for _, q := range params {
		p.lower(c, q.typ, atF.at(q.flat), "c."+paramField(q.label), ref{n: q.ref})
	}
	c.line("}\n")
}

// writeCallLift writes the method that lifts the result. A function that guests lift with
// the async option returns up to 16 core values, others one; more lie in memory.
func (p *pkg) writeCallLift(c *code, f *wit.Func, r result) {
	name, base := p.callName(f), ref{n: p.paramTuple(f, out).refs}
	c.line("// Lift implements abi.Invocation.")
	if r.typ == nil {
		c.line("func (c *%s) Lift(*abi.Values) {}\n", name)
		return
	}
	var body code
	switch n := r.flat(); {
	case n <= maxFlatResults:
		p.writeFlatResult(&body, r, base)
	case n > maxFlatParams || !f.Async:
		body.line("p, _ := v.Spilled(%d, %d)", r.typ.size, r.typ.align)
		p.writeMemoryResult(&body, r, base)
	default:
		body.line("if p, spilled := v.Spilled(%d, %d); spilled {", r.typ.size, r.typ.align)
		p.writeMemoryResult(&body, r, base)
		body.line("} else {")
		p.writeFlatResult(&body, r, base)
		body.line("}")
	}
	if r.ok != nil && r.ok.owns() && !r.ok.single() {
		body.line("if g.Failed() { // with a part of it lifted")
		p.drop(&body, r.ok, "c.Result")
		body.line("c.Result = *new(%s)\n}", r.ok.goty)
	}
	c.line("func (c *%s) Lift(v *abi.Values) {", name)
	if body.uses("g") {
		c.line("g := &v.Guest")
	}
	c.Write(body.Bytes())
	c.line("}\n")
}

func (p *pkg) writeFlatResult(c *code, r result, base ref) {
	c.line("f := v.Args()")
	if !r.fails {
		c.line("c.Result = %s", p.lift(r.typ, atF, base))
		return
	}
	p.liftEither(c, r, "f.U32(0)", func(part *typ, n int) string { return p.lift(part, atF.at(1), base.at(n)) })
}

func (p *pkg) writeMemoryResult(c *code, r result, base ref) {
	c.line("if v.Failed() {\nreturn\n}")
	if !r.fails {
		c.line("c.Result = %s", p.load(r.typ, atP, base))
		return
	}
	payload := atP.at(int(r.typ.payload))
	p.liftEither(c, r, "uint32(g.U8(p))", func(part *typ, n int) string { return p.load(part, payload, base.at(n)) })
}

// liftEither writes statements that set Result or Err.
func (p *pkg) liftEither(c *code, r result, disc string, get func(part *typ, n int) string) {
	value, fault := r.typ.cases[0], r.typ.cases[1]
	c.line("if g.Case(%s, 2) == 1 {", disc)
	switch {
	case !r.boxed:
		c.line("c.Err = %s", get(fault.typ, fault.ref))
	case fault.typ != nil:
		c.line("c.Err = %s{Value: %s}", r.goErr, get(fault.typ, fault.ref))
	default:
		c.line("c.Err = %s{}", r.goErr)
	}
	if value.typ != nil {
		c.line("} else {\nc.Result = %s", get(value.typ, value.ref))
	}
	c.line("}")
}
