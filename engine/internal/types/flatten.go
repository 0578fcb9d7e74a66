package types

import "github.com/spinhost/spin/internal/corewasm"

// FlatType is the type of a core value: corewasm.I32, I64, F32 or F64.
type FlatType = corewasm.ValType

// Limits of the flattened form of functions (Canonical ABI, "Flattening").
const (
	MaxFlatParams      = 16
	MaxFlatAsyncParams = 4
	MaxFlatResults     = 1

	// MaxFlat is the largest of them: longer flat forms are never used.
	MaxFlat = MaxFlatParams
)

// flatten sets v's flat forms (Canonical ABI, flatten_type).
func (v *Val) flatten() {
	v.Flat, v.FlatCount = v.flat(corewasm.I32)
	v.flat64 = v.Flat
	if v.HasPointer {
		v.flat64, _ = v.flat(corewasm.I64)
	}
}

func (v *Val) flat(ptr FlatType) ([]FlatType, int) {
	var b flatBuilder
	switch v.Kind {
	case S64, U64:
		b.add(corewasm.I64)
	case F32:
		b.add(corewasm.F32)
	case F64:
		b.add(corewasm.F64)
	case String, List, Map:
		b.add(ptr, ptr)
	case FixedList:
		for n := v.Len; n > 0 && b.fits(); n-- {
			b.val(v.Elem, ptr)
		}
	case Record, Tuple:
		for _, f := range v.Fields {
			b.val(f.Type, ptr)
		}
	case Variant, Enum, Option, Result:
		b.add(corewasm.I32)
		for _, c := range v.Cases {
			if c.Type != nil {
				b.join(1, c.Type, ptr)
			}
		}
	default: // bool, small integers, char, flags, handles
		b.add(corewasm.I32)
	}
	return b.finish()
}

// flatBuilder collects up to MaxFlat core types.
type flatBuilder struct {
	types [MaxFlat]FlatType
	n     int // MaxFlat+1: too many
}

func (b *flatBuilder) fits() bool { return b.n <= MaxFlat }

func (b *flatBuilder) add(ts ...FlatType) {
	if b.n+len(ts) > MaxFlat {
		b.n = MaxFlat + 1
		return
	}
	b.n += copy(b.types[b.n:], ts)
}

func (b *flatBuilder) val(v *Val, ptr FlatType) {
	if v.FlatCount > MaxFlat {
		b.n = MaxFlat + 1
		return
	}
	b.add(v.FlatParts(ptr == corewasm.I64)...)
}

// join overlays v's core types on those from index at on (flatten_variant).
func (b *flatBuilder) join(at int, v *Val, ptr FlatType) {
	if at+v.FlatCount > MaxFlat || !b.fits() {
		b.n = MaxFlat + 1
		return
	}
	for i, t := range v.FlatParts(ptr == corewasm.I64) {
		if at+i < b.n {
			b.types[at+i] = join(b.types[at+i], t)
		} else {
			b.add(t)
		}
	}
}

func (b *flatBuilder) finish() ([]FlatType, int) {
	if !b.fits() {
		return nil, MaxFlat + 1
	}
	return append([]FlatType{}, b.types[:b.n]...), b.n
}

// join is the tightest core type that holds both (Canonical ABI, join).
func join(a, b FlatType) FlatType {
	switch {
	case a == b:
		return a
	case a == corewasm.I32 && b == corewasm.F32, a == corewasm.F32 && b == corewasm.I32:
		return corewasm.I32
	}
	return corewasm.I64
}
