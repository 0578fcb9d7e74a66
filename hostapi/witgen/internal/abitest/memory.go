package abitest

import (
	"encoding/binary"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
)

// Case is a value of a variant, option, result or enum.
type Case struct {
	Index int
	Value any // nil if the case has no payload
}

// payloadOf is the type of a case's payload, nil also for a case that there is not.
func payloadOf(cs []wit.Type, c Case) wit.Type {
	if c.Index >= len(cs) {
		return nil
	}
	return cs[c.Index]
}

// Bits are the bits of a float.
type Bits uint64

// Store lowers v to address p (Canonical ABI, store).
func (e *Env) Store(t wit.Type, v any, p uint32) {
	if fs := fields(t); fs != nil {
		for i, f := range fs {
			p = alignTo(p, alignment(f))
			e.Store(f, v.([]any)[i], p)
			p += elemSize(f)
		}
		return
	}
	if cs := cases(t); cs != nil {
		c := v.(Case)
		e.storeInt(uint64(c.Index), p, discriminant(cs))
		if payload := payloadOf(cs, c); payload != nil {
			e.Store(payload, c.Value, alignTo(p+discriminant(cs), maxCaseAlignment(cs)))
		}
		return
	}
	if v, ok := v.(bool); ok && v {
		e.storeInt(max(1, e.nonzero()&0xff), p, 1)
		return
	}
	switch flat := e.LowerFlat(t, v); len(flat) {
	case 2: // a pointer and a length
		e.storeInt(flat[0], p, 4)
		e.storeInt(flat[1], p+4, 4)
	default:
		e.storeInt(flat[0], p, elemSize(t))
	}
}

func (e *Env) storeInt(v uint64, p, size uint32) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(e.mem[p:p+size], b[:])
}

func (e *Env) loadInt(p, size uint32) uint64 {
	var b [8]byte
	copy(b[:], e.mem[p:p+size])
	return binary.LittleEndian.Uint64(b[:])
}

// Load lifts the value at address p (Canonical ABI, load).
func (e *Env) Load(t wit.Type, p uint32) any {
	if fs := fields(t); fs != nil {
		var v []any
		for _, f := range fs {
			p = alignTo(p, alignment(f))
			v = append(v, e.Load(f, p))
			p += elemSize(f)
		}
		return v
	}
	if cs := cases(t); cs != nil {
		c := Case{Index: int(e.loadInt(p, discriminant(cs)))}
		if payload := cs[c.Index]; payload != nil {
			c.Value = e.Load(payload, alignTo(p+discriminant(cs), maxCaseAlignment(cs)))
		}
		return c
	}
	flat := []uint64{e.loadInt(p, elemSize(t))}
	if len(flatten(t)) == 2 {
		flat = []uint64{e.loadInt(p, 4), e.loadInt(p+4, 4)}
	}
	switch resolve(t) {
	case wit.S8:
		flat[0] = uint64(uint32(int8(flat[0])))
	case wit.S16:
		flat[0] = uint64(uint32(int16(flat[0])))
	}
	return e.LiftFlat(t, &flat)
}

// list lowers elements to memory of their own (Canonical ABI, store_list_into_range).
func (e *Env) list(t wit.Type, v []any) []uint64 {
	size := elemSize(t)
	p := e.alloc(uint32(len(v))*size, alignment(t))
	for i, x := range v {
		e.Store(t, x, p+uint32(i)*size)
	}
	return []uint64{uint64(p), uint64(len(v))}
}

func (e *Env) loadList(t wit.Type, p, n uint32) []any {
	v := []any{}
	for i := range n {
		v = append(v, e.Load(t, p+i*elemSize(t)))
	}
	return v
}

// lower gives the guest a handle, of which it can give up or lend what it stands for.
func (e *Env) lower(t wit.Type, v any) uint64 {
	switch t := t.(type) {
	case *wit.Own:
		return uint64(e.Handle(t.Resource.ID(), v))
	case *wit.Borrow:
		return uint64(e.Handle(t.Resource.ID(), v))
	}
	return uint64(e.addChannel(t, v.(*Channel)))
}

// lift takes a handle from the guest's table.
func (e *Env) lift(t wit.Type, i uint32) any {
	kind, id := abi.KindResource, ""
	switch t := t.(type) {
	case *wit.Own:
		id = t.Resource.ID()
	case *wit.Borrow:
		id = t.Resource.ID()
	default:
		return e.takeChannel(t, i)
	}
	x, err := e.table.Get(i, kind)
	if err != nil {
		panic(err)
	}
	if _, own := t.(*wit.Own); x.Type != e.Type(id) || x.Own != own {
		panic("abitest: handle of another type")
	}
	v := x.Obj
	e.table.Remove(i)
	return v
}
