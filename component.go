package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/pool"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// host is the app as a trigger sees it.
type host struct {
	a    *App
	kind string
}

// App implements trigger.Host.
func (h *host) App() string { return h.a.Name() }

// Logger implements trigger.Host.
func (h *host) Logger() *slog.Logger { return h.a.log.With("trigger", h.kind) }

// Component implements trigger.Host.
func (h *host) Component(id string) (trigger.Component, error) {
	c, err := h.a.component(id)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// component is a component that some trigger uses.
type component struct {
	a        *App
	m        *manifest.Component
	standIns []string
	decoded  *engine.Component
	program  *engine.Program
	pool     *pool.Pool

	ready  chan struct{} // closed when it is loaded, or cannot be
	err    error         // why it cannot
	loaded bool          // guarded by the app's mu, as Close wants all that are
}

// component loads a component the first time that it is asked for.
func (a *App) component(id string) (*component, error) {
	m, ok := a.m.Component(id)
	if !ok {
		return nil, fmt.Errorf("the app has no component %q", id)
	}
	a.mu.Lock()
	c := a.components[id]
	first := c == nil
	if first {
		c = &component{a: a, m: m, ready: make(chan struct{})}
		a.components[id] = c
	}
	a.mu.Unlock()
	if first {
		if err := c.load(a.life); err != nil {
			c.err = &Error{Component: id, Pos: m.Source.Pos, Err: err}
		}
		close(c.ready)
	}
	<-c.ready
	return c, c.err
}

// load reads and compiles the component.
func (c *component) load(ctx context.Context) error {
	if err := c.a.ended(); err != nil {
		return err
	}
	wasm, err := c.a.files.read(c.m.Source.Path)
	if err != nil {
		return fmt.Errorf("source %q: %w%s", c.m.Source.Path, err, c.remedy(err))
	}
	if c.decoded, err = engine.DecodeWith(wasm, engine.DecodeConfig{Limits: c.a.cfg.Limits.Component}); err != nil {
		return fmt.Errorf("source %q: %w%s", c.m.Source.Path, err, c.remedy(err))
	}
	if c.program, err = c.linker().Link(ctx, c.a.rt.e, c.decoded); err != nil {
		return fmt.Errorf("source %q: %w", c.m.Source.Path, err)
	}
	cfg := c.a.cfg
	c.pool = pool.New(cfg.Components[c.m.ID].pool(cfg.Limits), c.start)
	c.a.mu.Lock()
	defer c.a.mu.Unlock()
	if c.a.closed.Load() {
		c.program.Close()
		return ErrClosed
	}
	c.loaded = true
	return nil
}

// remedy says what can be done about a source that is no component.
func (c *component) remedy(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.m.Build != nil && len(c.m.Build.Command) > 0:
		return fmt.Sprintf("; build the component with %q", c.m.Build.Command[0])
	case errors.Is(err, fs.ErrNotExist):
		return "; build the component, or correct the path"
	case errors.Is(err, ErrCoreModule):
		return "; build for the target wasm32-wasip2, or make a component of it with wasm-tools component new"
	}
	return ""
}

// loaded lists the components that could be loaded. The app must be locked.
func (a *App) loaded() []*component {
	var list []*component
	for _, c := range a.components {
		if c.loaded {
			list = append(list, c)
		}
	}
	return list
}

// linker makes the component's import scope.
func (c *component) linker() *engine.Linker {
	l, scope := engine.NewLinker(), c.scope()
	standIn := map[string]bool{}
	for _, i := range c.a.cfg.HostAPIs.Interfaces() {
		if i.Bind == nil {
			standIn[i.ID] = true
			l.DefineTrap(i.ID, hostapi.ErrNotBuilt)
			continue
		}
		l.Define(i.ID, func() (*abi.Interface, error) {
			c.a.bind.Lock()
			defer c.a.bind.Unlock()
			return i.Bind(scope)
		})
	}
	for _, imp := range c.decoded.Imports() {
		if id, ok := l.Lookup(imp.Name); ok && standIn[id] {
			c.standIns = append(c.standIns, imp.Name)
		}
	}
	return l
}

func (c *component) scope() *hostapi.Scope {
	cfg := &c.a.cfg
	c.a.bind.Lock()
	defer c.a.bind.Unlock()
	s := &hostapi.Scope{
		App: c.a.Name(), Component: c.m.ID, Hosts: c.m.AllowedOutboundHosts, HTTP: cfg.HTTP,
		Logger: c.a.log.With("component", c.m.ID),
		Stdout: output(cfg.Stdout, c, "stdout"), Stderr: output(cfg.Stderr, c, "stderr"),
	}
	env := map[string]string{}
	maps.Copy(env, c.m.Environment)
	maps.Copy(env, cfg.Env)
	for k, v := range env {
		s.Environment = append(s.Environment, hostapi.EnvVar{Name: k, Value: v})
	}
	slices.SortFunc(s.Environment, func(a, b hostapi.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	return s
}
