package http_test

import (
	"net/http/httptest"
	"strings"

	"github.com/spinhost/spin/internal/httpguest"
)

// message is a request that a guest sends.
type message struct {
	httpguest.Target3
	fields   []string
	body     bool // it has one, that is written with the sending
	timeouts map[string]uint64
}

// to is where a server listens.
func to(s *httptest.Server, method, path string) message {
	scheme, authority, _ := strings.Cut(s.URL, "://")
	return message{Target3: httpguest.Target3{Method: method, Scheme: scheme, Authority: authority, Path: path}}
}

// sending is a request on its way.
type sending struct {
	g               *guest
	bytes, trailers *httpguest.Writer // of 0.3
	sent            *httpguest.Reader
	body, stream    uint64 // of 0.2
	future          uint64
	refused         string // by handle of 0.2

	over     bool // of 0.3: send has returned
	response uint64
	code     string
	thread   <-chan error
}

// options makes request-options.
func (g *guest) options(timeouts map[string]uint64) uint64 {
	if timeouts == nil {
		return httpguest.None
	}
	o := g.Call(g.types() + "[constructor]request-options")
	for name, v := range timeouts {
		if g.v3 {
			g.Load(g.types()+"[method]request-options.set-"+name, o, 1, v)
		} else {
			g.Call(g.types()+"[method]request-options.set-"+name, o, 1, v)
		}
	}
	return o
}

// send begins to send a request.
func (g *guest) send(m message) *sending {
	s := &sending{g: g}
	if !g.v3 {
		r := g.Request2(m.Target3, g.fields(m.fields...))
		if m.body {
			s.body, s.stream = g.Body2("outgoing-request", r)
		}
		s.future, s.refused = g.Handle2(r, g.options(m.timeouts))
		return s
	}
	var contents, trailers, r uint64
	if m.body {
		contents, s.bytes = g.Stream()
	}
	trailers, s.trailers = g.Stream()
	r, s.sent = g.Request3(m.Target3, g.fields(m.fields...), contents, trailers, g.options(m.timeouts))
	if !m.body {
		s.thread = g.Go(func(t *httpguest.Task) { t.SetTrailers3(s.trailers, httpguest.None) })
	}
	s.thread = g.Go(func(t *httpguest.Task) {
		s.response, s.code = t.Send3(r)
		s.over = true
	})
	return s
}

// write writes to the body: "" or what is wrong.
func (s *sending) write(text string) string {
	if !s.g.v3 {
		return s.g.Write2(s.stream, text)
	}
	if s.g.Write(s.bytes, text) != nil {
		return "closed"
	}
	return ""
}

// finish ends the body, with trailers if there are any. It returns what is wrong in 0.2.
func (s *sending) finish(trailers ...string) (code string, size uint64) {
	g := s.g
	var f uint64
	if len(trailers) > 0 {
		f = g.fields(trailers...)
	}
	if !g.v3 {
		g.Drop(s.stream)
		return g.Finish2(s.body, f)
	}
	g.CloseWriter(s.bytes)
	g.SetTrailers3(s.trailers, f)
	return "", 0
}

// wait waits for the response: its handle, or the name of the error code.
func (s *sending) wait() (response uint64, code string) {
	switch {
	case !s.g.v3 && s.refused != "":
		return 0, s.refused
	case !s.g.v3:
		return s.g.Await2(s.future)
	case !s.over:
		s.g.Off(func() { <-s.thread })
	}
	return s.response, s.code
}

// received is a response.
type received struct {
	g                *guest
	handle           uint64
	status           int
	fields           []string
	bytes, trailers  *httpguest.Reader
	resource, stream uint64
}

// receive waits for the response and opens its body.
func (s *sending) receive() (*received, string) {
	h, code := s.wait()
	if code != "" {
		return nil, code
	}
	g := s.g
	r := &received{g: g, handle: h}
	if g.v3 {
		r.status, r.fields = g.Status3(h), g.Headers3("response", h)
		r.bytes, r.trailers = g.Consume3("response", h)
		return r, ""
	}
	r.status = int(g.Call(g.types()+"[method]incoming-response.status", h))
	r.fields = g.entries(g.Call(g.types()+"[method]incoming-response.headers", h))
	r.resource, r.stream = g.Consume2("incoming-response", h)
	return r, ""
}

// read reads some bytes; "" at the end and after an error.
func (r *received) read() string {
	if r.g.v3 {
		return r.g.ReadSome(r.bytes, 16<<10)
	}
	s, _ := r.g.Read2(r.stream, 16<<10)
	return s
}

// all reads to the end and returns the trailers, or the name of the error code.
func (r *received) all() (body string, trailers []string, code string) {
	if r.g.v3 {
		body = r.g.ReadAll(r.bytes)
		trailers, code = r.g.Trailers3(r.trailers)
		return body, trailers, code
	}
	body, code = r.g.ReadAll2(r.stream)
	r.g.Drop(r.stream)
	trailers, c := r.g.Trailers2(r.resource)
	if code == "" {
		code = c
	}
	r.g.Drop(r.handle)
	return body, trailers, code
}

// drop gives the response up.
func (r *received) drop() {
	if r.g.v3 {
		r.g.CloseReader(r.bytes)
		return
	}
	r.g.Drop(r.stream)
	r.g.Drop(r.resource)
	r.g.Drop(r.handle)
}

// field returns the values of one name.
func (r *received) field(name string) (values []string) {
	for i := 0; i < len(r.fields); i += 2 {
		if r.fields[i] == name {
			values = append(values, r.fields[i+1])
		}
	}
	return values
}
