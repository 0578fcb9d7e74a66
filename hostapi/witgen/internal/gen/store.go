package gen

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// store writes statements that lower v, a t, to memory (Canonical ABI, store). Every store
// after the first failure is harmless: addresses stay valid.
func (p *pkg) store(c *code, t *typ, a place, v string, r ref) {
	switch t.kind {
	case kindPrim:
		c.line("g.%s(%s, %s)", putPrim(t), a, unsigned(t, v))
	case kindString:
		c.line("g.StoreString(%s, %s)", a, v)
	case kindBytes:
		c.line("g.StoreBytes(%s, %s)", a, v)
	case kindEnum:
		c.line("g.PutU%d(%s, %s)", 8*t.disc, a, narrow(fmt.Sprintf("g.Case(uint32(%s), %d)", v, len(t.cases)), t.disc))
	case kindFlags:
		c.line("g.PutU%d(%s, uint%d(%s)%s)", 8*t.size, a, 8*t.size, v, mask(t))
	case kindOwn, kindBorrow, kindStream, kindFuture:
		c.line("g.PutU32(%s, %s)", a, p.lowerHandle(t, v, r))
	default:
		c.line("%s(g, %s, %s%s)", p.helper("store", t, p.writeStore), a, v, r.arg(t))
	}
}

// putPrim is the method that stores a primitive type.
func putPrim(t *typ) string {
	switch t.prim {
	case wit.S8, wit.S16, wit.S32, wit.S64:
		return fmt.Sprintf("PutU%d", 8*t.size)
	}
	return "Put" + t.name
}

// unsigned makes an unsigned integer of v if it is a signed one.
func unsigned(t *typ, v string) string {
	switch t.prim {
	case wit.S8, wit.S16, wit.S32, wit.S64:
		return fmt.Sprintf("uint%d(%s)", 8*t.size, v)
	}
	return v
}

// narrow makes an integer of the given size of a uint32.
func narrow(expr string, size uint32) string {
	if size == 4 {
		return expr
	}
	return fmt.Sprintf("uint%d(%s)", 8*size, expr)
}

// writeStore writes the helper that lowers v to address p, which is checked.
func (p *pkg) writeStore(c *code, name string, t *typ) {
	c.line("func %s(g *abi.Guest, p uint32, v %s%s) {", name, t.goty, refParam(t))
	switch t.kind {
	case kindRecord:
		for _, f := range t.fields {
			p.store(c, f.typ, atP.at(int(f.offset)), "v."+f.goName, inRef.at(f.ref))
		}
	case kindList:
		p.writeBatch(c, t)
		c.line("p = g.StoreList(p, len(v), %d, %d)", t.elem.size, t.elem.align)
		p.writeElements(c, t, "p")
	default:
		p.writeLowerCases(c, t, func(disc string) {
			c.line("g.PutU%d(p, %s)", 8*t.disc, narrow(disc, t.disc))
		}, func(part *typ, v string, r int) {
			p.store(c, part, atP.at(int(t.payload)), v, inRef.at(r))
		})
	}
	c.line("}")
}

// writeElements writes statements that lower the elements of v to memory that was just
// allocated at the given address.
func (p *pkg) writeElements(c *code, t *typ, base string) {
	if t.elem.owns() {
		c.line("for i := range v {\nif g.Failed() {")
		p.drop(c, t.elem, "v[i]")
		c.line("continue\n}")
	} else {
		c.line("for i := range v {\nif g.Failed() {\nbreak\n}")
	}
	c.line("p := %s + uint32(i)*%d", base, t.elem.size)
	p.store(c, t.elem, atP, "v[i]", inRef)
	c.line("}")
}

// writeLowerCases writes the body of a helper that lowers a variant, option or result.
func (p *pkg) writeLowerCases(c *code, t *typ, disc func(string), payload func(part *typ, v string, r int)) {
	put := func(i int, v string) {
		if w := t.cases[i]; w.typ != nil {
			payload(w.typ, v, w.ref)
		}
	}
	switch t.kind {
	case kindOption:
		disc("abi.BoolBits(v.OK)")
		c.line("if v.OK {")
		put(1, "v.Value")
		c.line("}")
	case kindResult:
		disc("abi.BoolBits(v.IsErr)")
		switch {
		case t.cases[0].typ != nil && t.cases[1].typ != nil:
			c.line("if v.IsErr {")
			put(1, "v.Err")
			c.line("} else {")
			put(0, "v.Value")
			c.line("}")
		case t.cases[1].typ != nil:
			c.line("if v.IsErr {")
			put(1, "v.Err")
			c.line("}")
		case t.cases[0].typ != nil:
			c.line("if !v.IsErr {")
			put(0, "v.Value")
			c.line("}")
		}
	default:
		disc(fmt.Sprintf("g.Case(uint32(v.Case), %d)", len(t.cases)))
		if !payloads(t) {
			return
		}
		c.line("switch v.Case {")
		for i, w := range t.cases {
			if w.typ != nil {
				c.line("case %s%s:\nx, _ := v.%s()", p.caseType(t), w.goName, accessorName(w.goName))
				put(i, "x")
			}
		}
		c.line("}")
	}
}
