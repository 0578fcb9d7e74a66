package corewasm

import "slices"

// types reads the type section. A type that is no function stays nil: an
// import or export can then not name it.
func (p *parser) types(r *reader) {
	for n := r.limited("type groups", "Types", 0, p.max.Types); n > 0; n-- {
		if r.peek() != 0x4e { // not (rec ...): a group of one
			p.subtype(r)
			continue
		}
		r.byte()
		for k := r.limited("types", "Types", len(p.funcTypes), p.max.Types); k > 0; k-- {
			p.subtype(r)
		}
	}
}

func (p *parser) subtype(r *reader) {
	if len(p.funcTypes) >= p.max.Types {
		r.exceed("Types", uint64(len(p.funcTypes)+1), p.max.Types, "%d types", len(p.funcTypes)+1)
	}
	c := r.byte()
	if c == 0x50 || c == 0x4f { // (sub ...) and (sub final ...): skip the supertypes
		for n := r.limited("supertypes", "Types", 0, p.max.Types); n > 0; n-- {
			r.u32()
		}
		c = r.byte()
	}
	var f *FuncType
	switch c {
	case 0x60:
		f = &FuncType{
			Params:  p.valTypes(r, "parameters", "Params", p.max.Params),
			Results: p.valTypes(r, "results", "Results", p.max.Results),
		}
	case 0x5f: // struct
		for n := r.limited("fields", "Fields", 0, p.max.Fields); n > 0; n-- {
			field(r)
		}
	case 0x5e: // array
		field(r)
	default:
		r.fail("unsupported type form %#x", c)
	}
	p.funcTypes = append(p.funcTypes, f)
	p.m.Collected = p.m.Collected || f == nil
	p.m.TypedRefs = p.m.TypedRefs || f != nil && slices.ContainsFunc(f.Params, typedRef)
}

func typedRef(t ValType) bool { return !t.Numeric() && t != FuncRef && t != ExternRef }

func field(r *reader) {
	if c := r.byte(); c != 0x78 && c != 0x77 { // not the packed i8 and i16
		r.pos--
		valType(r)
	}
	mutability(r)
}

func (p *parser) valTypes(r *reader, what, limit string, max int) []ValType {
	n := r.limited(what, limit, 0, max)
	if n == 0 {
		return nil
	}
	ts := make([]ValType, n)
	for i := range ts {
		ts[i] = valType(r)
	}
	return ts
}

func valType(r *reader) ValType {
	t := ValType(r.byte())
	if t.Numeric() {
		return t
	}
	r.pos--
	return refType(r)
}

func refType(r *reader) ValType {
	switch c := r.byte(); {
	case c >= 0x69 && c <= 0x74:
		return ValType(c)
	case c == 0x63, c == 0x64: // (ref null ht), (ref ht)
		return RefType(heapType(r), c == 0x63)
	default:
		r.pos--
		r.fail("unknown value type %#x", c)
		return 0
	}
}

// heapType reads a heap type: a type index or, below zero, an abstract type,
// whose low seven bits are its byte.
func heapType(r *reader) int64 {
	start := r.pos
	ht := r.sleb(33)
	if ht >= 0 {
		return ht
	}
	// Proposals have bytes of their own after which more may follow, so an
	// unknown one must not pass.
	if t := ht & 0x7f; ht < -64 || t < 0x69 || t > 0x74 {
		r.pos = start
		r.fail("unknown heap type %d", ht)
	}
	return ht
}

func mutability(r *reader) bool {
	c := r.byte()
	if c > 1 {
		r.fail("mutability %#x", c)
	}
	return c == 1
}

// limits reads limits; pages is true for a memory.
func limits(r *reader, pages bool) Limits {
	flags := r.byte()
	allowed := byte(0b101)
	if pages {
		allowed = 0b1111
	}
	if flags&^allowed != 0 {
		r.fail("unknown limits flags %#x", flags)
	}
	l := Limits{HasMax: flags&1 != 0, Shared: flags&2 != 0, Is64: flags&4 != 0, HasCustomPage: flags&8 != 0}
	bits := uint(32)
	if l.Is64 {
		bits = 64
	}
	l.Min = r.uleb(bits)
	if l.HasMax {
		l.Max = r.uleb(bits)
		if l.Max < l.Min {
			r.fail("maximum %d is below minimum %d", l.Max, l.Min)
		}
	}
	if pages {
		l.PageSizeLog2 = 16
	}
	if l.HasCustomPage {
		if l.PageSizeLog2 = r.u32(); l.PageSizeLog2 != 0 && l.PageSizeLog2 != 16 {
			r.fail("page size 2^%d", l.PageSizeLog2)
		}
	}
	return l
}

func tableType(r *reader) TableType {
	t := TableType{Elem: refType(r)}
	t.Limits = limits(r, false)
	return t
}

func globalType(r *reader) GlobalType {
	t := GlobalType{Type: valType(r)}
	t.Mutable = mutability(r)
	return t
}
