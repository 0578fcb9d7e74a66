package io

import (
	"fmt"
	"io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
)

// keepBuffer is the capacity up to which a writerSink keeps its buffers.
const keepBuffer = 64 << 10

// writerSink writes to an io.Writer on a goroutine.
type writerSink struct {
	Waiters
	mu      sync.Mutex
	w       io.Writer
	closer  io.Closer // that is closed in the end; nil for none
	closed  bool      // the guest has dropped the stream
	buf     []byte    // to be written next
	spare   []byte    // what the goroutine is writing, or an empty buffer
	busy    int       // bytes that the goroutine is writing
	running bool      // there is a goroutine
	err     error
}

// Budget implements Sink. Streams that share the sink may have been promised the same room.
func (s *writerSink) Budget() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(MaxWrite-s.busy-len(s.buf), 0), s.err
}

// Write implements Sink.
func (s *writerSink) Write(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.buf = append(s.buf, p...)
	if !s.running {
		s.running = true
		go s.drain()
	}
	return nil
}

// Flush implements Sink.
func (s *writerSink) Flush() (abi.Pollable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running || s.err != nil {
		return nil, s.err
	}
	return drained{s}, nil
}

// Close implements Sink. What is left is still written.
func (s *writerSink) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed = true; !s.running {
		s.finish()
	}
	return nil
}

// finish closes the writer of a stream that nobody uses any more.
func (s *writerSink) finish() {
	if c := s.closer; c != nil && s.closed {
		s.closer = nil
		go c.Close()
	}
}

// Ready implements abi.Pollable.
func (s *writerSink) Ready() bool {
	n, err := s.Budget()
	return n > 0 || err != nil
}

// drain writes what there is, and ends when there is no more.
func (s *writerSink) drain() {
	s.mu.Lock()
	for len(s.buf) > 0 && s.err == nil {
		s.buf, s.spare = s.spare[:0], s.buf
		s.busy = len(s.spare)
		s.mu.Unlock()
		err := writeAll(s.w, s.spare)
		s.mu.Lock()
		s.busy, s.err = 0, err
		if cap(s.spare) > keepBuffer {
			s.spare = nil
		}
		if len(s.buf) > 0 {
			s.mu.Unlock()
			s.Wake()
			s.mu.Lock()
		}
	}
	s.running = false
	if s.err != nil {
		s.buf, s.spare = nil, nil
	}
	s.finish()
	s.mu.Unlock()
	s.Wake()
}

// drained is ready when nothing is left to write.
type drained struct{ *writerSink }

func (d drained) Ready() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.running
}

// writeAll writes p, and turns a panic of w into an error.
func writeAll(w io.Writer, p []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("writer panicked: %v", v)
		}
	}()
	n, err := w.Write(p)
	if err == nil && n < len(p) {
		return io.ErrShortWrite
	}
	return err
}

// discard is a Sink for io.Discard, which needs no goroutine.
type discard struct{}

func (discard) Budget() (int, error)            { return MaxWrite, nil }
func (discard) Write([]byte) error              { return nil }
func (discard) Flush() (abi.Pollable, error)    { return nil, nil }
func (discard) Close() error                    { return nil }
func (discard) Ready() bool                     { return true }
func (discard) Arm(wake func()) (disarm func()) { return nil }

// NewSink returns the Sink of NewOutputStream.
func NewSink(w io.Writer) Sink {
	if w == io.Discard {
		return discard{}
	}
	return &writerSink{w: w}
}
