package http

import (
	"context"
	"io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// inBody2 is the resource incoming-body of version 0.2.
type inBody2 struct {
	children wasiio.Children
	body     *Body
	reader   *reader2
	opened   bool
}

func newInBody2(b *Body) *inBody2 {
	r := &reader2{}
	r.guestReader = guestReader{b: b, done: r.finished}
	return &inBody2{body: b, reader: r}
}

// reader2 reads a body for an input-stream, and after it, what is left for the trailers.
type reader2 struct {
	mu sync.Mutex // a Read of the stream that was dropped may still be under way
	guestReader
	over     wasiio.Event
	trailers *fields
	err      error
}

func (r *reader2) finished(t *fields, err error) {
	r.trailers, r.err = t, err
	r.over.Set()
}

func (r *reader2) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.guestReader.Read(p)
}

// Close implements io.Closer: the stream was dropped, the body is still there.
func (r *reader2) Close() error { return nil }

// Stream implements the function stream.
func (b *inBody2) Stream(context.Context) (p2io.InputStream, error) {
	if b.opened {
		return nil, refuse(false)
	}
	b.opened = true
	if b.body.Empty() {
		return wasiio.NewInputStream(nil).ChildOf(&b.children), nil
	}
	return wasiio.NewInputStream(b.reader).ChildOf(&b.children), nil
}

// Drop implements abi.Dropper.
func (b *inBody2) Drop() error {
	b.body.Close()
	return b.children.Err("incoming-body")
}

// IncomingBodyFinish implements the function incoming-body.finish.
func (types2) IncomingBodyFinish(_ context.Context, this p2http.IncomingBody) (p2http.FutureTrailers, error) {
	b, ok := this.(*inBody2)
	if !ok {
		return nil, abi.Trapf("incoming-body %T was not made by this host", this)
	}
	if b.children.Err("incoming-body") != nil {
		return nil, b.Drop()
	}
	if b.body.Empty() {
		b.reader.end(nil, nil)
	}
	return &futureTrailers2{reader: b.reader}, nil
}

// futureTrailers2 is the resource future-trailers of version 0.2.
type futureTrailers2 struct {
	children wasiio.Children
	reader   *reader2
	draining bool
	taken    bool
}

// drain reads what is left of the body: the trailers come after it.
func (f *futureTrailers2) drain() {
	if !f.draining && !f.reader.over.Ready() {
		f.draining = true
		go io.Copy(io.Discard, struct{ io.Reader }{f.reader})
	}
}

// Subscribe implements the function subscribe.
func (f *futureTrailers2) Subscribe(context.Context) (p2io.Pollable, error) {
	f.drain()
	return wasiio.NewPollable(&f.reader.over, &f.children), nil
}

// Get implements the function get.
func (f *futureTrailers2) Get(context.Context) (o abi.Option[abi.Result[abi.Result[abi.Option[p2http.Fields], p2http.ErrorCode], abi.None]], _ error) {
	type result = abi.Result[abi.Option[p2http.Fields], p2http.ErrorCode]
	f.drain()
	switch r := f.reader; {
	case !r.over.Ready():
		return o, nil
	case f.taken:
		return abi.Some(abi.Failure[result](abi.None{})), nil
	case r.err != nil:
		f.taken = true
		return abi.Some(abi.Ok[abi.None](abi.Failure[abi.Option[p2http.Fields]](toP2(codeOf(r.err))))), nil
	case r.trailers == nil:
		f.taken = true
		return abi.Some(abi.Ok[abi.None](result{})), nil
	default:
		f.taken = true
		t := &fields2{*r.trailers}
		return abi.Some(abi.Ok[abi.None](abi.Ok[p2http.ErrorCode](abi.Some[p2http.Fields](t)))), nil
	}
}

// Drop implements abi.Dropper.
func (f *futureTrailers2) Drop() error {
	f.reader.b.Close()
	return f.children.Err("future-trailers")
}
