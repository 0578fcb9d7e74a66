package canon

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/internal/corewasm"
)

// The model lifts and lowers values slowly and plainly, from the structure of their types
// alone (Canonical ABI: Alignment, Element Size, Loading, Storing, Flattening, Flat Lifting,
// Flat Lowering). Values have the forms of package value; handles are representations.
type model struct {
	mem    []byte
	heap   uint32
	dice   *dice                                 // chooses the bits that do not matter; nil: zero
	handle func(t *types.Val, rep uint32) uint32 // makes a handle
	rep    func(t *types.Val, h uint32) (uint32, error)
	steps  int // how many parts a lifted value may still have
}

// errSteps says that a value is too large for the model.
var errSteps = errors.New("model: too many steps")

// trapError is how the model traps.
type modelTrap string

func (e modelTrap) Error() string { return "model: " + string(e) }

func trapIf(cond bool, why string) {
	if cond {
		panic(modelTrap(why))
	}
}

// catch turns the model's traps into errors.
func catch(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case modelTrap:
			err = r
		case error:
			if r != errSteps {
				panic(r)
			}
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

// cases despecializes what is a variant: labels and payloads.
func cases(t *types.Val) (labels []string, payloads []*types.Val) {
	for _, c := range t.Cases {
		labels, payloads = append(labels, c.Label), append(payloads, c.Type)
	}
	return labels, payloads
}

// parts despecializes what is a record: the types of its fields.
func parts(t *types.Val) (ts []*types.Val) {
	for _, f := range t.Fields {
		ts = append(ts, f.Type)
	}
	return ts
}

func discSize(n int) uint32 {
	switch {
	case n <= 1<<8:
		return 1
	case n <= 1<<16:
		return 2
	}
	return 4
}

func flagsSize(n int) uint32 {
	switch {
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	}
	return 4
}

func alignOf(t *types.Val) uint32 {
	a := uint32(1)
	switch t.Kind {
	case types.Bool, types.S8, types.U8:
		return 1
	case types.S16, types.U16:
		return 2
	case types.S32, types.U32, types.F32, types.Char, types.String, types.List, types.Map,
		types.Own, types.Borrow, types.Stream, types.Future:
		return 4
	case types.S64, types.U64, types.F64:
		return 8
	case types.FixedList:
		return alignOf(t.Elem)
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			a = max(a, alignOf(p))
		}
		return a
	case types.Variant, types.Enum, types.Option, types.Result:
		return max(discSize(len(t.Cases)), payloadAlign(t))
	case types.Flags:
		return flagsSize(len(t.Labels))
	}
	panic(t.Kind)
}

func payloadAlign(t *types.Val) uint32 {
	a := uint32(1)
	_, ps := cases(t)
	for _, p := range ps {
		if p != nil {
			a = max(a, alignOf(p))
		}
	}
	return a
}

func alignUp(p, a uint32) uint32 { return (p + a - 1) / a * a }

func sizeOf(t *types.Val) uint32 {
	s := uint32(0)
	switch t.Kind {
	case types.String, types.List, types.Map:
		return 8
	case types.FixedList:
		return t.Len * sizeOf(t.Elem)
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			s = alignUp(s, alignOf(p)) + sizeOf(p)
		}
		return alignUp(s, alignOf(t))
	case types.Variant, types.Enum, types.Option, types.Result:
		_, ps := cases(t)
		for _, p := range ps {
			if p != nil {
				s = max(s, sizeOf(p))
			}
		}
		return alignUp(alignUp(discSize(len(t.Cases)), payloadAlign(t))+s, alignOf(t))
	}
	return alignOf(t)
}

