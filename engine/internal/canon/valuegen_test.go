package canon

import (
	"fmt"
	"math"
	"reflect"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

// randomType makes a type of at most the given depth.
func (d *dice) randomType(w *world, depth int) *types.Val {
	a := &w.arena
	prims := []types.Kind{
		types.Bool, types.S8, types.U8, types.S16, types.U16, types.S32, types.U32, types.S64, types.U64,
		types.F32, types.F64, types.Char, types.String,
	}
	if d.one(20) {
		return a.Primitive(types.ErrorContext)
	}
	must := func(v *types.Val, err error) *types.Val {
		if err != nil {
			panic(err)
		}
		return v
	}
	part := func() *types.Val { return d.randomType(w, depth-1) }
	maybe := func() *types.Val {
		if d.one(3) {
			return nil
		}
		return part()
	}
	k := d.int(24)
	if depth <= 0 {
		k = d.int(16)
	}
	switch k {
	case 13: // flags of every size
		labels := make([]string, 1+d.int(32))
		for i := range labels {
			labels[i] = fmt.Sprint("f", i)
		}
		return must(a.Flags(labels))
	case 14:
		labels := make([]string, pick(d, 1, 2, 3, 255, 256, 257))
		for i := range labels {
			labels[i] = fmt.Sprint("e", i)
		}
		return must(a.Enum(labels))
	case 15:
		switch n := d.int(4); {
		case n == 2 && d.channels:
			return must(a.Stream(a.Primitive(types.U16)))
		case n == 3 && d.channels:
			return must(a.Future(a.Primitive(types.String)))
		case n%2 == 0:
			return a.Own(w.res["r"])
		}
		return a.Borrow(w.res["r"])
	case 16, 17:
		return must(a.List(part()))
	case 18:
		fields := make([]types.Field, 1+d.int(5))
		for i := range fields {
			fields[i] = types.Field{Label: fmt.Sprint("f", i), Type: part()}
		}
		return must(a.Record(fields))
	case 19:
		ts := make([]*types.Val, 1+d.int(4))
		for i := range ts {
			ts[i] = part()
		}
		return must(a.Tuple(ts...))
	case 20:
		cases := make([]types.Case, 1+d.int(4))
		if d.one(20) {
			cases = make([]types.Case, 300)
		}
		for i := range cases {
			cases[i] = types.Case{Label: fmt.Sprint("c", i)}
			if i < 4 {
				cases[i].Type = maybe()
			}
		}
		return must(a.Variant(cases))
	case 21:
		return must(a.Option(part()))
	case 22:
		return must(a.Result(maybe(), maybe()))
	case 23:
		if d.one(2) {
			return must(a.FixedList(part(), uint32(1+d.int(5))))
		}
		key := prims[d.int(len(prims))]
		if key == types.F32 || key == types.F64 {
			key = types.String
		}
		return must(a.Map(a.Primitive(key), part()))
	}
	return a.Primitive(prims[k%len(prims)])
}

// randomValue makes a value of type t, preferably from the edges.
func (d *dice) randomValue(t *types.Val) any {
	bits := d.u64()
	if d.one(2) {
		bits = pick[uint64](d, 0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 1<<63-1, 1<<63, 1<<64-1)
	}
	switch t.Kind {
	case types.Bool:
		return bits&1 == 1
	case types.S8:
		return int8(bits)
	case types.U8:
		return uint8(bits)
	case types.S16:
		return int16(bits)
	case types.U16:
		return uint16(bits)
	case types.S32:
		return int32(bits)
	case types.U32:
		return uint32(bits)
	case types.S64:
		return int64(bits)
	case types.U64:
		return bits
	case types.F32:
		f := math.Float32frombits(uint32(bits))
		if d.one(3) {
			f = pick(d, 0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.SmallestNonzeroFloat32)
		}
		if f != f {
			return math.Float32frombits(0x7fc00000)
		}
		return f
	case types.F64:
		f := math.Float64frombits(bits)
		if d.one(3) {
			f = pick(d, 0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), math.SmallestNonzeroFloat64)
		}
		if f != f {
			return math.Float64frombits(0x7ff8000000000000)
		}
		return f
	case types.Char:
		return value.Char(pick[rune](d, 0, 'a', 0x7f, 0x80, 0xd7ff, 0xe000, 0xffff, 0x10000, utf8.MaxRune))
	case types.String:
		return d.randomText()
	case types.List:
		return d.elements(t.Elem, d.length())
	case types.FixedList:
		return d.elements(t.Elem, int(t.Len))
	case types.Map:
		m := []value.MapEntry{}
		for range d.length() {
			m = append(m, value.MapEntry{Key: d.randomValue(t.MapKey()), Value: d.randomValue(t.MapValue())})
		}
		return m
	case types.Record, types.Tuple:
		var vs []any
		for _, p := range parts(t) {
			vs = append(vs, d.randomValue(p))
		}
		return aggregate(t, vs)
	case types.Variant, types.Enum, types.Option, types.Result:
		n := d.int(len(t.Cases))
		if d.one(4) {
			n = len(t.Cases) - 1
		}
		var x any
		if p := t.Cases[n].Type; p != nil {
			x = d.randomValue(p)
		}
		return caseOf(t, uint32(n), x)
	case types.Flags:
		f := value.Flags{}
		for i, l := range t.Labels {
			if bits>>i&1 == 1 {
				f = append(f, l)
			}
		}
		return f
	case types.Own, types.Borrow:
		return abi.Resource{Rep: uint32(bits)}
	case types.ErrorContext:
		return &value.ErrorContext{DebugMessage: pick(d, "", "why", "weil es so ist: \u20ac")}
	case types.Stream, types.Future:
		return &channel{elem: t.Elem, future: t.Kind == types.Future}
	}
	panic(t.Kind)
}

