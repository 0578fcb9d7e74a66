package http

import (
	"encoding/json"
	nethttp "net/http"
	"strings"
	"time"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/trigger"
)

// ServeHTTP implements http.Handler: it has the component serve the request whose route comes
// first of those that match the path as the client sent it.
func (s *Server) ServeHTTP(w nethttp.ResponseWriter, r *nethttp.Request) {
	s.answer(w, r)
	s.boundRest(w, r)
}

func (s *Server) answer(w nethttp.ResponseWriter, r *nethttp.Request) {
	if code := s.refused(r); code != 0 {
		refuse(w, r, code)
		return
	}
	m := match{req: r, path: rawPath(r.URL)}
	if name, ok := strings.CutPrefix(m.path, reservedPrefix); ok {
		s.wellKnown(w, name)
		return
	}
	if m.entry, m.params, m.rest = s.table.find(m.path, nil); m.entry == nil {
		empty(w, nethttp.StatusNotFound)
		return
	}
	m.authority, m.target = authorityOf(r), withQuery(m.path, r.URL)
	if m.authority == "" || !wasihttp.IsTarget(m.target) {
		empty(w, nethttp.StatusBadRequest)
		return
	}
	if m.entry.static != nil {
		m.entry.static.serve(s, w, r)
		return
	}
	if !isText(r.Header) {
		empty(w, nethttp.StatusInternalServerError)
		return
	}
	if m.scheme = "http"; r.TLS != nil {
		m.scheme = "https"
	}
	v := s.crowd.enter(r)
	s.serve(w, &m)
	s.crowd.letOthersRun(v)
}

// serve has a guest serve a request.
func (s *Server) serve(w nethttp.ResponseWriter, m *match) {
	switch m.entry.target.kind {
	case kindInbound:
		s.serveInbound(w, m)
		return
	case kindCommand:
		s.serveCommand(w, m)
		return
	}
	x := &exchange{match: *m, s: s, w: w, body: newRequestBody(m)}
	if x.body != nil && s.cfg.MaxBodyBytes > 0 {
		x.body.r = nethttp.MaxBytesReader(w, x.body.r, s.cfg.MaxBodyBytes)
	}
	x.body.bounded(w, s.bodyTime())
	if limit := s.requestTime(m.entry.target); limit > 0 {
		x.deadline = time.Now().Add(limit)
	}
	x.task.request = m.req.Context()
	if x.body != nil && x.body.http1 {
		// Without it net/http would read much of the body before the response begins.
		_ = nethttp.NewResponseController(w).EnableFullDuplex()
	}
	x.prepare()
	err := x.run()
	x.body.finish(w, x.answered)
	if err != nil {
		panic(nethttp.ErrAbortHandler)
	}
}

// wellKnown answers the paths below reservedPrefix.
func (s *Server) wellKnown(w nethttp.ResponseWriter, name string) {
	h := w.Header()
	switch name {
	case "health":
		h["Content-Type"] = nil
		w.Write([]byte("OK"))
	case "info":
		h.Set("Content-Type", "application/json")
		w.Write(s.info)
	default:
		empty(w, nethttp.StatusNotFound)
	}
}

// appInfo makes the answer of the well-known path info.
func appInfo(h trigger.Host) []byte {
	answer := struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	}{Name: h.App()}
	if v, ok := h.(trigger.Versioner); ok {
		answer.Version = v.Version()
	}
	info, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		return []byte("{}") // a string can always be encoded
	}
	return info
}
