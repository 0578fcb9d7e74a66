package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// response3 is the resource response of version 0.3, made by a guest or received.
type response3 struct {
	status  uint16
	headers *fields3
	body    *Body

	own     fields3 // what headers and body of a received response point to
	ownBody Body
	sent    outcome3 // what the guest that has made it learns
	taken   Response // of TakeResponse
}

// asResponse3 returns the implementation of a resource.
func asResponse3(r p3http.Response) (*response3, error) {
	own, ok := r.(*response3)
	if !ok {
		return nil, abi.Trapf("response %T was not made by this host", r)
	}
	return own, nil
}

// GetStatusCode implements the function get-status-code.
func (r *response3) GetStatusCode(context.Context) (uint16, error) { return r.status, nil }

// SetStatusCode implements the function set-status-code.
func (r *response3) SetStatusCode(_ context.Context, code uint16) error {
	if code < 100 || code > 599 {
		return refuse(false)
	}
	r.status = code
	return nil
}

// GetHeaders implements the function get-headers.
func (r *response3) GetHeaders(context.Context) (p3http.Fields, error) { return r.headers, nil }

// Drop implements abi.Dropper.
func (r *response3) Drop() error { return r.body.Close() }

// ResponseNew implements the function response.new.
func (types3) ResponseNew(_ context.Context, headers p3http.Fields, contents abi.Option[*abi.ByteReader], trailers *trailers3) (t abi.Tuple2[p3http.Response, *outcome3], err error) {
	r := &response3{status: 200}
	if r.headers, err = asFields3(headers); err != nil {
		return t, err
	}
	r.body, t.F1 = &r.ownBody, &r.sent
	guestBody3(r.body, r.headers, contents, trailers, t.F1, responseSize)
	t.F0 = r
	return t, nil
}

// ResponseConsumeBody implements the function response.consume-body.
func (types3) ResponseConsumeBody(_ context.Context, this p3http.Response, res *abi.Future[abi.Result[abi.None, ErrorCode]]) (t consumed3, err error) {
	r, err := asResponse3(this)
	if err != nil {
		return t, err
	}
	return consume3(r.body, res), nil
}
