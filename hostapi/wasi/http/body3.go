package http

import (
	"context"
	"io"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// What passes between guests of version 0.3 and the host beside the bytes of a body.
type (
	trailersResult = abi.Result[abi.Option[p3http.Fields], ErrorCode]
	trailers3      = abi.Future[trailersResult]
	outcome3       = abi.Promise[abi.Result[abi.None, ErrorCode]]
	consumed3      = abi.Tuple2[io.ReadCloser, *abi.Promise[trailersResult]]
)

// guestBody3 makes the body of a message that a guest makes. Its streams are read from now on,
// up to what buffers hold, so that a guest with a small body never waits for the host.
func guestBody3(b *Body, headers *fields3, contents abi.Option[*abi.ByteReader], t *trailers3, sent *outcome3, size func(uint64) ErrorCode) {
	headers.frozen = true
	b.want, b.tooMany = -1, size
	if n, err := headers.contentLength(); err == nil {
		b.want = n
	} else {
		b.err = p3http.ErrorCodeHTTPProtocolError()
	}
	if contents.OK && contents.Value != nil {
		b.src = contents.Value
	}
	b.trail = guestTrailers{t}
	b.sent = sent
}

// guestTrailers are trailers that a guest of version 0.3 gives.
type guestTrailers struct{ *trailers3 }

func (t guestTrailers) poll() (*fields, error, bool) {
	v, err, known := t.Poll()
	if !known {
		return nil, nil, false
	}
	f, err := trailersOf(v, err)
	return f, err, true
}

// wait implements trailing; Close ends it.
func (t guestTrailers) wait() (*fields, error) { return trailersOf(t.Get(context.Background())) }

func trailersOf(v trailersResult, err error) (*fields, error) {
	switch {
	case err != nil:
		return nil, err
	case v.IsErr:
		return nil, v.Err
	case !v.Value.OK:
		return nil, nil
	}
	f, err := asFields3(v.Value.Value)
	if err != nil {
		return nil, err
	}
	return &f.fields, nil
}

// consume3 lets a guest read a body. What it says about the body through res becomes the
// outcome of a message that a guest has made; a message from outside has no use for it.
func consume3(b *Body, res *abi.Future[abi.Result[abi.None, ErrorCode]]) consumed3 {
	trailers := new(abi.Promise[trailersResult])
	if b.Empty() {
		res.Close()
		trailers.Resolve(guestTrailersOf(nil, nil))
		b.Finish(nil)
		return consumed3{F1: trailers}
	}
	if sent := b.sent; sent == nil {
		res.Close()
	} else {
		b.sent = nil
		b.report = func(err error) {
			if err != nil {
				sent.Resolve(outcome(err))
				res.Close()
				return
			}
			res.Then(func(v abi.Result[abi.None, ErrorCode], _ error) {
				if v.IsErr {
					err = v.Err
				}
				sent.Resolve(outcome(err))
			})
		}
	}
	done := func(t *fields, err error) { trailers.Resolve(guestTrailersOf(t, err)) }
	return consumed3{F0: &guestReader{b: b, done: done}, F1: trailers}
}

// guestTrailersOf makes of trailers what a guest of version 0.3 gets.
func guestTrailersOf(t *fields, err error) trailersResult {
	switch {
	case err != nil:
		return abi.Failure[abi.Option[p3http.Fields]](codeOf(err))
	case t == nil:
		return abi.Ok[ErrorCode](abi.Option[p3http.Fields]{})
	}
	f := &fields3{*t}
	f.frozen, f.strict = true, true
	return abi.Ok[ErrorCode](abi.Some[p3http.Fields](f))
}
