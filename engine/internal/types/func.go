package types

import (
	"encoding/binary"
	"math"
)

// Func is a function type. It is made by an [Arena] and never changes.
type Func struct {
	Params []Param
	Result *Val // nil without result
	Async  bool

	// The parameters as one tuple in a 32-bit memory, which is how they are passed
	// when there are too many of them to be passed as core values.
	ParamSize, ParamAlign uint32

	// The parameters as core values when pointers are i32; nil when there are more
	// than MaxFlat, and ParamFlatCount is then MaxFlat+1.
	ParamFlat      []FlatType
	ParamFlatCount int

	// Scalars reports that all parameters, passed as core values, and the result are numbers,
	// bools, chars or flags.
	Scalars bool

	paramFlat64 []FlatType
	size64      uint64
	align64     uint32
	hasResource bool
	arena       *Arena
}

// Param is a parameter of a function.
type Param struct {
	Name   string
	Type   *Val
	Offset uint32 // in the tuple of all parameters

	offset64 uint64
}

// Func makes a function type; result may be nil. Offsets are filled in.
func (a *Arena) Func(params []Param, result *Val, async bool) (*Func, error) {
	for i := range params {
		params[i].Type = a.own(params[i].Type)
	}
	f := &Func{Params: params, Result: a.own(result), Async: async}
	if result != nil && result.HasBorrow {
		return nil, errorf("the result of a function cannot contain a borrow")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.key = f.appendKey(a.key[:0])
	if old := a.funcs[string(a.key)]; old != nil {
		return old, nil
	}
	if err := f.measure(); err != nil {
		return nil, err
	}
	if a.funcs == nil {
		a.funcs = map[string]*Func{}
	}
	f.arena = a
	a.funcs[string(a.key)] = f
	return f, nil
}

func (f *Func) appendKey(b []byte) []byte {
	b = appendID(append(b, 0), f.Result)
	if f.Async {
		b[0] = 1
	}
	b = binary.AppendUvarint(b, uint64(len(f.Params)))
	for _, p := range f.Params {
		b = appendID(appendLabel(b, p.Name), p.Type)
	}
	return b
}

func (f *Func) measure() error {
	var at, align, at64, align64 uint64 = 0, 1, 0, 1
	var b32, b64 flatBuilder
	for i := range f.Params {
		p := &f.Params[i]
		at = alignTo(at, uint64(p.Type.Align))
		p.Offset = uint32(min(at, math.MaxUint32))
		at += uint64(p.Type.Size)
		align = max(align, uint64(p.Type.Align))
		p.offset64 = alignTo(at64, p.Type.align64)
		at64 = p.offset64 + p.Type.size64
		align64 = max(align64, p.Type.align64)
		b32.val(p.Type, ptrFlat(false))
		b64.val(p.Type, ptrFlat(true))
	}
	if at = alignTo(at, align); at > math.MaxUint32 {
		return errorf("the parameters of the function take %d bytes: a 32-bit memory cannot hold them", at)
	}
	f.ParamSize, f.ParamAlign = uint32(at), uint32(align)
	f.size64, f.align64 = alignTo(at64, align64), uint32(align64)
	f.ParamFlat, f.ParamFlatCount = b32.finish()
	f.paramFlat64, _ = b64.finish()
	f.Scalars = f.ParamFlatCount <= MaxFlatParams
	f.each(func(v *Val) {
		f.hasResource = f.hasResource || v.hasResource
		f.Scalars = f.Scalars && (v.IsNumber || v.Kind == Bool || v.Kind == Char || v.Kind == Flags)
	})
	return nil
}

// ResultFlatCount is how many core values the result takes, MaxFlat+1 standing
// for all higher numbers.
func (f *Func) ResultFlatCount() int {
	if f.Result == nil {
		return 0
	}
	return f.Result.FlatCount
}

// each calls g for every type that f refers to directly.
func (f *Func) each(g func(*Val)) {
	for i := range f.Params {
		g(f.Params[i].Type)
	}
	if f.Result != nil {
		g(f.Result)
	}
}
