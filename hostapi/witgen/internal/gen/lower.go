package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// lower writes statements that lower v, a t, to core values (Canonical ABI, lower_flat).
func (p *pkg) lower(c *code, t *typ, a place, v string, r ref) {
	set := func(expr string) { c.line("%s.Set(%s, %s)", a.base, a.slot(0), expr) }
	switch t.kind {
	case kindPrim:
		set(bits(t, v))
	case kindString, kindBytes, kindList:
		c.line("{\nptr, n := %s", p.lowerPair(t, v, r))
		set("uint64(ptr)")
		c.line("%s.Set(%s, uint64(n))\n}", a.base, a.slot(1))
	case kindEnum:
		set(fmt.Sprintf("uint64(g.Case(uint32(%s), %d))", v, len(t.cases)))
	case kindFlags:
		set(fmt.Sprintf("uint64(%s)%s", v, mask(t)))
	case kindOwn, kindBorrow, kindStream, kindFuture:
		set(fmt.Sprintf("uint64(%s)", p.lowerHandle(t, v, r)))
	default:
		c.line("%s(g, %s, %s%s)", p.helper("lower", t, p.writeLower), a.slots(), v, r.arg(t))
	}
}

// lowerPair returns an expression that lowers a string or list to its address and length.
func (p *pkg) lowerPair(t *typ, v string, r ref) string {
	switch t.kind {
	case kindString:
		return fmt.Sprintf("g.LowerString(%s)", v)
	case kindBytes:
		return fmt.Sprintf("g.LowerBytes(%s)", v)
	}
	name := p.helper("lower", t, func(c *code, name string, t *typ) {
		c.line("func %s(g *abi.Guest, v %s%s) (ptr, n uint32) {", name, t.goty, refParam(t))
		p.writeBatch(c, t)
		c.line("ptr, n = g.LowerList(len(v), %d, %d)", t.elem.size, t.elem.align)
		p.writeElements(c, t, "ptr")
		c.line("return ptr, n\n}")
	})
	return fmt.Sprintf("%s(g, %s%s)", name, v, r.arg(t))
}

// bits returns a primitive value in the bits of its core type, zero-extended.
func bits(t *typ, v string) string {
	switch t.prim {
	case wit.Bool:
		return fmt.Sprintf("uint64(abi.BoolBits(%s))", v)
	case wit.S8, wit.S16:
		return fmt.Sprintf("uint64(uint32(int32(%s)))", v)
	case wit.S32:
		return fmt.Sprintf("uint64(uint32(%s))", v)
	case wit.F32:
		return fmt.Sprintf("uint64(abi.F32Bits(%s))", v)
	case wit.F64:
		return fmt.Sprintf("abi.F64Bits(%s)", v)
	case wit.Char:
		return fmt.Sprintf("uint64(abi.CharBits(%s))", v)
	case wit.U64:
		return v
	}
	return fmt.Sprintf("uint64(%s)", v)
}

// writeLower writes the helper that lowers v to core values f.
func (p *pkg) writeLower(c *code, name string, t *typ) {
	var body code
	switch t.kind {
	case kindRecord:
		for _, f := range t.fields {
			p.lower(&body, f.typ, atF.at(f.flat), "v."+f.goName, inRef.at(f.ref))
		}
	default:
		if t.flat > 1 { // cases may leave values unused
			body.line("clear(f[1:%d])", t.flat)
		}
		p.writeLowerCases(&body, t, func(disc string) {
			body.line("f.Set(0, uint64(%s))", disc)
		}, func(part *typ, v string, r int) {
			p.lower(&body, part, atF.at(1), v, inRef.at(r))
		})
	}
	c.line("func %s(g *abi.Guest, f abi.Flat, v %s%s) {", name, t.goty, refParam(t))
	c.Write(body.Bytes())
	c.line("}")
}

// lowerHandle returns an expression that gives the guest a handle for v.
func (p *pkg) lowerHandle(t *typ, v string, r ref) string {
	switch t.kind {
	case kindOwn:
		return fmt.Sprintf("g.LowerOwn(%s, %s)", v, r)
	case kindBorrow:
		return fmt.Sprintf("g.LowerBorrow(%s, %s)", v, r)
	case kindStream:
		if t.goty == "io.ReadCloser" {
			return fmt.Sprintf("g.LowerByteStream(%s, %s, nil)", v, r)
		}
		var size uint32
		if t.elem != nil {
			size = t.elem.size
		}
		return fmt.Sprintf("abi.LowerStream(g, %s, %s, %d, %s)", v, r, size, p.storer(t.elem, r.at(1)))
	}
	if t.elem == nil {
		return fmt.Sprintf("abi.LowerPromise(g, %s, %s, nil)", v, r)
	}
	return fmt.Sprintf("abi.LowerPromise(g, %s, %s, %s)", v, r, p.storer(t.elem, r.at(1)))
}

// storer is a function that lowers a t, nil for nothing, to address p.
func (p *pkg) storer(t *typ, r ref) string {
	if t == nil {
		return "func(*abi.Guest, uint32, abi.None) {}"
	}
	var c code
	p.store(&c, t, atP, "v", r)
	if name, ok := strings.CutSuffix(c.String(), "(g, p, v)\n"); ok {
		return name
	}
	if name, ok := strings.CutSuffix(c.String(), "(p, v)\n"); ok && strings.HasPrefix(name, "g.") {
		return "(*abi.Guest)" + name[1:]
	}
	return fmt.Sprintf("func(g *abi.Guest, p uint32, v %s) {\n%s}", t.goty, c.String())
}
