package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"syscall"

	"github.com/spinhost/spin/engine/abi"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// outcome is how reading or writing a stream has ended.
type outcome = abi.Result[abi.None, p3cli.ErrorCode]

// emptyInput implements the interface stdin of WASI 0.3.
type emptyInput struct{}

var _ p3cli.Stdin = emptyInput{}

func (emptyInput) ReadViaStream(context.Context) (in abi.Tuple2[io.ReadCloser, *abi.Promise[outcome]], err error) {
	in.F1 = abi.NewPromise[outcome]()
	in.F1.Resolve(outcome{})
	return in, nil
}

// streamOutput implements the interfaces stdout and stderr of WASI 0.3.
type streamOutput struct {
	w   io.Writer
	log *slog.Logger
}

var (
	_ p3cli.Stdout = streamOutput{}
	_ p3cli.Stderr = streamOutput{}
)

// WriteViaStream copies data on a goroutine, which ends when the guest drops the stream or has
// ended itself.
func (o streamOutput) WriteViaStream(_ context.Context, data *abi.ByteReader) (*abi.Promise[outcome], error) {
	done := abi.NewPromise[outcome]()
	go func() {
		out := &sink{w: o.w}
		data.WriteTo(out)
		data.Close()
		if out.err != nil {
			o.log.Warn("writing the output of a guest failed", "error", out.err)
		}
		done.Resolve(out.outcome())
	}()
	return done, nil
}

// sink is a writer that remembers its first error, and makes one of a panic.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("writer panicked: %v", v)
		}
		s.err = err
	}()
	if n, err = s.w.Write(p); err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}

func (s *sink) outcome() outcome {
	switch {
	case s.err == nil:
		return outcome{}
	case errors.Is(s.err, syscall.EPIPE), errors.Is(s.err, io.ErrClosedPipe):
		return abi.Failure[abi.None](p3cli.ErrorCodePipe)
	}
	return abi.Failure[abi.None](p3cli.ErrorCodeIO)
}
