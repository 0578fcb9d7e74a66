package http

import (
	nethttp "net/http"

	"github.com/spinhost/spin/internal/localhttp"
)

// localEntry is what serves requests of other components: all paths lead to the component.
func localEntry(id string, t *target, argv string) *entry {
	const raw = "/..."
	return &entry{
		route:   Route{ID: id, Component: id, Raw: raw, Path: "/", Wildcard: true},
		pattern: pattern{pieces: []piece{{kind: wildcard}}},
		target:  t,
		argv:    argv,
		fixed:   fixedFields(raw, raw),
	}
}

// Local returns a handler that has a component serve requests of other components of the app,
// whatever routes lead to it, and with all that is placed around it if that is the same for all of its
// entries. It returns nil if no entry of the trigger names the component.
//
// The handler takes any path, and no host: the component sees the scheme http, a client address
// without meaning, and the whole path as spin-path-info. The end of the request's context ends the
// component's work for it.
func (s *Server) Local(component string) nethttp.Handler {
	e := s.local[component]
	if e == nil {
		return nil
	}
	return nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		m := match{req: r, entry: e, path: rawPath(r.URL), local: true}
		if !isText(r.Header) {
			empty(w, nethttp.StatusInternalServerError)
			return
		}
		_, m.rest, _ = e.pattern.match(m.path, nil)
		m.authority = r.Host
		if m.authority == "" {
			m.authority = localhttp.Host
		}
		m.target = withQuery(m.path, r.URL)
		m.scheme = "http"
		s.serve(w, &m)
	})
}
