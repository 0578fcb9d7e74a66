package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// writeServeFunc writes the function that serves calls of f, and returns an expression for it.
func (p *pkg) writeServeFunc(c *code, f *wit.Func) string {
	name, _ := p.helpers.name(&p.scope, "serve "+p.servedName(f), "serve"+p.servedName(f))
	onImpl := f.Kind != wit.Method
	var body code
	p.writeLiftParams(&body, f)
	p.writeImplCall(&body, f)

	c.line("// %s serves %s.", name, f.WireName())
	if onImpl {
		c.line("func %s(c *abi.Call, impl %s) {", name, p.interfaceName(f.Interface))
	} else {
		c.line("func %s(c *abi.Call) {", name)
	}
	if body.uses("g") {
		c.line("g := &c.Guest")
	}
	c.Write(body.Bytes())
	c.line("}\n")
	p.writeReturn(c, f)
	if onImpl {
		return fmt.Sprintf("func(c *abi.Call) { %s(c, impl) }", name)
	}
	return name
}

// servedName names a function in helpers that serve it.
func (p *pkg) servedName(f *wit.Func) string {
	if f.Kind == wit.Method {
		return p.typeName(f.Resource) + p.funcName(f)
	}
	return p.interfaceName(f.Interface) + p.funcName(f)
}

// writeLiftParams writes statements that make a local variable of each parameter. They lie
// in core values or, if these are too many, in memory; calls of an async function may be
// lowered with either limit.
func (p *pkg) writeLiftParams(c *code, f *wit.Func) {
	params, tuple := p.wireParams(f, in), p.paramTuple(f, in)
	if len(params) == 0 {
		return
	}
	switch limit := paramLimit(f); {
	case tuple.flat <= limit:
		p.liftEach(c, params, ":=", "c.Args()")
	case tuple.flat > maxFlatParams:
		c.line("p, _ := c.Spilled(%d, %d)", tuple.size, tuple.align)
		c.line("if c.Failed() {\nreturn\n}")
		p.loadEach(c, params, ":=")
	default:
		c.line("var (")
		for _, q := range params {
			c.line("%s %s", q.goName, q.typ.goty)
		}
		c.line(")")
		c.line("if p, spilled := c.Spilled(%d, %d); spilled {", tuple.size, tuple.align)
		c.line("if c.Failed() {\nreturn\n}")
		p.loadEach(c, params, "=")
		c.line("} else {")
		p.liftEach(c, params, "=", "c.Args()")
		c.line("}")
	}
	c.line("if c.Failed() {")
	if len(params) > 1 || !params[0].typ.single() {
		for _, q := range owners(params) {
			p.drop(c, q.typ, q.goName)
		}
	}
	c.line("return\n}")
}

// paramLimit is the least number of core values that a lowering of f may be limited to.
func paramLimit(f *wit.Func) int {
	if f.Async {
		return maxFlatAsyncParams
	}
	return maxFlatParams
}

// liftEach writes assignments that lift parameters from core values.
func (p *pkg) liftEach(c *code, params []param, assign, args string) {
	c.line("f := %s", args)
	for _, q := range params {
		c.line("%s %s %s", q.goName, assign, p.lift(q.typ, atF.at(q.flat), ref{n: q.ref}))
	}
}

// loadEach writes assignments that lift parameters that lie in memory at p.
func (p *pkg) loadEach(c *code, params []param, assign string) {
	for _, q := range params {
		c.line("%s %s %s", q.goName, assign, p.load(q.typ, atP.at(int(q.offset)), ref{n: q.ref}))
	}
}

