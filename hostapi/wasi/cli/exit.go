package cli

import (
	"context"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// ExitError is why an instance has ended whose guest called exit. Every call that was in
// progress fails with it, also if the code is 0.
type ExitError struct {
	// Code is the guest's exit code: 0 for exit(ok), 1 for exit(err).
	Code uint8
}

// Error implements error.
func (e *ExitError) Error() string { return fmt.Sprintf("guest exited with code %d", e.Code) }

// exit implements the interface exit of both WASI versions.
type exit struct{}

var (
	_ p2cli.Exit = exit{}
	_ p3cli.Exit = exit{}
)

func (exit) Exit(_ context.Context, status abi.Result[abi.None, abi.None]) error {
	if status.IsErr {
		return &ExitError{1}
	}
	return &ExitError{0}
}

func (exit) ExitWithCode(_ context.Context, code uint8) error { return &ExitError{code} }
