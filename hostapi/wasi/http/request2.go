package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// method2 returns the case of a method.
func method2(name string) p2http.Method {
	if n := methodCase(name); n < len(methods) {
		return p2http.Method{Case: p2http.MethodCase(n)}
	}
	return p2http.MethodOther(name)
}

// scheme2 returns the case of a scheme.
func scheme2(name string) abi.Option[p2http.Scheme] {
	switch n := schemeCase(name); {
	case name == "":
		return abi.Option[p2http.Scheme]{}
	case n == schemeOther:
		return abi.Some(p2http.SchemeOther(name))
	default:
		return abi.Some(p2http.Scheme{Case: p2http.SchemeCase(n)})
	}
}

// inRequest2 is the resource incoming-request of version 0.2.
type inRequest2 struct {
	head
	headers  fields2
	body     Body
	consumed bool
}

// Method implements the function method.
func (r *inRequest2) Method(context.Context) (p2http.Method, error) { return method2(r.method), nil }

// PathWithQuery implements the function path-with-query.
func (r *inRequest2) PathWithQuery(context.Context) (abi.Option[string], error) {
	return r.pathWithQuery(), nil
}

// Scheme implements the function scheme.
func (r *inRequest2) Scheme(context.Context) (abi.Option[p2http.Scheme], error) {
	return scheme2(r.scheme), nil
}

// Authority implements the function authority.
func (r *inRequest2) Authority(context.Context) (abi.Option[string], error) { return r.authority, nil }

// Headers implements the function headers.
func (r *inRequest2) Headers(context.Context) (p2http.Fields, error) { return &r.headers, nil }

// Consume implements the function consume.
func (r *inRequest2) Consume(context.Context) (p2http.IncomingBody, error) {
	if r.consumed {
		return nil, refuse(false)
	}
	r.consumed = true
	return newInBody2(&r.body), nil
}

// Drop implements abi.Dropper. A body that was consumed has an owner of its own.
func (r *inRequest2) Drop() error {
	if r.consumed {
		return nil
	}
	return r.body.Close()
}

// outRequest2 is the resource outgoing-request of version 0.2.
type outRequest2 struct {
	head
	headers *fields2
	body    *Body // nil until the guest asks for it
}

// NewOutgoingRequest implements the constructor of outgoing-request.
func (types2) NewOutgoingRequest(_ context.Context, headers p2http.Fields) (p2http.OutgoingRequest, error) {
	f, err := asFields2(headers)
	if err != nil {
		return nil, err
	}
	f.frozen = true
	return &outRequest2{head: head{method: "GET"}, headers: f}, nil
}

// Body implements the function body.
func (r *outRequest2) Body(context.Context) (p2http.OutgoingBody, error) {
	if r.body != nil {
		return nil, refuse(false)
	}
	b, body, err := newBody2(r.headers, requestSize)
	if err != nil {
		return nil, err
	}
	r.body = body
	return b, nil
}

// Method implements the function method.
func (r *outRequest2) Method(context.Context) (p2http.Method, error) { return method2(r.method), nil }

// SetMethod implements the function set-method.
func (r *outRequest2) SetMethod(_ context.Context, m p2http.Method) error {
	name, _ := m.Other()
	return refuse(r.setMethod(int(m.Case), name))
}

// PathWithQuery implements the function path-with-query.
func (r *outRequest2) PathWithQuery(context.Context) (abi.Option[string], error) {
	return r.pathWithQuery(), nil
}

// SetPathWithQuery implements the function set-path-with-query.
func (r *outRequest2) SetPathWithQuery(_ context.Context, p abi.Option[string]) error {
	return refuse(r.setPath(p))
}

// Scheme implements the function scheme.
func (r *outRequest2) Scheme(context.Context) (abi.Option[p2http.Scheme], error) {
	return scheme2(r.scheme), nil
}

// SetScheme implements the function set-scheme.
func (r *outRequest2) SetScheme(_ context.Context, s abi.Option[p2http.Scheme]) error {
	if !s.OK {
		r.scheme = ""
		return nil
	}
	name, _ := s.Value.Other()
	return refuse(r.setScheme(int(s.Value.Case), name))
}

// Authority implements the function authority.
func (r *outRequest2) Authority(context.Context) (abi.Option[string], error) { return r.authority, nil }

// SetAuthority implements the function set-authority.
func (r *outRequest2) SetAuthority(_ context.Context, a abi.Option[string]) error {
	return refuse(r.setAuthority(a))
}

// Headers implements the function headers.
func (r *outRequest2) Headers(context.Context) (p2http.Fields, error) { return r.headers, nil }

// Drop implements abi.Dropper: a request that was not sent.
func (r *outRequest2) Drop() error {
	if r.body != nil {
		return r.body.Close()
	}
	return nil
}
