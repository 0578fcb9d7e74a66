package canon

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// The model computes layout and flat forms slowly and plainly, from the structure of types
// alone (Canonical ABI: Alignment, Element Size, Flattening). wide is for 64-bit memories.

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

func discSize(n int) uint64 {
	switch {
	case n <= 1<<8:
		return 1
	case n <= 1<<16:
		return 2
	}
	return 4
}

func flagsSize(n int) uint64 {
	switch {
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	}
	return 4
}

func ptrSize(wide bool) uint64 {
	if wide {
		return 8
	}
	return 4
}

func alignOf(t *types.Val, wide bool) uint64 {
	a := uint64(1)
	switch t.Kind {
	case types.Bool, types.S8, types.U8:
		return 1
	case types.S16, types.U16:
		return 2
	case types.S32, types.U32, types.F32, types.Char, types.ErrorContext,
		types.Own, types.Borrow, types.Stream, types.Future:
		return 4
	case types.S64, types.U64, types.F64:
		return 8
	case types.String, types.List, types.Map:
		return ptrSize(wide)
	case types.FixedList:
		return alignOf(t.Elem, wide)
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			a = max(a, alignOf(p, wide))
		}
		return a
	case types.Variant, types.Enum, types.Option, types.Result:
		return max(discSize(len(t.Cases)), payloadAlign(t, wide))
	case types.Flags:
		return flagsSize(len(t.Labels))
	}
	panic(t.Kind)
}

func payloadAlign(t *types.Val, wide bool) uint64 {
	a := uint64(1)
	_, ps := cases(t)
	for _, p := range ps {
		if p != nil {
			a = max(a, alignOf(p, wide))
		}
	}
	return a
}

func alignUp(p, a uint64) uint64 { return (p + a - 1) / a * a }

func sizeOf(t *types.Val, wide bool) uint64 {
	s := uint64(0)
	switch t.Kind {
	case types.String, types.List, types.Map:
		return 2 * ptrSize(wide)
	case types.FixedList:
		return uint64(t.Len) * sizeOf(t.Elem, wide)
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			s = alignUp(s, alignOf(p, wide)) + sizeOf(p, wide)
		}
		return alignUp(s, alignOf(t, wide))
	case types.Variant, types.Enum, types.Option, types.Result:
		_, ps := cases(t)
		for _, p := range ps {
			if p != nil {
				s = max(s, sizeOf(p, wide))
			}
		}
		return alignUp(alignUp(discSize(len(t.Cases)), payloadAlign(t, wide))+s, alignOf(t, wide))
	}
	return alignOf(t, wide)
}

func ptrType(wide bool) corewasm.ValType {
	if wide {
		return corewasm.I64
	}
	return corewasm.I32
}

func flatOf(t *types.Val, wide bool) (f []corewasm.ValType) {
	switch t.Kind {
	case types.S64, types.U64:
		return []corewasm.ValType{corewasm.I64}
	case types.F32:
		return []corewasm.ValType{corewasm.F32}
	case types.F64:
		return []corewasm.ValType{corewasm.F64}
	case types.String, types.List, types.Map:
		return []corewasm.ValType{ptrType(wide), ptrType(wide)}
	case types.FixedList:
		for range t.Len {
			f = append(f, flatOf(t.Elem, wide)...)
		}
		return f
	case types.Record, types.Tuple:
		for _, p := range parts(t) {
			f = append(f, flatOf(p, wide)...)
		}
		return f
	case types.Variant, types.Enum, types.Option, types.Result:
		return append([]corewasm.ValType{corewasm.I32}, payloadFlat(t, wide)...)
	}
	return []corewasm.ValType{corewasm.I32}
}

// payloadFlat joins the flat forms of a variant's payloads.
func payloadFlat(t *types.Val, wide bool) (f []corewasm.ValType) {
	_, ps := cases(t)
	for _, p := range ps {
		if p == nil {
			continue
		}
		for i, ft := range flatOf(p, wide) {
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
