package canon

import (
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

// lowerAny lowers a Go value of the form that liftAny makes.
func (t *Tree) lowerAny(v *types.Val, x any, p place) {
	if p.g.Failed() {
		return
	}
	switch v.Kind {
	case types.String:
		if s, ok := x.(string); ok {
			p.putPair(p.g.LowerString(s))
			return
		}
	case types.List:
		t.lowerList(v, x, p)
		return
	case types.FixedList:
		t.lowerFixedList(v, x, p)
		return
	case types.Map:
		if m, ok := x.([]value.MapEntry); ok {
			t.lowerMap(v.Elem, m, p)
			return
		}
	case types.Record, types.Tuple:
		t.lowerFields(v, x, p)
		return
	case types.Variant, types.Enum, types.Option, types.Result:
		t.lowerCase(v, x, p)
		return
	case types.Flags:
		if f, ok := x.(value.Flags); ok {
			lowerFlags(v, f, p)
			return
		}
	case types.Own:
		p.putU32(p.g.GiveOwn(x, t.res[v.Resource.Index]))
		return
	case types.Borrow:
		p.putU32(p.g.GiveBorrow(x, t.res[v.Resource.Index]))
		return
	case types.ErrorContext:
		if c, ok := x.(*value.ErrorContext); ok && c != nil {
			t.lowerErrorContext(c, p)
			return
		}
	default:
		if bits, ok := scalarBits(v.Kind, x); ok {
			p.putRaw(v.Size, bits)
			return
		}
	}
	p.mismatch(v, x)
}

// putPair stores a pointer and a length, unless there is none.
func (p place) putPair(ptr, n uint32) {
	if !p.g.Failed() {
		p.putList(uint64(ptr), uint64(n))
	}
}

func (p place) mismatch(v *types.Val, x any) { p.g.Fail(&value.TypeError{Want: v.String(), Got: x}) }

// scalarBits returns x in the bits of its core type.
func scalarBits(k types.Kind, x any) (uint64, bool) {
	switch x := x.(type) {
	case bool:
		return uint64(abi.BoolBits(x)), k == types.Bool
	case int8:
		return uint64(uint32(int32(x))), k == types.S8
	case uint8:
		return uint64(x), k == types.U8
	case int16:
		return uint64(uint32(int32(x))), k == types.S16
	case uint16:
		return uint64(x), k == types.U16
	case int32:
		return uint64(uint32(x)), k == types.S32
	case uint32:
		return uint64(x), k == types.U32
	case int64:
		return uint64(x), k == types.S64
	case uint64:
		return x, k == types.U64
	case float32:
		return uint64(abi.F32Bits(x)), k == types.F32
	case float64:
		return abi.F64Bits(x), k == types.F64
	case value.Char:
		return uint64(abi.CharBits(rune(x))), k == types.Char
	}
	return 0, false
}

func (t *Tree) lowerList(v *types.Val, x any, p place) {
	switch x := x.(type) {
	case []byte:
		if v.Elem.Kind == types.U8 {
			p.putPair(p.g.LowerBytes(x))
			return
		}
	case []any:
		to, n := p.g.LowerList(len(x), v.Elem.Size, v.Elem.Align)
		for i := range n {
			t.lowerAny(v.Elem, x[i], inMemory(p.g, uint64(to)).element(v.Elem, i))
		}
		p.putPair(to, n)
		return
	}
	p.mismatch(v, x)
}

func (t *Tree) lowerFixedList(v *types.Val, x any, p place) {
	switch list := x.(type) {
	case []byte:
		if v.Elem.Kind == types.U8 && len(list) == int(v.Len) {
			for i, b := range list {
				p.element(v.Elem, uint32(i)).putRaw(1, uint64(b))
			}
			return
		}
	case []any:
		if len(list) == int(v.Len) {
			for i := range v.Len {
				t.lowerAny(v.Elem, list[i], p.element(v.Elem, i))
			}
			return
		}
	}
	p.mismatch(v, x)
}

func (t *Tree) lowerMap(entry *types.Val, m []value.MapEntry, p place) {
	to, n := p.g.LowerList(len(m), entry.Size, entry.Align)
	for i := range n {
		t.lowerFields(entry, value.Tuple{m[i].Key, m[i].Value}, inMemory(p.g, uint64(to)).element(entry, i))
	}
	p.putPair(to, n)
}

func (t *Tree) lowerFields(v *types.Val, x any, p place) {
	var values []any
	switch x := x.(type) {
	case value.Tuple:
		values = x
	case value.Record:
		for i, f := range x {
			if i < len(v.Fields) && f.Name == v.Fields[i].Label {
				values = append(values, f.Value)
			}
		}
	}
	if len(values) != len(v.Fields) {
		p.mismatch(v, x)
		return
	}
	flat := 0
	for i, f := range v.Fields {
		t.lowerAny(f.Type, values[i], p.step(flat, uint64(f.Offset)))
		flat += f.Type.FlatCount
	}
}

func (t *Tree) lowerCase(v *types.Val, x any, p place) {
	label, payload := "", any(nil)
	switch x := x.(type) {
	case value.Variant:
		label, payload = x.Case, x.Value
	case value.Enum:
		label = string(x)
	case value.Option:
		if label = "none"; x.Some {
			label, payload = "some", x.Value
		}
	case value.Result:
		if label, payload = "error", x.Value; x.OK {
			label = "ok"
		}
	}
	d := slices.IndexFunc(v.Cases, func(c types.Case) bool { return c.Label == label })
	if d < 0 || (v.Cases[d].Type == nil) != (payload == nil) {
		p.mismatch(v, x)
		return
	}
	p.putRaw(v.DiscSize, uint64(d))
	for i := 1; p.flat != nil && i < v.FlatCount; i++ {
		p.flat.Set(int(p.at)+i, 0)
	}
	if c := v.Cases[d].Type; c != nil {
		t.lowerAny(c, payload, p.payload(v))
	}
}

func lowerFlags(v *types.Val, f value.Flags, p place) {
	var bits uint64
	for _, name := range f {
		i := slices.Index(v.Labels, name)
		if i < 0 {
			p.mismatch(v, f)
			return
		}
		bits |= 1 << i
	}
	p.putRaw(v.Size, bits)
}
