package corewasm

import "fmt"

// nonNull is the bit that tells a nullable reference to an abstract heap type
// from one that cannot be null.
const nonNull = 0x40

// The abstract heap types, by the bytes of the nullable references to them.
const (
	heapExn      = 0x69
	heapArray    = 0x6a
	heapStruct   = 0x6b
	heapI31      = 0x6c
	heapEq       = 0x6d
	heapAny      = 0x6e
	heapExtern   = 0x6f
	heapFunc     = 0x70
	heapNone     = 0x71
	heapNoExtern = 0x72
	heapNoFunc   = 0x73
	heapNoExn    = 0x74
)

var heapNames = [...]string{
	0: "exn", heapArray - heapExn: "array", heapStruct - heapExn: "struct",
	heapI31 - heapExn: "i31", heapEq - heapExn: "eq", heapAny - heapExn: "any",
	heapExtern - heapExn: "extern", heapFunc - heapExn: "func", heapNone - heapExn: "none",
	heapNoExtern - heapExn: "noextern", heapNoFunc - heapExn: "nofunc", heapNoExn - heapExn: "noexn",
}

// RefType is the type of references to a heap type as the format has it: a
// negative number whose low seven bits are the byte of an abstract type, or the
// index of a type.
func RefType(heap int64, nullable bool) ValType {
	short := byte(heap & 0x7f)
	if heap >= 0 || heap < -64 || short < heapExn || short > heapNoExn {
		return OtherRef
	}
	if nullable {
		return ValType(short)
	}
	return ValType(short &^ nonNull)
}

// heap is the abstract heap type that t refers to; ok is false if t is no
// reference or one to a type of the module.
func (t ValType) heap() (heap byte, nullable, ok bool) {
	heap = byte(t) | nonNull
	return heap, byte(t) == heap, heap >= heapExn && heap <= heapNoExn && t != OtherRef
}

func (t ValType) refString() string {
	switch heap, nullable, ok := t.heap(); {
	case !ok:
		return fmt.Sprintf("ref(%#x)", byte(t))
	case nullable:
		return heapNames[heap-heapExn] + "ref"
	default:
		return "(ref " + heapNames[heap-heapExn] + ")"
	}
}

// subtypeOf reports whether every value of type t is known to be one of type u
// (core specification, "Reference types" under "Matching").
func (t ValType) subtypeOf(u ValType) bool {
	a, aNull, ok := t.heap()
	if !ok {
		return t.equal(u)
	}
	b, bNull, ok := u.heap()
	return ok && (bNull || !aNull) && heapSubtype(a, b)
}

func heapSubtype(a, b byte) bool {
	if a == b {
		return true
	}
	switch a {
	case heapNone:
		return b == heapI31 || b == heapStruct || b == heapArray || b == heapEq || b == heapAny
	case heapI31, heapStruct, heapArray:
		return b == heapEq || b == heapAny
	case heapEq:
		return b == heapAny
	case heapNoFunc:
		return b == heapFunc
	case heapNoExtern:
		return b == heapExtern
	case heapNoExn:
		return b == heapExn
	}
	return false
}

// matches reports whether a global of type t may be given where want is wanted:
// one that never changes may be of a subtype.
func (t GlobalType) matches(want GlobalType) bool {
	if t.Mutable || want.Mutable {
		return t.Mutable == want.Mutable && t.Type.equal(want.Type)
	}
	return t.Type.subtypeOf(want.Type)
}
