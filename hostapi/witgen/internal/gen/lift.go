package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// lift returns an expression that lifts a t from core values (Canonical ABI, lift_flat).
// Core values are kept as bits, zero-extended, so that the joined types of a variant's cases
// need no conversion.
func (p *pkg) lift(t *typ, a place, r ref) string {
	u32 := fmt.Sprintf("%s.U32(%s)", a.base, a.slot(0))
	switch t.kind {
	case kindPrim:
		return liftPrim(t, a, u32)
	case kindString:
		return fmt.Sprintf("g.String(%s, %s.U32(%s))", u32, a.base, a.slot(1))
	case kindBytes:
		return fmt.Sprintf("g.Bytes(%s, %s.U32(%s))", u32, a.base, a.slot(1))
	case kindEnum:
		return fmt.Sprintf("%s(g.Case(%s, %d))", t.goty, u32, len(t.cases))
	case kindFlags:
		return fmt.Sprintf("%s(%s%s)", t.goty, u32, mask(t))
	case kindList:
		return fmt.Sprintf("%s(g, %s, %s.U32(%s)%s)", p.listHelper(t), u32, a.base, a.slot(1), r.arg(t))
	case kindOwn, kindBorrow, kindStream, kindFuture:
		return p.liftHandle(t, u32, r)
	}
	return fmt.Sprintf("%s(g, %s%s)", p.helper("lift", t, p.writeLift), a.slots(), r.arg(t))
}

// liftPrim lifts a primitive type (Canonical ABI, lift_flat_unsigned and its like).
func liftPrim(t *typ, a place, u32 string) string {
	switch t.prim {
	case wit.Bool:
		return u32 + " != 0"
	case wit.U32:
		return u32
	case wit.Char:
		return fmt.Sprintf("g.ToChar(%s)", u32)
	case wit.U64, wit.F32, wit.F64:
		return fmt.Sprintf("%s.%s(%s)", a.base, t.name, a.slot(0))
	case wit.S64:
		return fmt.Sprintf("int64(%s.U64(%s))", a.base, a.slot(0))
	}
	return fmt.Sprintf("%s(%s)", t.goty, u32)
}

// writeLift writes the helper that lifts a t from core values f.
func (p *pkg) writeLift(c *code, name string, t *typ) {
	c.line("func %s(g *abi.Guest, f abi.Flat%s) (v %s) {", name, refParam(t), t.goty)
	if t.kind == kindRecord {
		for _, f := range t.fields {
			c.line("v.%s = %s", f.goName, p.lift(f.typ, atF.at(f.flat), inRef.at(f.ref)))
		}
		c.line("return v\n}")
		return
	}
	p.writeLiftCases(c, t, "f.U32(0)", func(part *typ, r int) string { return p.lift(part, atF.at(1), inRef.at(r)) })
}

// liftHandle returns an expression that lifts the handle i.
func (p *pkg) liftHandle(t *typ, i string, r ref) string {
	switch t.kind {
	case kindOwn, kindBorrow:
		return fmt.Sprintf("%s(g, %s, %s)", p.handleHelper(t), i, r)
	case kindStream:
		if t.goty == "*abi.ByteReader" {
			return fmt.Sprintf("g.ByteStream(%s, %s)", i, r)
		}
		var size uint32
		if t.elem != nil {
			size = t.elem.size
		}
		return fmt.Sprintf("abi.LiftStream(g, %s, %s, %d, %s)", i, r, size, p.loader(t.elem, r.at(1)))
	}
	if t.elem == nil {
		return fmt.Sprintf("abi.LiftFuture[abi.None](g, %s, %s, nil)", i, r)
	}
	return fmt.Sprintf("abi.LiftFuture(g, %s, %s, %s)", i, r, p.loader(t.elem, r.at(1)))
}

// loader is a function that lifts a t, nil for nothing, at address p.
func (p *pkg) loader(t *typ, r ref) string {
	if t == nil {
		return "func(*abi.Guest, uint32) (v abi.None) { return v }"
	}
	expr := p.load(t, atP, r)
	if t.owns() && !t.single() { // parts of an element that cannot be lifted as a whole
		var c code
		c.line("func(g *abi.Guest, p uint32) %s {\nv := %s\nif g.Failed() {", t.goty, expr)
		p.drop(&c, t, "v")
		c.line("}\nreturn v")
		return c.String() + "}"
	}
	if name, ok := strings.CutSuffix(expr, "(g, p)"); ok {
		return name
	}
	if name, ok := strings.CutSuffix(expr, "(p)"); ok && strings.HasPrefix(name, "g.") {
		return "(*abi.Guest)" + name[1:]
	}
	return fmt.Sprintf("func(g *abi.Guest, p uint32) %s { return %s }", t.goty, expr)
}

// handleHelper returns the helper that lifts a handle of a host's resource.
func (p *pkg) handleHelper(t *typ) string {
	op, method, goty := "own", "LiftOwn", p.goType(t.def, t.def.Pos)
	if t.kind == kindBorrow {
		op, method = "borrow", "LiftBorrow"
	}
	name := p.helperName(t.def, t.def.Pos)
	return p.helper(op, &typ{key: t.def.ID(), name: name, def: t.def}, func(c *code, name string, t *typ) {
		c.line("func %s(g *abi.Guest, i uint32, ref int) %s {", name, goty)
		c.line("v, ok := g.%s(i, ref).(%s)", method, goty)
		c.line("if !ok {\ng.Trapf(%q)\n}", "handle is not a host "+t.def.Name)
		c.line("return v\n}")
	})
}
