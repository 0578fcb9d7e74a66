package httpguest

import (
	"io"

	"github.com/spinhost/spin/engine/abi"
)

// Reader is the readable end of a stream or future that the host feeds.
type Reader struct {
	in    *Instance
	src   abi.Source
	refs  []abi.Ref
	buf   uint32 // 0: not allocated yet
	ended bool
}

// Writer is the writable end of a stream or future of which the guest gives the other to the host.
type Writer struct {
	in   *Instance
	sink abi.Sink
	refs []abi.Ref
	buf  uint32 // 0: not allocated yet
	gone bool   // one of the ends was dropped
}

// waker is how the host wakes the tasks that wait at an end.
type waker struct {
	in   *Instance
	drop func()
}

func (w waker) Wake()             { w.in.wake() }
func (w waker) Drive(func() bool) { w.in.wake() }
func (w waker) Drop() {
	w.drop()
	w.in.wake()
}

// Stream makes a stream or a future and returns the handle of its readable end.
func (t *Task) Stream() (handle uint64, w *Writer) {
	w = &Writer{in: t.Instance}
	return uint64(t.addEnd(w)), w
}

func (in *Instance) addEnd(e any) uint32 {
	in.last++
	in.ends[in.last] = e
	return in.last
}

// Reader returns the end with that handle.
func (t *Task) Reader(handle uint32) *Reader {
	r, ok := t.ends[handle].(*Reader)
	if !ok {
		panic(Trap{abi.Trapf("handle %d is no readable end", handle)})
	}
	return r
}

// pieceSize is how many bytes are read or written at once at most.
const pieceSize = 16 << 10

// buffer returns memory for one piece, which is an end's own.
func (in *Instance) buffer(buf *uint32) uint32 {
	if *buf == 0 {
		*buf = in.keep(pieceSize)
	}
	return *buf
}

// Write writes all of p, waiting as long as the host wants. It returns io.ErrClosedPipe if the host
// has dropped its end.
func (t *Task) Write(w *Writer, p string) error {
	for len(p) > 0 {
		ptr := t.buffer(&w.buf)
		n := copy(t.mem[ptr:ptr+pieceSize], p)
		k, end := t.WriteElems(w, ptr, uint32(n))
		if end {
			return io.ErrClosedPipe
		}
		p = p[k:]
	}
	return nil
}

// WriteElems writes up to n elements that lie at ptr, and returns how many, or that nobody reads.
func (t *Task) WriteElems(w *Writer, ptr, n uint32) (count uint32, end bool) {
	t.Wait(func() bool {
		switch {
		case w.gone:
			end = true
			return true
		case w.sink == nil:
			return false
		}
		var g abi.Guest
		g.Reset(t.Instance, abi.Options{}, w.refs, nil, nil)
		var over bool
		count, over = w.sink.Write(&g, ptr, n)
		if err := g.Err(); err != nil {
			panic(Trap{err})
		}
		w.gone = w.gone || over
		end = over && count == 0
		return count > 0 || over
	})
	return count, end
}

// CloseWriter drops the writable end.
func (t *Task) CloseWriter(w *Writer) {
	t.Wait(func() bool { return w.sink != nil || w.gone }) // tests give the other end away first
	if !w.gone {
		w.gone = true
		w.sink.End(nil)
	}
}

// Gone reports whether the host has dropped its end.
func (w *Writer) Gone() bool { return w.gone }

// Read waits for up to n elements of a size, of 16 KiB together, and returns where they lie and
// how many they are, 0 at the end.
func (t *Task) Read(r *Reader, n, size uint32) (ptr, count uint32) {
	ptr = t.buffer(&r.buf)
	n = min(n, pieceSize/size)
	t.Wait(func() bool {
		if r.ended {
			return true
		}
		var g abi.Guest
		g.Reset(t.Instance, abi.Options{}, r.refs, nil, nil)
		var end bool
		count, end = r.src.Read(&g, ptr, n)
		r.ended = end
		return count > 0 || end
	})
	return ptr, count
}

// ReadAll reads a stream<u8> to its end.
func (t *Task) ReadAll(r *Reader) string {
	var all []byte
	for {
		ptr, n := t.Read(r, 16<<10, 1)
		if n == 0 {
			return string(all)
		}
		all = append(all, t.mem[ptr:ptr+n]...)
	}
}

// ReadSome reads up to n bytes, "" at the end.
func (t *Task) ReadSome(r *Reader, n uint32) string {
	ptr, k := t.Read(r, n, 1)
	return string(t.mem[ptr : ptr+k])
}

// CloseReader drops the readable end.
func (t *Task) CloseReader(r *Reader) {
	if !r.ended {
		r.ended = true
		r.src.End()
	}
}

// LiftEnd implements abi.Env.
func (in *Instance) LiftEnd(i uint32, _ *abi.Ref) (abi.End, error) {
	e, ok := in.ends[i]
	if !ok {
		return nil, abi.Trapf("unknown handle index %d", i)
	}
	delete(in.ends, i)
	switch e := e.(type) {
	case *Writer:
		return liftedWriter{e}, nil
	default:
		return liftedReader{e.(*Reader)}, nil
	}
}

// LowerEnd implements abi.Env.
func (in *Instance) LowerEnd(_ *abi.Ref, refs []abi.Ref, s abi.Source) (uint32, error) {
	r := &Reader{in: in, refs: refs}
	s.Bind(waker{in, func() {}})
	r.src = s
	return in.addEnd(r), nil
}

// Forward implements abi.Env.
func (in *Instance) Forward(abi.End) (uint32, error) {
	return 0, abi.Trapf("not supported by this guest")
}

// liftedWriter is the host's end of a stream that the guest writes.
type liftedWriter struct{ w *Writer }

func (e liftedWriter) Attach(refs []abi.Ref, s abi.Sink) abi.Waker {
	e.w.sink, e.w.refs = s, refs
	in := e.w.in
	in.addEnd(e.w) // to be ended with the instance
	in.wake()
	return waker{in, func() {
		go func() { // who drops may be the driver
			in.drive.Lock()
			e.w.gone = true
			in.drive.Unlock()
			in.wake()
		}()
	}}
}

func (e liftedWriter) Drop()              { e.w.gone = true }
func (e liftedWriter) Source() abi.Source { return nil }
func (e liftedWriter) Take()              {}

// liftedReader is a stream of the host's that came back to it.
type liftedReader struct{ r *Reader }

func (e liftedReader) Attach(_ []abi.Ref, s abi.Sink) abi.Waker {
	s.End(abi.Trapf("host reads its own end in another form"))
	return waker{e.r.in, func() {}}
}

func (e liftedReader) Drop()              { e.r.src.End() }
func (e liftedReader) Source() abi.Source { return e.r.src }
func (e liftedReader) Take()              { e.r.ended = true }
