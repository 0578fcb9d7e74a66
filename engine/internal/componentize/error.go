package componentize

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
)

// ErrUnknown is why a module is refused that says nothing of what it is.
var ErrUnknown = errors.New("it has no component type")

// Error says what is wrong with a module as a component.
type Error struct {
	Msg string
	Err error // cause, may be nil
}

func (e *Error) Error() string { return "core module: " + e.Msg }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func fail(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{err.Error(), errors.Unwrap(err)}
}

// unsupported is fail for what the component model has and this package has not.
func unsupported(format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...) + ": " + binary.ErrUnsupported.Error(), binary.ErrUnsupported}
}

// errAsync is why asynchronous functions are refused. Toolchains that have them make components.
func errAsync(what string) error {
	return unsupported("%s: asynchronous functions of a core module; make a component of it with wasm-tools component new", what)
}
