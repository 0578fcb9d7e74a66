package http

import (
	"maps"
	nethttp "net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

// inboundMethods are the methods that components of Spin 1 know.
var inboundMethods = map[string]inbound.Method{
	"GET": inbound.MethodGet, "POST": inbound.MethodPost, "PUT": inbound.MethodPut, "DELETE": inbound.MethodDelete,
	"PATCH": inbound.MethodPatch, "HEAD": inbound.MethodHead, "OPTIONS": inbound.MethodOptions,
}

// serveInbound has a component of Spin 1 serve a request.
func (s *Server) serveInbound(w nethttp.ResponseWriter, m *match) {
	method, ok := inboundMethods[m.req.Method]
	if !ok {
		refuse(w, m.req, nethttp.StatusMethodNotAllowed)
		return
	}
	body, ok := s.wholeBody(w, m)
	if !ok {
		return
	}
	call := inbound.InboundHTTPHandleRequest{Req: inbound.Request{
		Method: method, URI: m.target, Headers: m.inboundFields(), Body: abi.Some(body),
	}}
	if !s.call(m.req.Context(), w, m, &call, never) {
		return
	}
	res := &call.Result
	if err := sendable(int(res.Status), res.Headers.Value); err != nil {
		s.fail(w, m, err)
		return
	}
	s.sendWhole(w, m.req, int(res.Status), res.Headers.Value, res.Body.Value)
}

func never(error) bool { return false }

// inboundFields are the fields of the request, sorted by name, with those that the trigger adds.
func (m *match) inboundFields() []abi.Tuple2[string, string] {
	var list []abi.Tuple2[string, string]
	for _, key := range slices.Sorted(maps.Keys(m.req.Header)) {
		name := strings.ToLower(key)
		if stripped(name) {
			continue
		}
		for _, v := range m.req.Header[key] {
			list = append(list, abi.Tuple2[string, string]{F0: name, F1: v})
		}
	}
	for _, f := range m.extraFields(nil, true) {
		list = append(list, abi.Tuple2[string, string]{F0: f.F0, F1: string(f.F1)})
	}
	return list
}

// sendable finds what keeps a response from being sent.
func sendable(status int, fields []abi.Tuple2[string, string]) error {
	if status < 200 || status > 600 {
		return badResponse("%d is no status that ends an exchange", status)
	}
	for _, f := range fields {
		if !wasihttp.IsToken(f.F0) {
			return badResponse("%q is no name of a header field", f.F0)
		}
		if !wasihttp.IsValue(f.F1) {
			return badResponse("the header field %q has a control character in its value", f.F0)
		}
	}
	return nil
}

// sendWhole sends a response. Of fields with one name the last counts, as in Spin; those that
// concern the connection are the server's.
func (s *Server) sendWhole(w nethttp.ResponseWriter, r *nethttp.Request, status int, fields []abi.Tuple2[string, string], body []byte) {
	h := w.Header()
	h["Content-Type"] = nil // net/http guesses none
	for _, f := range fields {
		if !ofConnection[strings.ToLower(f.F0)] {
			h[textproto.CanonicalMIMEHeaderKey(f.F0)] = []string{f.F1}
		}
	}
	if hasBody(status) {
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	if hasBody(status) && r.Method != nethttp.MethodHead && len(body) > 0 {
		_ = s.writeBody(w, body) // the client has left
	}
}
