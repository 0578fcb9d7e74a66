package http_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	nethttp "net/http"
	"slices"
	"sync"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/internal/httpguest"
	"github.com/spinhost/spin/internal/leaktest"
)

// guest is a guest of either version.
type guest struct {
	*httpguest.Task
	v3 bool
}

// world is a component with what it may do.
type world struct {
	t         testing.TB
	ctx       context.Context
	scope     *hostapi.Scope
	transport *nethttp.Transport
	log       logs
}

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newWorld makes a component that may send requests to these hosts. When the test is over no
// goroutine may be left.
func newWorld(t testing.TB, hosts ...string) *world {
	t.Helper()
	leaktest.Check(t)
	w := &world{t: t, ctx: context.Background(), transport: wasihttp.NewTransport(capability.Networks{})}
	t.Cleanup(w.transport.CloseIdleConnections)
	owner := capability.Owner{Component: "shop", Pos: capability.Position{File: "spin.toml", Line: 7, Column: 1}, HasList: len(hosts) > 0}
	var list []capability.Entry
	for i, h := range hosts {
		list = append(list, capability.Entry{Text: h, Pos: capability.Position{File: "spin.toml", Line: 8, Column: 3 + i}})
	}
	allowed, err := capability.ParseHosts(owner, list)
	if err != nil {
		t.Fatal(err)
	}
	w.scope = &hostapi.Scope{
		App: "test", Component: "shop", Hosts: allowed, HTTP: w.transport,
		Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	return w
}

// instance makes an instance that is ended with the test.
func (w *world) instance() *httpguest.Instance {
	in := httpguest.New(append(wasihttp.Interfaces(), wasiio.Interfaces()...), w.scope)
	w.t.Cleanup(func() { in.End(errOver) })
	return in
}

var errOver = errors.New("test is over")

// run runs a guest of one version in an instance of its own, to whose end it must come.
func (w *world) run(v3 bool, f func(*guest)) {
	w.t.Helper()
	if err := w.try(v3, f); err != nil {
		w.t.Errorf("guest was ended: %v", err)
	}
}

// try is run, but returns why the guest was ended.
func (w *world) try(v3 bool, f func(*guest)) error {
	return w.instance().Run(w.ctx, func(t *httpguest.Task) { f(&guest{t, v3}) })
}

// both runs a test for guests of both versions.
func both(t *testing.T, f func(t *testing.T, v3 bool)) {
	t.Run("0.2", func(t *testing.T) { f(t, false) })
	t.Run("0.3", func(t *testing.T) { f(t, true) })
}

// equal fails the test if a list is not what it should be.
func equal(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// types is what the names of functions of wasi:http/types begin with.
func (g *guest) types() string {
	if g.v3 {
		return httpguest.T3
	}
	return httpguest.T2
}

// fields makes fields of names and values.
func (g *guest) fields(list ...string) uint64 {
	if g.v3 {
		return g.Fields3(list...)
	}
	return g.Fields2(list...)
}

// entries returns names and values of fields, which are dropped.
func (g *guest) entries(f uint64) []string {
	if g.v3 {
		return g.Entries3(f)
	}
	return g.Entries2(f)
}
