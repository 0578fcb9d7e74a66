package io

import (
	"bytes"
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// maxBlocking is how many bytes a blocking write may have.
const maxBlocking = 4096

// The blocking functions are called again, with the same arguments, when what they waited for
// is ready. Nothing else of the guest runs meanwhile, so that the stream can remember how far
// they have come.

// BlockingWriteAndFlush implements the function blocking-write-and-flush.
func (s *OutputStream) BlockingWriteAndFlush(_ context.Context, contents []byte) error {
	if len(contents) > maxBlocking {
		return abi.Trapf("output-stream.blocking-write-and-flush of %d bytes, which is more than %d", len(contents), maxBlocking)
	}
	return s.blockingWrite(contents)
}

// BlockingWriteZeroesAndFlush implements the function blocking-write-zeroes-and-flush.
func (s *OutputStream) BlockingWriteZeroesAndFlush(_ context.Context, n uint64) error {
	if n > maxBlocking {
		return abi.Trapf("output-stream.blocking-write-zeroes-and-flush of %d bytes, which is more than %d", n, maxBlocking)
	}
	return s.blockingWrite(make([]byte, n))
}

// BlockingFlush implements the function blocking-flush.
func (s *OutputStream) BlockingFlush(context.Context) error {
	if s.closed {
		return errClosed
	}
	return s.blockingFlush()
}

// BlockingSplice implements the function blocking-splice.
func (s *OutputStream) BlockingSplice(_ context.Context, src p2io.InputStream, n uint64) (uint64, error) {
	in, err := inputStream(src)
	if err != nil || n == 0 {
		return 0, err
	}
	switch room, err := s.room(); {
	case err != nil:
		return 0, err
	case room == 0:
		return 0, abi.WaitFor(writable{s})
	}
	moved, err := s.splice(in, n)
	if err == nil && moved == 0 {
		return 0, abi.WaitFor(readable{in})
	}
	return moved, err
}

// Splice implements the function splice.
func (s *OutputStream) Splice(_ context.Context, src p2io.InputStream, n uint64) (uint64, error) {
	in, err := inputStream(src)
	if err != nil {
		return 0, err
	}
	return s.splice(in, n)
}

func inputStream(r p2io.InputStream) (*InputStream, error) {
	in, ok := r.(*InputStream)
	if !ok {
		return nil, abi.Trapf("input-stream %T was not made by NewInputStream", r)
	}
	return in, nil
}

// splice moves what both streams allow.
func (s *OutputStream) splice(in *InputStream, n uint64) (uint64, error) {
	room, err := s.room()
	if err != nil || room == 0 {
		return 0, err
	}
	p, err := in.take(min(n, uint64(room)))
	if err != nil {
		return 0, err
	}
	s.budget = 0 // what check-write said no longer holds
	return uint64(len(p)), s.put(bytes.Clone(p))
}

// blockingWrite writes p piece by piece as there is room, and then flushes.
func (s *OutputStream) blockingWrite(p []byte) error {
	s.budget = 0
	for s.done < len(p) {
		n, err := s.room()
		if err != nil {
			return err
		}
		if n == 0 {
			return abi.WaitFor(writable{s})
		}
		n = min(n, len(p)-s.done)
		if err := s.put(p[s.done : s.done+n : s.done+n]); err != nil {
			return err
		}
		s.done += n
	}
	if s.closed {
		return errClosed
	}
	return s.blockingFlush()
}

// blockingFlush flushes and waits for its end. A flush under way counts as its own.
func (s *OutputStream) blockingFlush() error {
	if err := s.flush(); err != nil {
		return err
	}
	if f := s.flushing; f != nil && !f.Ready() {
		return abi.WaitFor(f)
	}
	s.flushing, s.done = nil, 0
	if _, err := s.sink.Budget(); err != nil {
		return s.fail(err)
	}
	return nil
}
