package gen

import "github.com/spinhost/spin/hostapi/wit"

// returnName is the name of the helper that answers calls of f.
func (p *pkg) returnName(f *wit.Func) string {
	name, _ := p.helpers.name(&p.scope, "return "+p.servedName(f), "return"+p.servedName(f))
	return name
}

// writeReturn writes the helper that answers calls of f with what the implementation has
// returned.
func (p *pkg) writeReturn(c *code, f *wit.Func) {
	r := p.resultOf(f, out)
	var body code
	p.writeErrors(&body, r)
	if r.typ != nil {
		p.writeAnswer(&body, f, r)
	}
	value := ""
	if r.ok != nil {
		value = "v " + r.ok.goty + ", "
	}
	c.line("func %s(c *abi.Call, %serr error) {", p.returnName(f), value)
	if body.uses("g") {
		c.line("g := &c.Guest")
	}
	c.Write(body.Bytes())
	c.line("}\n")
}

// writeErrors writes statements that tell the error case from errors that trap.
func (p *pkg) writeErrors(c *code, r result) {
	switch {
	case r.typ == nil:
		c.line("if err != nil {\nc.Fail(err)\n}")
	case !r.fails:
		c.line("if err != nil {\nc.Fail(err)\nreturn\n}")
	case r.errType == nil:
		c.line("_, fail := abi.AsErr[%s](err)", r.goErr)
		c.line("if err != nil && !fail {\nc.Fail(err)\nreturn\n}")
	default:
		c.line("e, fail := abi.AsErr[%s](err)", r.goErr)
		c.line("if err != nil && !fail {\nc.Fail(err)\nreturn\n}")
	}
}

// writeAnswer writes statements that lower the result: to memory, or as one core value if
// that is enough and the call is not lowered with the async option.
func (p *pkg) writeAnswer(c *code, f *wit.Func, r result) {
	base := ref{n: p.paramTuple(f, in).refs}
	switch {
	case r.flat() > maxFlatResults:
		p.writeMemoryAnswer(c, r, base)
	case f.Async:
		c.line("if c.InMemory() {")
		p.writeMemoryAnswer(c, r, base)
		c.line("return\n}")
		fallthrough
	default:
		p.writeFlatAnswer(c, r, base)
	}
}

func (p *pkg) writeMemoryAnswer(c *code, r result, base ref) {
	t := r.typ
	c.line("p := c.Result(%d, %d)", t.size, t.align)
	c.line("if c.Failed() {")
	p.dropResult(c, r)
	c.line("return\n}")
	if !r.fails {
		p.store(c, t, atP, "v", base)
		return
	}
	c.line("g.PutBool(p, fail)")
	payload := atP.at(int(t.payload))
	p.eitherCase(c, t, func(part *typ, v string, n int) { p.store(c, part, payload, v, base.at(n)) }, r)
}

// dropResult writes statements that drop a result which the guest does not get.
func (p *pkg) dropResult(c *code, r result) {
	if !r.fails {
		p.drop(c, r.typ, "v")
		return
	}
	if r.errType != nil && r.errType.owns() || r.ok != nil && r.ok.owns() {
		p.eitherCase(c, r.typ, func(part *typ, v string, _ int) { p.drop(c, part, v) }, r)
	}
}

func (p *pkg) writeFlatAnswer(c *code, r result, base ref) {
	c.line("f := c.Args()")
	if r.fails { // without payloads, which would need a second value
		c.line("f.Set(0, uint64(abi.BoolBits(fail)))")
		return
	}
	p.lower(c, r.typ, atF, "v", base)
}

// eitherCase writes statements that lower the payload of a result that the variable fail
// tells: e or v.
func (p *pkg) eitherCase(c *code, t *typ, put func(part *typ, v string, n int), r result) {
	e := "e"
	if r.boxed {
		e = "e.Value"
	}
	value, fault := t.cases[0], t.cases[1]
	switch {
	case value.typ != nil && fault.typ != nil:
		c.line("if fail {")
		put(fault.typ, e, fault.ref)
		c.line("} else {")
		put(value.typ, "v", value.ref)
		c.line("}")
	case fault.typ != nil:
		c.line("if fail {")
		put(fault.typ, e, fault.ref)
		c.line("}")
	case value.typ != nil:
		c.line("if !fail {")
		put(value.typ, "v", value.ref)
		c.line("}")
	}
}
