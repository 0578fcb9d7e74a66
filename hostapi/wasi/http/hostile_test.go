package http_test

import (
	"encoding/binary"
	"io"
	"log/slog"
	nethttp "net/http"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/internal/httpguest"
)

// hostileCalls are functions with the number of their arguments; those with a star return
// through memory.
var hostileCalls = []struct {
	name string
	args int
}{
	{"[constructor]fields", 0}, {"*[static]fields.from-list", 2}, {"*[method]fields.get", 3}, {"[method]fields.has", 3},
	{"*[method]fields.set", 5}, {"*[method]fields.delete", 3}, {"*[method]fields.append", 5}, {"[method]fields.clone", 1},
	{"[constructor]request-options", 0},
	// only of 0.2
	{"*[method]fields.entries", 1}, {"[constructor]outgoing-request", 1}, {"*[method]outgoing-request.body", 1},
	{"[method]outgoing-request.set-method", 4}, {"[method]outgoing-request.set-path-with-query", 4}, {"[method]outgoing-request.set-scheme", 5},
	{"[method]outgoing-request.set-authority", 4}, {"[method]outgoing-request.headers", 1}, {"[constructor]outgoing-response", 1},
	{"[method]outgoing-response.set-status-code", 2}, {"*[method]outgoing-response.body", 1}, {"*[method]outgoing-body.write", 1},
	{"*[static]outgoing-body.finish", 3}, {"[method]future-incoming-response.subscribe", 1}, {"*[method]future-incoming-response.get", 1},
	{"[method]incoming-response.headers", 1}, {"*[method]incoming-response.consume", 1}, {"*[method]incoming-body.stream", 1},
	{"[static]incoming-body.finish", 1}, {"[method]future-trailers.subscribe", 1}, {"*[method]future-trailers.get", 1},
	{"*http-error-code", 1}, {"[static]response-outparam.set", 10}, {"*[method]incoming-request.consume", 1}, {"*[method]incoming-request.method", 1},
	// only of 0.3
	{"*[method]fields.copy-all", 1}, {"*[method]fields.get-and-delete", 3}, {"*[static]request.new", 6}, {"*[static]response.new", 4},
	{"*[static]request.consume-body", 2}, {"*[static]response.consume-body", 2}, {"*[method]request.get-options", 1},
	{"[method]request.set-method", 4}, {"[method]request.set-scheme", 5}, {"[method]response.set-status-code", 2}, {"[method]request-options.clone", 1},
}

// FuzzHostileGuest calls the functions in any order with any arguments. Whatever a guest does,
// it gets a result or is ended.
func FuzzHostileGuest(f *testing.F) {
	for i := range byte(len(hostileCalls)) {
		f.Add([]byte{3, 1, 2, 3, 0, 0, 0, 0, 8, 1, 10, 1, 1, 1, 0, 0, 0, 0, 0, 0, i, 1, 2, 3, 4, 5, 6, 7, 8, 9}, false)
		f.Add([]byte{i, 1, 255, 255, 255, 255, 255, 255, 255, 255, i, 0, 0, 0, 0, 0, 0, 0, 0, 1}, true)
	}
	scope := &hostapi.Scope{Logger: slog.New(slog.DiscardHandler), HTTP: roundTrip(func(r *nethttp.Request) (*nethttp.Response, error) {
		if r.Body != nil {
			r.Body.Close()
		}
		return &nethttp.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("hello"))}, nil
	})}
	f.Fuzz(func(t *testing.T, script []byte, v3 bool) {
		g := guesttest.New(t, scope, append(wasihttp.Interfaces(), wasiio.Interfaces()...))
		defer g.Close()
		prefix := httpguest.T2
		if v3 {
			prefix = httpguest.T3
		}
		req := wasihttp.Request{Method: "GET", Scheme: "http", Authority: "x", PathWithQuery: "/", Body: io.NopCloser(strings.NewReader("hello"))}
		if v3 {
			g.Add(req.Resource(), prefix+"request")
		} else {
			g.Add(req.IncomingRequest(), prefix+"incoming-request")
			g.Add(wasihttp.NewOutparam(func(r *wasihttp.Response, _ error) {
				if r != nil {
					r.Body.Close()
				}
			}), prefix+"response-outparam")
		}
		for len(script) >= 10 && g.Live() < 1000 {
			step(g, prefix, script[:10])
			script = script[10:]
		}
	})
}

// step makes one call. What it returns is the guest's business.
func step(g *guesttest.Guest, prefix string, b []byte) {
	if b[0] == 255 {
		if g.Owns(uint64(b[1])) {
			_ = g.Drop(uint64(b[1]))
		}
		return
	}
	c := hostileCalls[int(b[0])%len(hostileCalls)]
	name, load := strings.CutPrefix(c.name, "*")
	if !g.Has(prefix + name) {
		return
	}
	args := make([]uint64, c.args)
	for i := range args {
		args[i] = uint64(b[1+i%9])
	}
	if c.args > 1 { // an address and a length, near the end of what there is and beyond
		args[c.args-1] = uint64(binary.LittleEndian.Uint32(b[5:9]))
	}
	if load {
		g.Load(prefix+name, args...)
	} else {
		g.Call(prefix+name, args...)
	}
}
