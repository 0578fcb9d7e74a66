package abi

import (
	"io"
	"sync"
)

// ByteReader is the host's readable end of a stream<u8>. It buffers up to 128 KiB of what
// the guest writes, or 512 KiB if guest and host wait for each other by turns; a guest that
// writes more waits until the host has read. It implements io.ReadCloser and io.WriterTo for
// use by one goroutine, which need not be the guest's.
type ByteReader struct {
	from   *Buffers // that count in and out
	mu     sync.Mutex
	in     []byte // being filled by the guest
	n      int    // bytes in in
	out    []byte // being read by the host
	r, w   int    // what is left of out
	full   bool   // the guest was told to wait
	filled bool   // at least once
	quick  bool   // and then the host had to wait: larger buffers are worth their memory
	ended  bool   // the guest has dropped its end
	err    error  // why, if not in the normal way
	closed bool   // the host has dropped its end
	waker  Waker
	more   chan struct{} // told of news, if somebody waits for some
	direct io.ReadCloser // the host feeds the stream itself: no guest in between
}

// ByteStream takes the readable end i of a stream<u8> from the guest.
func (g *Guest) ByteStream(i uint32, ref int) *ByteReader {
	e := g.liftEnd(i, ref)
	if e == nil {
		return nil
	}
	r := new(ByteReader)
	if s, ok := e.Source().(*byteSource); ok {
		e.Take()
		r.direct = spliced{s}
		return r
	}
	r.waker = e.Attach(g.refs, r)
	return r
}

func (g *Guest) liftEnd(i uint32, ref int) End {
	if g.err != nil {
		return nil
	}
	e, err := g.env.LiftEnd(i, &g.refs[ref])
	if err != nil {
		g.Fail(err)
		return nil
	}
	return e
}

// Write implements Sink.
func (r *ByteReader) Write(g *Guest, ptr, n uint32) (uint32, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return 0, true
	}
	if r.in == nil {
		if r.in, r.from = g.newChunk(); r.in == nil {
			return 0, false
		}
	}
	if r.quick && r.n == 0 {
		r.in = r.from.enlarge(r.in)
	}
	room := len(r.in) - r.n
	if n == 0 {
		return uint32(room), false
	}
	k := copy(r.in[r.n:], g.View(ptr, n))
	r.n += k
	if r.full = k == 0; r.full {
		r.filled = true
	} else {
		r.signal()
	}
	return uint32(k), false
}

func (r *ByteReader) signal() {
	if r.more == nil {
		return
	}
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// End implements Sink: the guest has dropped its end, or is gone.
func (r *ByteReader) End(err error) {
	r.mu.Lock()
	r.ended, r.err = true, err
	r.signal()
	r.mu.Unlock()
}

// next returns the bytes to read next, waiting for them, or io.EOF, or why there are none.
func (r *ByteReader) next() ([]byte, error) {
	drove := false
	for {
		r.mu.Lock()
		b, wake, err := r.swap()
		if b == nil && err == nil {
			r.toWait()
		}
		r.mu.Unlock()
		if wake {
			r.waker.Wake()
		}
		if b != nil || err != nil {
			return b, err
		}
		if !drove { // run the guest here if nobody does: it may have something
			drove = true
			r.waker.Drive(r.ready)
			continue
		}
		<-r.more
	}
}

// toWait prepares for the host to wait for the guest.
func (r *ByteReader) toWait() {
	r.quick = r.filled
	if r.more == nil {
		r.more = make(chan struct{}, 1)
	}
}

// swap hands the filled buffer to the host when the host's is used up.
func (r *ByteReader) swap() (b []byte, wake bool, err error) {
	if r.r == r.w && r.n > 0 {
		r.in, r.out = r.out, r.in
		r.r, r.w, r.n = 0, r.n, 0
		wake, r.full = r.full, false
	}
	switch {
	case r.closed:
		return nil, false, io.ErrClosedPipe
	case r.r < r.w:
		return r.out[r.r:r.w], wake, nil
	case !r.ended:
		return nil, wake, nil
	}
	r.from.release(len(r.in) + len(r.out))
	r.in, r.out = recycle(r.in), recycle(r.out)
	if r.err != nil {
		return nil, false, r.err
	}
	return nil, false, io.EOF
}

func (r *ByteReader) ready() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.r < r.w || r.n > 0 || r.ended || r.closed
}

// Buffered reports whether a Read would return at once.
func (r *ByteReader) Buffered() bool { return r.direct == nil && r.ready() }

// Read implements io.Reader. It returns what is there, and waits only for the first byte.
func (r *ByteReader) Read(p []byte) (int, error) {
	if r.direct != nil {
		return r.direct.Read(p)
	}
	if len(p) == 0 {
		return 0, nil
	}
	b, err := r.next()
	if err != nil {
		return 0, err
	}
	n := copy(p, b)
	r.took(n)
	return n, nil
}

// WriteTo implements io.WriterTo.
func (r *ByteReader) WriteTo(w io.Writer) (n int64, err error) {
	if r.direct != nil {
		return io.Copy(w, r.direct)
	}
	for {
		b, err := r.next()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		k, err := w.Write(b)
		r.took(k)
		if n += int64(k); err != nil {
			return n, err
		}
	}
}

func (r *ByteReader) took(n int) {
	r.mu.Lock()
	r.r += n
	r.mu.Unlock()
}

// Close drops the host's end: the guest's next write sees it as dropped. It may be called
// from any goroutine and more than once.
func (r *ByteReader) Close() error {
	if r.direct != nil {
		return r.direct.Close()
	}
	r.mu.Lock()
	was := r.closed
	r.closed = true
	r.signal()
	if !was { // whoever reads at present may still have them
		r.from.release(len(r.in) + len(r.out))
	}
	r.mu.Unlock()
	if !was {
		r.waker.Drop()
	}
	return nil
}
