// Package value has the Go forms of WIT values whose type is known only at run time, as
// engine.Instance.Call takes and returns them:
//
//	bool, string            bool, string
//	u8 … u64, s8 … s64      uint8 … uint64, int8 … int64
//	f32, f64                float32, float64
//	char                    Char
//	list<u8>                []byte
//	other lists             []any
//	record, tuple           Record, Tuple
//	variant, enum           Variant, Enum
//	option, result          Option, Result
//	flags                   Flags
//	map                     []MapEntry
//	error-context           *ErrorContext
//	own, borrow             the host's value, or an abi.Resource if a guest defines the type
//
// Streams and futures have no such form. All are plain values: what a call returns is the
// caller's, what it is given must not change until the call is over.
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
	// ErrorContext is an error-context. Guests get no more than the first 4 KiB of the message,
	// and less when they hold many.
	ErrorContext struct{ DebugMessage string }
	// MapEntry is one entry of a map, which is []MapEntry.
	MapEntry struct{ Key, Value any }
)

// Some makes an option with a value, which may itself be an Option.
func Some(v any) Option { return Option{true, v} }

// OK makes a result's success; v is nil if that has no payload.
func OK(v any) Result { return Result{true, v} }

// Error makes a result's failure; v is nil if that has no payload. It is no Go error.
func Error(v any) Result { return Result{false, v} }

// A TypeError says that a Go value does not have the form that its WIT type needs. It is the
// caller's mistake and no fault of the guest.
type TypeError struct {
	Want string // the WIT type
	Got  any
}

func (e *TypeError) Error() string { return fmt.Sprintf("%T given for a %s", e.Got, e.Want) }
