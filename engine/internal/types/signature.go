package types

import (
	"slices"

	"github.com/spinhost/spin/internal/corewasm"
)

// SignatureOptions are the canonical options that a core signature depends on.
type SignatureOptions struct {
	Async    bool
	Callback bool
	Memory64 bool // the memory option names a 64-bit memory
}

func ptrFlat(memory64 bool) FlatType {
	if memory64 {
		return corewasm.I64
	}
	return corewasm.I32
}

// LiftSignature is the type of the core function that f is lifted from
// (Canonical ABI, flatten_functype for "lift").
func (f *Func) LiftSignature(o SignatureOptions) corewasm.FuncType {
	sig := corewasm.FuncType{Params: f.flatParams(MaxFlatParams, o)}
	switch n := f.ResultFlatCount(); {
	case o.Async && o.Callback:
		sig.Results = []FlatType{corewasm.I32}
	case o.Async || n == 0:
	case n > MaxFlatResults:
		sig.Results = []FlatType{ptrFlat(o.Memory64)}
	default:
		sig.Results = slices.Clone(f.Result.FlatParts(o.Memory64))
	}
	return sig
}

// LowerSignature is the type of the core function that f is lowered to
// (Canonical ABI, flatten_functype for "lower").
func (f *Func) LowerSignature(o SignatureOptions) corewasm.FuncType {
	n := f.ResultFlatCount()
	if o.Async {
		sig := corewasm.FuncType{Params: f.flatParams(MaxFlatAsyncParams, o), Results: []FlatType{corewasm.I32}}
		if n > 0 {
			sig.Params = append(sig.Params, ptrFlat(o.Memory64))
		}
		return sig
	}
	sig := corewasm.FuncType{Params: f.flatParams(MaxFlatParams, o)}
	switch {
	case n > MaxFlatResults:
		sig.Params = append(sig.Params, ptrFlat(o.Memory64))
	case n > 0:
		sig.Results = slices.Clone(f.Result.FlatParts(o.Memory64))
	}
	return sig
}

// flatParams gives the parameters as core values, or as one pointer if there
// are more than limit. The slice is the caller's.
func (f *Func) flatParams(limit int, o SignatureOptions) []FlatType {
	switch {
	case f.ParamFlatCount > limit:
		return []FlatType{ptrFlat(o.Memory64)}
	case o.Memory64:
		return slices.Clone(f.paramFlat64)
	}
	return slices.Clone(f.ParamFlat)
}
