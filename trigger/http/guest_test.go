package http_test

import (
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/httpguest"
)

// guest is one request as a guest of either version sees it.
type guest struct {
	*httpguest.Task
	call     *call
	inv      abi.Invocation
	typ      string
	v3       bool
	req, out uint64
}

// both runs a test for guests of both versions.
func both(t *testing.T, f func(t *testing.T, export string)) {
	t.Run("0.2", func(t *testing.T) { f(t, export2) })
	t.Run("0.3", func(t *testing.T) { f(t, export3) })
}

// headers returns the fields of the request.
func (g *guest) headers() map[string][]string {
	var list []string
	if g.v3 {
		list = g.Headers3("request", g.req)
	} else {
		list = g.Entries2(g.Call(httpguest.T2+"[method]incoming-request.headers", g.req))
	}
	m := map[string][]string{}
	for i := 0; i < len(list); i += 2 {
		m[list[i]] = append(m[list[i]], list[i+1])
	}
	return m
}

// text calls a getter such as "path-with-query".
func (g *guest) text(name string) string {
	if g.v3 {
		return g.Text3("[method]request.get-"+name, g.req)
	}
	return g.Text2("[method]incoming-request."+name, g.req)
}

// body is the body of the request.
type body struct {
	g                *guest
	bytes, trailers  *httpguest.Reader
	resource, stream uint64
}

func (g *guest) body() *body {
	b := &body{g: g}
	if g.v3 {
		b.bytes, b.trailers = g.Consume3("request", g.req)
	} else {
		b.resource, b.stream = g.Consume2("incoming-request", g.req)
	}
	return b
}

// read returns some bytes, or "" at the end or after an error.
func (b *body) read() string {
	if b.g.v3 {
		return b.g.ReadSome(b.bytes, 16<<10)
	}
	s, _ := b.g.Read2(b.stream, 16<<10)
	return s
}

// all reads to the end and returns the trailers, or the name of the error code.
func (b *body) all() (all string, trailers []string, code string) {
	if b.g.v3 {
		all = b.g.ReadAll(b.bytes)
		trailers, code = b.g.Trailers3(b.trailers)
		return all, trailers, code
	}
	all, code = b.g.ReadAll2(b.stream)
	b.g.Drop(b.stream)
	trailers, c := b.g.Trailers2(b.resource)
	if code == "" {
		code = c
	}
	return all, trailers, code
}

// drop gives the body up.
func (b *body) drop() {
	if b.g.v3 {
		b.g.CloseReader(b.bytes)
		return
	}
	b.g.Drop(b.stream)
	b.g.Drop(b.resource)
}

// response is a response on its way.
type response struct {
	g                *guest
	bytes, trailers  *httpguest.Writer
	sent             *httpguest.Reader
	resource, stream uint64
}

// respond gives the head of the response.
func (g *guest) respond(status int, fields ...string) *response {
	r := &response{g: g}
	if g.v3 {
		var contents, trailers, res uint64
		contents, r.bytes = g.Stream()
		trailers, r.trailers = g.Stream()
		res, r.sent = g.Response3(status, g.Fields3(fields...), contents, trailers)
		g.Lift(g.inv, g.typ, 0, res)
		g.call.resolve(nil)
		return r
	}
	res := g.Response2(status, g.Fields2(fields...))
	r.resource, r.stream = g.Body2("outgoing-response", res)
	g.SetOutparam2(g.out, res)
	return r
}

// write writes a piece of the body and reports whether it was taken.
func (r *response) write(s string) bool {
	if r.g.v3 {
		return r.g.Write(r.bytes, s) == nil
	}
	return r.g.Write2(r.stream, s) == ""
}

// finish ends the body, with trailers if there are any.
func (r *response) finish(trailers ...string) {
	g := r.g
	if g.v3 {
		g.CloseWriter(r.bytes)
		var f uint64
		if len(trailers) > 0 {
			f = g.Fields3(trailers...)
		}
		g.SetTrailers3(r.trailers, f)
		return
	}
	g.Drop(r.stream)
	var f uint64
	if len(trailers) > 0 {
		f = g.Fields2(trailers...)
	}
	g.Finish2(r.resource, f)
}

// answer gives a whole response.
func (g *guest) answer(status int, text string, fields ...string) {
	r := g.respond(status, fields...)
	r.write(text)
	r.finish()
}

// isCancelled reports whether the task was asked to give up.
func (g *guest) isCancelled() bool {
	select {
	case <-g.call.cancelled:
		return true
	default:
		return false
	}
}
