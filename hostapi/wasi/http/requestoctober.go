package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// octoberInRequest is the resource incoming-request of the snapshot of October 2023.
type octoberInRequest struct{ *inRequest2 }

// Headers implements the function headers.
func (r octoberInRequest) Headers(context.Context) (octhttp.Fields, error) {
	return octoberFields{&r.headers}, nil
}

// octoberOutRequest is the resource outgoing-request of the snapshot.
type octoberOutRequest struct{ *outRequest2 }

// NewOutgoingRequest implements the constructor of outgoing-request.
func (octoberTypes) NewOutgoingRequest(_ context.Context, m p2http.Method, path abi.Option[string], s abi.Option[p2http.Scheme], authority abi.Option[string], headers octhttp.Fields) (octhttp.OutgoingRequest, error) {
	f, err := frozenCopy(headers)
	if err != nil {
		return nil, err
	}
	r := &outRequest2{headers: f}
	method, _ := m.Other()
	scheme, _ := s.Value.Other()
	if path.Value == "" {
		path.OK = false // SDKs leave it empty where they mean none
	}
	if !authority.OK {
		authority = abi.Some(octoberSelf(s))
	}
	switch {
	case !r.setMethod(int(m.Case), method):
		return nil, abi.Trapf("outgoing-request: the method %q is none", method)
	case !r.setPath(path):
		return nil, abi.Trapf("outgoing-request: the path with query %q is none", path.Value)
	case s.OK && !r.setScheme(int(s.Value.Case), scheme):
		return nil, abi.Trapf("outgoing-request: the scheme %q is none", scheme)
	case !r.setAuthority(authority):
		return nil, abi.Trapf("outgoing-request: the authority %q is none", authority.Value)
	}
	return octoberOutRequest{r}, nil
}

// octoberSelf is the authority of requests without one, which go to the app itself.
func octoberSelf(s abi.Option[p2http.Scheme]) string {
	if !s.OK || s.Value.Case == p2http.SchemeCaseHTTPS {
		return ":443"
	}
	return ":80"
}

// Write implements the function write.
func (r octoberOutRequest) Write(ctx context.Context) (p2http.OutgoingBody, error) {
	return r.Body(ctx)
}
