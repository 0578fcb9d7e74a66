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
	// ErrClosed says that the app, its runtime, or the instance of a guest was closed.
	ErrClosed = engine.ErrClosed
	// ErrDenied says that the manifest does not allow what a guest asked for.
	ErrDenied = capability.ErrDenied
	// ErrBlocked says that an address is in a network that is blocked: see Config.BlockNetworks.
	ErrBlocked = capability.ErrBlocked
	// ErrUnsupported says that a manifest or a component uses what is not supported yet.
	ErrUnsupported = manifest.ErrUnsupported
	// ErrNotComponent says that a file is not a WebAssembly component.
	ErrNotComponent = engine.ErrNotComponent
	// ErrCoreModule says that a file is a core module that is no component: it has neither a
	// component type nor is it a program. It matches ErrNotComponent.
	ErrCoreModule = engine.ErrCoreModule
)

var errRuntimeClosed = fmt.Errorf("Config.Runtime was closed: %w", ErrClosed)

// ImportError says that a component imports what the host does not provide, or provides with
// another type.
type ImportError = engine.ImportError

// Error is one fault of an app. Faults of the manifest's text are a [*manifest.Error] instead.
type Error struct {
	Component string            // id of the component, "" if it concerns none
	Pos       manifest.Position // of what to change in the manifest
	Err       error
}

// Error returns file:line:column: component: message.
func (e *Error) Error() string { return e.prefix() + e.Err.Error() }

func (e *Error) prefix() string {
	if e.Component == "" {
		return e.Pos.String() + ": "
	}
	return fmt.Sprintf("%s: component %q: ", e.Pos, e.Component)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is implements errors.Is.
func (e *Error) Is(target error) bool {
	return target == ErrUnsupported && errors.Is(e.Err, engine.ErrUnsupported)
}
