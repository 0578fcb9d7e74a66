package canon

import (
	"math"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/internal/corewasm"
)

// This is the model's lowering. With dice it is what guests do themselves: where bits do not
// matter the dice chooses them. Without, it is what the Canonical ABI says of the host, to the
// call of the allocator.

// alloc takes memory, with gaps.
func (m *model) alloc(size, align uint64) uint64 {
	if m.dice == nil {
		return m.realloc(0, 0, align, size)
	}
	p := alignUp(m.heap+m.any(12), align)
	m.heap = p + size
	trapIf(m.heap > uint64(len(m.mem)), "model is out of memory")
	return p
}

// realloc is what component.bump is.
func (m *model) realloc(old, oldSize, align, size uint64) uint64 {
	m.calls = append(m.calls, realloc{old, oldSize, align, size})
	p := alignUp(m.heap, align)
	trapIf(p+size > uint64(len(m.mem)), "model is out of memory")
	m.heap = p + size
	copy(m.mem[p:p+size], m.mem[old:old+min(oldSize, size)])
	return p
}

// any returns a number below n that does not matter.
func (m *model) any(n uint64) uint64 {
	if m.dice == nil {
		return 0
	}
	return m.dice.below(n)
}

// bits are those of a scalar in a core value or in n bytes, where width is of the type itself:
// what lies above it does not matter.
func (m *model) bits(t *types.Val, x any, n uint64) uint64 {
	var v uint64
	width := 8 * n
	switch x := x.(type) {
	case bool:
		if !x {
			return 0
		}
		if n == 1 {
			return 1 + m.any(255)
		}
		return 1 + m.any(1<<32-1)
	case int8:
		v, width = uint64(uint8(x)), 8
	case uint8:
		v, width = uint64(x), 8
	case int16:
		v, width = uint64(uint16(x)), 16
	case uint16:
		v, width = uint64(x), 16
	case int32:
		v = uint64(uint32(x))
	case uint32:
		v = uint64(x)
	case int64:
		v = uint64(x)
	case uint64:
		v = x
	case float32:
		if v = uint64(math.Float32bits(x)); x != x && m.dice != nil {
			v = 0x7f800001 | m.any(1<<22)<<1 | m.any(2)<<31
		}
	case float64:
		if v = math.Float64bits(x); x != x && m.dice != nil {
			v = 0x7ff0000000000001 | m.any(1<<51)<<1 | m.any(2)<<63
		}
	case value.Char:
		v = uint64(x)
	case value.Flags:
		for _, l := range x {
			v |= 1 << slices.Index(t.Labels, l)
		}
		width = uint64(len(t.Labels))
	case abi.Resource, *value.ErrorContext, *channel:
		return uint64(m.handle(t, x))
	}
	if signed := t.Kind == types.S8 || t.Kind == types.S16; m.dice == nil && signed && v>>(width-1) == 1 {
		return v | (1<<(8*n)-1)&^(1<<width-1)
	}
	if width < 8*n {
		v |= m.any(1<<(8*n-width)) << width
	}
	return v
}

// store lowers x to p, which is valid for it.
func (m *model) store(t *types.Val, x any, p uint64) {
	switch t.Kind {
	case types.String, types.List, types.Map:
		a, n := m.point(t, x)
		m.putPtr(p, a)
		m.putPtr(p+ptrSize(m.wide), n)
	case types.FixedList:
		m.storeElements(t.Elem, list(x), p)
	case types.Record, types.Tuple:
		for i, ft := range parts(t) {
			p = alignUp(p, m.align(ft))
			m.store(ft, field(x, i), p)
			p += m.size(ft)
		}
	case types.Variant, types.Enum, types.Option, types.Result:
		d, payload := split(t, x)
		n := discSize(len(t.Cases))
		m.putInt(p, n, uint64(d))
		if pt := t.Cases[d].Type; pt != nil {
			m.store(pt, payload, alignUp(p+n, payloadAlign(t, m.wide)))
		}
	default:
		if isNaN(x) {
			m.nans = append(m.nans, nan{p, m.size(t)})
		}
		m.putInt(p, m.size(t), m.bits(t, x, m.size(t)))
	}
}

func isNaN(x any) bool {
	switch x := x.(type) {
	case float32:
		return x != x
	case float64:
		return x != x
	}
	return false
}

// list gives the elements of a list or map.
func list(x any) []any {
	var es []any
	switch x := x.(type) {
	case []any:
		return x
	case []byte:
		for _, b := range x {
			es = append(es, b)
		}
	case []value.MapEntry:
		for _, e := range x {
			es = append(es, value.Tuple{e.Key, e.Value})
		}
	}
	return es
}

func field(x any, i int) any {
	if r, ok := x.(value.Record); ok {
		return r[i].Value
	}
	return x.(value.Tuple)[i]
}

// split gives the case and the payload of what is a variant.
func split(t *types.Val, x any) (d int, payload any) {
	switch x := x.(type) {
	case value.Enum:
		return slices.IndexFunc(t.Cases, func(c types.Case) bool { return c.Label == string(x) }), nil
	case value.Option:
		if x.Some {
			d = 1
		}
		return d, x.Value
	case value.Result:
		if !x.OK {
			d = 1
		}
		return d, x.Value
	}
	v := x.(value.Variant)
	return slices.IndexFunc(t.Cases, func(c types.Case) bool { return c.Label == v.Case }), v.Value
}

// point stores what a string, list or map points to.
func (m *model) point(t *types.Val, x any) (p, n uint64) {
	switch x := x.(type) {
	case string:
		return m.putText(text{s: x})
	case text:
		return m.putText(x)
	}
	es := list(x)
	p = m.alloc(uint64(len(es))*m.size(t.Elem), m.align(t.Elem))
	m.storeElements(t.Elem, es, p)
	return p, uint64(len(es))
}

func (m *model) storeElements(t *types.Val, es []any, p uint64) {
	for i, e := range es {
		m.store(t, e, p+uint64(i)*m.size(t))
	}
}

// lowerFlat lowers x to core values.
func (m *model) lowerFlat(t *types.Val, x any) (f []uint64) {
	switch t.Kind {
	case types.String, types.List, types.Map:
		p, n := m.point(t, x)
		return []uint64{p, n}
	case types.FixedList:
		for _, e := range list(x) {
			f = append(f, m.lowerFlat(t.Elem, e)...)
		}
		return f
	case types.Record, types.Tuple:
		for i, ft := range parts(t) {
			f = append(f, m.lowerFlat(ft, field(x, i))...)
		}
		return f
	case types.Variant, types.Enum, types.Option, types.Result:
		d, payload := split(t, x)
		have := payloadFlat(t, m.wide)
		if pt := t.Cases[d].Type; pt != nil {
			f = m.lowerFlat(pt, payload)
			for i, ft := range flatOf(pt, m.wide) {
				if have[i] == corewasm.I64 && (ft == corewasm.I32 || ft == corewasm.F32) {
					f[i] = f[i]&0xffffffff | m.any(1<<32)<<32
				}
			}
		}
		for len(f) < len(have) {
			f = append(f, m.any(1<<62))
		}
		return append([]uint64{uint64(d)}, f...)
	}
	n := uint64(4)
	if ft := flatOf(t, m.wide)[0]; ft == corewasm.I64 || ft == corewasm.F64 {
		n = 8
	}
	return []uint64{m.bits(t, x, n)}
}
