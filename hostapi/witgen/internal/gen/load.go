package gen

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// load returns an expression that lifts a t that lies in memory (Canonical ABI, load).
func (p *pkg) load(t *typ, a place, r ref) string {
	switch t.kind {
	case kindPrim:
		return loadPrim(t, a)
	case kindString:
		return fmt.Sprintf("g.LoadString(%s)", a)
	case kindBytes:
		return fmt.Sprintf("g.LoadBytes(%s)", a)
	case kindEnum:
		return fmt.Sprintf("%s(g.Case(%s, %d))", t.goty, widen(loadUint(t.disc, a), t.disc), len(t.cases))
	case kindFlags:
		return fmt.Sprintf("%s(%s%s)", t.goty, loadUint(t.size, a), mask(t))
	case kindList:
		return fmt.Sprintf("%s(g, g.U32(%s), g.U32(%s)%s)", p.listHelper(t), a, a.at(4), r.arg(t))
	case kindOwn, kindBorrow, kindStream, kindFuture:
		return p.liftHandle(t, fmt.Sprintf("g.U32(%s)", a), r)
	}
	return fmt.Sprintf("%s(g, %s%s)", p.helper("load", t, p.writeLoad), a, r.arg(t))
}

// loadPrim loads a primitive type.
func loadPrim(t *typ, a place) string {
	switch t.prim {
	case wit.S8, wit.S16, wit.S32, wit.S64:
		return fmt.Sprintf("%s(g.U%d(%s))", t.goty, 8*t.size, a)
	}
	return fmt.Sprintf("g.%s(%s)", t.name, a)
}

func loadUint(size uint32, a place) string { return fmt.Sprintf("g.U%d(%s)", 8*size, a) }

// widen makes a uint32 of an integer of the given size.
func widen(expr string, size uint32) string {
	if size == 4 {
		return expr
	}
	return "uint32(" + expr + ")"
}

// mask removes the bits that are no flags (Canonical ABI, unpack_flags_from_int).
func mask(t *typ) string {
	if t.labels == int(8*t.size) {
		return ""
	}
	return fmt.Sprintf("&%#x", uint64(1)<<t.labels-1)
}

// writeLoad writes the helper that lifts a t at address p, which is checked.
func (p *pkg) writeLoad(c *code, name string, t *typ) {
	c.line("func %s(g *abi.Guest, p uint32%s) (v %s) {", name, refParam(t), t.goty)
	get := func(part *typ, offset uint32, r int) string { return p.load(part, atP.at(int(offset)), inRef.at(r)) }
	switch t.kind {
	case kindRecord:
		for _, f := range t.fields {
			c.line("v.%s = %s", f.goName, get(f.typ, f.offset, f.ref))
		}
		c.line("return v\n}")
	default:
		disc := widen(loadUint(t.disc, atP), t.disc)
		p.writeLiftCases(c, t, disc, func(part *typ, r int) string { return get(part, t.payload, r) })
	}
}

// writeLiftCases writes the rest of a helper that lifts a variant, option or result with the
// given discriminant and payload.
func (p *pkg) writeLiftCases(c *code, t *typ, disc string, payload func(part *typ, r int) string) {
	lifted := func(i int) string { return payload(t.cases[i].typ, t.cases[i].ref) }
	switch t.kind {
	case kindOption:
		c.line("if g.Case(%s, 2) == 1 {", disc)
		c.line("v.Value, v.OK = %s, true\n}", lifted(1))
	case kindResult:
		c.line("if g.Case(%s, 2) == 1 {\nv.IsErr = true", disc)
		if t.cases[1].typ != nil {
			c.line("v.Err = %s", lifted(1))
		}
		if t.cases[0].typ != nil {
			c.line("} else {\nv.Value = %s", lifted(0))
		}
		c.line("}")
	default:
		c.line("v.Case = %s(g.Case(%s, %d))", p.caseType(t), disc, len(t.cases))
		if payloads(t) {
			c.line("switch v.Case {")
			for i, w := range t.cases {
				if w.typ != nil {
					c.line("case %s%s:\nv = %s(%s)", p.caseType(t), w.goName, p.constructor(t, w), lifted(i))
				}
			}
			c.line("}")
		}
	}
	c.line("return v\n}")
}

// caseType is the Go type of a variant's cases, which also begins their names.
func (p *pkg) caseType(t *typ) string { return p.goType(t.def, t.def.Pos) + "Case" }

// constructor is the function that makes a variant of a payload.
func (p *pkg) constructor(t *typ, w variantCase) string { return p.goType(t.def, t.def.Pos) + w.goName }

// listHelper returns the helper that lifts a list of n elements at ptr.
func (p *pkg) listHelper(t *typ) string {
	return p.helper("lift", t, func(c *code, name string, t *typ) {
		e := t.elem
		c.line("func %s(g *abi.Guest, ptr, n uint32%s) %s {", name, refParam(t), t.goty)
		c.line("v := make(%s, g.List(ptr, n, %d, %d, %d))", t.goty, e.size, e.align, e.host+e.boxed)
		c.line("for i := range v {")
		c.line("p := ptr + uint32(i)*%d", e.size)
		c.line("v[i] = %s", p.load(e, atP, inRef))
		if e.mayFail() {
			c.line("if g.Failed() {\nbreak\n}")
		}
		c.line("}\nreturn v\n}")
	})
}
