package http

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// pipeSize is how many bytes of a body wait for the host to send them.
const pipeSize = 1 << 20

// outBody2 is the resource outgoing-body of version 0.2.
type outBody2 struct {
	children wasiio.Children
	pipe     *bodyPipe
	opened   bool
}

// newBody2 makes the body of a message that a guest makes, and the resource to write it.
func newBody2(headers *fields2, size func(uint64) ErrorCode) (*outBody2, *Body, error) {
	want, err := headers.contentLength()
	if err != nil {
		return nil, nil, refuse(false)
	}
	r, w := wasiio.NewPipe(pipeSize)
	p := &bodyPipe{PipeWriter: w, from: r, want: want, tooMany: size}
	return &outBody2{pipe: p}, &Body{src: pipeSource{p}, trail: pipeTrailers{p}, want: -1}, nil
}

// asOutBody2 returns the implementation of a resource.
func asOutBody2(b p2http.OutgoingBody) (*outBody2, error) {
	own, ok := b.(*outBody2)
	if !ok {
		return nil, abi.Trapf("outgoing-body %T was not made by this host", b)
	}
	return own, nil
}

// Write implements the function write.
func (b *outBody2) Write(context.Context) (p2io.OutputStream, error) {
	if b.opened {
		return nil, refuse(false)
	}
	b.opened = true
	return wasiio.NewOutputStreamTo(b.pipe).ChildOf(&b.children), nil
}

// Drop implements abi.Dropper: without finish the message is incomplete.
func (b *outBody2) Drop() error {
	b.pipe.end(nil, p3http.ErrorCodeHTTPProtocolError())
	return b.children.Err("outgoing-body")
}

// OutgoingBodyFinish implements the function outgoing-body.finish.
func (types2) OutgoingBodyFinish(_ context.Context, this p2http.OutgoingBody, trailers abi.Option[p2http.Fields]) error {
	b, err := asOutBody2(this)
	if err != nil {
		return err
	}
	if b.children.Err("outgoing-body") != nil {
		return b.Drop()
	}
	var t *fields
	if trailers.OK {
		f, err := asFields2(trailers.Value)
		if err != nil {
			return errors.Join(err, b.Drop())
		}
		t = &f.fields
	}
	if p := b.pipe; p.want >= 0 && p.written != p.want {
		code := p.tooMany(uint64(p.written))
		p.end(nil, code)
		return toP2(code)
	}
	b.pipe.end(t, nil)
	return nil
}

// bodyPipe is the sink of a body's output-stream: a pipe that keeps to content-length.
type bodyPipe struct {
	*wasiio.PipeWriter
	from     *wasiio.PipeReader
	want     int64 // -1: any length
	tooMany  func(uint64) ErrorCode
	written  int64 // also what was refused
	trailers *fields
	passed   atomic.Int64 // bytes in the pipe
	over     atomic.Bool  // about to end
	ended    atomic.Bool
}

// Write implements wasiio.Sink.
func (p *bodyPipe) Write(b []byte) error {
	p.written += int64(len(b))
	if p.want >= 0 && p.written > p.want {
		code := p.tooMany(uint64(p.written))
		p.end(nil, code)
		return code
	}
	n := len(b)
	if err := p.PipeWriter.Write(b); err != nil {
		return err
	}
	p.passed.Add(int64(n))
	return nil
}

// Close implements wasiio.Sink: that the stream ends is not the end of the body.
func (p *bodyPipe) Close() error { return nil }

// end ends the body. Only the first call counts.
func (p *bodyPipe) end(trailers *fields, err error) {
	if p.over.Swap(true) {
		return
	}
	p.trailers = trailers
	p.PipeWriter.CloseWithError(err)
	p.ended.Store(true)
}

// pipeSource is the host's end of a bodyPipe.
type pipeSource struct{ p *bodyPipe }

func (s pipeSource) Read(b []byte) (int, error) {
	n, err := s.p.from.Read(b)
	s.p.passed.Add(-int64(n))
	return n, err
}

func (s pipeSource) Close() error { return s.p.from.Close() }

// Buffered implements source.
func (s pipeSource) Buffered() bool { return s.p.ended.Load() || s.p.passed.Load() > 0 }

// pipeTrailers are the trailers of a bodyPipe that has ended.
type pipeTrailers struct{ p *bodyPipe }

func (t pipeTrailers) poll() (*fields, error, bool) {
	if !t.p.ended.Load() {
		return nil, nil, false
	}
	return t.p.trailers, nil, true
}

// wait implements trailing: once the bytes have ended, the trailers are there.
func (t pipeTrailers) wait() (*fields, error) { return t.p.trailers, nil }
func (t pipeTrailers) Close() error           { return nil }
