package http

import (
	"cmp"
	nethttp "net/http"
	"strconv"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// refused returns the status with which a request is refused for its form alone, 0 if it is not.
func (s *Server) refused(r *nethttp.Request) int {
	switch {
	case r.Method == nethttp.MethodConnect:
		return nethttp.StatusNotImplemented // it asks for a tunnel, not for an answer
	case !wasihttp.IsToken(r.Method), r.ProtoMajor == 2 && !isLength(r):
		return nethttp.StatusBadRequest // net/http looks at that in HTTP/1 only
	case len(r.RequestURI) > maxTarget, len(r.URL.Path)+len(r.URL.RawQuery) > maxTarget:
		return nethttp.StatusRequestURITooLong
	case s.cfg.MaxBodyBytes > 0 && r.ContentLength > s.cfg.MaxBodyBytes:
		return nethttp.StatusRequestEntityTooLarge
	}
	fields := 0
	for _, values := range r.Header {
		fields += len(values)
	}
	if fields > cmp.Or(s.cfg.MaxFields, defaultFields) {
		return nethttp.StatusRequestHeaderFieldsTooLarge
	}
	return 0
}

// isLength reports whether what a request says of the length of its body can be.
func isLength(r *nethttp.Request) bool {
	lengths := r.Header["Content-Length"]
	switch {
	case len(lengths) == 0:
		return true
	case r.Body == nil || r.Body == nethttp.NoBody:
		return len(lengths) == 1 && lengths[0] == "0"
	}
	return len(lengths) == 1 && lengths[0] == strconv.FormatInt(r.ContentLength, 10)
}

// refuse answers a request whose body nobody will read.
func refuse(w nethttp.ResponseWriter, r *nethttp.Request, code int) {
	if r.ProtoMajor == 1 { // over HTTP/2 it would concern other requests too
		w.Header()["Connection"] = []string{"close"}
	}
	empty(w, code)
}
