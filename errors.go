package spin

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/manifest"
)

// Sentinels for errors.Is.
var (
	// ErrTrap says that a guest ended by a trap, a broken rule or a limit.
	ErrTrap = engine.ErrTrap
	// ErrTimeout says that a guest has exceeded a time limit.
	ErrTimeout = engine.ErrTimeout
	// ErrClosed says that the app was closed.
	ErrClosed = engine.ErrClosed
	// ErrDenied says that the manifest does not allow what a guest asked for.
	ErrDenied = capability.ErrDenied
	// ErrUnsupported says that a manifest or a component uses what is not supported yet.
	ErrUnsupported = errors.New("not supported")
)

// Error says what is wrong with an app, and where.
type Error struct {
	Component string            // id of the component, "" if it concerns none
	Pos       manifest.Position // in the manifest
	Err       error
}

func (e *Error) Error() string {
	if e.Component == "" {
		return fmt.Sprintf("%s: %v", e.Pos, e.Err)
	}
	return fmt.Sprintf("%s: component %q: %v", e.Pos, e.Component, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is implements errors.Is.
func (e *Error) Is(target error) bool {
	return target == ErrUnsupported && (errors.Is(e.Err, engine.ErrUnsupported) || errors.Is(e.Err, manifest.ErrUnsupported))
}
