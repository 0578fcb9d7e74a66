package http_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
	"github.com/spinhost/spin/trigger"
	"github.com/spinhost/spin/trigger/http/internal/inbound"
)

// host is an app whose components are Go functions.
type host struct {
	name       string
	version    string
	components map[string]*component
	log        logs
	settings   trigger.Settings
}

func (h *host) App() string          { return h.name }
func (h *host) Version() string      { return h.version }
func (h *host) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(&h.log, nil)) }

func (h *host) Settings() trigger.Settings { return h.settings }

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
	busy    error     // of getting an instance
	full    chan bool // told when somebody asks for an instance, who then waits for ever
	stale   int       // so many instances die before a call has begun
	typeErr error     // of Func
	limit   time.Duration
	inbound func(context.Context, inbound.Request) inbound.Response // a component of Spin 1
	program func(*hostapi.Command) (result, trap error)

	mu        sync.Mutex
	one       *instance // the shared instance
	instances []*instance
	leased    int // instances that were not given back
	kills     []error
	retired   []error
	cancels   int
}

func (c *component) ID() string        { return c.id }
func (c *component) Exports() []string { return c.exports }

type function struct{ name, typ string }

func (f function) Name() string { return f.name }
func (f function) Type() string { return f.typ }
func (f function) Invocation([]any, *any) (abi.Invocation, error) {
	return nil, errors.New("not generated")
}

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
	i.in.Slice = 200 * time.Millisecond // like the engine, but longer than a busy machine stalls
	if i.stale = c.stale > 0; i.stale {
		c.stale--
	}
	c.instances = append(c.instances, i)
	return i, nil
}

// room waits for room for another instance.
func (c *component) room(ctx context.Context) error {
	if c.full == nil {
		return nil
	}
	c.full <- true
	<-ctx.Done()
	return context.Cause(ctx)
}

func (c *component) Fresh(ctx context.Context) (trigger.Instance, error) {
	if err := c.room(ctx); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	i, err := c.make(true)
	if err != nil {
		return nil, err
	}
	c.leased++
	return i, nil
}

func (c *component) Shared(ctx context.Context) (trigger.Instance, error) {
	if err := c.room(ctx); err != nil {
		return nil, err
	}
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

func (c *component) RequestTime() time.Duration { return c.limit }

// killed is why the first instance was ended, nil if none was.
func (c *component) killed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kills) == 0 {
		return nil
	}
	return c.kills[0]
}

func (i *instance) Retire(err error) {
	if i.alone {
		i.Kill(err)
		return
	}
	i.c.mu.Lock()
	defer i.c.mu.Unlock()
	i.c.retired = append(i.c.retired, err)
	if i.c.one == i {
		i.c.one = nil
	}
}

func (i *instance) Kill(err error) {
	i.c.mu.Lock()
	i.c.kills = append(i.c.kills, err)
	i.c.mu.Unlock()
	go i.in.End(err)
}
