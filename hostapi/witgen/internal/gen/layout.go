package gen

import "github.com/spinhost/spin/hostapi/wit"

// primitive describes a primitive type: its Go form and its size, which is also its
// alignment, both in the guest's memory and in Go's.
type primitive struct {
	name, goty string
	size       uint32
}

var primitives = map[wit.Primitive]primitive{
	wit.Bool: {"Bool", "bool", 1},
	wit.S8:   {"S8", "int8", 1}, wit.U8: {"U8", "uint8", 1},
	wit.S16: {"S16", "int16", 2}, wit.U16: {"U16", "uint16", 2},
	wit.S32: {"S32", "int32", 4}, wit.U32: {"U32", "uint32", 4},
	wit.S64: {"S64", "int64", 8}, wit.U64: {"U64", "uint64", 8},
	wit.F32: {"F32", "float32", 4}, wit.F64: {"F64", "float64", 8},
	wit.Char: {"Char", "rune", 4},
}

// word is the size of a pointer of the host, the greatest that Go has.
const word = 8

// layFields computes a record's or tuple's layout (Canonical ABI, elem_size_record,
// flatten_record) and that of its Go struct.
func (t *typ) layFields() {
	t.align, t.hostAlign, t.comparable = 1, 1, true
	for i := range t.fields {
		f := &t.fields[i]
		f.offset = alignTo(t.size, f.typ.align)
		f.flat, f.ref = t.flat, t.refs
		t.size = f.offset + f.typ.size
		t.align = max(t.align, f.typ.align)
		t.flat += f.typ.flat
		t.host = alignTo(t.host, f.typ.hostAlign) + f.typ.host
		t.hostAlign = max(t.hostAlign, f.typ.hostAlign)
		t.add(f.typ)
	}
	t.size = alignTo(t.size, t.align)
	t.host = alignTo(t.host, t.hostAlign)
}

// layCases computes the layout of a variant, option, result or enum in the guest's memory
// (Canonical ABI, elem_size_variant, flatten_variant).
func (t *typ) layCases() {
	t.disc = discSize(len(t.cases))
	t.align, t.comparable = t.disc, true
	var payload uint32
	caseAlign, flat := uint32(1), 0
	for i := range t.cases {
		c := &t.cases[i]
		c.ref = t.refs
		if c.typ == nil {
			continue
		}
		payload = max(payload, c.typ.size)
		caseAlign = max(caseAlign, c.typ.align)
		flat = max(flat, c.typ.flat)
		t.add(c.typ)
	}
	t.align = max(t.align, caseAlign)
	t.payload = alignTo(t.disc, caseAlign)
	t.size = alignTo(t.payload+payload, t.align)
	t.flat = 1 + flat
}

// add counts what of a part t has too.
func (t *typ) add(part *typ) {
	t.refs += part.refs
	t.boxed += part.boxed
	t.comparable = t.comparable && part.comparable
	t.channels = t.channels || part.channels
}

// layGo sets the layout of a Go struct of parts.
func (t *typ) layGo(parts ...*typ) {
	t.host, t.hostAlign = 0, 1
	for _, p := range parts {
		t.host = alignTo(t.host, p.hostAlign) + p.host
		t.hostAlign = max(t.hostAlign, p.hostAlign)
	}
	t.host = alignTo(t.host, t.hostAlign)
}

// discSize is the size of the discriminant of n cases (Canonical ABI, discriminant_type).
func discSize(n int) uint32 {
	switch {
	case n <= 1<<8:
		return 1
	case n <= 1<<16:
		return 2
	}
	return 4
}

// flagsSize is the size of n flags (Canonical ABI, elem_size_flags).
func flagsSize(n int) uint32 {
	switch {
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	}
	return 4
}

func alignTo[N uint32 | uint64](n, align N) N { return (n + align - 1) / align * align }
