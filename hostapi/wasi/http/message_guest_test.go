package http_test

import (
	"github.com/spinhost/spin/internal/httpguest"
)

// newRequest makes a request, without a body in 0.3.
func (g *guest) newRequest(fields ...string) uint64 {
	if !g.v3 {
		return g.Call(g.types()+"[constructor]outgoing-request", g.fields(fields...))
	}
	trailers, _ := g.Stream()
	r, _ := g.Request3(httpguest.Target3{}, g.fields(fields...), httpguest.None, trailers, httpguest.None)
	return r
}

// newResponse makes a response, without a body in 0.3.
func (g *guest) newResponse(fields ...string) uint64 {
	if !g.v3 {
		return g.Call(g.types()+"[constructor]outgoing-response", g.fields(fields...))
	}
	trailers, _ := g.Stream()
	r, _ := g.Response3(200, g.fields(fields...), httpguest.None, trailers)
	return r
}

// property is the name of a getter or setter of an outgoing request.
func (g *guest) property(verb, name string) string {
	switch {
	case g.v3:
		return g.types() + "[method]request." + verb + "-" + name
	case verb == "get":
		return g.types() + "[method]outgoing-request." + name
	}
	return g.types() + "[method]outgoing-request.set-" + name
}

// setText calls a setter of an option<string> and reports whether it took the value.
func (g *guest) setText(r uint64, name, value string) bool {
	ptr, n := g.Put(value)
	return g.Call(g.property("set", name), r, 1, ptr, n) == 0
}

// unset calls a setter of an option with none.
func (g *guest) unset(r uint64, name string) bool {
	if name == "scheme" {
		return g.Call(g.property("set", name), r, 0, 0, 0, 0) == 0
	}
	return g.Call(g.property("set", name), r, 0, 0, 0) == 0
}

// text calls a getter of an option<string>.
func (g *guest) text(r uint64, name string) (s string, ok bool) {
	p := g.Load(g.property("get", name), r)
	if g.U8(p) == 0 {
		return "", false
	}
	return g.Text(p + 4), true
}

// The cases of method, in their order. That of other is the last.
var methodNames = []string{"get", "head", "post", "put", "delete", "connect", "options", "trace", "patch", "other"}

// setMethod calls the setter with a case.
func (g *guest) setMethod(r uint64, number int, other string) bool {
	ptr, n := g.Put(other)
	return g.Call(g.property("set", "method"), r, uint64(number), ptr, n) == 0
}

// getMethod returns the name of the case, or of the method if that is other.
func (g *guest) getMethod(r uint64) (name string, other bool) {
	p := g.Load(g.property("get", "method"), r)
	if n := int(g.U8(p)); n < 9 {
		return methodNames[n], false
	}
	return g.Text(p + 4), true
}

// setScheme calls the setter with a case.
func (g *guest) setScheme(r uint64, number int, other string) bool {
	ptr, n := g.Put(other)
	return g.Call(g.property("set", "scheme"), r, 1, uint64(number), ptr, n) == 0
}

// getScheme returns the name of the scheme, "" if there is none, and whether it is other.
func (g *guest) getScheme(r uint64) (name string, other bool) {
	p := g.Load(g.property("get", "scheme"), r)
	switch {
	case g.U8(p) == 0:
		return "", false
	case g.U8(p+4) == 0:
		return "http", false
	case g.U8(p+4) == 1:
		return "https", false
	}
	return g.Text(p + 8), true
}

// setStatus calls set-status-code.
func (g *guest) setStatus(r uint64, code uint64) bool {
	name := "[method]outgoing-response.set-status-code"
	if g.v3 {
		name = "[method]response.set-status-code"
	}
	return g.Call(g.types()+name, r, code) == 0
}

func (g *guest) status(r uint64) uint64 {
	name := "[method]outgoing-response.status-code"
	if g.v3 {
		name = "[method]response.get-status-code"
	}
	return g.Call(g.types()+name, r)
}
