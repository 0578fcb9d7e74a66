// Package localhttp lets an http.Handler answer requests in the process, without a socket: both
// bodies are streamed, with back-pressure and trailers, and either end may leave at any time.
package localhttp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
)

// ErrAborted says that the handler has given up the request or the rest of its response.
var ErrAborted = errors.New("the handler has aborted the response")

// ErrLeft is why a handler cannot write: nobody reads what it responds.
var ErrLeft = errors.New("the client has left")

// Transport is an http.RoundTripper that has Handler answer. It is safe for concurrent use.
//
// The handler sees a request of HTTP/2, which has none of the limits that full duplex has in
// HTTP/1. The context of the request ends with that of the client's request, when the client
// closes the response's body, and when the handler returns.
type Transport struct {
	Handler http.Handler
	// RemoteAddr is the address of the client, as the handler sees it.
	RemoteAddr string
	// Panicked, if not nil, is told with what a handler has panicked, but for
	// http.ErrAbortHandler.
	Panicked func(ctx context.Context, value any)
}

// RoundTrip implements http.RoundTripper. It returns as soon as the handler has written the
// header section.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(untraced{req.Context()})
	in, err := t.incoming(ctx, req)
	if err != nil {
		cancel(nil)
		return refuse(req, http.StatusBadRequest), nil
	}
	x := &exchange{t: t, req: req, header: http.Header{}, body: newPipe(), head: make(chan struct{}), failed: make(chan error, 1)}
	x.body.left = func() { cancel(ErrLeft) }
	x.body.ended = func() { maps.Copy(x.res.Trailer, x.trailer) }
	go x.serve(in, cancel)
	select {
	case <-x.head:
		if req.Context().Err() == nil {
			return x.res, nil
		}
	case err := <-x.failed:
		return nil, err
	case <-req.Context().Done():
	}
	x.body.Close()
	return nil, context.Cause(req.Context())
}

// exchange is one request with its response. It is the handler's ResponseWriter.
type exchange struct {
	t       *Transport
	req     *http.Request // the client's
	header  http.Header
	left    int64 // bytes that the response's length leaves; -1 if it has none
	mute    bool  // what the handler writes is not for the client
	res     *http.Response
	body    *pipe
	trailer http.Header   // of the response, when the handler has returned
	head    chan struct{} // closed when res is there
	failed  chan error    // why it never will be
}

// serve runs the handler.
func (x *exchange) serve(in *http.Request, cancel context.CancelCauseFunc) {
	ctx := in.Context()
	stop := context.AfterFunc(ctx, func() { x.body.closeRead(context.Cause(ctx)) })
	defer func() {
		err := x.recovered(ctx, recover())
		in.Body.Close()
		stop()
		if err == nil {
			err = context.Cause(ctx) // nobody knows whether the handler has written everything
		}
		cancel(nil)
		x.finish(err)
	}()
	x.t.Handler.ServeHTTP(x, in)
}

// recovered makes an error of what a handler has panicked with.
func (x *exchange) recovered(ctx context.Context, v any) error {
	switch {
	case v == nil:
		return nil
	case v != http.ErrAbortHandler && x.t.Panicked != nil:
		x.t.Panicked(ctx, v)
	}
	if v == http.ErrAbortHandler {
		return ErrAborted
	}
	return fmt.Errorf("%w: panic: %v", ErrAborted, v)
}

// finish ends the response when the handler has returned.
func (x *exchange) finish(err error) {
	if err == nil {
		x.WriteHeader(http.StatusOK)
		x.takeTrailers()
		if x.left > 0 && !x.mute {
			err = io.ErrUnexpectedEOF
		}
	} else if x.res == nil {
		x.failed <- err
	}
	x.body.closeWrite(err)
}

// untraced is a context without the hooks of a client that traces its request: they are not for
// requests that the handler sends.
type untraced struct{ context.Context }

func (c untraced) Value(key any) any {
	v := c.Context.Value(key)
	if _, ok := v.(*httptrace.ClientTrace); ok {
		return nil
	}
	return v
}
