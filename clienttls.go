package spin

import (
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/fault"
)

// ClientTLS says how some components connect to some hosts with TLS: whom they trust, and what they
// show. It concerns all protocols.
type ClientTLS struct {
	// Components are the ids of the components, Hosts names or addresses, without ports.
	Components, Hosts []string
	// Config is what they use. ServerName is left open, as is NextProtos.
	Config *tls.Config
}

// clientTLS gathers what Config and the runtime configuration say, in the order in which it counts.
func (a *App) clientTLS() error {
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
	c.ClientTLS = list
	return errors.Join(errs...)
}

// tlsFor returns the number of the entry by which a component connects to a host, -1 if it does as
// all do.
func (a *App) tlsFor(component, host string) int {
	return slices.IndexFunc(a.cfg.ClientTLS, func(t ClientTLS) bool {
		return slices.Contains(t.Components, component) &&
			slices.ContainsFunc(t.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
	})
}
