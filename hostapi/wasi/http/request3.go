package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// request3 is the resource request of version 0.3, made by a guest or received.
type request3 struct {
	head
	headers *fields3
	options *options3 // nil if there are none
	body    *Body

	own     fields3 // what headers and body of a received request point to
	ownBody Body
}

// asRequest3 returns the implementation of a resource.
func asRequest3(r p3http.Request) (*request3, error) {
	own, ok := r.(*request3)
	if !ok {
		return nil, abi.Trapf("request %T was not made by this host", r)
	}
	return own, nil
}

// GetMethod implements the function get-method.
func (r *request3) GetMethod(context.Context) (p3http.Method, error) {
	if n := methodCase(r.method); n < len(methods) {
		return p3http.Method{Case: p3http.MethodCase(n)}, nil
	}
	return p3http.MethodOther(r.method), nil
}

// SetMethod implements the function set-method.
func (r *request3) SetMethod(_ context.Context, m p3http.Method) error {
	name, _ := m.Other()
	return refuse(r.setMethod(int(m.Case), name))
}

// GetPathWithQuery implements the function get-path-with-query.
func (r *request3) GetPathWithQuery(context.Context) (abi.Option[string], error) {
	return r.pathWithQuery(), nil
}

// SetPathWithQuery implements the function set-path-with-query.
func (r *request3) SetPathWithQuery(_ context.Context, p abi.Option[string]) error {
	return refuse(r.setPath(p))
}

// GetScheme implements the function get-scheme.
func (r *request3) GetScheme(context.Context) (o abi.Option[p3http.Scheme], _ error) {
	switch n := schemeCase(r.scheme); {
	case r.scheme == "":
	case n == schemeOther:
		o = abi.Some(p3http.SchemeOther(r.scheme))
	default:
		o = abi.Some(p3http.Scheme{Case: p3http.SchemeCase(n)})
	}
	return o, nil
}

// SetScheme implements the function set-scheme.
func (r *request3) SetScheme(_ context.Context, s abi.Option[p3http.Scheme]) error {
	if !s.OK {
		r.scheme = ""
		return nil
	}
	name, _ := s.Value.Other()
	return refuse(r.setScheme(int(s.Value.Case), name))
}

// GetAuthority implements the function get-authority.
func (r *request3) GetAuthority(context.Context) (abi.Option[string], error) { return r.authority, nil }

// SetAuthority implements the function set-authority.
func (r *request3) SetAuthority(_ context.Context, a abi.Option[string]) error {
	return refuse(r.setAuthority(a))
}

// GetOptions implements the function get-options.
func (r *request3) GetOptions(context.Context) (abi.Option[p3http.RequestOptions], error) {
	if r.options == nil {
		return abi.Option[p3http.RequestOptions]{}, nil
	}
	return abi.Some[p3http.RequestOptions](r.options), nil
}

// GetHeaders implements the function get-headers.
func (r *request3) GetHeaders(context.Context) (p3http.Fields, error) { return r.headers, nil }

// Drop implements abi.Dropper.
func (r *request3) Drop() error { return r.body.Close() }

// RequestNew implements the function request.new.
func (types3) RequestNew(_ context.Context, headers p3http.Fields, contents abi.Option[*abi.ByteReader], trailers *trailers3, options abi.Option[p3http.RequestOptions]) (t abi.Tuple2[p3http.Request, *outcome3], err error) {
	r := &request3{head: head{method: "GET"}}
	if r.headers, err = asFields3(headers); err != nil {
		return t, err
	}
	if options.OK {
		if r.options, err = asOptions3(options.Value); err != nil {
			return t, err
		}
		r.options.frozen = true
	}
	r.body, t.F1 = &r.ownBody, new(outcome3)
	guestBody3(r.body, r.headers, contents, trailers, t.F1, requestSize)
	t.F0 = r
	return t, nil
}

// RequestConsumeBody implements the function request.consume-body.
func (types3) RequestConsumeBody(_ context.Context, this p3http.Request, res *abi.Future[abi.Result[abi.None, ErrorCode]]) (t consumed3, err error) {
	r, err := asRequest3(this)
	if err != nil {
		return t, err
	}
	return consume3(r.body, res), nil
}

// refuse makes the error case without value of a setter.
func refuse(ok bool) error {
	if ok {
		return nil
	}
	return abi.Err[abi.None]{}
}
