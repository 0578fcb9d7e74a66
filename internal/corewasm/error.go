package corewasm

import "fmt"

// Error says what is wrong with a module and where.
type Error struct {
	Offset int // byte offset in the module
	Msg    string
}

func (e *Error) Error() string {
	return fmt.Sprintf("invalid core module: %s (at byte %#x)", e.Msg, e.Offset)
}
