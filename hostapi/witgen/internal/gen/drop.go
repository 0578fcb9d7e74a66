package gen

import "strings"

// owns reports whether whoever gets a value of type t has to drop it, or part of it.
func (t *typ) owns() bool {
	switch t.kind {
	case kindOwn, kindStream:
		return true
	case kindFuture:
		return !strings.HasPrefix(t.goty, "*abi.Promise") // whoever has made one keeps it
	case kindList:
		return t.elem.owns()
	}
	for _, f := range t.fields {
		if f.typ.owns() {
			return true
		}
	}
	for _, c := range t.cases {
		if c.typ != nil && c.typ.owns() {
			return true
		}
	}
	return false
}

// owners returns the parameters that have to be dropped if a call is not served.
func owners(params []param) []param {
	var list []param
	for _, q := range params {
		if q.typ.owns() {
			list = append(list, q)
		}
	}
	return list
}

// drop writes statements that drop what v, a t, owns. v may be lifted in part only: what is
// missing is nil.
func (p *pkg) drop(c *code, t *typ, v string) {
	switch {
	case !t.owns():
	case t.kind == kindOwn:
		c.line("abi.DropOwn(%s)", v)
	case t.kind == kindStream || t.kind == kindFuture:
		if strings.HasPrefix(t.goty, "*") {
			c.line("abi.DropEnd(%s)", v)
		} else {
			c.line("g.DropSource(%s)", v)
		}
	default:
		helper := *t
		helper.key += " as " + t.goty // streams and futures have another type each way
		c.line("%s(g, %s)", p.helper("drop", &helper, p.writeDrop), v)
	}
}

// writeDrop writes the helper that drops what v owns.
func (p *pkg) writeDrop(c *code, name string, t *typ) {
	c.line("func %s(g *abi.Guest, v %s) {", name, t.goty)
	part := func(i int, v string) {
		if w := t.cases[i]; w.typ != nil {
			p.drop(c, w.typ, v)
		}
	}
	switch t.kind {
	case kindRecord:
		for _, f := range t.fields {
			p.drop(c, f.typ, "v."+f.goName)
		}
	case kindList:
		c.line("for i := range v {")
		p.drop(c, t.elem, "v[i]")
		c.line("}")
	case kindOption:
		part(1, "v.Value")
	case kindResult:
		part(0, "v.Value")
		part(1, "v.Err")
	default:
		c.line("switch v.Case {")
		for i, w := range t.cases {
			if w.typ != nil && w.typ.owns() {
				c.line("case %s%s:\nx, _ := v.%s()", p.caseType(t), w.goName, accessorName(w.goName))
				part(i, "x")
			}
		}
		c.line("}")
	}
	c.line("}")
}
