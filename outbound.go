package spin

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/outbound"
)

// Origin says whose request it is: a component's, or that of a dependency inside it.
type Origin struct {
	App, Component string
	// Path names the dependencies from the component inwards; empty for the component itself.
	Path []string
}

// ClientTLS says how some components connect to some hosts with TLS: whom they trust, and what they
// show. It concerns all protocols.
type ClientTLS struct {
	// Components are the ids of the components, Hosts names or addresses, without ports.
	Components, Hosts []string
	// Config is what they use. ServerName is left open, as is NextProtos.
	Config *tls.Config
}

// openNetwork sets up how guests connect, once it is known which networks are blocked.
func (a *App) openNetwork() error {
	special, err := a.clientTLS()
	if err != nil {
		return err
	}
	c := &a.cfg
	a.network = outbound.New(outbound.Config{
		Blocked: c.BlockNetworks, NoPooling: c.NoConnectionPooling, TLS: special, Client: c.HTTP,
		Connections: c.Limits.Connections, HTTP: c.Limits.HTTPConnections, Sockets: c.Limits.SocketConnections,
	})
	a.closers = append(a.closers, a.network.CloseIdle)
	return nil
}

// clientTLS gathers what Config and the runtime configuration say, in the order in which it counts.
func (a *App) clientTLS() ([]outbound.TLS, error) {
	c := &a.cfg
	var errs []error
	for i, t := range c.ClientTLS {
		for _, id := range t.Components {
			if _, ok := a.m.Component(id); !ok {
				errs = append(errs, fmt.Errorf("Config.ClientTLS[%d]: %s has no component %q", i, a.m.File, id))
			}
		}
		if t.Config == nil || len(t.Components) == 0 || len(t.Hosts) == 0 {
			errs = append(errs, fmt.Errorf("Config.ClientTLS[%d] lacks a field: set Components, Hosts and Config", i))
		}
	}
	list := slices.Clone(c.ClientTLS)
	if c.RuntimeConfig != nil {
		for _, t := range c.RuntimeConfig.ClientTLS {
			built, err := t.Load(c.WebPKIRoots)
			if err != nil {
				errs = append(errs, fault.Split(err)...)
			}
			list = append(list, ClientTLS{t.ComponentIDs, t.Hosts, built})
		}
	}
	all := make([]outbound.TLS, len(list))
	for i, t := range list {
		all[i] = outbound.TLS(t)
	}
	return all, errors.Join(errs...)
}

// httpFor returns what sends the requests of a component, or of a dependency inside it.
func (a *App) httpFor(from Origin) http.RoundTripper {
	next := &outbound.Local{
		Handler: a.handlerOf, Panicked: a.panicked, Next: a.network.HTTP(from.Component),
		MaxDepth: orDefault(a.cfg.Limits.LocalDepth, defaultLocalDepth),
	}
	if a.cfg.InterceptHTTP != nil {
		if by := a.cfg.InterceptHTTP(from, next); by != nil {
			return by
		}
	}
	return next
}
