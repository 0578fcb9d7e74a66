package abi

import (
	"fmt"
	"io"
	"sync"

	"github.com/spinhost/spin/internal/stack"
)

// LowerByteStream gives the guest the readable end of a stream<u8> that delivers what r
// yields. r is read on goroutines of its own, one buffer of up to 64 KiB ahead of the guest,
// and closed when it ends, fails, or the guest drops the stream, even while a Read is under
// way; done, if not nil, is then called once, with nil at the regular end. Both are called on
// a goroutine that the end of the guest's tree waits for, or by the host's own reader if the
// guest gives the stream back. A nil r is an empty stream.
func (g *Guest) LowerByteStream(r io.ReadCloser, ref int, done func(error)) uint32 {
	s := &byteSource{r: r, done: done, ended: r == nil}
	s.idle.L = &s.mu
	return g.lowerEnd(ref, s)
}

// lowerEnd gives the guest a readable end that s feeds; s is ended if that fails.
func (g *Guest) lowerEnd(ref int, s Source) uint32 {
	if g.err == nil {
		i, err := g.env.LowerEnd(&g.refs[ref], g.refs, s)
		if err == nil {
			return i
		}
		g.Fail(err)
	}
	background(g.env, s.End)
	return 0
}

// byteSource feeds a guest from an io.Reader.
type byteSource struct {
	mu      sync.Mutex
	idle    sync.Cond // signalled when reading becomes false
	r       io.ReadCloser
	waker   Waker
	done    func(error)
	buf     []byte
	from    *Buffers // that count buf
	lo, hi  int      // what is left of buf
	reading bool     // a goroutine fills buf
	ended   bool     // nothing follows buf
	closed  bool     // r is closed and done called, or a goroutine is about to
	err     error    // why, if not at the regular end
}

// Bind implements Source.
func (s *byteSource) Bind(w Waker) { s.waker = w }

// Read implements Source.
func (s *byteSource) Read(g *Guest, ptr, n uint32) (uint32, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.hi - s.lo
	switch {
	case s.reading:
		return 0, false
	case left == 0 && s.ended:
		background(s.waker, s.finish())
		return 0, true
	case left == 0:
		s.fetch(g)
		return 0, false
	case n == 0:
		return uint32(left), false
	}
	k := copy(g.Mem()[ptr:uint64(ptr)+uint64(n)], s.buf[s.lo:s.hi])
	if s.lo += k; s.lo == s.hi && !s.ended {
		s.fetch(g)
	}
	return uint32(k), false
}

// fetch fills the buffer on a goroutine, which then runs the guest if nobody else does.
func (s *byteSource) fetch(g *Guest) {
	if s.buf == nil {
		if s.buf, s.from = g.newChunk(); s.buf == nil {
			return
		}
	}
	s.reading = true
	r, b := s.r, s.buf
	go func() {
		stack.Grow()
		n, err := fill(r, b)
		var then func()
		s.mu.Lock()
		s.reading = false
		if s.ended { // the guest has gone meanwhile
			then = s.finish()
		} else {
			s.lo, s.hi = 0, n
			then = s.end(err)
		}
		background(s.waker, then) // counted before the guest's end can see that nothing is left to do
		s.idle.Broadcast()
		s.mu.Unlock()
		s.waker.Drive(nil)
	}()
}

// fill reads from the host's reader, which may panic.
func fill(r io.Reader, b []byte) (n int, err error) {
	defer func() {
		if v := recover(); v != nil {
			n, err = 0, fmt.Errorf("reader of a stream panicked: %v", v)
		}
	}()
	if n, err = r.Read(b); n < 0 || n > len(b) {
		return 0, fmt.Errorf("reader of a stream returned count %d of %d", n, len(b))
	}
	return n, err
}

// end notes the outcome of a read; nil goes on. It returns what is to be done then without
// the lock, if there is something: closing r, for which the driver must not wait.
func (s *byteSource) end(err error) (then func()) {
	if err == nil || s.closed {
		return nil
	}
	s.ended, s.closed = true, true
	if err != io.EOF {
		s.err = err
	}
	r, done, why := s.r, s.done, s.err
	if r == nil && done == nil {
		return nil
	}
	return func() {
		if r != nil {
			quietly(func() { _ = r.Close() })
		}
		if done != nil {
			quietly(func() { done(why) })
		}
	}
}

// finish is end for a source that nobody reads any more. It gives the buffer back.
func (s *byteSource) finish() (then func()) {
	if s.buf != nil {
		s.from.release(len(s.buf))
	}
	s.buf = recycle(s.buf)
	s.lo, s.hi = 0, 0
	return s.end(io.EOF)
}

// End implements Source. Closing the reader also ends a Read under way.
func (s *byteSource) End() { background(s.waker, s.drop()) }

func (s *byteSource) drop() (then func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		then = s.end(io.ErrClosedPipe)
	}
	if s.reading {
		return then // what it reads into is still needed
	}
	if t := s.finish(); t != nil {
		then = t
	}
	return then
}

// spliced reads a byteSource whose stream came back to the host: no guest in between.
type spliced struct{ s *byteSource }

// Read implements io.Reader: first what was read ahead for the guest, then the reader itself.
func (d spliced) Read(p []byte) (int, error) {
	s := d.s
	s.mu.Lock()
	for s.reading {
		s.idle.Wait()
	}
	if s.lo < s.hi {
		n := copy(p, s.buf[s.lo:s.hi])
		s.lo += n
		s.mu.Unlock()
		return n, nil
	}
	ended, err, r := s.ended, s.err, s.r
	s.mu.Unlock()
	switch {
	case err != nil:
		return 0, err
	case ended:
		return 0, io.EOF
	}
	n, err := r.Read(p)
	if err != nil {
		s.mu.Lock()
		then := s.end(err)
		s.mu.Unlock()
		background(nil, then)
	}
	return n, err
}

// Close implements io.Closer.
func (d spliced) Close() error {
	background(nil, d.s.drop())
	return nil
}
