package types

// Kind is the constructor of a value type.
type Kind uint8

// The kinds of value types. The zero Kind is none of them.
const (
	_ Kind = iota
	Bool
	S8
	U8
	S16
	U16
	S32
	U32
	S64
	U64
	F32
	F64
	Char
	String
	ErrorContext
	List
	FixedList
	Map
	Record
	Tuple
	Variant
	Enum
	Option
	Result
	Flags
	Own
	Borrow
	Stream
	Future
)

// numPrims is one more than the last primitive kind.
const numPrims = ErrorContext + 1

var kindNames = [...]string{
	Bool: "bool", S8: "s8", U8: "u8", S16: "s16", U16: "u16", S32: "s32", U32: "u32",
	S64: "s64", U64: "u64", F32: "f32", F64: "f64", Char: "char", String: "string",
	ErrorContext: "error-context", List: "list", FixedList: "list", Map: "map",
	Record: "record", Tuple: "tuple", Variant: "variant", Enum: "enum", Option: "option",
	Result: "result", Flags: "flags", Own: "own", Borrow: "borrow", Stream: "stream",
	Future: "future",
}

// Primitive reports whether k needs nothing more to be a type.
func (k Kind) Primitive() bool { return k > 0 && k < numPrims }

func (k Kind) String() string {
	if int(k) < len(kindNames) && k > 0 {
		return kindNames[k]
	}
	return "invalid type"
}