func flatOf(t *types.Val) (f []corewasm.ValType) {
	switch t.Kind {
	case types.S64, types.U64:
		return []corewasm.ValType{corewasm.I64}
	case types.F32:
		return []corewasm.ValType{corewasm.F32}
	case types.F64:
		return []corewasm.ValType{corewasm.F64}
	case types.String, types.List, types.Map:
		return []corewasm.ValType{corewasm.I32, corewasm.I32}
	case types.FixedList:
		for range t.Len {
			f = append(f, flatOf(t.Elem)...)
		}
		return f
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			f = append(f, flatOf(p)...)
		}
		return f
	case types.Variant, types.Enum, types.Option, types.Result:
		return append([]corewasm.ValType{corewasm.I32}, payloadFlat(t)...)
	}
	return []corewasm.ValType{corewasm.I32}
}

// payloadFlat joins the flat forms of a variant's payloads.
func payloadFlat(t *types.Val) (f []corewasm.ValType) {
	_, ps := cases(t)
	for _, p := range ps {
		if p == nil {
			continue
		}
		for i, ft := range flatOf(p) {
			switch {
			case i == len(f):
				f = append(f, ft)
			case f[i] == ft:
			case f[i] != corewasm.I64 && f[i] != corewasm.F64 && ft != corewasm.I64 && ft != corewasm.F64:
				f[i] = corewasm.I32
			default:
				f[i] = corewasm.I64
			}
		}
	}
	return f
}

func (m *model) int(p, n uint32) uint64 {
	var b [8]byte
	copy(b[:], m.mem[p:p+n])
	return binary.LittleEndian.Uint64(b[:])
}

func (m *model) putInt(p, n uint32, v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(m.mem[p:p+n], b[:n])
}

func (m *model) check(p, size, align uint32) {
	trapIf(p%align != 0, "unaligned")
	trapIf(uint64(p)+uint64(size) > uint64(len(m.mem)), "out of bounds")
}

func (m *model) step(n int) {
	if m.steps -= n; m.steps < 0 {
		panic(errSteps)
	}
}

// scalar lifts what is one core value, given its bits.
func (m *model) scalar(t *types.Val, bits uint64) any {
	switch t.Kind {
	case types.Bool:
		return bits != 0
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
		if f := math.Float32frombits(uint32(bits)); f == f {
			return f
		}
		return math.Float32frombits(0x7fc00000)
	case types.F64:
		if f := math.Float64frombits(bits); f == f {
			return f
		}
		return math.Float64frombits(0x7ff8000000000000)
	case types.Char:
		trapIf(bits >= 0x110000 || bits >= 0xd800 && bits <= 0xdfff, "char")
		return value.Char(bits)
	case types.Flags:
		f := value.Flags{}
		for i, l := range t.Labels {
			if bits>>i&1 == 1 {
				f = append(f, l)
			}
		}
		return f
	case types.Own, types.Borrow:
		rep, err := m.rep(t, uint32(bits))
		if err != nil {
			panic(modelTrap(err.Error()))
		}
		return abi.Resource{Rep: rep}
	}
	panic(t.Kind)
}

// load lifts a value from memory; p is valid for it.
func (m *model) load(t *types.Val, p uint32) any {
	m.step(1)
	switch t.Kind {
	case types.String, types.List, types.Map:
		return m.pointed(t, uint32(m.int(p, 4)), uint32(m.int(p+4, 4)))
	case types.FixedList:
		return m.elements(t.Elem, p, t.Len)
	case types.Record, types.Tuple:
		var vs []any
		for _, ft := range parts(t) {
			p = alignUp(p, alignOf(ft))
			vs = append(vs, m.load(ft, p))
			p += sizeOf(ft)
		}
		return aggregate(t, vs)
	case types.Variant, types.Enum, types.Option, types.Result:
		n := discSize(len(t.Cases))
		d := uint32(m.int(p, n))
		trapIf(uint64(d) >= uint64(len(t.Cases)), "case")
		var x any
		if pt := t.Cases[d].Type; pt != nil {
			x = m.load(pt, alignUp(p+n, payloadAlign(t)))
		}
		return caseOf(t, d, x)
	}
	return m.scalar(t, m.int(p, sizeOf(t)))
}

