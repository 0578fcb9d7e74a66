package corewasm

import "fmt"

// Error says what is wrong with a module and where.
type Error struct {
	Offset int // byte offset in the module
	Msg    string

	Exceeded *Exceeded // the limit that was exceeded, nil if it is none of ParseLimits
}

// Exceeded says which limit was exceeded, and by what.
type Exceeded struct {
	Limit      string // as in ParseLimits
	Value, Max uint64
}

func (e *Error) Error() string {
	return fmt.Sprintf("invalid core module: %s (at byte %#x)", e.Msg, e.Offset)
}
