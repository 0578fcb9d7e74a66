package http_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
	"github.com/spinhost/spin/internal/leaktest"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

// host is an app whose components are Go functions.
type host struct {
	name       string
	components map[string]*component
	log        logs
}

func (h *host) App() string          { return h.name }
func (h *host) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(&h.log, nil)) }

func (h *host) Component(id string) (trigger.Component, error) {
	if c := h.components[id]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("no component %q", id)
}

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  strings.Builder
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

// The exports of components of both versions.
const (
	export2 = "wasi:http/incoming-handler@0.2.0"
	export3 = "wasi:http/handler@0.3.0"
)

// component is a component whose guest is a Go function.
type component struct {
	id      string
	exports []string
	serve   func(*guest)
	busy    error         // of getting an instance
	stale   int           // so many instances die before a call has begun
	typeErr error         // of Func
	slice   time.Duration // of its guests; 0 for any length

	mu        sync.Mutex
	one       *instance // the shared instance
	instances []*instance
	leased    int // instances that were not given back
	kills     []error
	cancels   int
}

func (c *component) ID() string        { return c.id }
func (c *component) Exports() []string { return c.exports }

type function struct{ name, typ string }

func (f function) Name() string { return f.name }
func (f function) Type() string { return f.typ }

func (c *component) Func(iface, name, typ string) (trigger.Func, error) {
	if !slices.Contains(c.exports, iface) {
		return nil, fmt.Errorf("no export %q", iface)
	}
	if want := map[string]string{
		export2: p2http.IncomingHandlerHandleType,
		export3: p3http.HandlerHandleType,
	}[iface]; want != "" && typ != want {
		return nil, fmt.Errorf("%s has another type", name)
	}
	return function{name, typ}, c.typeErr
}

// instance is an instance lent to one caller or more.
type instance struct {
	c     *component
	in    *httpguest.Instance
	alone bool
	stale bool
}

func (c *component) make(alone bool) (*instance, error) {
	if c.busy != nil {
		return nil, c.busy
	}
	scope := &hostapi.Scope{App: "test", Component: c.id, Logger: slog.New(slog.DiscardHandler)}
	i := &instance{c: c, in: httpguest.New(append(wasihttp.Interfaces(), wasiio.Interfaces()...), scope), alone: alone}
	i.in.Slice = c.slice
	if i.stale = c.stale > 0; i.stale {
		c.stale--
	}
	c.instances = append(c.instances, i)
	return i, nil
}

func (c *component) Fresh(context.Context) (trigger.Instance, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.make(true)
	if err != nil {
		return nil, err
	}
	c.leased++
	return i, nil
}

func (c *component) Shared(context.Context) (trigger.Instance, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.one == nil || c.one.stale {
		i, err := c.make(false)
		if err != nil {
			return nil, err
		}
		c.one = i
	}
	c.leased++
	return c.one, nil
}

func (i *instance) Release() {
	i.c.mu.Lock()
	i.c.leased--
	i.c.mu.Unlock()
	if i.alone {
		go i.in.End(errors.New("instance was given back"))
	}
}

func (i *instance) Kill(err error) {
	i.c.mu.Lock()
	i.c.kills = append(i.c.kills, err)
	i.c.mu.Unlock()
	go i.in.End(err)
}

// call is a call of a guest's handler.
type call struct {
	c           *component
	done, ended chan struct{}
	mu          sync.Mutex
	over        bool
	err         error
	begun       bool
	cancelled   chan struct{}
}

func (c *call) Done() <-chan struct{}  { return c.done }
func (c *call) Ended() <-chan struct{} { return c.ended }

func (c *call) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *call) Begun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

func (c *call) Cancel() {
	c.c.mu.Lock()
	c.c.cancels++
	c.c.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.cancelled:
	default:
		close(c.cancelled)
	}
}

func (c *call) resolve(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.over, c.err = true, err
		close(c.done)
	}
}

// Start implements trigger.Instance.
func (i *instance) Start(ctx context.Context, f trigger.Func, inv abi.Invocation) trigger.Call {
	c := &call{c: i.c, done: make(chan struct{}), ended: make(chan struct{}), cancelled: make(chan struct{})}
	if i.stale {
		c.resolve(errors.New("instance has ended"))
		close(c.ended)
		return c
	}
	i.in.Start(ctx, func(t *httpguest.Task) {
		c.mu.Lock()
		c.begun = true
		c.mu.Unlock()
		g := &guest{Task: t, call: c, inv: inv, typ: f.Type(), v3: strings.HasPrefix(f.Type(), "async")}
		if g.v3 {
			g.req = t.Lower(inv, g.typ, 1)[0]
		} else {
			args := t.Lower(inv, g.typ, 2)
			g.req, g.out = args[0], args[1]
		}
		i.c.serve(g)
		if !g.v3 {
			t.Lift(inv, g.typ)
			c.resolve(nil)
		}
	}, func(err error) {
		if err == nil {
			err = errors.New("task ended without a result")
		}
		c.resolve(err)
		close(c.ended)
	})
	return c
}

// app is a loaded trigger with its components.
type app struct {
	*httptrigger.Server
	host *host
}

// load loads a manifest with components whose guests are given by id. Sources do not count.
func load(t testing.TB, cfg httptrigger.Config, entries string, components ...*component) *app {
	t.Helper()
	leaktest.Check(t)
	a, err := tryLoad(cfg, entries, components...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range components {
			c.end(t)
		}
	})
	return a
}

// end waits until all instances have been given back, and ends them.
func (c *component) end(t testing.TB) {
	eventually(t, "all instances are given back", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.leased == 0
	})
	for _, i := range c.instances {
		i.in.End(errors.New("test is over"))
	}
}

func tryLoad(cfg httptrigger.Config, entries string, components ...*component) (*app, error) {
	h := &host{name: "test-app", components: map[string]*component{}}
	text := "spin_manifest_version = 2\n[application]\nname = \"test-app\"\n" + entries
	for _, c := range components {
		h.components[c.id] = c
	}
	for _, id := range slices.Sorted(maps.Keys(h.components)) {
		text += fmt.Sprintf("\n[component.%s]\nsource = \"x.wasm\"\n", id)
	}
	m, err := manifest.Parse("spin.toml", []byte(text))
	if err != nil {
		return nil, err
	}
	var list []trigger.Entry
	for _, e := range m.TriggersOf("http") {
		list = append(list, trigger.Entry{
			ID: e.ID, Component: e.Component, Decode: e.Decode,
			Errorf: func(key, format string, args ...any) error {
				pos := e.Pos()
				if key != "" {
					pos = e.KeyPos(key)
				}
				return fmt.Errorf("%s: %w", pos, fmt.Errorf(format, args...))
			},
		})
	}
	r, err := httptrigger.Trigger(cfg).Load(context.Background(), h, list)
	if err != nil {
		return nil, err
	}
	return &app{r.(*httptrigger.Server), h}, nil
}

// single is a manifest with one route for the component "guest".
func single(route string) string {
	return fmt.Sprintf("[[trigger.http]]\nroute = %q\ncomponent = \"guest\"\n", route)
}
