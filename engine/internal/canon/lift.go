package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

// hostSize is about what a dynamic value takes in the host's memory, in bytes.
const hostSize = 32

// liftAny makes a Go value of any type: the slow way, for callers that know types only at
// run time. The memory is one of 32 bits.
func (t *Tree) liftAny(v *types.Val, p place) any {
	if p.g.Failed() || !p.g.Spend(hostSize) {
		return nil
	}
	switch v.Kind {
	case types.String:
		return p.g.String(p.u32(), p.length().u32())
	case types.List:
		return t.liftList(v.Elem, p)
	case types.FixedList:
		return t.liftFixedList(v, p)
	case types.Map:
		from, n := p.liftList(v.Elem)
		m := make([]value.MapEntry, n)
		for i := range m {
			e := t.liftFields(v.Elem, from.element(v.Elem, uint32(i)))
			m[i] = value.MapEntry{Key: e[0].Value, Value: e[1].Value}
		}
		return m
	case types.Record:
		return t.liftFields(v, p)
	case types.Tuple:
		fields := t.liftFields(v, p)
		tuple := make(value.Tuple, len(fields))
		for i, f := range fields {
			tuple[i] = f.Value
		}
		return tuple
	case types.Variant, types.Enum, types.Option, types.Result:
		return t.liftCase(v, p)
	case types.Flags:
		return liftFlags(v, p)
	case types.Own:
		return p.g.TakeOwn(p.u32(), t.res[v.Resource.Index])
	case types.Borrow:
		return p.g.Lend(p.u32(), t.res[v.Resource.Index])
	case types.ErrorContext:
		return liftErrorContext(p)
	case types.Stream, types.Future:
		if liftEnd(v, p) != nil { // else it says what is wrong with the handle
			p.g.Trapf("a %s cannot be passed as a dynamic value", v.Kind)
		}
		return nil
	}
	return liftScalar(v, p)
}

func liftScalar(v *types.Val, p place) any {
	x := p.scalar(v)
	switch v.Kind {
	case types.Bool:
		return x != 0
	case types.S8:
		return int8(x)
	case types.U8:
		return uint8(x)
	case types.S16:
		return int16(x)
	case types.U16:
		return uint16(x)
	case types.S32:
		return int32(x)
	case types.U32:
		return uint32(x)
	case types.S64:
		return int64(x)
	case types.U64:
		return x
	case types.F32:
		return abi.CanonF32(uint32(x))
	case types.F64:
		return abi.CanonF64(x)
	case types.Char:
		return value.Char(x)
	}
	p.g.Trapf("a %s cannot be passed as a dynamic value", v.Kind)
	return nil
}

func (t *Tree) liftList(elem *types.Val, p place) any {
	if elem.Kind == types.U8 {
		return p.g.Bytes(p.u32(), p.length().u32())
	}
	from, n := p.liftList(elem)
	list := make([]any, n)
	for i := range list {
		list[i] = t.liftAny(elem, from.element(elem, uint32(i)))
	}
	return list
}

// liftList checks the list of elem whose pointer and length lie at p.
func (p place) liftList(elem *types.Val) (from place, n int) {
	ptr, count := p.u32(), p.length().u32()
	n = p.g.List(ptr, count, elem.Size, elem.Align, hostSize)
	return inMemory(p.g, uint64(ptr)), n
}

func (t *Tree) liftFixedList(v *types.Val, p place) any {
	if v.Elem.Kind == types.U8 {
		if !p.g.Spend(uint64(v.Len)) {
			return nil
		}
		octets := make([]byte, v.Len)
		for i := range v.Len {
			octets[i] = uint8(p.element(v.Elem, i).raw(1))
		}
		return octets
	}
	if !p.g.Spend(uint64(v.Len) * hostSize) {
		return nil
	}
	list := make([]any, v.Len)
	for i := range v.Len {
		list[i] = t.liftAny(v.Elem, p.element(v.Elem, i))
	}
	return list
}

func (t *Tree) liftFields(v *types.Val, p place) value.Record {
	r := make(value.Record, len(v.Fields))
	flat := 0
	for i, f := range v.Fields {
		r[i] = value.Field{Name: f.Label, Value: t.liftAny(f.Type, p.step(flat, uint64(f.Offset)))}
		flat += f.Type.FlatCount
	}
	return r
}

func (t *Tree) liftCase(v *types.Val, p place) any {
	d := p.disc(v)
	if p.g.Failed() {
		return nil
	}
	c := v.Cases[d]
	var x any
	if c.Type != nil {
		x = t.liftAny(c.Type, p.payload(v))
	}
	switch v.Kind {
	case types.Enum:
		return value.Enum(c.Label)
	case types.Option:
		return value.Option{Some: d == 1, Value: x}
	case types.Result:
		return value.Result{OK: d == 0, Value: x}
	}
	return value.Variant{Case: c.Label, Value: x}
}

func liftFlags(v *types.Val, p place) value.Flags {
	bits := p.scalar(v)
	f := value.Flags{}
	for i, l := range v.Labels {
		if bits>>i&1 != 0 {
			f = append(f, l)
		}
	}
	return f
}
