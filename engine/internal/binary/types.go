package binary

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// primitives are the primitive value types by their byte.
var primitives = map[byte]types.Kind{
	0x7f: types.Bool, 0x7e: types.S8, 0x7d: types.U8, 0x7c: types.S16, 0x7b: types.U16,
	0x7a: types.S32, 0x79: types.U32, 0x78: types.S64, 0x77: types.U64, 0x76: types.F32,
	0x75: types.F64, 0x74: types.Char, 0x73: types.String, 0x64: types.ErrorContext,
}

// typeDef reads a type definition that lies in depth component or instance types.
func (d *decoder) typeDef(r *reader, depth int) Def {
	if depth > d.max.Depth {
		panic(TooMuch("Depth", depth, d.max.Depth, r.pos, r.path))
	}
	d.take(r, &d.types, 1, d.max.Types, "Types")
	t := &TypeDef{Loc: Loc{r.pos}}
	switch c := r.byte(); c {
	case 0x40, 0x43:
		t.Expr = &FuncExpr{Async: c == 0x43, Params: d.labelled(r, "parameters"), Result: d.resultList(r)}
	case 0x41:
		t.Expr = &ComponentExpr{Decls: d.decls(r, depth+1, true)}
	case 0x42:
		t.Expr = &InstanceExpr{Decls: d.decls(r, depth+1, false)}
	case 0x3f:
		t.Expr = resource(r)
	default:
		t.Expr = d.valExpr(r, c)
	}
	return t
}

func resource(r *reader) *ResourceExpr {
	c := r.byte()
	e := &ResourceExpr{Rep: corewasm.ValType(c)}
	if e.Rep != corewasm.I32 && e.Rep != corewasm.I64 {
		r.pos--
		r.badByte(c, "representation of a resource")
	}
	if r.flag("destructor of a resource") {
		e.Dtor = r.index()
	}
	return e
}

// valExpr reads a value type whose first byte was c.
func (d *decoder) valExpr(r *reader, c byte) *ValExpr {
	if k, ok := primitives[c]; ok {
		return &ValExpr{Kind: k}
	}
	switch c {
	case 0x72:
		return &ValExpr{Kind: types.Record, Parts: d.labelled(r, "fields")}
	case 0x71:
		return &ValExpr{Kind: types.Variant, Parts: d.cases(r)}
	case 0x70:
		return &ValExpr{Kind: types.List, Elem: valRef(r)}
	case 0x67:
		return &ValExpr{Kind: types.FixedList, Elem: valRef(r), Len: r.u32()}
	case 0x6f:
		e := &ValExpr{Kind: types.Tuple}
		for n := d.count(r, "types of a tuple"); n > 0; n-- {
			e.Parts = append(e.Parts, LabelRef{Type: valRef(r)})
		}
		return e
	case 0x6e:
		return &ValExpr{Kind: types.Flags, Labels: d.labels(r, "flags")}
	case 0x6d:
		return &ValExpr{Kind: types.Enum, Labels: d.labels(r, "cases")}
	case 0x6b:
		return &ValExpr{Kind: types.Option, Elem: valRef(r)}
	case 0x6a:
		return &ValExpr{Kind: types.Result, Elem: optional(r), Other: optional(r)}
	case 0x69:
		return &ValExpr{Kind: types.Own, Index: r.u32()}
	case 0x68:
		return &ValExpr{Kind: types.Borrow, Index: r.u32()}
	case 0x66:
		return &ValExpr{Kind: types.Stream, Elem: optional(r)}
	case 0x65:
		return &ValExpr{Kind: types.Future, Elem: optional(r)}
	case 0x63:
		return &ValExpr{Kind: types.Map, Elem: valRef(r), Other: valRef(r)}
	}
	r.pos--
	r.badByte(c, "type definition")
	return nil
}

// valRef reads a primitive or a type index: a negative number of one byte or a
// number of 33 bits that is not negative.
func valRef(r *reader) *ValRef {
	c := r.peek()
	if c >= 0x40 && c < 0x80 {
		k, ok := primitives[c]
		if !ok {
			r.badByte(c, "value type")
		}
		r.byte()
		return &ValRef{Prim: k}
	}
	at := r.pos
	i := r.s33()
	if i < 0 {
		r.pos = at
		r.badByte(c, "value type")
	}
	return &ValRef{Index: uint32(i)}
}

func optional(r *reader) *ValRef {
	if !r.flag("optional type") {
		return nil
	}
	return valRef(r)
}

func (d *decoder) labelled(r *reader, what string) []LabelRef {
	n := d.count(r, what)
	if n == 0 {
		return nil
	}
	ls := make([]LabelRef, n)
	for i := range ls {
		ls[i] = LabelRef{Label: r.name(), Type: valRef(r)}
	}
	return ls
}

func (d *decoder) cases(r *reader) []LabelRef {
	cs := make([]LabelRef, d.count(r, "cases"))
	for i := range cs {
		cs[i] = LabelRef{Label: r.name(), Type: optional(r)}
		r.mustByte(0x00, "end of a case")
	}
	return cs
}

func (d *decoder) labels(r *reader, what string) []string {
	ls := make([]string, d.count(r, what))
	for i := range ls {
		ls[i] = r.name()
	}
	return ls
}

// resultList reads a function's result, nil if it has none.
func (d *decoder) resultList(r *reader) *ValRef {
	switch c := r.byte(); c {
	case 0x00:
		return valRef(r)
	case 0x01:
		r.mustByte(0x00, "number of results")
	default:
		r.pos--
		r.badByte(c, "function result")
	}
	return nil
}

// decls reads the declarations of a component type, or of an instance type,
// which has no imports.
func (d *decoder) decls(r *reader, depth int, imports bool) []Def {
	var defs []Def
	for n := d.defs(r, "declarations"); n > 0; n-- {
		at := r.pos
		switch c := r.byte(); {
		case c == 0x00:
			d.coreType(r, &defs)
		case c == 0x01:
			defs = append(defs, d.typeDef(r, depth))
		case c == 0x02:
			defs = append(defs, d.alias(r))
		case c == 0x03 && imports:
			i := &ImportDecl{Loc: Loc{at}}
			i.Name, i.Attrs = d.externName(r)
			i.Desc = externDesc(r)
			defs = append(defs, i)
		case c == 0x04:
			e := &ExportDecl{Loc: Loc{at}}
			e.Name, e.Attrs = d.externName(r)
			e.Desc = externDesc(r)
			defs = append(defs, e)
		default:
			r.pos = at
			r.badByte(c, "declaration in a component or instance type")
		}
	}
	return defs
}
