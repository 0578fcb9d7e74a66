package http

import (
	"context"
	nethttp "net/http"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	"github.com/spinhost/spin/internal/stack"
)

// outgoingHandler2 implements wasi:http/outgoing-handler of version 0.2.
type outgoingHandler2 struct{ client }

// Handle implements the function handle.
func (c *outgoingHandler2) Handle(ctx context.Context, request p2http.OutgoingRequest, options abi.Option[p2http.RequestOptions]) (p2http.FutureIncomingResponse, error) {
	r, ok := request.(*outRequest2)
	if !ok {
		return nil, abi.Trapf("outgoing-request %T was not made by this host", request)
	}
	out := &outbound{head: &r.head, headers: &r.headers.fields, body: r.body}
	if options.OK {
		o, ok := options.Value.(*options2)
		if !ok {
			return nil, abi.Trapf("request-options %T were not made by this host", options.Value)
		}
		out.timeouts = o.timeouts
	}
	f := new(futureResponse2)
	to, err := c.resolve(ctx, &r.head)
	switch {
	case err == nil:
		f.start(ctx, &c.client, to, out)
	default:
		if r.body != nil {
			r.body.Finish(err)
		}
		if r.malformed() != nil {
			return nil, toP2(codeOf(err))
		}
		f.resolve(nil, err)
	}
	return f, nil
}

// futureResponse2 is the resource future-incoming-response of version 0.2.
type futureResponse2 struct {
	wasiio.Event
	children wasiio.Children
	taken    bool
	cancel   context.CancelFunc // nil if nothing was sent

	mu      sync.Mutex
	res     *nethttp.Response
	err     error
	dropped bool
}

// start sends the request on a goroutine.
func (f *futureResponse2) start(ctx context.Context, c *client, to target, out *outbound) {
	ctx, f.cancel = context.WithCancel(ctx)
	go func() {
		stack.Grow()
		f.resolve(c.send(ctx, to, out))
	}()
}

// resolve takes the response, or why there is none.
func (f *futureResponse2) resolve(res *nethttp.Response, err error) {
	f.mu.Lock()
	f.res, f.err = res, err
	dropped := f.dropped
	f.mu.Unlock()
	if dropped && res != nil {
		res.Body.Close()
	}
	f.Set()
}

// Subscribe implements the function subscribe.
func (f *futureResponse2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(&f.Event, &f.children), nil
}

// Get implements the function get.
func (f *futureResponse2) Get(context.Context) (o abi.Option[abi.Result[abi.Result[p2http.IncomingResponse, p2http.ErrorCode], abi.None]], _ error) {
	type result = abi.Result[p2http.IncomingResponse, p2http.ErrorCode]
	switch {
	case !f.Ready():
		return o, nil
	case f.taken:
		return abi.Some(abi.Failure[result](abi.None{})), nil
	}
	f.taken = true
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return abi.Some(abi.Ok[abi.None](abi.Failure[p2http.IncomingResponse](toP2(codeOf(f.err))))), nil
	}
	in := &inResponse2{status: uint16(f.res.StatusCode)}
	drop := func(name string) bool { return forbidden[name] }
	in.headers.fields = headerFields(f.res.Header, drop, announcing(nil, f.res.Trailer))
	receive(&in.body, f.res, drop)
	return abi.Some(abi.Ok[abi.None](abi.Ok[p2http.ErrorCode](p2http.IncomingResponse(in)))), nil
}

// Drop implements abi.Dropper: a request whose response nobody wants is given up.
func (f *futureResponse2) Drop() error {
	if f.cancel != nil && !f.taken {
		f.cancel()
	}
	f.mu.Lock()
	f.dropped = true
	res := f.res
	f.mu.Unlock()
	if res != nil && !f.taken {
		res.Body.Close()
	}
	return f.children.Err("future-incoming-response")
}