func aggregate(t *types.Val, vs []any) any {
	if t.Kind == types.Tuple {
		return value.Tuple(vs)
	}
	r := make(value.Record, len(vs))
	for i, x := range vs {
		r[i] = value.Field{Name: t.Fields[i].Label, Value: x}
	}
	return r
}

func caseOf(t *types.Val, d uint32, x any) any {
	switch t.Kind {
	case types.Enum:
		return value.Enum(t.Cases[d].Label)
	case types.Option:
		return value.Option{Some: d == 1, Value: x}
	case types.Result:
		return value.Result{OK: d == 0, Value: x}
	}
	return value.Variant{Case: t.Cases[d].Label, Value: x}
}

// pointed lifts a string, list or map at p.
func (m *model) pointed(t *types.Val, p, n uint32) any {
	if t.Kind == types.String {
		trapIf(n > 1<<28-1, "too long")
		m.check(p, n, 1)
		s := m.mem[p : p+n]
		trapIf(!utf8.Valid(s), "utf-8")
		m.step(len(s) / 16)
		return string(s)
	}
	trapIf(uint64(n)*uint64(sizeOf(t.Elem)) > 1<<28-1, "too long")
	m.check(p, n*sizeOf(t.Elem), alignOf(t.Elem))
	es := m.elements(t.Elem, p, n)
	if t.Kind == types.Map {
		out := []value.MapEntry{}
		for _, e := range es.([]any) {
			kv := e.(value.Tuple)
			out = append(out, value.MapEntry{Key: kv[0], Value: kv[1]})
		}
		return out
	}
	return es
}

func (m *model) elements(t *types.Val, p, n uint32) any {
	if t.Kind == types.U8 {
		return append([]byte{}, m.mem[p:p+n]...)
	}
	es := []any{}
	for i := range n {
		es = append(es, m.load(t, p+i*sizeOf(t)))
	}
	return es
}

// liftFlat lifts a value from core values, whose bits are zero-extended.
func (m *model) liftFlat(t *types.Val, vi *[]uint64) any {
	m.step(1)
	next := func() uint64 {
		v := (*vi)[0]
		*vi = (*vi)[1:]
		return v
	}
	switch t.Kind {
	case types.String, types.List, types.Map:
		p := uint32(next())
		return m.pointed(t, p, uint32(next()))
	case types.FixedList:
		es := []any{}
		for range t.Len {
			es = append(es, m.liftFlat(t.Elem, vi))
		}
		if t.Elem.Kind == types.U8 {
			b := []byte{}
			for _, e := range es {
				b = append(b, e.(uint8))
			}
			return b
		}
		return es
	case types.Record, types.Tuple:
		var vs []any
		for _, ft := range parts(t) {
			vs = append(vs, m.liftFlat(ft, vi))
		}
		return aggregate(t, vs)
	case types.Variant, types.Enum, types.Option, types.Result:
		d := uint32(next())
		trapIf(uint64(d) >= uint64(len(t.Cases)), "case")
		have := payloadFlat(t)
		rest := (*vi)[len(have):]
		var x any
		if pt := t.Cases[d].Type; pt != nil {
			ps := append([]uint64(nil), (*vi)[:len(have)]...)
			for i, want := range flatOf(pt) {
				if want == corewasm.I32 || want == corewasm.F32 {
					ps[i] = uint64(uint32(ps[i])) // wrapped
				}
			}
			x = m.liftFlat(pt, &ps)
		}
		*vi = rest
		return caseOf(t, d, x)
	}
	v := next()
	if f := flatOf(t)[0]; f == corewasm.I32 || f == corewasm.F32 {
		v = uint64(uint32(v))
	}
	return m.scalar(t, v)
}

func (m *model) String() string { return fmt.Sprintf("model of %d bytes", len(m.mem)) }
