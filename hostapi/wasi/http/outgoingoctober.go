package http

import (
	"context"
	"time"

	"github.com/spinhost/spin/engine/abi"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// octoberHandler implements wasi:http/outgoing-handler of the snapshot of October 2023.
type octoberHandler struct{ outgoingHandler2 }

// Handle implements the function handle.
func (c *octoberHandler) Handle(ctx context.Context, request octhttp.OutgoingRequest, options abi.Option[octhttp.RequestOptions]) (octhttp.FutureIncomingResponse, error) {
	r, ok := request.(octoberOutRequest)
	if !ok {
		return nil, abi.Trapf("outgoing-request %T was not made by this host", request)
	}
	var o abi.Option[p2http.RequestOptions]
	if v := options.Value; options.OK {
		o = abi.Some[p2http.RequestOptions](&options2{timeouts{
			connect: nanoseconds(v.ConnectTimeoutMs), firstByte: nanoseconds(v.FirstByteTimeoutMs), betweenBytes: nanoseconds(v.BetweenBytesTimeoutMs),
		}})
	}
	f, err := c.outgoingHandler2.Handle(ctx, r.outRequest2, o)
	if err != nil {
		if code, ok := abi.AsErr[p2http.ErrorCode](err); ok {
			err = octoberError(code)
		}
		return nil, err
	}
	return octoberResponse{f.(*futureResponse2)}, nil
}

// nanoseconds returns a time that the snapshot has in milliseconds.
func nanoseconds(ms abi.Option[uint32]) abi.Option[uint64] {
	return convert(ms, func(ms uint32) uint64 { return uint64(ms) * uint64(time.Millisecond) })
}

// octoberError returns a code as the snapshot has it, in which nothing but its text is left.
func octoberError(c p2http.ErrorCode) octhttp.Error {
	return octhttp.ErrorUnexpectedError(c.String())
}

// octoberResponse is the resource future-incoming-response of the snapshot.
type octoberResponse struct{ *futureResponse2 }

// Get implements the function get.
func (f octoberResponse) Get(ctx context.Context) (o abi.Option[abi.Result[abi.Result[octhttp.IncomingResponse, octhttp.Error], abi.None]], _ error) {
	type result = abi.Result[octhttp.IncomingResponse, octhttp.Error]
	v, err := f.futureResponse2.Get(ctx)
	switch r := v.Value.Value; {
	case err != nil || !v.OK:
		return o, err
	case v.Value.IsErr:
		return abi.Some(abi.Failure[result](abi.None{})), nil
	case r.IsErr:
		return abi.Some(abi.Ok[abi.None](abi.Failure[octhttp.IncomingResponse](octoberError(r.Err)))), nil
	default:
		in := octhttp.IncomingResponse(octoberInResponse{r.Value.(*inResponse2)})
		return abi.Some(abi.Ok[abi.None](abi.Ok[octhttp.Error](in))), nil
	}
}
