package http_test

import (
	"github.com/spinhost/spin/internal/httpguest"
)

const (
	octoberVersion = "@0.2.0-rc-2023-10-18#"
	octoberTypes   = "wasi:http/types" + octoberVersion
	octoberStreams = "wasi:io/streams" + octoberVersion
)

// octoberGuest is a guest of the snapshot of October 2023.
type octoberGuest struct{ *httpguest.Task }

// october runs such a guest and returns why it was ended.
func (w *world) october(f func(octoberGuest)) error {
	return w.instance().Run(w.ctx, func(t *httpguest.Task) { f(octoberGuest{t}) })
}

// fields makes fields of names and values.
func (g octoberGuest) fields(list ...string) uint64 {
	ptr, n := g.Pairs(list)
	return g.Call(octoberTypes+"[constructor]fields", ptr, n)
}

// entries returns names and values of fields, which are dropped.
func (g octoberGuest) entries(f uint64) (list []string) {
	p := g.Load(octoberTypes+"[method]fields.entries", f)
	for i := range g.U32(p + 4) {
		at := g.U32(p) + 16*i
		list = append(list, g.Text(at), g.Text(at+8))
	}
	g.Drop(f)
	return list
}

// own calls a function that returns result<own> and returns the handle, or None.
func (g octoberGuest) own(name string, args ...uint64) uint64 {
	p := g.Load(octoberTypes+name, args...)
	if g.U8(p) != 0 {
		return httpguest.None
	}
	return uint64(g.U32(p + 4))
}

// octoberRequest is what the constructor takes. Texts that begin with "-" are none.
type octoberRequest struct {
	method                  int
	other                   string
	path, scheme, authority string
	fields                  uint64
}

func (g octoberGuest) option(s string) []uint64 {
	if s == "-" {
		return []uint64{0, 0, 0}
	}
	ptr, n := g.Put(s)
	return []uint64{1, ptr, n}
}

func (g octoberGuest) request(r octoberRequest) uint64 {
	ptr, n := g.Put(r.other)
	args := append([]uint64{uint64(r.method), ptr, n}, g.option(r.path)...)
	switch r.scheme {
	case "-":
		args = append(args, 0, 0, 0, 0)
	case "http":
		args = append(args, 1, 0, 0, 0)
	case "https":
		args = append(args, 1, 1, 0, 0)
	default:
		args = append(append(args, 1, 2), g.option(r.scheme)[1:]...)
	}
	args = append(append(args, g.option(r.authority)...), r.fields)
	return g.Call(octoberTypes+"[constructor]outgoing-request", args...)
}

// outgoing opens the body of a message for writing.
func (g octoberGuest) outgoing(resource string, message uint64) (body, stream uint64) {
	body = g.own("[method]"+resource+".write", message)
	return body, g.own("[method]outgoing-body.write", body)
}

func (g octoberGuest) write(stream uint64, s string) {
	ptr, n := g.Put(s)
	if p := g.Load(octoberStreams+"[method]output-stream.blocking-write-and-flush", stream, ptr, n); g.U8(p) != 0 {
		panic("blocking-write-and-flush")
	}
	g.Drop(stream)
}

func (g octoberGuest) finish(body uint64, trailers ...uint64) {
	if len(trailers) > 0 {
		g.Call(octoberTypes+"[static]outgoing-body.finish", body, 1, trailers[0])
	} else {
		g.Call(octoberTypes+"[static]outgoing-body.finish", body, 0, 0)
	}
}

// errorAt returns an error as "CASE: TEXT".
func (g octoberGuest) errorAt(p uint32) string {
	return []string{"invalid-url", "timeout-error", "protocol-error", "unexpected-error"}[g.U8(p)] + ": " + g.Text(p+4)
}

// none is no timeout.
const none = 1 << 32

// handle begins to send a request. There are no timeouts, or three in milliseconds.
func (g octoberGuest) handle(request uint64, timeouts ...uint64) (future uint64, fault string) {
	args := []uint64{request, 0, 0, 0, 0, 0, 0, 0}
	for i, ms := range timeouts {
		if args[1] = 1; ms != none {
			args[2+2*i], args[3+2*i] = 1, ms
		}
	}
	p := g.Load("wasi:http/outgoing-handler"+octoberVersion+"handle", args...)
	if g.U8(p) == 1 {
		return 0, g.errorAt(p + 4)
	}
	return uint64(g.U32(p + 4)), ""
}

// response waits for the response, which is future-incoming-response.get's.
func (g octoberGuest) response(future uint64) (response uint64, fault string) {
	g.wait("future-incoming-response", future)
	p := g.Load(octoberTypes+"[method]future-incoming-response.get", future)
	switch {
	case g.U8(p) == 0:
		return 0, "not ready"
	case g.U8(p+4) == 1:
		return 0, "taken"
	case g.U8(p+8) == 1:
		return 0, g.errorAt(p + 12)
	}
	return uint64(g.U32(p + 12)), ""
}

func (g octoberGuest) wait(resource string, handle uint64) {
	p := g.Call(octoberTypes+"[method]"+resource+".subscribe", handle)
	g.Call("wasi:io/poll"+octoberVersion+"poll-one", p)
	g.Drop(p)
}

// consume reads the body of a message to its end.
func (g octoberGuest) consume(resource string, message uint64) (body uint64, text string) {
	body = g.own("[method]"+resource+".consume", message)
	stream := g.own("[method]incoming-body.stream", body)
	defer g.Drop(stream)
	for {
		p := g.Load(octoberStreams+"[method]input-stream.blocking-read", stream, 1<<16)
		if g.U8(p) != 0 {
			return body, text
		}
		text += g.Text(p + 4)
	}
}

// trailers finishes a body and returns its trailers, or the error.
func (g octoberGuest) trailers(body uint64) (list []string, fault string) {
	f := g.Call(octoberTypes+"[static]incoming-body.finish", body)
	defer g.Drop(f)
	g.wait("future-trailers", f)
	p := g.Load(octoberTypes+"[method]future-trailers.get", f)
	switch {
	case g.U8(p) == 0:
		return nil, "not ready"
	case g.U8(p+4) == 1:
		return nil, g.errorAt(p + 8)
	}
	return g.entries(uint64(g.U32(p + 8))), ""
}
