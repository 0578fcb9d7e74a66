package io

import (
	"context"
	"errors"
	"io"

	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// Error is the resource error of wasi:io/error: what stands behind a failed operation of a
// stream. Interfaces that know more of it find the Go error with errors.As.
type Error struct{ err error }

var _ p2io.Error = (*Error)(nil)

// NewError makes a resource of err.
func NewError(err error) *Error { return &Error{err} }

// ToDebugString implements the function to-debug-string.
func (e *Error) ToDebugString(context.Context) (string, error) { return e.err.Error(), nil }

// Error implements error.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the error that the resource was made of.
func (e *Error) Unwrap() error { return e.err }

// errClosed is what a guest sees of a stream that has ended.
var errClosed error = p2io.StreamErrorClosed()

// streamError returns what a guest sees of an error of a Source or Sink: the regular end is
// closed, all else has failed.
func streamError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		return errClosed
	}
	return p2io.StreamErrorLastOperationFailed(NewError(err))
}
