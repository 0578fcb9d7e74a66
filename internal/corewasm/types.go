package corewasm

import (
	"fmt"
	"slices"
	"strings"
)

// ValType is the type of a value, by its byte in the binary format.
type ValType byte

// The value types. References that cannot be null, such as (ref i31), have no
// byte of their own: theirs is that of the nullable one without nonNull. A
// reference to a type of the module, such as (ref $t), is OtherRef: it is known
// to be a reference and nothing else.
const (
	I32       ValType = 0x7f
	I64       ValType = 0x7e
	F32       ValType = 0x7d
	F64       ValType = 0x7c
	V128      ValType = 0x7b
	FuncRef   ValType = 0x70
	ExternRef ValType = 0x6f
	ExnRef    ValType = 0x69
	OtherRef  ValType = 0x63
)

// Numeric reports whether t is a number or a vector, that is, no reference.
func (t ValType) Numeric() bool { return t >= V128 && t <= I32 }

func (t ValType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case V128:
		return "v128"
	case FuncRef:
		return "funcref"
	case ExternRef:
		return "externref"
	case ExnRef:
		return "exnref"
	case OtherRef:
		return "ref"
	}
	return t.refString()
}

// equal takes two OtherRefs for equal, although they may differ: whether they do
// only the compiler knows, which checks imports again when it links them.
func (t ValType) equal(u ValType) bool { return t == u }

// FuncType is the type of a function.
type FuncType struct {
	Params, Results []ValType
}

// Equal reports whether t and u are the same type, as far as is known here: of
// references to types of modules nothing is.
func (t FuncType) Equal(u FuncType) bool {
	return slices.EqualFunc(t.Params, u.Params, ValType.equal) &&
		slices.EqualFunc(t.Results, u.Results, ValType.equal)
}

// Numeric reports whether t has no reference among its parameters and results.
func (t FuncType) Numeric() bool {
	ref := func(v ValType) bool { return !v.Numeric() }
	return !slices.ContainsFunc(t.Params, ref) && !slices.ContainsFunc(t.Results, ref)
}

// Slots is how many raw values a call of the type needs: arguments and results
// share the same places.
func (t FuncType) Slots() int { return max(len(t.Params), len(t.Results)) }

func (t FuncType) String() string {
	return "(" + join(t.Params) + ") -> (" + join(t.Results) + ")"
}

func join(ts []ValType) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
	}
	return b.String()
}

// Kind is the kind of an import or export, by its byte in the binary format.
type Kind byte

// The kinds.
const (
	Func   Kind = 0
	Table  Kind = 1
	Memory Kind = 2
	Global Kind = 3
	Tag    Kind = 4
)

func (k Kind) String() string {
	switch k {
	case Func:
		return "function"
	case Table:
		return "table"
	case Memory:
		return "memory"
	case Global:
		return "global"
	case Tag:
		return "tag"
	}
	return fmt.Sprintf("kind %d", byte(k))
}

// Limits are the bounds of a table, in elements, or of a memory, in pages.
type Limits struct {
	Min, Max      uint64 // Max is meaningful only with HasMax
	HasMax        bool
	Is64          bool // indexed by i64
	Shared        bool
	PageSizeLog2  uint32 // of a memory: 16 unless the module says otherwise
	HasCustomPage bool
}

// MinBytes is the least size of a memory in bytes, and whether that fits 64 bits.
func (l Limits) MinBytes() (uint64, bool) {
	n := l.Min << l.PageSizeLog2
	return n, n>>l.PageSizeLog2 == l.Min
}

func (l Limits) String() string {
	s := fmt.Sprint(l.Min)
	if l.HasMax {
		s += fmt.Sprint("..", l.Max)
	}
	if l.Is64 {
		s += " i64"
	}
	if l.Shared {
		s += " shared"
	}
	if l.HasCustomPage {
		s += fmt.Sprint(" pagesize ", uint64(1)<<l.PageSizeLog2)
	}
	return s
}

func (l Limits) matches(want Limits) bool {
	return l.Is64 == want.Is64 && l.Shared == want.Shared && l.PageSizeLog2 == want.PageSizeLog2 &&
		l.Min >= want.Min && (!want.HasMax || l.HasMax && l.Max <= want.Max)
}

// TableType is the type of a table.
type TableType struct {
	Elem ValType
	Limits
}

func (t TableType) String() string { return t.Limits.String() + " of " + t.Elem.String() }

// GlobalType is the type of a global.
type GlobalType struct {
	Type    ValType
	Mutable bool
}

// ExternType is the type of an import or export: the field that Kind names is set.
type ExternType struct {
	Kind   Kind
	Func   *FuncType
	Table  TableType
	Memory Limits
	Global GlobalType
	Tag    *FuncType
}

// Matches reports whether something of type t may be given for an import of
// type want (core specification, "Import matching"), as far as is known here: of
// references to types of modules nothing is.
func (t ExternType) Matches(want ExternType) bool {
	if t.Kind != want.Kind {
		return false
	}
	switch t.Kind {
	case Func:
		return t.Func != nil && want.Func != nil && t.Func.Equal(*want.Func)
	case Table:
		return t.Table.Elem.equal(want.Table.Elem) && t.Table.Limits.matches(want.Table.Limits)
	case Memory:
		return t.Memory.matches(want.Memory)
	case Global:
		return t.Global.matches(want.Global)
	case Tag:
		return t.Tag != nil && want.Tag != nil && t.Tag.Equal(*want.Tag)
	}
	return false
}

func (t ExternType) String() string {
	switch t.Kind {
	case Func:
		if t.Func != nil {
			return "function " + t.Func.String()
		}
	case Table:
		return "table " + t.Table.String()
	case Memory:
		return "memory " + t.Memory.String()
	case Global:
		if t.Global.Mutable {
			return "global mut " + t.Global.Type.String()
		}
		return "global " + t.Global.Type.String()
	case Tag:
		if t.Tag != nil {
			return "tag " + t.Tag.String()
		}
	}
	return t.Kind.String()
}
