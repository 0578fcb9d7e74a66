package http

import (
	"errors"
	"fmt"
	"maps"
	nethttp "net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/manifest"
)

// staticSetting is the key static_response of an entry. Keys in it that nobody knows are left
// alone, as Spin leaves them.
type staticSetting struct {
	Status  int               `toml:"status_code"`
	Headers map[string]string `toml:"headers"`
	Body    string            `toml:"body"`

	unknown []*manifest.Error
}

// UnmarshalManifest tells keys that are not known from other faults.
func (s *staticSetting) UnmarshalManifest(decode func(into any) error) error {
	type plain staticSetting
	err := decode((*plain)(s))
	var faults, others manifest.Errors
	if !errors.As(err, &faults) {
		return err
	}
	for _, f := range faults {
		if errors.Is(f.Err, manifest.ErrUnknownKey) {
			s.unknown = append(s.unknown, f)
		} else {
			others = append(others, f)
		}
	}
	if len(others) > 0 {
		return others
	}
	return nil
}

// staticResponse answers requests without a guest.
type staticResponse struct {
	status int
	header nethttp.Header
	body   []byte
}

// ofConnection are the fields that the server sets itself, by what it does with the connection.
var ofConnection = map[string]bool{
	"connection": true, "content-length": true, "keep-alive": true, "proxy-connection": true,
	"te": true, "trailer": true, "transfer-encoding": true, "upgrade": true,
}

// newStatic checks a static response. The error has all that is wrong with it.
func newStatic(s *staticSetting) (*staticResponse, error) {
	r := &staticResponse{status: s.Status, header: nethttp.Header{}, body: []byte(s.Body)}
	if r.status == 0 {
		r.status = nethttp.StatusOK
	}
	var errs []error
	if r.status < 200 || r.status > 999 {
		errs = append(errs, fmt.Errorf("%d is no status of a response: write a number from 200 to 999, such as status_code = 404", r.status))
	}
	if s.Body != "" && !hasBody(r.status) {
		errs = append(errs, fmt.Errorf("a response of status %d has no body: remove \"body\", or write another status_code", r.status))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		value := s.Headers[name]
		switch {
		case !wasihttp.IsToken(name):
			errs = append(errs, fmt.Errorf("%q is no name of a header field: write one such as \"content-type\"", name))
		case ofConnection[strings.ToLower(name)]:
			errs = append(errs, fmt.Errorf("the header field %q is set by the server: remove it", name))
		case !wasihttp.IsValue(value):
			errs = append(errs, fmt.Errorf("the header field %q has a control character in its value: remove that", name))
		}
		key := textproto.CanonicalMIMEHeaderKey(name)
		r.header[key] = append(r.header[key], value)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if hasBody(r.status) {
		r.header["Content-Length"] = []string{strconv.Itoa(len(r.body))}
	}
	if _, ok := r.header["Content-Type"]; !ok {
		r.header["Content-Type"] = nil // net/http guesses none
	}
	return r, nil
}

// hasBody reports whether a response of a status may have a body.
func hasBody(status int) bool {
	return status != nethttp.StatusNoContent && status != nethttp.StatusNotModified
}

// serve answers a request.
func (r *staticResponse) serve(s *Server, w nethttp.ResponseWriter, req *nethttp.Request) {
	h := w.Header()
	for name, values := range r.header {
		h[name] = values
	}
	w.WriteHeader(r.status)
	if req.Method != nethttp.MethodHead && len(r.body) > 0 {
		_ = s.writeBody(w, r.body) // the client has left
	}
}
