package spin

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spinhost/spin/internal/composition"
	"github.com/spinhost/spin/internal/outbound"
	"github.com/spinhost/spin/internal/pool"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// host is the app as a trigger sees it.
type host struct {
	a        *App
	kind     string
	settings *settings
}

// App implements trigger.Host.
func (h *host) App() string { return h.a.Name() }

// Settings implements trigger.Host.
func (h *host) Settings() trigger.Settings {
	return trigger.Settings{Decode: h.settings.decode, Errorf: h.settings.errorf}
}

// Version implements trigger.Versioner.
func (h *host) Version() string { return h.a.m.Application.Version }

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
	a       *App
	id      string // by which triggers ask for it; that of m, if nothing is around it
	m       *manifest.Component
	cfg     ComponentConfig
	hosts   *outbound.Hosts // that it may reach
	program *composition.Program
	pool    *pool.Pool

	ready  chan struct{} // closed when it is loaded, or cannot be
	err    error         // why it cannot
	loaded bool          // guarded by the app's mu, as Close wants all that are
}

// component loads a component the first time that it is asked for.
func (a *App) component(id string) (*component, error) {
	v, ok := a.variant[id]
	if !ok {
		v.component = id
	}
	m, ok := a.m.Component(v.component)
	if !ok {
		return nil, fmt.Errorf("the app has no component %q", id)
	}
	a.mu.Lock()
	c := a.components[id]
	first := c == nil
	if first {
		c = &component{a: a, id: id, m: m, ready: make(chan struct{})}
		a.components[id] = c
	}
	a.mu.Unlock()
	if first {
		c.err = c.faults(c.load(a.life, v))
		close(c.ready)
	}
	<-c.ready
	return c, c.err
}

// load reads and compiles the component with its dependencies.
func (c *component) load(ctx context.Context, v variant) error {
	err := c.a.ended()
	if err != nil {
		return err
	}
	log := c.a.log.With("component", c.m.ID)
	if c.hosts, err = outbound.NewHosts(ctx, c.m.AllowedOutboundHosts, c.a.variables, log); err != nil {
		return err
	}
	if c.program, err = c.a.linking.Compose(ctx, composition.Spec{
		Component: c.m, Around: v.around, Interface: v.iface, Decode: c.decode, Scope: c.scope,
	}); err != nil {
		return err
	}
	c.cfg = c.a.cfg.componentConfig(c.m.ID)
	c.pool = pool.New(c.cfg.pool(c.a.cfg.Limits, c.a.rt), c.start)
	c.a.mu.Lock()
	defer c.a.mu.Unlock()
	if c.a.closed.Load() {
		c.program.Close()
		return ErrClosed
	}
	c.loaded = true
	c.a.rt.idle.add(c.pool)
	return nil
}

// faults gives errors about the component their places.
func (c *component) faults(err error) error {
	if err == nil {
		return nil
	}
	errs := inComponent(c.m, err)
	if len(errs) == 1 {
		return errs[0]
	}
	return join(errs)
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
