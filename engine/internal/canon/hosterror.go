package canon

import (
	"runtime/debug"

	"github.com/spinhost/spin/engine/abi"
)

// HostError is the cause of a trap when a host function has failed or misbehaved.
type HostError struct {
	Func string // with its interface, for example "wasi:io/poll@0.2.0#poll"
	Err  error
}

func (e *HostError) Error() string { return e.Func + ": " + e.Err.Error() }

// Unwrap returns what the function has failed with, a *HostPanic if it has panicked.
func (e *HostError) Unwrap() error { return e.Err }

// Is implements errors.Is: it ends the guest.
func (e *HostError) Is(target error) bool { return target == abi.ErrTrap }

// Misused implements abi.Owner: the host has kept the call and uses it.
func (h *hostCall) Misused(err error) { h.t.Kill(&HostError{h.tr.Name, err}) }

// arm has the pollable wake the tree.
func (h *hostCall) arm(p abi.Pollable) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &HostError{h.tr.Name, &HostPanic{r, debug.Stack()}}
		}
	}()
	h.wait = p
	h.disarm = p.Arm(h.t.kick)
	return nil
}

// polled asks the pollable; that it panics is a fault of the function that waits for it.
func (h *hostCall) polled() bool {
	defer func() {
		if r := recover(); r != nil {
			panic(&HostError{h.tr.Name, &HostPanic{r, debug.Stack()}})
		}
	}()
	return h.wait.Ready()
}

// panicked is why a tree ends when code of the host has panicked with r.
func panicked(r any) error {
	if e, ok := r.(*HostError); ok {
		return e
	}
	return &HostPanic{r, debug.Stack()}
}
