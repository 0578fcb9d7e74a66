package spin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

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
	c, err := h.a.component(context.Background(), id)
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
	err      error
}

// component loads a component the first time that it is asked for.
func (a *App) component(ctx context.Context, id string) (*component, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.components[id]; c != nil {
		return c, c.err
	}
	m, ok := a.m.Component(id)
	if !ok {
		return nil, fmt.Errorf("the app has no component %q", id)
	}
	c := &component{a: a, m: m}
	a.components[id] = c
	if err := c.load(ctx); err != nil {
		c.err = &Error{Component: id, Pos: m.SourcePos, Err: err}
	}
	return c, c.err
}

func (c *component) load(ctx context.Context) error {
	wasm, err := c.a.files.read(c.m.Source)
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if c.decoded, err = engine.Decode(wasm); err != nil {
		return fmt.Errorf("source %q: %w", c.m.Source, err)
	}
	if c.program, err = c.linker().Link(ctx, c.a.rt.e, c.decoded); err != nil {
		return fmt.Errorf("source %q: %w", c.m.Source, err)
	}
	cfg := c.a.cfg
	c.pool = pool.New(cfg.Components[c.m.ID].pool(cfg.Limits), c.start)
	return nil
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
		l.Define(i.ID, func() (*abi.Interface, error) { return i.Bind(scope) })
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
	s := &hostapi.Scope{
		App: c.a.Name(), Component: c.m.ID, Hosts: c.m.AllowedOutboundHosts, HTTP: cfg.HTTP,
		Logger: c.a.log.With("component", c.m.ID),
		Stdout: output(cfg.Stdout, c, "stdout"), Stderr: output(cfg.Stderr, c, "stderr"),
	}
	env := map[string]string{}
	for k, v := range c.m.Environment {
		env[k] = v
	}
	for k, v := range cfg.Env {
		env[k] = v
	}
	for k, v := range env {
		s.Environment = append(s.Environment, hostapi.EnvVar{Name: k, Value: v})
	}
	slices.SortFunc(s.Environment, func(a, b hostapi.EnvVar) int { return compare(a.Name, b.Name) })
	return s
}

// start makes an instance for the pool.
func (c *component) start(ctx context.Context, shared bool, ended func()) (pool.Instance, error) {
	l := c.a.cfg.Limits
	i, err := c.program.Instantiate(ctx, engine.InstanceConfig{
		Memory: l.Memory, ComputeTime: l.computeTime(), Handles: l.Handles, Shared: shared, Ended: ended,
	})
	switch {
	case errors.Is(err, engine.ErrBusy):
		return nil, fmt.Errorf("%w: %w", trigger.ErrBusy, err)
	case err != nil:
		return nil, err
	}
	return i, nil
}

// ID implements trigger.Component.
func (c *component) ID() string { return c.m.ID }

// Exports implements trigger.Component.
func (c *component) Exports() []string {
	var names []string
	for _, e := range c.decoded.Exports() {
		names = append(names, e.Name)
	}
	return names
}

// Func implements trigger.Component.
func (c *component) Func(iface, name, typ string) (trigger.Func, error) {
	f, err := c.program.Func(iface, name)
	if err == nil && typ != "" {
		err = f.Check(typ)
	}
	if err != nil {
		return nil, &Error{Component: c.m.ID, Pos: c.m.SourcePos, Err: err}
	}
	return f, nil
}

// Fresh implements trigger.Component.
func (c *component) Fresh(ctx context.Context) (trigger.Instance, error) { return c.pool.Fresh(ctx) }

// Shared implements trigger.Component.
func (c *component) Shared(ctx context.Context) (trigger.Instance, error) { return c.pool.Shared(ctx) }

// close waits for the component's instances and frees its code.
func (c *component) close(ctx context.Context) error {
	var err error
	if c.pool != nil {
		if err = c.pool.Close(ctx); err != nil {
			c.program.Kill(ErrClosed)
			_ = c.pool.Close(context.Background())
		}
	}
	if c.program != nil {
		c.program.Close()
	}
	return err
}
