package http_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	"github.com/spinhost/spin/internal/httpguest"
)

func TestFieldsOfOctober(t *testing.T) {
	w := newWorld(t)
	err := w.october(func(g octoberGuest) {
		f := g.fields("X-B", "1", "x-a", "2", "x-b", "3")
		name, n := g.Put("x-B")
		p := g.Load(octoberTypes+"[method]fields.get", f, name, n)
		if g.U32(p+4) != 2 || g.Text(g.U32(p)+8) != "3" {
			t.Errorf("get: %d values", g.U32(p+4))
		}
		c := g.Call(octoberTypes+"[method]fields.clone", f)
		value, k := g.Put("4")
		list, _ := g.Pairs([]string{"4", ""})
		g.Call(octoberTypes+"[method]fields.set", c, name, n, list, 1)
		g.Call(octoberTypes+"[method]fields.append", c, name, n, value, k)
		name, n = g.Put("x-a")
		g.Call(octoberTypes+"[method]fields.delete", c, name, n)
		equal(t, "the copy", g.entries(c), "x-b", "4", "x-b", "4")
		equal(t, "the fields", g.entries(f), "x-b", "1", "x-b", "3", "x-a", "2")
	})
	if err != nil {
		t.Error(err)
	}
}

// Without an error to return, what cannot be ends the guest.
func TestWhatOctoberCannotSay(t *testing.T) {
	name := func(g octoberGuest, s string) []uint64 {
		ptr, n := g.Put(s)
		return []uint64{ptr, n}
	}
	get := octoberRequest{path: "-", scheme: "-", authority: "-"}
	for behaviour, f := range map[string]func(octoberGuest){
		"forbidden fields": func(g octoberGuest) { g.fields("host", "x") },
		"a field that is none": func(g octoberGuest) {
			g.Call(octoberTypes+"[method]fields.append", append(append([]uint64{g.fields()}, name(g, "a b")...), name(g, "x")...)...)
		},
		"fields that are set": func(g octoberGuest) {
			g.Call(octoberTypes+"[method]fields.set", append(append([]uint64{g.fields()}, name(g, "upgrade")...), 0, 0)...)
		},
		"fields that are deleted": func(g octoberGuest) {
			g.Call(octoberTypes+"[method]fields.delete", append([]uint64{g.fields()}, name(g, "\n")...)...)
		},
		"a method": func(g octoberGuest) {
			r := get
			r.method, r.other, r.fields = 9, "a b", g.fields()
			g.request(r)
		},
		"a path": func(g octoberGuest) {
			r := get
			r.path, r.fields = "no slash", g.fields()
			g.request(r)
		},
		"a scheme": func(g octoberGuest) {
			r := get
			r.scheme, r.fields = "1", g.fields()
			g.request(r)
		},
		"an authority": func(g octoberGuest) {
			r := get
			r.authority, r.fields = "a/b", g.fields()
			g.request(r)
		},
		"a status code": func(g octoberGuest) { g.Call(octoberTypes+"[constructor]outgoing-response", 99, g.fields()) },
	} {
		t.Run(behaviour, func(t *testing.T) {
			if err := newWorld(t).october(f); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOctoberSendsARequest(t *testing.T) {
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Peer", "yes")
		w.WriteHeader(201)
		inspect(w, r)
		w.Header().Set("X-Sum", "7")
	})
	authority := strings.TrimPrefix(s.URL, "http://")
	err := w.october(func(g octoberGuest) {
		own := g.fields("x-a", "1", "trailer", "x-end")
		r := g.request(octoberRequest{method: 9, other: "FROBNICATE", path: "/a?b", scheme: "http", authority: authority, fields: own})
		name, n := g.Put("x-late")
		g.Call(octoberTypes+"[method]fields.append", own, name, n, name, n) // they were only lent
		body, out := g.outgoing("outgoing-request", r)
		if again := g.own("[method]outgoing-request.write", r); again != httpguest.None {
			t.Error("the body is there twice")
		}
		future, fault := g.handle(r)
		if fault != "" {
			t.Fatal(fault)
		}
		g.write(out, "some bytes")
		g.finish(body, g.fields("x-end", "8"))
		response, fault := g.response(future)
		if fault != "" {
			t.Fatal(fault)
		}
		if _, again := g.response(future); again != "taken" {
			t.Errorf("once more: %s", again)
		}
		if status := g.Call(octoberTypes+"[method]incoming-response.status", response); status != 201 {
			t.Errorf("status %d", status)
		}
		if list := g.entries(g.Call(octoberTypes+"[method]incoming-response.headers", response)); !strings.Contains(strings.Join(list, " "), "x-peer yes") {
			t.Errorf("fields %q", list)
		}
		in, text := g.consume("incoming-response", response)
		if want := `FROBNICATE /a?b HTTP/1.1 -1 "some bytes" <nil> ["X-A=[\"1\"]"] map[X-End:[8]]`; text != want {
			t.Errorf("%s, want\n%s", text, want)
		}
		list, fault := g.trailers(in)
		equal(t, "trailers", list, "x-sum", "7")
		if fault != "" {
			t.Error(fault)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// Missing trailers are empty ones; they are taken once.
func TestTrailersOfOctober(t *testing.T) {
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) {})
	err := w.october(func(g octoberGuest) {
		future, _ := g.handle(g.request(octoberRequest{path: "-", scheme: "http", authority: strings.TrimPrefix(s.URL, "http://"), fields: g.fields()}))
		response, fault := g.response(future)
		if fault != "" {
			t.Fatal(fault)
		}
		body, _ := g.consume("incoming-response", response)
		f := g.Call(octoberTypes+"[static]incoming-body.finish", body)
		g.wait("future-trailers", f)
		p := g.Load(octoberTypes+"[method]future-trailers.get", f)
		if g.U8(p) != 1 || g.U8(p+4) != 0 {
			t.Fatalf("option %d, result %d", g.U8(p), g.U8(p+4))
		}
		equal(t, "trailers", g.entries(uint64(g.U32(p+8))))
		g.Load(octoberTypes+"[method]future-trailers.get", f)
	})
	if !errors.Is(err, abi.ErrTrap) || !strings.Contains(err.Error(), "taken before") {
		t.Errorf("taken twice: %v", err)
	}
}

func TestFailuresOfOctober(t *testing.T) {
	stop := make(chan struct{})
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) { <-stop })
	defer close(stop)
	authority := strings.TrimPrefix(s.URL, "http://")
	for _, test := range []struct {
		behaviour string
		to        octoberRequest
		timeouts  []uint64
		atOnce    bool
		want      string
	}{
		{"a host that is not allowed", octoberRequest{path: "-", scheme: "http", authority: "other.example"}, nil, false, "unexpected-error: HTTP-request-denied"},
		{"a scheme that is not HTTP", octoberRequest{path: "-", scheme: "ftp", authority: authority}, nil, true, "unexpected-error: HTTP-protocol-error"},
		{"the app itself, which is not allowed", octoberRequest{path: "-", scheme: "http", authority: "-"}, nil, false, "unexpected-error: HTTP-request-denied"},
		{"a server that does not answer in time", octoberRequest{path: "-", scheme: "http", authority: authority}, []uint64{none, 50, none}, false, "unexpected-error: connection-read-timeout"},
	} {
		t.Run(test.behaviour, func(t *testing.T) {
			err := w.october(func(g octoberGuest) {
				test.to.fields = g.fields()
				future, fault := g.handle(g.request(test.to), test.timeouts...)
				if (fault != "") != test.atOnce {
					t.Errorf("at once: %q", fault)
				}
				if fault == "" {
					_, fault = g.response(future)
				}
				if fault != test.want {
					t.Errorf("got %q, want %q", fault, test.want)
				}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Timeouts are in milliseconds: a server that is slower than as many nanoseconds is waited for.
func TestTimeoutsOfOctober(t *testing.T) {
	w, s := newServer(t, func(w nethttp.ResponseWriter, r *nethttp.Request) { time.Sleep(20 * time.Millisecond) })
	err := w.october(func(g octoberGuest) {
		r := g.request(octoberRequest{path: "-", scheme: "http", authority: strings.TrimPrefix(s.URL, "http://"), fields: g.fields()})
		future, _ := g.handle(r, 60_000, 60_000, 60_000)
		if _, fault := g.response(future); fault != "" {
			t.Error(fault)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// serveOctober has a guest serve a request, and returns its response or why there is none.
func serveOctober(t *testing.T, w *world, serve func(g octoberGuest, request, out uint64)) (res *wasihttp.Response, err error) {
	t.Helper()
	req := &wasihttp.Request{
		Method: "PROPFIND", Scheme: "https", Authority: "shop.example", PathWithQuery: "/a?b", Header: nethttp.Header{"X-A": {"1"}, "Host": {"no"}},
		Body: io.NopCloser(strings.NewReader("some bytes")), Trailer: func() nethttp.Header { return nethttp.Header{"X-Sum": {"7"}} },
	}
	call := &octhttp.IncomingHandlerHandle{Request: req.OctoberRequest(), ResponseOut: wasihttp.NewOutparam(func(r *wasihttp.Response, e error) { res, err = r, e })}
	trap := w.october(func(g octoberGuest) {
		args := g.Lower(call, octhttp.IncomingHandlerHandleType, 2)
		serve(g, args[0], args[1])
	})
	if trap != nil {
		t.Errorf("guest was ended: %v", trap)
	}
	return res, err
}

func TestOctoberServesARequest(t *testing.T) {
	res, err := serveOctober(t, newWorld(t), func(g octoberGuest, request, out uint64) {
		var seen bytes.Buffer
		p := g.Load(octoberTypes+"[method]incoming-request.method", request)
		fmt.Fprintf(&seen, "%d %s", g.U8(p), g.Text(p+4))
		for _, name := range []string{"path-with-query", "authority"} {
			p := g.Load(octoberTypes+"[method]incoming-request."+name, request)
			fmt.Fprintf(&seen, " %d %s", g.U8(p), g.Text(p+4))
		}
		p = g.Load(octoberTypes+"[method]incoming-request.scheme", request)
		fmt.Fprintf(&seen, " %d %d", g.U8(p), g.U8(p+4))
		fmt.Fprintf(&seen, " %q", g.entries(g.Call(octoberTypes+"[method]incoming-request.headers", request)))
		body, text := g.consume("incoming-request", request)
		list, _ := g.trailers(body)
		fmt.Fprintf(&seen, " %s %q", text, list)
		r := g.Call(octoberTypes+"[constructor]outgoing-response", 203, g.fields("x-b", "2"))
		b, stream := g.outgoing("outgoing-response", r)
		g.Call(octoberTypes+"[static]response-outparam.set", out, 0, r, 0, 0)
		g.write(stream, seen.String())
		g.finish(b, g.fields("x-end", "8"))
	})
	if err != nil || res == nil {
		t.Fatal(err)
	}
	h, got := nethttp.Header{}, httptest.NewRecorder()
	res.CopyHeader(h)
	err = res.Body.CopyTo(got.Body, nil)
	const want = `9 PROPFIND 1 /a?b 1 shop.example 1 0 ["x-a" "1" "trailer" "x-sum"] some bytes ["x-sum" "7"]`
	if res.Status != 203 || h.Get("X-B") != "2" || got.Body.String() != want || err != nil || res.Body.Trailers().Get("X-End") != "8" {
		t.Errorf("%d %v %v %v\n%s, want\n%s", res.Status, h, res.Body.Trailers(), err, got.Body, want)
	}
	res.Body.Finish(err)
}

func TestOctoberGivesAnErrorForAResponse(t *testing.T) {
	_, err := serveOctober(t, newWorld(t), func(g octoberGuest, request, out uint64) {
		ptr, n := g.Put("too late")
		g.Call(octoberTypes+"[static]response-outparam.set", out, 1, 1, ptr, n)
	})
	if code, ok := abi.AsErr[wasihttp.ErrorCode](err); !ok || !strings.Contains(code.String(), "timeout-error(too late)") {
		t.Errorf("got %v", err)
	}
}

// A body that is shorter than it should be does not end the guest, but its receiver knows.
func TestShortBodiesOfOctober(t *testing.T) {
	res, err := serveOctober(t, newWorld(t), func(g octoberGuest, request, out uint64) {
		r := g.Call(octoberTypes+"[constructor]outgoing-response", 200, g.fields("content-length", "10"))
		b, stream := g.outgoing("outgoing-response", r)
		g.Call(octoberTypes+"[static]response-outparam.set", out, 0, r, 0, 0)
		g.write(stream, "short")
		g.finish(b)
	})
	if err != nil || res == nil {
		t.Fatal(err)
	}
	err = res.Body.CopyTo(io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "HTTP-response-body-size") {
		t.Errorf("got %v", err)
	}
	res.Body.Finish(err)
}

// Guests cannot make up handles, nor lists that lie elsewhere.
func TestOctoberHandlesCannotBeMadeUp(t *testing.T) {
	g := guesttest.New(t, new(hostapi.Scope), wasihttp.Interfaces())
	other := g.Add(new(wasihttp.Request).IncomingRequest(), "wasi:http/types@0.2.12#incoming-request")
	n := 0
	for _, name := range g.Names() {
		if !strings.Contains(name, octoberVersion) {
			continue
		}
		n++
		for _, v := range []uint64{0, 99, other, 1<<32 - 1} {
			args := make([]uint64, 16)
			for i := range args {
				args[i] = v
			}
			if strings.HasSuffix(name, "[constructor]fields") {
				args[0], args[1] = 8, 1<<30
			}
			if _, err := g.Load(name, args...); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("%s of %d: %v", name, v, err)
			}
		}
	}
	if n != 30 {
		t.Errorf("%d functions", n)
	}
}
