package io

import (
	"context"
	"io"

	"github.com/spinhost/spin/engine/abi"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// maxRead is how many bytes one read returns at most, whatever the guest asks for.
const maxRead = 64 << 10

// Source is what an InputStream reads from. Its methods are called on the goroutine that drives
// the guest and must not block. It is ready when Read returns bytes or an error.
type Source interface {
	abi.Pollable
	// Read returns up to n bytes, n being greater than 0, which are valid until the next call;
	// none without an error means that there are none yet. io.EOF says that none will follow:
	// the guest sees the stream closed. Of any other error it sees that the operation failed.
	Read(n int) ([]byte, error)
	// Close is called once: the guest has dropped the stream.
	Close() error
}

// InputStream is the resource input-stream of wasi:io/streams.
type InputStream struct {
	src      Source
	children Children
	parent   *Children
	closed   bool // the end or an error has been reported
}

var _ p2io.InputStream = (*InputStream)(nil)

// NewInputStream makes a resource that reads r, up to 128 KiB ahead of the guest, on a goroutine
// that runs only during a Read. r is closed, on a goroutine too, when it has ended and when the
// guest drops the stream. Close may come during a Read and should end it. A nil r has ended.
func NewInputStream(r io.ReadCloser) *InputStream {
	if r == nil {
		return NewInputStreamFrom(Bytes(nil))
	}
	return NewInputStreamFrom(newReaderSource(r))
}

// NewInputStreamFrom makes a resource of a Source of one's own.
func NewInputStreamFrom(src Source) *InputStream { return &InputStream{src: src} }

// ChildOf makes s, which has no parent yet, a child of parent.
func (s *InputStream) ChildOf(parent *Children) *InputStream {
	parent.Add()
	s.parent = parent
	return s
}

// Read implements the function read.
func (s *InputStream) Read(_ context.Context, n uint64) ([]byte, error) { return s.take(n) }

// BlockingRead implements the function blocking-read.
func (s *InputStream) BlockingRead(_ context.Context, n uint64) ([]byte, error) {
	return s.takeSome(n)
}

// Skip implements the function skip.
func (s *InputStream) Skip(_ context.Context, n uint64) (uint64, error) {
	p, err := s.take(n)
	return uint64(len(p)), err
}

// BlockingSkip implements the function blocking-skip.
func (s *InputStream) BlockingSkip(_ context.Context, n uint64) (uint64, error) {
	p, err := s.takeSome(n)
	return uint64(len(p)), err
}

// Subscribe implements the function subscribe.
func (s *InputStream) Subscribe(context.Context) (p2io.Pollable, error) {
	return NewPollable(readable{s}, &s.children), nil
}

// Drop implements abi.Dropper.
func (s *InputStream) Drop() error {
	s.parent.Remove()
	s.closed = true
	s.src.Close()
	return s.children.Err("input-stream")
}

// take returns up to n bytes that are there. They are valid until the next call.
func (s *InputStream) take(n uint64) ([]byte, error) {
	if s.closed {
		return nil, errClosed
	}
	if n == 0 {
		return nil, nil
	}
	p, err := s.src.Read(int(min(n, maxRead)))
	if err != nil {
		s.closed = true
		return nil, streamError(err)
	}
	return p, nil
}

// takeSome is take, but waits for the first byte.
func (s *InputStream) takeSome(n uint64) ([]byte, error) {
	p, err := s.take(n)
	if err == nil && len(p) == 0 && n > 0 {
		return nil, abi.WaitFor(s.src)
	}
	return p, err
}

// readable is what subscribe waits for.
type readable struct{ s *InputStream }

func (r readable) Ready() bool            { return r.s.closed || r.s.src.Ready() }
func (r readable) Arm(wake func()) func() { return r.s.src.Arm(wake) }
