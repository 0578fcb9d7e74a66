package guesttest

import (
	"io"

	"github.com/spinhost/spin/engine/abi"
)

// Reader is the readable end, which the guest has, of a stream or future that the host feeds.
type Reader struct {
	g    *Guest
	src  abi.Source
	refs []abi.Ref
	wake
}

// Writer is the writable end of a stream<u8> of which the guest gives the other to the host.
type Writer struct {
	g    *Guest
	sink abi.Sink
	wake
}

// wake is an abi.Waker.
type wake chan struct{}

func (w wake) Wake() {
	select {
	case w <- struct{}{}:
	default:
	}
}

func (w wake) Drive(func() bool) { w.Wake() }
func (w wake) Drop()             { w.Wake() }

// Reader returns the end with that handle.
func (g *Guest) Reader(handle uint32) *Reader {
	r, ok := g.end(handle).(*Reader)
	if !ok {
		g.t.Fatalf("handle %d is no readable end", handle)
	}
	return r
}

func (g *Guest) end(handle uint32) any {
	if i := int(handle) - endBase; i >= 0 && i < len(g.ends) {
		return g.ends[i]
	}
	return nil
}

func (g *Guest) addEnd(e any) uint32 {
	g.ends = append(g.ends, e)
	return uint32(len(g.ends)-1) + endBase
}

// Next waits for up to n elements and returns the address at which they lie, and how many they
// are: 0 at the end. size is that of one element.
func (r *Reader) Next(n, size uint32) (ptr, count uint32) {
	ptr = r.g.Alloc(n*size, 8)
	for {
		var v abi.Guest
		v.Reset(r.g, abi.Options{}, r.refs, nil, nil)
		count, end := r.src.Read(&v, ptr, n)
		if count > 0 || end {
			return ptr, count
		}
		<-r.wake
	}
}

// Bytes reads a stream<u8> to its end.
func (r *Reader) Bytes() (p []byte) {
	for {
		ptr, n := r.Next(1000, 1)
		if n == 0 {
			return p
		}
		p = append(p, r.g.mem[ptr:ptr+n]...)
	}
}

// Drop drops the end before its end.
func (r *Reader) Drop() { r.src.End() }

// Stream makes a stream<u8> and returns the handle of its readable end.
func (g *Guest) Stream() (handle uint64, w *Writer) {
	w = &Writer{g: g, wake: make(wake, 1)}
	return uint64(g.addEnd(w)), w
}

// Write writes all of p, waiting as long as the host wants, or returns io.ErrClosedPipe if the
// host has dropped its end.
func (w *Writer) Write(p []byte) (int, error) {
	ptr, left := w.g.Put(string(p))
	for left > 0 {
		var v abi.Guest
		v.Reset(w.g, abi.Options{}, nil, nil, nil)
		n, end := w.sink.Write(&v, uint32(ptr), uint32(left))
		if end {
			return len(p) - int(left), io.ErrClosedPipe
		}
		if n == 0 {
			<-w.wake
		}
		ptr, left = ptr+uint64(n), left-uint64(n)
	}
	return len(p), nil
}

// Close drops the writable end.
func (w *Writer) Close() { w.sink.End(nil) }

// Abort ends the stream as a guest that traps does.
func (w *Writer) Abort(err error) { w.sink.End(err) }

// LiftEnd implements abi.Env.
func (g *Guest) LiftEnd(i uint32, _ *abi.Ref) (abi.End, error) {
	w, ok := g.end(i).(*Writer)
	if !ok || w.sink != nil {
		return nil, abi.Trapf("handle %d is no readable end of a stream of the guest", i)
	}
	return liftedEnd{w}, nil
}

// LowerEnd implements abi.Env.
func (g *Guest) LowerEnd(_ *abi.Ref, refs []abi.Ref, s abi.Source) (uint32, error) {
	r := &Reader{g: g, refs: refs, wake: make(wake, 1)}
	s.Bind(r.wake)
	r.src = s
	return g.addEnd(r), nil
}

// Forward implements abi.Env.
func (g *Guest) Forward(abi.End) (uint32, error) { return 0, abi.Trapf("not supported in tests") }

type liftedEnd struct{ w *Writer }

func (e liftedEnd) Attach(_ []abi.Ref, s abi.Sink) abi.Waker {
	e.w.sink = s
	return e.w.wake
}

func (e liftedEnd) Drop()              {}
func (e liftedEnd) Source() abi.Source { return nil }
func (e liftedEnd) Take()              {}
