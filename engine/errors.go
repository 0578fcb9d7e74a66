package engine

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
)

// Sentinels for errors.Is.
var (
	// ErrTrap is matched by whatever ends a guest: a trap of its code, a broken rule of the
	// Canonical ABI, a limit, a failing host function. The instance has ended.
	ErrTrap = abi.ErrTrap
	// ErrClosed says that the instance, or its runtime, was closed.
	ErrClosed = canon.ErrClosed
	// ErrBusy says that there is no room for another instance, and that none came in time.
	ErrBusy = errors.New("no room for another instance")
	// ErrLimit is matched by whatever says that a limit of the host was exceeded: a LimitError,
	// CountError, SizeError or StaticLimitError.
	ErrLimit = abi.ErrLimit
	// ErrTimeout says that a guest has computed for longer than its limit. It is an ErrLimit.
	ErrTimeout = abi.ErrTimeout
	// ErrUnsupported says that a component is well formed and uses a feature that the engine
	// does not have.
	ErrUnsupported = link.ErrUnsupported
	// ErrNotComponent says that the bytes are not a component.
	ErrNotComponent = errors.New("not a WebAssembly component")
	// ErrCoreModule says that the bytes are a core module, not a component. It is an
	// ErrNotComponent.
	ErrCoreModule = fmt.Errorf("core module: %w", ErrNotComponent)
)

// LimitError says which limit a guest has exceeded or would have to, its value, and which
// field raises it. It matches ErrLimit and ErrTrap, and ErrTimeout if it limits time. If guest
// code has ended because of it, it is the Cause of a TrapError.
type LimitError = abi.LimitError

// CountError says which limit on a count, such as InstanceConfig.Tasks, a guest has exceeded.
type CountError = canon.CountError

// SizeError says that a guest has passed larger values to its host than
// InstanceConfig.ValueBytes and CallBytes allow. It matches ErrTrap.
type SizeError = abi.SizeError

// HostError is the Cause of a TrapError if a host function has failed or misbehaved: it names the
// function, with its interface, and says what its author has to mend.
type HostError = canon.HostError

// HostPanic is what a HostError wraps if the function has panicked.
type HostPanic = canon.HostPanic

// ImportError says that an import of a component cannot be satisfied: which one, what of it,
// and why; in a graph also of which node, and which other was to satisfy it.
type ImportError = link.ImportError
