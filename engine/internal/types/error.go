package types

import "fmt"

// Error says why a type cannot be made.
type Error struct {
	Msg string

	// TypeSize is how many parts the type has, MaxTypeSize how many it may have, if
	// it has too many.
	TypeSize, MaxTypeSize int
}

func (e *Error) Error() string { return e.Msg }

func errorf(format string, args ...any) error { return &Error{Msg: fmt.Sprintf(format, args...)} }

func tooManyParts(size, max int) error {
	return &Error{Msg: fmt.Sprintf("type has more than %d parts", max), TypeSize: size, MaxTypeSize: max}
}
