package outbound

import (
	"crypto/tls"
	"slices"
	"strings"
)

// TLS says how some components connect to some hosts with TLS.
type TLS struct {
	Components, Hosts []string // ids; names or addresses, without ports
	Config            *tls.Config
}

// tlsFor returns the number of the entry by which a component connects to a host, -1 if it does as
// all do.
func tlsFor(list []TLS, component, host string) int {
	return slices.IndexFunc(list, func(t TLS) bool {
		return slices.Contains(t.Components, component) &&
			slices.ContainsFunc(t.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
	})
}
