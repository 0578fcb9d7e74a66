package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// hostsSet is the capability set of outbound requests.
const hostsSet = "allowed_outbound_hosts"

// Interfaces returns the interfaces of wasi:http 0.2, 0.3, the release candidate of 0.3 and the
// snapshot of October 2023 that guests import. Requests are sent by the Scope's HTTP, if its Hosts
// allow it.
func Interfaces() []hostapi.Interface {
	return append(
		family.WithCandidate(
			family.Same(p3http.ServeTypes(types3{})),
			family.Of(p3http.ClientID, hostsSet, func(s *hostapi.Scope) *abi.Interface {
				return p3http.ServeClient(&client3{client{scope: s}})
			}),
		),
		family.Same(p2http.ServeTypes(types2{})),
		family.Of(p2http.OutgoingHandlerID, hostsSet, func(s *hostapi.Scope) *abi.Interface {
			return p2http.ServeOutgoingHandler(&outgoingHandler2{client{scope: s}})
		}),
		family.Same(octhttp.ServeTypes(octoberTypes{})),
		family.Of(octhttp.OutgoingHandlerID, hostsSet, func(s *hostapi.Scope) *abi.Interface {
			return octhttp.ServeOutgoingHandler(&octoberHandler{outgoingHandler2{client{scope: s}}})
		}),
	)
}

// types2 implements wasi:http/types of version 0.2.
type types2 struct{}

// types3 implements wasi:http/types of version 0.3.
type types3 struct{}

// HTTPErrorCode implements the function http-error-code.
func (types2) HTTPErrorCode(_ context.Context, err p2io.Error) (abi.Option[p2http.ErrorCode], error) {
	if e, ok := err.(error); ok {
		if code, ok := abi.AsErr[ErrorCode](e); ok {
			return abi.Some(toP2(code)), nil
		}
	}
	return abi.Option[p2http.ErrorCode]{}, nil
}
