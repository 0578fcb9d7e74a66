package io

import (
	"fmt"
	"io"
	"sync"

	"github.com/spinhost/spin/internal/stack"
)

// Bytes returns a Source of p.
func Bytes(p []byte) Source { return &bytesSource{p} }

type bytesSource struct{ left []byte }

func (s *bytesSource) Read(n int) (p []byte, err error) {
	if len(s.left) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(s.left))
	p, s.left = s.left[:n], s.left[n:]
	return p, nil
}

func (s *bytesSource) Ready() bool            { return true }
func (s *bytesSource) Arm(wake func()) func() { return nil }
func (s *bytesSource) Close() error           { s.left = nil; return nil }

// Reader returns a Source that reads r as [NewInputStream] does.
func Reader(r io.ReadCloser) Source { return newReaderSource(r) }

var buffers = sync.Pool{New: func() any { return new([maxRead]byte) }}

// readerSource reads an io.ReadCloser. While the guest takes bytes from one buffer, a goroutine
// fills the other.
type readerSource struct {
	Waiters
	mu      sync.Mutex
	r       io.ReadCloser
	cur     *[maxRead]byte
	lo, hi  int            // what is left of cur
	next    *[maxRead]byte // belongs to the goroutine while filling
	n       int            // bytes in next
	filling bool
	err     error // why nothing follows next
	closed  bool
}

func newReaderSource(r io.ReadCloser) *readerSource { return &readerSource{r: r} }

// Read implements Source.
func (s *readerSource) Read(n int) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lo == s.hi && s.n > 0 && !s.filling {
		s.cur, s.next = s.next, s.cur
		s.lo, s.hi, s.n = 0, s.n, 0
	}
	s.fill()
	if s.lo == s.hi {
		if s.filling {
			return nil, nil
		}
		s.recycle()
		return nil, s.err
	}
	hi := min(s.hi, s.lo+n)
	p := s.cur[s.lo:hi:hi]
	s.lo = hi
	return p, nil
}

// Ready implements abi.Pollable. It starts reading: who asks wants to read.
func (s *readerSource) Ready() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fill()
	return s.lo < s.hi || !s.filling
}

// fill starts to fill next unless there is something in it, or nothing more.
func (s *readerSource) fill() {
	if s.filling || s.n > 0 || s.err != nil {
		return
	}
	if s.next == nil {
		s.next = buffers.Get().(*[maxRead]byte)
	}
	s.filling = true
	go s.read(s.next[:])
}

// read fills p, on a goroutine of its own.
func (s *readerSource) read(p []byte) {
	stack.Grow()
	n, err := readSome(s.r, p)
	s.mu.Lock()
	s.filling = false
	closed := s.closed
	if closed {
		s.recycle()
	} else {
		s.n, s.err = n, err
	}
	s.mu.Unlock()
	s.Wake()
	if err != nil && !closed {
		s.r.Close()
	}
}

// Close implements Source.
func (s *readerSource) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		go s.r.Close() // may have to wait for a Read under way, or for a network
	}
	s.closed, s.err = true, io.EOF
	if !s.filling {
		s.recycle()
	}
	return nil
}

// recycle gives the buffers back.
func (s *readerSource) recycle() {
	for _, b := range []**[maxRead]byte{&s.cur, &s.next} {
		if *b != nil {
			buffers.Put(*b)
		}
		*b = nil
	}
	s.lo, s.hi, s.n = 0, 0, 0
}

// readSome reads at least one byte or returns an error. That of a reader that panics says so.
func readSome(r io.Reader, p []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("reader panicked: %v", v)
		}
	}()
	for range 100 {
		if n, err = r.Read(p); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// NewSource returns the Source of NewInputStream.
func NewSource(r io.ReadCloser) Source { return newReaderSource(r) }
