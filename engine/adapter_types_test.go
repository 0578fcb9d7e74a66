package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// typeMaker makes types at random.
type typeMaker struct {
	*rand.Rand
	types.Arena
	left int // how many more nodes there may be
}

func (m *typeMaker) val(depth int) *types.Val {
	m.left--
	prims := []types.Kind{
		types.Bool, types.S8, types.U8, types.S16, types.U16, types.S32, types.U32, types.S64, types.U64,
		types.F32, types.F64, types.Char, types.String,
	}
	if depth == 0 || m.left <= 0 || m.IntN(3) == 0 {
		return m.Primitive(prims[m.IntN(len(prims))])
	}
	sub := func() *types.Val { return m.val(depth - 1) }
	maybe := func() *types.Val {
		if m.IntN(4) == 0 {
			return nil
		}
		return sub()
	}
	switch m.IntN(9) {
	case 0, 1:
		return must(m.List(sub()))
	case 2:
		var fs []types.Field
		for i := range 1 + m.IntN(6) {
			fs = append(fs, types.Field{Label: fmt.Sprintf("f%d", i), Type: sub()})
		}
		return must(m.Record(fs))
	case 3:
		var ts []*types.Val
		for range 1 + m.IntN(4) {
			ts = append(ts, sub())
		}
		return must(m.Tuple(ts...))
	case 4:
		var cs []types.Case
		for i := range 1 + m.IntN(5) {
			cs = append(cs, types.Case{Label: fmt.Sprintf("c%d", i), Type: maybe()})
		}
		return must(m.Variant(cs))
	case 5:
		return must(m.Enum(labels(1 + m.IntN(300))))
	case 6:
		return must(m.Option(sub()))
	case 7:
		return must(m.Result(maybe(), maybe()))
	}
	return must(m.Flags(labels(1 + m.IntN(32))))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func labels(n int) (ls []string) {
	for i := range n {
		ls = append(ls, fmt.Sprintf("l%d", i))
	}
	return ls
}

// watTypes writes types in the text format of components. Types that need a name get one, and
// are exported or imported under it.
type watTypes struct {
	b       strings.Builder
	names   map[*types.Val]string
	imports bool
}

func (w *watTypes) val(v *types.Val) string {
	switch v.Kind {
	case types.List:
		return "(list " + w.val(v.Elem) + ")"
	case types.Tuple:
		var b strings.Builder
		for _, f := range v.Fields {
			b.WriteString(" " + w.val(f.Type))
		}
		return "(tuple" + b.String() + ")"
	case types.Option:
		return "(option " + w.val(v.Cases[1].Type) + ")"
	case types.Result:
		s := "(result"
		if t := v.Cases[0].Type; t != nil {
			s += " " + w.val(t)
		}
		if t := v.Cases[1].Type; t != nil {
			s += " (error " + w.val(t) + ")"
		}
		return s + ")"
	case types.Record, types.Variant, types.Enum, types.Flags:
		return w.named(v)
	}
	return v.Kind.String()
}

func (w *watTypes) named(v *types.Val) string {
	if n := w.names[v]; n != "" {
		return n
	}
	var b strings.Builder
	switch v.Kind {
	case types.Record:
		b.WriteString("(record")
		for _, f := range v.Fields {
			fmt.Fprintf(&b, " (field %q %s)", f.Label, w.val(f.Type))
		}
	case types.Variant:
		b.WriteString("(variant")
		for _, c := range v.Cases {
			fmt.Fprintf(&b, " (case %q", c.Label)
			if c.Type != nil {
				b.WriteString(" " + w.val(c.Type))
			}
			b.WriteString(")")
		}
	case types.Enum:
		b.WriteString("(enum")
		for _, c := range v.Cases {
			fmt.Fprintf(&b, " %q", c.Label)
		}
	case types.Flags:
		b.WriteString("(flags")
		for _, l := range v.Labels {
			fmt.Fprintf(&b, " %q", l)
		}
	}
	n := fmt.Sprintf("$t%d", len(w.names))
	if w.imports {
		fmt.Fprintf(&w.b, "(type %s' %s)) (export %q (type %s (eq %s')))\n", n, b.String(), n[1:], n, n)
	} else {
		fmt.Fprintf(&w.b, "(type %s' %s)) (export %s %q (type %s'))\n", n, b.String(), n, n[1:], n)
	}
	w.names[v] = n
	return n
}

// function writes the type of a function, after the types that it needs.
func (w *watTypes) function(f *types.Func) string {
	var b strings.Builder
	for _, p := range f.Params {
		fmt.Fprintf(&b, " (param %q %s)", p.Name, w.val(p.Type))
	}
	if f.Result != nil {
		fmt.Fprintf(&b, " (result %s)", w.val(f.Result))
	}
	return b.String()
}

// imageMaker fills a guest's memory with values, most of them valid.
type imageMaker struct {
	*rand.Rand
	mem  []byte
	next uint32 // free memory
}

func (m *imageMaker) put(at uint32, n uint32, v uint64) {
	for i := range n {
		m.mem[at+i] = byte(v >> (8 * i))
	}
}

func (m *imageMaker) rarely() bool { return m.IntN(60) == 0 }

// scalar returns the bits of a value that is one, for a place in memory or a core value.
func (m *imageMaker) scalar(v *types.Val) uint64 {
	x := m.Uint64()
	switch v.Kind {
	case types.Char:
		if !m.rarely() {
			x = uint64([]rune{'a', 0, 0xd7ff, 0xe000, 0x10ffff, 'ä'}[m.IntN(6)])
		}
	case types.F32, types.F64:
		if m.IntN(3) == 0 {
			x |= 0x7ff80000_7fc00000 // a NaN either way
		}
	case types.Bool:
		x = uint64(m.IntN(4))
	}
	return x
}

// run places the elements of a list or the bytes of a string and returns address and length.
func (m *imageMaker) run(v *types.Val) (p, n uint32) {
	if m.rarely() {
		return m.Uint32(), m.Uint32() >> m.IntN(32)
	}
	if v.Kind == types.String {
		s := []string{"", "plain text that is longer than a vector of bytes", "häßlich", "日本語のテキスト", "🙂🙃", "\xff", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ends early \xe6\x97", "\xc0\x80"}[m.IntN(5+5*m.IntN(2))]
		s = strings.Repeat("ab ", m.IntN(10)) + s + strings.Repeat("é", m.IntN(3))
		p = m.alloc(uint32(len(s)), 1)
		copy(m.mem[p:], s)
		return p, uint32(len(s))
	}
	n = uint32(m.IntN(4))
	p = m.alloc(n*v.Elem.Size, v.Elem.Align)
	for i := range n {
		m.store(v.Elem, p+i*v.Elem.Size)
	}
	if m.rarely() {
		p++
	}
	return p, n
}

func (m *imageMaker) alloc(size, align uint32) uint32 {
	p := (m.next + align - 1) &^ (align - 1)
	if p+size > imageEnd {
		return 0 // what lies there will do
	}
	m.next = p + size
	return p
}

func (m *imageMaker) disc(v *types.Val) uint32 {
	if m.rarely() {
		return m.Uint32()
	}
	return uint32(m.IntN(len(v.Cases)))
}

// store stores a value at an address.
func (m *imageMaker) store(v *types.Val, at uint32) {
	switch v.Kind {
	case types.String, types.List:
		p, n := m.run(v)
		m.put(at, 4, uint64(p))
		m.put(at+4, 4, uint64(n))
	case types.Record, types.Tuple:
		for _, f := range v.Fields {
			m.store(f.Type, at+f.Offset)
		}
	case types.Variant, types.Enum, types.Option, types.Result:
		d := m.disc(v)
		m.put(at, v.DiscSize, uint64(d))
		if int(d) < len(v.Cases) && v.Cases[d].Type != nil {
			m.store(v.Cases[d].Type, at+v.PayloadOffset)
		}
	default:
		m.put(at, v.Size, m.scalar(v))
	}
}

// flat returns a value as core values.
func (m *imageMaker) flat(v *types.Val) (bits []uint64) {
	switch v.Kind {
	case types.String, types.List:
		p, n := m.run(v)
		return []uint64{uint64(p), uint64(n)}
	case types.Record, types.Tuple:
		for _, f := range v.Fields {
			bits = append(bits, m.flat(f.Type)...)
		}
		return bits
	case types.Variant, types.Enum, types.Option, types.Result:
		d := m.disc(v)
		bits = []uint64{uint64(d)}
		if int(d) < len(v.Cases) && v.Cases[d].Type != nil {
			bits = append(bits, m.flat(v.Cases[d].Type)...)
		}
		for len(bits) < v.FlatCount {
			bits = append(bits, m.Uint64())
		}
		return bits
	}
	x := m.scalar(v)
	if v.Flat[0] == corewasm.I32 || v.Flat[0] == corewasm.F32 {
		x = uint64(uint32(x)) // joined with wider types its upper half is zero
	}
	return []uint64{x}
}