// randomText makes a string, as often as not one of ASCII or Latin-1 alone.
func (d *dice) randomText() (s string) {
	some := []string{"a", "\x00", "\x7f", "plain text", "\u0080", "é", "ÿ", "\u0100", "\ud7ff", "\ue000", "￿", "𐀀", "\U0010ffff"}
	some = some[:pick(d, 4, 7, len(some))]
	for range d.int(6) {
		s += pick(d, some...)
	}
	return s
}

func (d *dice) length() int { return pick(d, 0, 0, 1, 2, 3, 7) }

func (d *dice) elements(t *types.Val, n int) any {
	if t.Kind == types.U8 {
		b := make([]byte, n)
		for i := range b {
			b[i] = d.byte()
		}
		return b
	}
	es := []any{}
	for range n {
		es = append(es, d.randomValue(t))
	}
	return es
}

// same reports whether two values are equal, floats by their bits.
func same(a, b any) bool { return reflect.DeepEqual(bitwise(a), bitwise(b)) }

// bitwise replaces floats by their bits, and handles and texts by what they stand for.
func bitwise(x any) any {
	switch x := x.(type) {
	case float32:
		return [1]uint32{math.Float32bits(x)}
	case float64:
		return [1]uint64{math.Float64bits(x)}
	case abi.Resource:
		return [2]uint32{x.Rep, 1}
	case *value.ErrorContext:
		return *x
	case *channel:
		return fmt.Sprintf("%p", x)
	case text:
		return x.s
	case []any:
		out := []any{}
		for _, e := range x {
			out = append(out, bitwise(e))
		}
		return out
	case value.Tuple:
		return [1]any{bitwise([]any(x))}
	case value.Record:
		out := value.Record{}
		for _, f := range x {
			out = append(out, value.Field{Name: f.Name, Value: bitwise(f.Value)})
		}
		return out
	case []value.MapEntry:
		out := []value.MapEntry{}
		for _, e := range x {
			out = append(out, value.MapEntry{Key: bitwise(e.Key), Value: bitwise(e.Value)})
		}
		return out
	case value.Variant:
		return value.Variant{Case: x.Case, Value: bitwise(x.Value)}
	case value.Option:
		return value.Option{Some: x.Some, Value: bitwise(x.Value)}
	case value.Result:
		return value.Result{OK: x.OK, Value: bitwise(x.Value)}
	}
	return x
}

// mapResources replaces the handles in x.
func mapResources(x any, f func(abi.Resource) abi.Resource) any {
	each := func(vs []any) []any {
		out := []any{}
		for _, v := range vs {
			out = append(out, mapResources(v, f))
		}
		return out
	}
	switch x := x.(type) {
	case abi.Resource:
		return f(x)
	case []any:
		return each(x)
	case value.Tuple:
		return value.Tuple(each(x))
	case value.Record:
		out := value.Record{}
		for _, p := range x {
			out = append(out, value.Field{Name: p.Name, Value: mapResources(p.Value, f)})
		}
		return out
	case []value.MapEntry:
		out := []value.MapEntry{}
		for _, e := range x {
			out = append(out, value.MapEntry{Key: e.Key, Value: mapResources(e.Value, f)})
		}
		return out
	case value.Variant:
		return value.Variant{Case: x.Case, Value: mapResources(x.Value, f)}
	case value.Option:
		return value.Option{Some: x.Some, Value: mapResources(x.Value, f)}
	case value.Result:
		return value.Result{OK: x.OK, Value: mapResources(x.Value, f)}
	}
	return x
}
