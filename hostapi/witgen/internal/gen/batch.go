package gen

// writeBatch writes statements that announce all that lowering a list allocates, if its
// elements allocate something, and nothing that depends on a case or has a length of its own.
func (p *pkg) writeBatch(c *code, t *typ) {
	if !announced(t.elem) || !allocates(t.elem) {
		return
	}
	c.line("b := g.Batch()\nb.List(len(v), %d, %d)", t.elem.size, t.elem.align)
	c.line("for i := range v {")
	p.announce(c, t.elem, "v[i]")
	c.line("}\nb.Allocate()")
}

// announce writes statements that announce what lowering v allocates.
func (p *pkg) announce(c *code, t *typ, v string) {
	switch t.kind {
	case kindString:
		c.line("b.String(%s)", v)
	case kindBytes:
		c.line("b.Bytes(%s)", v)
	case kindRecord:
		for _, f := range t.fields {
			p.announce(c, f.typ, v+"."+f.goName)
		}
	}
}

// allocates reports whether lowering a type that can be announced allocates memory.
func allocates(t *typ) bool {
	switch t.kind {
	case kindString, kindBytes:
		return true
	case kindRecord:
		for _, f := range t.fields {
			if allocates(f.typ) {
				return true
			}
		}
	}
	return false
}

// announced reports whether what lowering a value allocates is known from its type and the
// lengths of its strings.
func announced(t *typ) bool {
	switch t.kind {
	case kindString, kindBytes, kindPrim, kindEnum, kindFlags:
		return true
	case kindRecord:
		for _, f := range t.fields {
			if !announced(f.typ) {
				return false
			}
		}
		return true
	}
	return false
}
