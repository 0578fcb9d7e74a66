package io

import (
	"io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
)

// NewPipe joins a guest's output-stream, made of the writer with NewOutputStreamTo, to a reader
// in Go. Up to size bytes wait between them; a guest that writes more has to wait until the
// reader has read, and flushing waits for nothing. All methods are safe for concurrent use, but
// only one goroutine may read.
func NewPipe(size int) (*PipeReader, *PipeWriter) {
	p := &pipe{size: size, more: make(chan struct{}, 1)}
	return &PipeReader{p}, &PipeWriter{p}
}

type pipe struct {
	Waiters
	mu      sync.Mutex
	size    int
	in, out []byte // filled by the writer; being read
	read    int    // how much of out
	more    chan struct{}
	werr    error // why the writer writes no more
	rerr    error // why the reader reads no more
}

// signal tells the reader that there is something new.
func (p *pipe) signal() {
	select {
	case p.more <- struct{}{}:
	default:
	}
}

// PipeWriter is the guest's end of a pipe: a Sink.
type PipeWriter struct{ p *pipe }

// Budget implements Sink.
func (w *PipeWriter) Budget() (int, error) {
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.writeErr(); err != nil {
		return 0, err
	}
	return p.size - len(p.in) - (len(p.out) - p.read), nil
}

func (p *pipe) writeErr() error {
	if p.rerr != nil {
		return p.rerr
	}
	if p.werr != nil {
		return io.ErrClosedPipe
	}
	return nil
}

// Write implements Sink.
func (w *PipeWriter) Write(b []byte) error {
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.writeErr(); err != nil {
		return err
	}
	if cap(p.in) == 0 {
		p.in = b
	} else {
		p.in = append(p.in, b...)
	}
	p.signal()
	return nil
}

// Flush implements Sink.
func (w *PipeWriter) Flush() (abi.Pollable, error) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	return nil, w.p.writeErr()
}

// Ready implements abi.Pollable.
func (w *PipeWriter) Ready() bool {
	n, err := w.Budget()
	return n > 0 || err != nil
}

// Arm implements abi.Pollable.
func (w *PipeWriter) Arm(wake func()) (disarm func()) { return w.p.Arm(wake) }

// Close implements Sink: the reader gets io.EOF after what was written.
func (w *PipeWriter) Close() error { return w.CloseWithError(nil) }

// CloseWithError ends the pipe: the reader gets err after what was written, io.EOF if err is
// nil. Only the first call counts.
func (w *PipeWriter) CloseWithError(err error) error {
	if err == nil {
		err = io.EOF
	}
	p := w.p
	p.mu.Lock()
	if p.werr == nil {
		p.werr = err
	}
	p.signal()
	p.mu.Unlock()
	p.Wake()
	return nil
}

// PipeReader is the host's end of a pipe.
type PipeReader struct{ p *pipe }

// Read implements io.Reader. It returns what is there and waits only for the first byte.
func (r *PipeReader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	next, err := r.p.next()
	if err != nil {
		return 0, err
	}
	n := copy(b, next)
	r.p.took(n)
	return n, nil
}

// WriteTo implements io.WriterTo.
func (r *PipeReader) WriteTo(w io.Writer) (n int64, err error) {
	for {
		next, err := r.p.next()
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		k, err := w.Write(next)
		r.p.took(k)
		if n += int64(k); err != nil {
			return n, err
		}
	}
}

// Close gives the pipe up: the guest sees its stream closed. It ends a Read under way.
func (r *PipeReader) Close() error { return r.CloseWithError(nil) }

// CloseWithError gives the pipe up: the guest sees that writing failed with err, or its stream
// closed if err is nil. Only the first call counts.
func (r *PipeReader) CloseWithError(err error) error {
	if err == nil {
		err = io.ErrClosedPipe
	}
	p := r.p
	p.mu.Lock()
	if p.rerr == nil {
		p.rerr = err
	}
	p.in, p.out, p.read = nil, nil, 0
	p.signal()
	p.mu.Unlock()
	p.Wake()
	return nil
}

// next waits for bytes and returns all that may be read at once.
func (p *pipe) next() ([]byte, error) {
	for {
		b, err := p.swap()
		if b != nil || err != nil {
			return b, err
		}
		<-p.more
	}
}

// swap makes what was written the next to read when all else is read.
func (p *pipe) swap() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read == len(p.out) && len(p.in) > 0 {
		p.in, p.out, p.read = p.out[:0], p.in, 0
	}
	switch {
	case p.rerr != nil:
		return nil, io.ErrClosedPipe
	case p.read < len(p.out):
		return p.out[p.read:], nil
	case p.werr != nil:
		p.in, p.out, p.read = nil, nil, 0
		return nil, p.werr
	}
	return nil, nil
}

// took gives the room of n bytes back.
func (p *pipe) took(n int) {
	p.mu.Lock()
	p.read = min(p.read+n, len(p.out)) // the reader may have been closed meanwhile
	p.mu.Unlock()
	p.Wake()
}
