package http

import (
	"io"
	nethttp "net/http"
	"runtime"
	"sync"
)

var copyBuffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// CopyTo writes the body to w. It calls flush, which may be nil, whenever it would have to wait
// for more. After it has returned nil the trailers are known.
func (b *Body) CopyTo(w io.Writer, flush func() error) error {
	buf := copyBuffers.Get().(*[64 << 10]byte)
	defer copyBuffers.Put(buf)
	dirty := true // what was written before may have to go out
	for {
		if dirty && flush != nil && !b.soon() {
			if err := flush(); err != nil {
				return err
			}
			dirty = false
		}
		n, err := b.next(buf[:])
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
			dirty = true
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// soon reports whether next would return at once, having let others run first who may be about to
// write more: a flush for each piece costs more than the piece.
func (b *Body) soon() bool {
	if b.buffered() {
		return true
	}
	runtime.Gosched()
	return b.buffered()
}

// Fill reads what is there of the body, or comes soon, as far as there is room in p. It
// returns io.EOF with the last bytes if the body is complete, trailers included; other errors
// are those of Read.
func (b *Body) Fill(p []byte) (n int, err error) {
	for n < len(p) && err == nil && b.soon() {
		var k int
		k, err = b.next(p[n:])
		n += k
	}
	return n, err
}

// HasTrailers reports whether the body, which has been read to its end, has trailers.
func (b *Body) HasTrailers() bool { return b.trailers != nil && len(b.trailers.list) > 0 }

// Trailers returns the trailers of a body that has been read to its end; nil if there are none.
// Names that trailers cannot have are left out.
func (b *Body) Trailers() nethttp.Header {
	if !b.HasTrailers() {
		return nil
	}
	t := make(nethttp.Header, len(b.trailers.list))
	b.trailers.copyTo(t, func(name string) bool { return name == "content-length" || name == "trailer" })
	return t
}
