package abitest

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// LowerFlat lowers v to core values (Canonical ABI, lower_flat).
func (e *Env) LowerFlat(t wit.Type, v any) []uint64 {
	if fs := fields(t); fs != nil {
		var flat []uint64
		for i, f := range fs {
			flat = append(flat, e.LowerFlat(f, v.([]any)[i])...)
		}
		return flat
	}
	if cs := cases(t); cs != nil {
		c := v.(Case)
		flat := []uint64{uint64(c.Index)}
		if payload := payloadOf(cs, c); payload != nil {
			flat = append(flat, e.LowerFlat(payload, c.Value)...)
		}
		for len(flat) < len(flatten(t)) {
			flat = append(flat, e.junk())
		}
		return flat
	}
	switch t := resolve(t).(type) {
	case *wit.List:
		return e.list(t.Elem, v.([]any))
	case wit.Primitive:
		return e.lowerPrimitive(t, v)
	case *wit.TypeDef: // flags
		return []uint64{v.(uint64) | e.junk()<<labels(t)&0xffffffff}
	default:
		return []uint64{e.lower(t, v)}
	}
}

// lowerPrimitive lowers a value of a primitive type. Signed integers are sign-extended to the
// width of their core type, everything is zero-extended from there.
func (e *Env) lowerPrimitive(t wit.Primitive, v any) []uint64 {
	switch v := v.(type) {
	case bool:
		if v {
			return []uint64{e.nonzero()}
		}
		return []uint64{0}
	case uint64:
		return []uint64{e.dirty(v, t)}
	case int64:
		if t == wit.S64 {
			return []uint64{uint64(v)}
		}
		return []uint64{e.dirty(uint64(uint32(v)), t)}
	case Bits:
		return []uint64{e.dirtyNaN(uint64(v), t)}
	case rune:
		return []uint64{uint64(v)}
	}
	s := v.(string)
	p := e.alloc(uint32(len(s)), 1)
	copy(e.mem[p:], s)
	return []uint64{uint64(p), uint64(len(s))}
}

// LiftFlat lifts a value from the first of the core values, and removes these (Canonical
// ABI, lift_flat).
func (e *Env) LiftFlat(t wit.Type, flat *[]uint64) any {
	if fs := fields(t); fs != nil {
		var v []any
		for _, f := range fs {
			v = append(v, e.LiftFlat(f, flat))
		}
		return v
	}
	if cs := cases(t); cs != nil {
		rest := (*flat)[1:len(flatten(t))]
		c := Case{Index: int((*flat)[0])}
		if payload := cs[c.Index]; payload != nil {
			c.Value = e.LiftFlat(payload, &rest)
		}
		for _, unused := range rest {
			if unused != 0 {
				panic("abitest: unused core value of a case is not 0")
			}
		}
		*flat = (*flat)[len(flatten(t)):]
		return c
	}
	next := func() uint64 {
		v := (*flat)[0]
		*flat = (*flat)[1:]
		return v
	}
	switch t := resolve(t).(type) {
	case *wit.List:
		p := uint32(next())
		return e.loadList(t.Elem, p, uint32(next()))
	case wit.Primitive:
		return e.liftPrimitive(t, next)
	case *wit.TypeDef: // flags
		return next()
	default:
		v := next()
		if v>>32 != 0 {
			panic(fmt.Sprintf("abitest: handle %#x is no i32", v))
		}
		return e.lift(t, uint32(v))
	}
}

// liftPrimitive lifts a value of a primitive type, and insists on the form that
// lowerPrimitive gives it.
func (e *Env) liftPrimitive(t wit.Primitive, next func() uint64) any {
	v := next()
	if t == wit.String {
		n := next()
		return string(e.mem[v : v+n])
	}
	var lifted any
	switch t {
	case wit.Bool:
		lifted = v == 1
	case wit.S8:
		lifted = int64(int8(v))
	case wit.S16:
		lifted = int64(int16(v))
	case wit.S32:
		lifted = int64(int32(v))
	case wit.S64:
		lifted = int64(v)
	case wit.U8:
		lifted = uint64(uint8(v))
	case wit.U16:
		lifted = uint64(uint16(v))
	case wit.U32:
		lifted = uint64(uint32(v))
	case wit.U64:
		lifted = v
	case wit.F32:
		lifted = Bits(uint32(v))
	case wit.F64:
		lifted = Bits(v)
	case wit.Char:
		lifted = rune(uint32(v))
	}
	clean := &Env{}
	if want := clean.lowerPrimitive(t, lifted)[0]; v != want {
		panic(fmt.Sprintf("abitest: %s %v was lowered to %#x, not %#x", t, lifted, v, want))
	}
	return lifted
}
