package canon

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"unicode/utf16"
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
	wide   bool // a 64-bit memory
	enc    abi.Encoding
	heap   uint64
	dice   *dice                            // chooses the bits that do not matter; nil: zero
	handle func(t *types.Val, x any) uint32 // makes a handle
	rep    func(t *types.Val, h uint32) (any, error)
	steps  int       // how many parts a lifted value may still have
	calls  []realloc // of the allocator
	nans   []nan     // that were stored: their other bits do not matter
}

// nan is where a NaN of so many bytes lies.
type nan struct{ at, size uint64 }

// realloc is one call of a guest's allocator.
type realloc struct{ old, oldSize, align, size uint64 }

// text is a string as the model lifts it: with the form in which it lies in memory.
type text struct {
	s    string
	enc  abi.Encoding
	wide bool // in UTF-16
}

func (t text) units() uint64 {
	switch {
	case t.wide:
		return uint64(len(utf16.Encode([]rune(t.s))))
	case t.enc == abi.UTF8:
		return uint64(len(t.s))
	}
	return uint64(len([]rune(t.s)))
}

func (m *model) size(t *types.Val) uint64  { return sizeOf(t, m.wide) }
func (m *model) align(t *types.Val) uint64 { return alignOf(t, m.wide) }
func (m *model) ptr(p uint64) uint64       { return m.int(p, ptrSize(m.wide)) }
func (m *model) putPtr(p, v uint64)        { m.putInt(p, ptrSize(m.wide), v) }
func (m *model) tag() uint64               { return 1 << (8*ptrSize(m.wide) - 1) }

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

func (m *model) int(p, n uint64) uint64 {
	var b [8]byte
	copy(b[:], m.mem[p:p+n])
	return binary.LittleEndian.Uint64(b[:])
}

func (m *model) putInt(p, n uint64, v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(m.mem[p:p+n], b[:n])
}

func (m *model) check(p, size, align uint64) {
	trapIf(p%align != 0, "unaligned")
	trapIf(new(big.Int).Add(u(p), u(size)).Cmp(u(uint64(len(m.mem)))) > 0, "out of bounds")
}

func u(v uint64) *big.Int { return new(big.Int).SetUint64(v) }

// tooLong traps lists and strings of n elements of so many bytes.
func tooLong(n, size uint64) {
	trapIf(new(big.Int).Mul(u(n), u(size)).Cmp(u(1<<28-1)) > 0, "too long")
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
	case types.Own, types.Borrow, types.ErrorContext, types.Stream, types.Future:
		x, err := m.rep(t, uint32(bits))
		if err != nil {
			panic(modelTrap(err.Error()))
		}
		return x
	}
	panic(t.Kind)
}

// load lifts a value from memory; p is valid for it.
func (m *model) load(t *types.Val, p uint64) any {
	m.step(1)
	switch t.Kind {
	case types.String, types.List, types.Map:
		return m.pointed(t, m.ptr(p), m.ptr(p+ptrSize(m.wide)))
	case types.FixedList:
		return m.elements(t.Elem, p, uint64(t.Len))
	case types.Record, types.Tuple:
		var vs []any
		for _, ft := range parts(t) {
			p = alignUp(p, m.align(ft))
			vs = append(vs, m.load(ft, p))
			p += m.size(ft)
		}
		return aggregate(t, vs)
	case types.Variant, types.Enum, types.Option, types.Result:
		n := discSize(len(t.Cases))
		d := uint32(m.int(p, n))
		trapIf(uint64(d) >= uint64(len(t.Cases)), "case")
		var x any
		if pt := t.Cases[d].Type; pt != nil {
			x = m.load(pt, alignUp(p+n, payloadAlign(t, m.wide)))
		}
		return caseOf(t, d, x)
	}
	return m.scalar(t, m.int(p, m.size(t)))
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
func (m *model) pointed(t *types.Val, p, n uint64) any {
	if t.Kind == types.String {
		return m.text(p, n)
	}
	tooLong(n, m.size(t.Elem))
	m.check(p, n*m.size(t.Elem), m.align(t.Elem))
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

// text lifts a string of n code units at p (Canonical ABI, load_string_from_range).
func (m *model) text(p, n uint64) any {
	t := text{enc: m.enc, wide: m.enc == abi.UTF16}
	if m.enc == abi.Latin1UTF16 && n&m.tag() != 0 {
		t.wide, n = true, n^m.tag()
	}
	size, align := uint64(1), uint64(1)
	if t.wide {
		size = 2
	}
	if m.enc != abi.UTF8 {
		align = 2
	}
	tooLong(n, size)
	m.check(p, n*size, align)
	m.step(int(n / 16))
	b := m.mem[p : p+n*size]
	switch {
	case t.wide:
		var us []uint16
		for i := 0; i < len(b); i += 2 {
			us = append(us, binary.LittleEndian.Uint16(b[i:]))
		}
		for i := 0; i < len(us); i++ {
			if r := rune(us[i]); utf16.IsSurrogate(r) {
				trapIf(i+1 == len(us) || utf16.DecodeRune(r, rune(us[i+1])) == utf8.RuneError, "utf-16")
				i++
			}
		}
		t.s = string(utf16.Decode(us))
	case m.enc == abi.UTF8:
		trapIf(!utf8.Valid(b), "utf-8")
		t.s = string(b)
	default:
		for _, c := range b {
			t.s += string(rune(c))
		}
	}
	return t
}

func (m *model) elements(t *types.Val, p, n uint64) any {
	if t.Kind == types.U8 {
		return append([]byte{}, m.mem[p:p+n]...)
	}
	es := []any{}
	for i := range n {
		es = append(es, m.load(t, p+i*m.size(t)))
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
		p := next()
		n := next()
		if !m.wide {
			p, n = uint64(uint32(p)), uint64(uint32(n))
		}
		return m.pointed(t, p, n)
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
		have := payloadFlat(t, m.wide)
		rest := (*vi)[len(have):]
		var x any
		if pt := t.Cases[d].Type; pt != nil {
			ps := append([]uint64(nil), (*vi)[:len(have)]...)
			for i, want := range flatOf(pt, m.wide) {
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
	if f := flatOf(t, m.wide)[0]; f == corewasm.I32 || f == corewasm.F32 {
		v = uint64(uint32(v))
	}
	return m.scalar(t, v)
}

func (m *model) String() string { return fmt.Sprintf("model of %d bytes", len(m.mem)) }
