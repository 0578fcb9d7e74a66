package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// octoberInResponse is the resource incoming-response of the snapshot of October 2023.
type octoberInResponse struct{ *inResponse2 }

// Headers implements the function headers.
func (r octoberInResponse) Headers(context.Context) (octhttp.Fields, error) {
	return octoberFields{&r.headers}, nil
}

// octoberOutResponse is the resource outgoing-response of the snapshot.
type octoberOutResponse struct{ *outResponse2 }

// NewOutgoingResponse implements the constructor of outgoing-response.
func (octoberTypes) NewOutgoingResponse(ctx context.Context, status uint16, headers octhttp.Fields) (octhttp.OutgoingResponse, error) {
	f, err := frozenCopy(headers)
	if err != nil {
		return nil, err
	}
	r := &outResponse2{headers: f}
	if r.SetStatusCode(ctx, status) != nil {
		return nil, abi.Trapf("outgoing-response: the status code %d is none", status)
	}
	return octoberOutResponse{r}, nil
}

// Write implements the function write.
func (r octoberOutResponse) Write(ctx context.Context) (p2http.OutgoingBody, error) {
	return r.Body(ctx)
}

// ResponseOutparamSet implements the function response-outparam.set.
func (octoberTypes) ResponseOutparamSet(ctx context.Context, param p2http.ResponseOutparam, response abi.Result[octhttp.OutgoingResponse, octhttp.Error]) error {
	if response.IsErr {
		code := p2http.ErrorCodeInternalError(abi.Some(response.Err.String()))
		return types2{}.ResponseOutparamSet(ctx, param, abi.Failure[p2http.OutgoingResponse](code))
	}
	r, ok := response.Value.(octoberOutResponse)
	if !ok {
		return abi.Trapf("outgoing-response %T was not made by this host", response.Value)
	}
	return types2{}.ResponseOutparamSet(ctx, param, abi.Ok[p2http.ErrorCode](p2http.OutgoingResponse(r.outResponse2)))
}

// IncomingBodyFinish implements the function incoming-body.finish.
func (octoberTypes) IncomingBodyFinish(ctx context.Context, this p2http.IncomingBody) (octhttp.FutureTrailers, error) {
	f, err := types2{}.IncomingBodyFinish(ctx, this)
	if err != nil {
		return nil, err
	}
	return octoberTrailers{f.(*futureTrailers2)}, nil
}

// octoberTrailers is the resource future-trailers of the snapshot.
type octoberTrailers struct{ *futureTrailers2 }

// Get implements the function get. That there are no trailers cannot be told from empty ones.
func (f octoberTrailers) Get(ctx context.Context) (o abi.Option[abi.Result[octhttp.Fields, octhttp.Error]], _ error) {
	v, err := f.futureTrailers2.Get(ctx)
	switch r := v.Value.Value; {
	case err != nil || !v.OK:
		return o, err
	case v.Value.IsErr:
		return o, abi.Trapf("future-trailers.get: the trailers were taken before")
	case r.IsErr:
		return abi.Some(abi.Failure[octhttp.Fields](octoberError(r.Err))), nil
	default:
		t, ok := r.Value.Value.(*fields2)
		if !ok {
			t = new(fields2)
		}
		return abi.Some(abi.Ok[octhttp.Error](octhttp.Fields(octoberFields{t}))), nil
	}
}

// OutgoingBodyFinish implements the function outgoing-body.finish. That bytes are missing is seen by
// whoever receives the message.
func (octoberTypes) OutgoingBodyFinish(ctx context.Context, this p2http.OutgoingBody, trailers abi.Option[octhttp.Fields]) error {
	var t abi.Option[p2http.Fields]
	if trailers.OK {
		f, err := asOctoberFields(trailers.Value)
		if err != nil {
			return err
		}
		t = abi.Some[p2http.Fields](f)
	}
	err := types2{}.OutgoingBodyFinish(ctx, this, t)
	if _, ok := abi.AsErr[p2http.ErrorCode](err); ok {
		return nil
	}
	return err
}
