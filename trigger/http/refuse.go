package http

import (
	"cmp"
	nethttp "net/http"
)

// refused returns the status with which a request is refused for its form alone, 0 if it is not.
func (s *Server) refused(r *nethttp.Request) int {
	switch {
	case r.Method == nethttp.MethodConnect:
		return nethttp.StatusNotImplemented // it asks for a tunnel, not for an answer
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

// refuse answers a request whose body nobody will read.
func refuse(w nethttp.ResponseWriter, r *nethttp.Request, code int) {
	if r.ProtoMajor == 1 { // over HTTP/2 it would concern other requests too
		w.Header()["Connection"] = []string{"close"}
	}
	empty(w, code)
}
