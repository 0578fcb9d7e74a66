package abi

import (
	"errors"
	"fmt"
)

// ErrTrap is matched by every error that ends a guest: broken rules of the Canonical ABI,
// failing host functions, traps of the guest's own code.
var ErrTrap = errors.New("trap")

// A TrapError is a broken rule of the Canonical ABI. It ends the guest that broke it.
type TrapError struct{ Msg string }

func (e *TrapError) Error() string        { return e.Msg }
func (e *TrapError) Is(target error) bool { return target == ErrTrap }

// Trapf makes a TrapError.
func Trapf(format string, args ...any) error { return &TrapError{fmt.Sprintf(format, args...)} }

// A SizeError says that values which a guest passes to its host are larger than the host
// allows. It ends the guest.
type SizeError struct {
	Limit int64 // bytes
	// Call says that all values of one call take more than Limit bytes of the host's memory;
	// else one list or string is longer than that in the guest's.
	Call bool
}

func (e *SizeError) Error() string {
	if e.Call {
		return fmt.Sprintf("values of one call take more than %d bytes of host memory", e.Limit)
	}
	return fmt.Sprintf("a list or string is too long: the host takes no more than %d bytes", e.Limit)
}

// Is implements errors.Is: it is a trap and an ErrLimit.
func (e *SizeError) Is(target error) bool { return target == ErrTrap || target == ErrLimit }

// Err carries a value of a WIT result's error case whose type is not an error in Go, for
// example a string or an own handle. A host function returns it to answer err(Value).
type Err[T any] struct{ Value T }

func (e Err[T]) Error() string { return fmt.Sprintf("error case: %v", e.Value) }

// AsErr reports whether err is or wraps the error case value of type E. Host functions of
// WIT type result<T, E> answer err(E) with it; any other error traps the guest.
func AsErr[E error](err error) (e E, ok bool) {
	if e, ok = err.(E); ok || err == nil {
		return e, ok
	}
	if _, wait := err.(*Wait); wait {
		return e, false
	}
	return unwrapErr[E](err)
}

// unwrapErr is apart from AsErr because its result is on the heap.
func unwrapErr[E error](err error) (e E, ok bool) {
	ok = errors.As(err, &e)
	return e, ok
}