// writeImplCall writes the call of the implementation: at once, or on a goroutine.
func (p *pkg) writeImplCall(c *code, f *wit.Func) {
	call := p.implCall(f)
	r := p.resultOf(f, out)
	results, args := "err", "c, err"
	if r.ok != nil {
		results, args = "v, err", "c, v, err"
	}
	if !p.onGoroutine(f) {
		c.line("%s := %s", results, fmt.Sprintf(call, "c.Context()"))
		c.line("%s(%s)", p.returnName(f), args)
		return
	}
	c.line("c.Go(func(ctx context.Context) func(*abi.Call) {")
	c.line("%s := %s", results, fmt.Sprintf(call, "ctx"))
	if r.ok != nil && r.ok.owns() {
		c.line("c.Unless(func() {")
		p.drop(c, r.ok, "v")
		c.line("})")
	}
	c.line("return func(c *abi.Call) { %s(%s) }", p.returnName(f), args)
	c.line("})")
	p.writeUnless(c, f)
}

// writeUnless writes what drops the parameters of a call that never gets its goroutine.
func (p *pkg) writeUnless(c *code, f *wit.Func) {
	own := owners(p.wireParams(f, in))
	if len(own) == 0 {
		return
	}
	c.line("c.Unless(func() {")
	for _, q := range own {
		p.drop(c, q.typ, q.goName)
	}
	c.line("})")
}

// writeRefuse returns an expression for the function that answers a call of f which is not
// served, and writes it if it has parameters to drop.
func (p *pkg) writeRefuse(c *code, f *wit.Func) string {
	answer, r := p.returnName(f), p.resultOf(f, out)
	own := owners(p.wireParams(f, in))
	if len(own) == 0 && r.ok == nil {
		return answer
	}
	call := answer + "(c, err)"
	if r.ok != nil {
		call = fmt.Sprintf("%s(c, *new(%s), err)", answer, r.ok.goty)
	}
	if len(own) == 0 {
		return "func(c *abi.Call, err error) { " + call + " }"
	}
	name, _ := p.helpers.name(&p.scope, "refuse "+p.servedName(f), "refuse"+p.servedName(f))
	var body code
	p.writeDropParams(&body, f, own)
	c.line("// %s answers calls of %s that are not served.", name, f.WireName())
	c.line("func %s(c *abi.Call, err error) {", name)
	if body.uses("g") {
		c.line("g := &c.Guest")
	}
	c.Write(body.Bytes())
	c.line("if c.Failed() {\nreturn\n}\n%s\n}\n", call)
	return name
}

// writeDropParams writes statements that lift parameters only to drop them.
func (p *pkg) writeDropParams(c *code, f *wit.Func, own []param) {
	tuple, limit := p.paramTuple(f, in), paramLimit(f)
	drop := func(lifted func(q param) string) {
		for _, q := range own {
			c.line("{\nx := %s", lifted(q))
			p.drop(c, q.typ, "x")
			c.line("}")
		}
	}
	flat := func(q param) string { return p.lift(q.typ, atF.at(q.flat), ref{n: q.ref}) }
	mem := func(q param) string { return p.load(q.typ, atP.at(int(q.offset)), ref{n: q.ref}) }
	switch {
	case tuple.flat <= limit:
		c.line("f := c.Args()")
		drop(flat)
	case tuple.flat > maxFlatParams:
		c.line("p, _ := c.Spilled(%d, %d)\nif c.Failed() {\nreturn\n}", tuple.size, tuple.align)
		drop(mem)
	default:
		c.line("if p, spilled := c.Spilled(%d, %d); spilled {\nif c.Failed() {\nreturn\n}", tuple.size, tuple.align)
		drop(mem)
		c.line("} else {\nf := c.Args()")
		drop(flat)
		c.line("}")
	}
}

// implCall is the call of the implementation, with %s for the context.
func (p *pkg) implCall(f *wit.Func) string {
	on, args := "impl", []string{"%s"}
	for i, q := range p.wireParams(f, in) {
		if i == 0 && f.Kind == wit.Method {
			on = q.goName
			continue
		}
		args = append(args, q.goName)
	}
	return fmt.Sprintf("%s.%s(%s)", on, p.funcName(f), strings.Join(args, ", "))
}

// onGoroutine reports whether the implementation of f runs on a goroutine of its own.
func (p *pkg) onGoroutine(f *wit.Func) bool {
	m := p.funcMarks(f)
	return f.Async && !m.inline || m.blocking
}
