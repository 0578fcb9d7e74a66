package http_test

import (
	"context"
	"io"
	"net"
	nethttp "net/http"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// running is an app that listens.
type running struct {
	*app
	t      testing.TB
	addr   string
	client *nethttp.Client
}

// serve runs the app until the test ends, and then looks whether something was left behind.
func serve(t testing.TB, cfg httptrigger.Config, entries string, components ...*component) *running {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listener = l
	tr := &nethttp.Transport{DisableCompression: true}
	r := &running{app: load(t, cfg, entries, components...), t: t, addr: l.Addr().String(), client: &nethttp.Client{Transport: tr}}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return r
}

// one serves a guest of one version on all paths.
func one(t testing.TB, export string, f func(*guest)) *running {
	t.Helper()
	return serve(t, httptrigger.Config{}, single("/..."), &component{id: "guest", exports: []string{export}, serve: f})
}

func (r *running) component() *component { return r.host.components["guest"] }

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("never: %s", what)
}

// answered is a response that was read.
type answered struct {
	status  int
	header  nethttp.Header
	trailer nethttp.Header
	body    string
	err     error // of reading the body
}

func (r *running) request(method, path string, body io.Reader) *nethttp.Request {
	r.t.Helper()
	req, err := nethttp.NewRequest(method, "http://"+r.addr+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	return req
}

func (r *running) do(req *nethttp.Request) answered {
	r.t.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		return answered{err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answered{res.StatusCode, res.Header, res.Trailer, string(b), err}
}

func (r *running) get(path string) answered {
	r.t.Helper()
	return r.do(r.request(nethttp.MethodGet, path, nil))
}

// raw sends bytes on a connection of its own and returns all that comes back until the server
// closes it.
func (r *running) raw(text string) string {
	r.t.Helper()
	c := r.dial(text)
	defer c.Close()
	b, err := io.ReadAll(c)
	if err != nil {
		r.t.Errorf("raw: %v", err)
	}
	return string(b)
}

// dial opens a connection and sends bytes on it.
func (r *running) dial(text string) net.Conn {
	r.t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		r.t.Fatal(err)
	}
	return c
}
