package binary

import "github.com/spinhost/spin/internal/corewasm"

// coreTypes reads a core type section.
func (d *decoder) coreTypes(r *reader, defs *[]Def) {
	for n := d.defs(r, "core types"); n > 0; n-- {
		d.coreType(r, defs)
	}
}

// coreType reads a core type or module type. A recursion group defines several
// types at once.
func (d *decoder) coreType(r *reader, defs *[]Def) {
	switch r.peek() {
	case 0x50:
		loc := Loc{r.pos}
		d.take(r, &d.types, 1, d.max.Types, "Types")
		r.byte()
		*defs = append(*defs, &CoreTypeDef{Loc: loc, Module: d.moduleExpr(r)})
	case 0x00: // here a non-final sub takes a prefix, since 0x50 is a module type
		r.byte()
		if r.peek() != 0x50 {
			r.badByte(r.peek(), "core type after prefix 0x00")
		}
		*defs = append(*defs, d.subType(r))
	default:
		d.recType(r, defs)
	}
}

// recType reads a type or a recursion group as core modules write them.
func (d *decoder) recType(r *reader, defs *[]Def) {
	if r.peek() != 0x4e {
		*defs = append(*defs, d.subType(r))
		return
	}
	r.byte()
	for n := d.defs(r, "core types"); n > 0; n-- {
		*defs = append(*defs, d.subType(r))
	}
}

// subType reads a type with its supertypes, if it names any.
func (d *decoder) subType(r *reader) *CoreTypeDef {
	t := &CoreTypeDef{Loc: Loc{r.pos}}
	d.take(r, &d.types, 1, d.max.Types, "Types")
	c := r.byte()
	if c == 0x50 || c == 0x4f { // sub, sub final
		for n := d.count(r, "supertypes"); n > 0; n-- {
			r.u32()
		}
		c = r.byte()
	}
	switch c {
	case 0x60:
		t.Func = &corewasm.FuncType{Params: d.coreValTypes(r, "parameters"), Results: d.coreValTypes(r, "results")}
	case 0x5f: // struct
		for n := d.count(r, "fields"); n > 0; n-- {
			fieldType(r)
		}
	case 0x5e: // array
		fieldType(r)
	default:
		r.pos--
		r.badByte(c, "core type")
	}
	return t
}

func fieldType(r *reader) {
	if c := r.peek(); c == 0x78 || c == 0x77 { // packed i8 and i16
		r.byte()
	} else {
		coreValType(r)
	}
	r.flag("mutability")
}

func (d *decoder) coreValTypes(r *reader, what string) []corewasm.ValType {
	n := d.count(r, what)
	if n > d.core.Params {
		r.fail(RuleLimit, "core function type with %d %s: the limit is %d", n, what, d.core.Params)
	}
	ts := make([]corewasm.ValType, n)
	for i := range ts {
		ts[i] = coreValType(r)
	}
	return ts
}

func coreValType(r *reader) corewasm.ValType {
	if t := corewasm.ValType(r.peek()); t.Numeric() {
		r.byte()
		return t
	}
	return coreRefType(r)
}

func coreRefType(r *reader) corewasm.ValType {
	at := r.pos
	switch c := r.byte(); {
	case c >= 0x69 && c <= 0x74: // funcref and other short forms
		return corewasm.ValType(c)
	case c == 0x63, c == 0x64: // (ref null ht), (ref ht)
		return corewasm.RefType(r.s33(), c == 0x63)
	default:
		r.pos = at
		r.badByte(c, "core value type")
		return 0
	}
}

// moduleExpr reads the declarations of a module type.
func (d *decoder) moduleExpr(r *reader) *ModuleExpr {
	m := &ModuleExpr{}
	for n := d.defs(r, "declarations"); n > 0; n-- {
		at := r.pos
		switch c := r.byte(); c {
		case 0x00:
			i := &CoreImportDecl{Loc: Loc{at}, Module: r.name(), Name: r.name()}
			i.Desc = coreDesc(r)
			m.Decls = append(m.Decls, i)
		case 0x01:
			d.recType(r, &m.Decls)
		case 0x02:
			r.mustByte(byte(coreTypeSort), "sort of a core outer alias")
			r.mustByte(0x01, "target of a core outer alias")
			m.Decls = append(m.Decls, &CoreOuterAlias{Loc: Loc{at}, Count: r.u32(), Index: r.u32()})
		case 0x03:
			e := &CoreExportDecl{Loc: Loc{at}, Name: r.name()}
			e.Desc = coreDesc(r)
			m.Decls = append(m.Decls, e)
		default:
			r.pos = at
			r.badByte(c, "declaration in a core module type")
		}
	}
	return m
}

// coreDesc reads the type of a core import or export.
func coreDesc(r *reader) CoreDesc {
	c := r.byte()
	d := CoreDesc{Type: corewasm.ExternType{Kind: corewasm.Kind(c)}}
	switch d.Type.Kind {
	case corewasm.Func:
		d.Index = r.u32()
	case corewasm.Table:
		d.Type.Table.Elem = coreRefType(r)
		d.Type.Table.Limits = coreLimits(r, false)
	case corewasm.Memory:
		d.Type.Memory = coreLimits(r, true)
	case corewasm.Global:
		d.Type.Global.Type = coreValType(r)
		d.Type.Global.Mutable = r.flag("mutability")
	case corewasm.Tag:
		r.mustByte(0x00, "tag attribute")
		d.Index = r.u32()
	default:
		r.pos--
		r.badByte(c, "core external kind")
	}
	return d
}

// coreLimits reads the bounds of a table or memory.
func coreLimits(r *reader, memory bool) corewasm.Limits {
	at := r.pos
	flags := r.byte()
	allowed := byte(0b101)
	if memory {
		allowed = 0b1111
	}
	if flags&^allowed != 0 {
		r.pos--
		r.badByte(flags, "limits")
	}
	l := corewasm.Limits{HasMax: flags&1 != 0, Shared: flags&2 != 0, Is64: flags&4 != 0, HasCustomPage: flags&8 != 0}
	bits := uint(32)
	if l.Is64 {
		bits = 64
	}
	l.Min = r.uleb(bits)
	if l.HasMax {
		l.Max = r.uleb(bits)
	}
	if memory {
		l.PageSizeLog2 = 16
	}
	if l.HasCustomPage {
		l.PageSizeLog2 = r.u32()
	}
	r.checkLimits(at, l, memory)
	return l
}

// checkLimits applies the core specification's rules for limits.
func (r *reader) checkLimits(at int, l corewasm.Limits, memory bool) {
	top := max(l.Min, l.Max)
	switch {
	case l.HasMax && l.Max < l.Min:
		r.pos = at
		r.fail(RuleLimit, "maximum %d is below minimum %d", l.Max, l.Min)
	case !memory:
	case l.PageSizeLog2 != 0 && l.PageSizeLog2 != 16:
		r.pos = at
		r.fail(RuleLimit, "page size 2^%d", l.PageSizeLog2)
	case l.Shared && !l.HasMax:
		r.pos = at
		r.fail(RuleLimit, "a shared memory must have a maximum")
	case !l.Is64 && top > 1<<(32-l.PageSizeLog2), l.Is64 && l.PageSizeLog2 == 16 && top > 1<<48:
		r.pos = at
		r.fail(RuleLimit, "memory of %d pages is larger than the address space", top)
	}
}
