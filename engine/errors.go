package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/wasmtime"
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
	// ErrLimit is matched by every LimitError.
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

// ImportError says that an import of a component cannot be satisfied: which one, what of it,
// and why.
type ImportError = link.ImportError

// TrapError describes the end of a guest. It matches ErrTrap, and what its Cause matches.
type TrapError struct {
	Reason string  // what happened
	Frames []Frame // the guest's stack, innermost first; empty if no guest code ran
	Cause  error   // what a host function failed with, a broken rule, a limit; may be nil
}

// Frame is one guest function on the stack, as its core module's name section has it.
type Frame struct {
	Module string // name of the core module, "" if it has none
	Func   string // name of the function, "" if it has none
	Index  uint32 // of the function in its module
	Offset uint64 // of the instruction in its module, in bytes
}

func (e *TrapError) Error() string {
	var b strings.Builder
	b.WriteString("guest trapped: " + e.Reason)
	for i, f := range e.Frames {
		if i == maxFrames {
			fmt.Fprintf(&b, "\n\t... %d more", len(e.Frames)-i)
			break
		}
		fmt.Fprintf(&b, "\n\tat %s", f)
	}
	return b.String()
}

const maxFrames = 10

func (f Frame) String() string {
	name := f.Func
	if name == "" {
		name = fmt.Sprintf("function %d", f.Index)
	}
	if f.Module != "" {
		name = f.Module + "!" + name
	}
	return fmt.Sprintf("%s (offset %#x)", name, f.Offset)
}

// Unwrap returns the cause.
func (e *TrapError) Unwrap() error { return e.Cause }

// Is implements errors.Is: every TrapError is an ErrTrap.
func (e *TrapError) Is(target error) bool { return target == ErrTrap }

// trapError turns what ended a tree into what users see.
func trapError(err error) error {
	if err == nil {
		return nil
	}
	var t *wasmtime.TrapError
	switch {
	case errors.Is(err, ErrClosed):
		return err
	case !errors.As(err, &t):
		if errors.Is(err, ErrTrap) {
			return &TrapError{Reason: err.Error(), Cause: err}
		}
		return err
	}
	e := &TrapError{Reason: t.Code.String(), Cause: t.Cause}
	switch {
	case t.Cause != nil:
		e.Reason = t.Cause.Error()
	case t.Msg != "":
		e.Reason = t.Msg
	}
	for _, f := range t.Frames {
		e.Frames = append(e.Frames, Frame{Module: f.Module, Func: f.Func, Index: f.FuncIndex, Offset: f.ModuleOffset})
	}
	return e
}
