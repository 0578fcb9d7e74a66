// Package value has the Go forms of WIT values whose type is known only at run time, as
// engine.Instance.Call takes and returns them. Numbers, bool and string are Go's own types of
// the same size; list<u8> is []byte, other lists are []any; a handle is the host's value, or
// an abi.Resource if a guest defines its type. The others have types here.
package value

import "fmt"

type (
	// Char is a char.
	Char rune
	// Record is a record, its fields in the order of the type.
	Record []Field
	// Field is one field of a Record.
	Field struct {
		Name  string
		Value any
	}
	// Tuple is a tuple.
	Tuple []any
	// Variant is a variant; Value is nil for a case without payload.
	Variant struct {
		Case  string
		Value any
	}
	// Enum is an enum: the name of the case.
	Enum string
	// Flags are the names of those that are set, in the order of the type.
	Flags []string
	// Option is an option.
	Option struct {
		Some  bool
		Value any
	}
	// Result is a result; Value is nil for a case without payload.
	Result struct {
		OK    bool
		Value any
	}
	// MapEntry is one entry of a map, which is []MapEntry.
	MapEntry struct{ Key, Value any }
)

// Some makes an option with a value.
func Some(v any) Option { return Option{true, v} }

// OK makes a result's success.
func OK(v any) Result { return Result{true, v} }

// Error makes a result's failure.
func Error(v any) Result { return Result{false, v} }

// A TypeError says that a Go value does not have the form that its WIT type needs.
type TypeError struct {
	Want string // the WIT type
	Got  any
}

func (e *TypeError) Error() string { return fmt.Sprintf("%T given for a %s", e.Got, e.Want) }
