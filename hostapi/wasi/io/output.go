package io

import (
	"context"
	"io"

	"github.com/spinhost/spin/engine/abi"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// MaxWrite is how many bytes a Sink of this package buffers, and so the greatest number that
// check-write allows.
const MaxWrite = 1 << 20

// Sink is what an OutputStream writes to. Its methods are called on the goroutine that drives
// the guest and must not block. It is ready when Budget returns a number above 0 or an error.
//
// Of io.EOF and io.ErrClosedPipe as errors the guest sees that the stream is closed, of any
// other that the operation failed; after either no method but Close is called.
type Sink interface {
	abi.Pollable
	// Budget returns how many bytes the next Write may have, 0 if the guest has to wait.
	Budget() (int, error)
	// Write takes p, which is within the Budget and belongs to the Sink from now on.
	Write(p []byte) error
	// Flush starts to flush what was written. It returns what is ready when that is done, nil
	// if there is nothing to wait for.
	Flush() (abi.Pollable, error)
	// Close is called once: the guest has dropped the stream. What was written stays valid.
	Close() error
}

// OutputStream is the resource output-stream of wasi:io/streams.
type OutputStream struct {
	sink     Sink
	children Children
	parent   *Children
	budget   int          // what write may still take without another check-write
	flushing abi.Pollable // ready when the flush under way is done
	done     int          // bytes that the blocking call under way has written
	closed   bool         // the end or an error has been reported
}

var _ p2io.OutputStream = (*OutputStream)(nil)

// NewOutputStream makes a resource that writes to w, in the guest's order, on a goroutine that
// runs only while there is something to write. It buffers up to MaxWrite bytes; a write of the
// guest is never split among calls of w.Write, but several may come in one. What was written
// when the guest drops the stream is still written; w is not closed.
func NewOutputStream(w io.Writer) *OutputStream {
	return NewOutputStreamTo(NewSink(w))
}

// NewClosingOutputStream is NewOutputStream of a writer that is closed, on a goroutine, when the
// guest has dropped the stream and what it wrote is written.
func NewClosingOutputStream(w io.WriteCloser) *OutputStream {
	return NewOutputStreamTo(&writerSink{w: w, closer: w})
}

// NewOutputStreamTo makes a resource of a Sink of one's own.
func NewOutputStreamTo(sink Sink) *OutputStream { return &OutputStream{sink: sink} }

// ChildOf makes s, which has no parent yet, a child of parent.
func (s *OutputStream) ChildOf(parent *Children) *OutputStream {
	parent.Add()
	s.parent = parent
	return s
}

// CheckWrite implements the function check-write.
func (s *OutputStream) CheckWrite(context.Context) (uint64, error) {
	n, err := s.room()
	s.budget = n
	return uint64(n), err
}

// Write implements the function write.
func (s *OutputStream) Write(_ context.Context, contents []byte) error {
	if err := s.permit("write", uint64(len(contents))); err != nil {
		return err
	}
	return s.put(contents)
}

// WriteZeroes implements the function write-zeroes.
func (s *OutputStream) WriteZeroes(_ context.Context, n uint64) error {
	if err := s.permit("write-zeroes", n); err != nil {
		return err
	}
	return s.put(make([]byte, n))
}

// Flush implements the function flush.
func (s *OutputStream) Flush(context.Context) error {
	if s.closed {
		return errClosed
	}
	return s.flush()
}

// Subscribe implements the function subscribe.
func (s *OutputStream) Subscribe(context.Context) (p2io.Pollable, error) {
	return NewPollable(writable{s}, &s.children), nil
}

// Drop implements abi.Dropper.
func (s *OutputStream) Drop() error {
	s.parent.Remove()
	s.closed = true
	s.sink.Close()
	return s.children.Err("output-stream")
}

// room returns how many bytes may be written now.
func (s *OutputStream) room() (int, error) {
	switch {
	case s.closed:
		return 0, errClosed
	case s.flushing != nil && !s.flushing.Ready():
		return 0, nil
	}
	s.flushing = nil
	n, err := s.sink.Budget()
	if err != nil {
		return 0, s.fail(err)
	}
	return n, nil
}

// permit takes n bytes from what check-write has allowed.
func (s *OutputStream) permit(name string, n uint64) error {
	if s.closed {
		return errClosed
	}
	if n > uint64(s.budget) {
		return abi.Trapf("output-stream.%s of %d bytes where check-write has allowed %d", name, n, s.budget)
	}
	s.budget -= int(n)
	return nil
}

func (s *OutputStream) put(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	if err := s.sink.Write(p); err != nil {
		return s.fail(err)
	}
	return nil
}

// flush starts a flush unless one is under way.
func (s *OutputStream) flush() error {
	if s.budget = 0; s.flushing != nil {
		return nil
	}
	var err error
	if s.flushing, err = s.sink.Flush(); err != nil {
		return s.fail(err)
	}
	return nil
}

func (s *OutputStream) fail(err error) error {
	s.closed, s.budget, s.flushing, s.done = true, 0, nil, 0
	return streamError(err)
}

// writable is what subscribe waits for.
type writable struct{ s *OutputStream }

func (w writable) Ready() bool {
	s := w.s
	return s.closed || (s.flushing == nil || s.flushing.Ready()) && s.sink.Ready()
}

func (w writable) Arm(wake func()) func() {
	if f := w.s.flushing; f != nil {
		return abi.Any{f, w.s.sink}.Arm(wake)
	}
	return w.s.sink.Arm(wake)
}
