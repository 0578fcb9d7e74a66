package abitest

import (
	"math"
	"math/rand/v2"
	"unicode/utf8"

	"github.com/spinhost/spin/hostapi/wit"
)

// junk returns bits that do not count.
func (e *Env) junk() uint64 {
	if e.Rand == nil {
		return 0
	}
	return e.Rand.Uint64()
}

// nonzero returns an i32 that means true.
func (e *Env) nonzero() uint64 { return max(1, e.junk()&0xffffffff) }

// dirty sets bits of an i32 that the type is too small for.
func (e *Env) dirty(v uint64, t wit.Primitive) uint64 {
	switch t {
	case wit.U8, wit.S8:
		return v ^ e.junk()<<8&0xffffffff
	case wit.U16, wit.S16:
		return v ^ e.junk()<<16&0xffffffff
	}
	return v
}

// dirtyNaN returns another NaN for a NaN.
func (e *Env) dirtyNaN(v uint64, t wit.Primitive) uint64 {
	switch {
	case t == wit.F32 && v == canonicalNaN32:
		return v | e.junk()&0x803fffff
	case t == wit.F64 && v == canonicalNaN64:
		return v | e.junk()&0x8007ffffffffffff
	}
	return v
}

const (
	canonicalNaN32 = 0x7fc00000
	canonicalNaN64 = 0x7ff8000000000000
)

// Random returns a value of type t.
func (e *Env) Random(r *rand.Rand, t wit.Type) any {
	if fs := fields(t); fs != nil {
		var v []any
		for _, f := range fs {
			v = append(v, e.Random(r, f))
		}
		return v
	}
	if cs := cases(t); cs != nil {
		c := Case{Index: r.IntN(len(cs))}
		if payload := cs[c.Index]; payload != nil {
			c.Value = e.Random(r, payload)
		}
		return c
	}
	switch t := resolve(t).(type) {
	case *wit.List:
		return e.randomList(r, t.Elem, r.IntN(4))
	case *wit.Stream:
		return &Channel{Elems: e.randomList(r, t.Elem, r.IntN(4))}
	case *wit.Future:
		return &Channel{Elems: e.randomList(r, t.Elem, 1)}
	case *wit.Own:
		return e.New(t.Resource.ID())
	case *wit.Borrow:
		return e.New(t.Resource.ID())
	case wit.Primitive:
		return randomPrimitive(r, t)
	default: // flags
		return r.Uint64() & (1<<labels(t) - 1)
	}
}

// randomList returns n values, each nil if there is no type.
func (e *Env) randomList(r *rand.Rand, t wit.Type, n int) []any {
	v := make([]any, n)
	for i := range v {
		if t != nil {
			v[i] = e.Random(r, t)
		}
	}
	return v
}

// Spoil returns v, a t, with one of its cases replaced by one that there is not; nil if v has
// no cases.
func Spoil(r *rand.Rand, t wit.Type, v any) any {
	sites := 0
	visitCases(t, v, func(Case, int) Case { sites++; return Case{} })
	if sites == 0 {
		return nil
	}
	chosen := r.IntN(sites)
	return visitCases(t, v, func(c Case, n int) Case {
		if chosen--; chosen == -1 {
			return Case{Index: n + r.IntN(2)}
		}
		return c
	})
}

// visitCases returns v with every case replaced by what f makes of it and of the number of
// cases that its type has. It does not look into channels.
func visitCases(t wit.Type, v any, f func(c Case, n int) Case) any {
	if fs := fields(t); fs != nil {
		var list []any
		for i, x := range v.([]any) {
			list = append(list, visitCases(fs[i], x, f))
		}
		return list
	}
	if cs := cases(t); cs != nil {
		c := v.(Case)
		if cs[c.Index] != nil {
			c.Value = visitCases(cs[c.Index], c.Value, f)
		}
		return f(c, len(cs))
	}
	if l, ok := resolve(t).(*wit.List); ok {
		list := []any{}
		for _, x := range v.([]any) {
			list = append(list, visitCases(l.Elem, x, f))
		}
		return list
	}
	return v
}

func randomPrimitive(r *rand.Rand, t wit.Primitive) any {
	bits := r.Uint64()
	if r.IntN(4) == 0 {
		bits = []uint64{0, 1, math.MaxUint64, 0x7f, 0x80, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 1 << 63}[r.IntN(10)]
	}
	switch t {
	case wit.Bool:
		return bits&1 == 1
	case wit.S8:
		return int64(int8(bits))
	case wit.S16:
		return int64(int16(bits))
	case wit.S32:
		return int64(int32(bits))
	case wit.S64:
		return int64(bits)
	case wit.U8:
		return bits & 0xff
	case wit.U16:
		return bits & 0xffff
	case wit.U32:
		return bits & 0xffffffff
	case wit.U64:
		return bits
	case wit.F32:
		if f := math.Float32frombits(uint32(bits)); f != f || r.IntN(8) == 0 {
			return Bits(canonicalNaN32)
		}
		return Bits(uint32(bits))
	case wit.F64:
		if f := math.Float64frombits(bits); f != f || r.IntN(8) == 0 {
			return Bits(canonicalNaN64)
		}
		return Bits(bits)
	case wit.Char:
		return randomChar(r)
	}
	s := make([]rune, r.IntN(6))
	for i := range s {
		s[i] = randomChar(r)
	}
	return string(s)
}

func randomChar(r *rand.Rand) rune {
	for {
		c := rune(r.IntN(0x80))
		if r.IntN(2) == 0 {
			c = rune(r.IntN(utf8.MaxRune + 1))
		}
		if utf8.ValidRune(c) {
			return c
		}
	}
}
