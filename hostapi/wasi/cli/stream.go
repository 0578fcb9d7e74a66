package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"syscall"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	p3cli "github.com/spinhost/spin/hostapi/wasi/p3/cli"
)

// outcome is how reading or writing a stream has ended.
type outcome = abi.Result[abi.None, p3cli.ErrorCode]

// streamInput implements the interface stdin of WASI 0.3.
type streamInput struct{}

var _ p3cli.Stdin = streamInput{}

func (streamInput) ReadViaStream(ctx context.Context) (in abi.Tuple2[io.ReadCloser, *abi.Promise[outcome]], err error) {
	in.F1 = abi.NewPromise[outcome]()
	r := commandInput(ctx)
	if r == nil {
		in.F1.Resolve(outcome{})
		return in, nil
	}
	in.F0 = &source{ReadCloser: r, done: in.F1}
	return in, nil
}

// source is a reader that tells how it has ended.
type source struct {
	io.ReadCloser
	done *abi.Promise[outcome]
	once sync.Once
}

func (s *source) Read(p []byte) (n int, err error) {
	n, err = s.ReadCloser.Read(p)
	switch err {
	case nil:
	case io.EOF:
		s.end(outcome{})
	default:
		s.end(abi.Failure[abi.None](p3cli.ErrorCodeIO))
	}
	return n, err
}

// Close is called when the guest has dropped the stream or its end was read.
func (s *source) Close() error {
	s.end(outcome{})
	return s.ReadCloser.Close()
}

func (s *source) end(o outcome) { s.once.Do(func() { s.done.Resolve(o) }) }

// streamOutput implements the interfaces stdout and stderr of WASI 0.3.
type streamOutput struct {
	w   io.Writer
	of  func(*hostapi.Command) io.Writer // that is written to instead
	log *slog.Logger
}

var (
	_ p3cli.Stdout = streamOutput{}
	_ p3cli.Stderr = streamOutput{}
)

// WriteViaStream copies data on a goroutine, which ends when the guest drops the stream or has
// ended itself.
func (o streamOutput) WriteViaStream(ctx context.Context, data *abi.ByteReader) (*abi.Promise[outcome], error) {
	done := abi.NewPromise[outcome]()
	w := o.w
	if other := o.of(hostapi.CommandOf(ctx)); other != nil {
		w = other
	}
	go func() {
		out := &sink{w: w}
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
