package http

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// inResponse2 is the resource incoming-response of version 0.2.
type inResponse2 struct {
	status   uint16
	headers  fields2
	body     Body
	consumed bool
}

// Status implements the function status.
func (r *inResponse2) Status(context.Context) (uint16, error) { return r.status, nil }

// Headers implements the function headers.
func (r *inResponse2) Headers(context.Context) (p2http.Fields, error) { return &r.headers, nil }

// Consume implements the function consume.
func (r *inResponse2) Consume(context.Context) (p2http.IncomingBody, error) {
	if r.consumed {
		return nil, refuse(false)
	}
	r.consumed = true
	return newInBody2(&r.body), nil
}

// Drop implements abi.Dropper. A body that was consumed has an owner of its own.
func (r *inResponse2) Drop() error {
	if r.consumed {
		return nil
	}
	return r.body.Close()
}

// outResponse2 is the resource outgoing-response of version 0.2.
type outResponse2 struct {
	status  uint16
	headers *fields2
	body    *Body // nil until the guest asks for it
}

// NewOutgoingResponse implements the constructor of outgoing-response.
func (types2) NewOutgoingResponse(_ context.Context, headers p2http.Fields) (p2http.OutgoingResponse, error) {
	f, err := asFields2(headers)
	if err != nil {
		return nil, err
	}
	f.frozen = true
	return &outResponse2{status: 200, headers: f}, nil
}

// StatusCode implements the function status-code.
func (r *outResponse2) StatusCode(context.Context) (uint16, error) { return r.status, nil }

// SetStatusCode implements the function set-status-code.
func (r *outResponse2) SetStatusCode(_ context.Context, code uint16) error {
	if code < 100 || code > 999 {
		return refuse(false)
	}
	r.status = code
	return nil
}

// Headers implements the function headers.
func (r *outResponse2) Headers(context.Context) (p2http.Fields, error) { return r.headers, nil }

// Body implements the function body.
func (r *outResponse2) Body(context.Context) (p2http.OutgoingBody, error) {
	if r.body != nil {
		return nil, refuse(false)
	}
	b, body, err := newBody2(r.headers, responseSize)
	if err != nil {
		return nil, err
	}
	r.body = body
	return b, nil
}

// Drop implements abi.Dropper.
func (r *outResponse2) Drop() error {
	if r.body != nil {
		return r.body.Close()
	}
	return nil
}

// ErrNoResponse says that a guest has ended, or dropped its response-outparam, without setting
// a response.
var ErrNoResponse = errors.New("guest did not give a response")

// outparam2 is the resource response-outparam of version 0.2.
type outparam2 struct {
	set func(*Response, error) // nil once it was called
}

// IsResponseOutparam implements p2http.ResponseOutparam.
func (*outparam2) IsResponseOutparam() {}

func (p *outparam2) resolve(r *Response, err error) {
	if set := p.set; set != nil {
		p.set = nil
		set(r, err)
	}
}

// Drop implements abi.Dropper.
func (p *outparam2) Drop() error {
	p.resolve(nil, ErrNoResponse)
	return nil
}

// ResponseOutparamSet implements the function response-outparam.set.
func (types2) ResponseOutparamSet(_ context.Context, param p2http.ResponseOutparam, response abi.Result[p2http.OutgoingResponse, p2http.ErrorCode]) error {
	p, ok := param.(*outparam2)
	if !ok {
		return abi.Trapf("response-outparam %T was not made by this host", param)
	}
	if response.IsErr {
		p.resolve(nil, fromP2(response.Err))
		return nil
	}
	r, ok := response.Value.(*outResponse2)
	if !ok {
		return abi.Trapf("outgoing-response %T was not made by this host", response.Value)
	}
	if r.body == nil {
		want, err := r.headers.contentLength()
		r.body = &Body{want: want, tooMany: responseSize}
		if err != nil {
			r.body.err = p3http.ErrorCodeHTTPProtocolError()
		}
	}
	p.resolve(&Response{Status: int(r.status), headers: &r.headers.fields, Body: r.body}, nil)
	return nil
}
