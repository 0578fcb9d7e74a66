package runtimeconfig

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// ClientTLS is one [[client_tls]] table: how some components connect to some hosts.
type ClientTLS struct {
	ComponentIDs []string
	Hosts        []string // names or addresses, without ports

	CARootsFile   Path // certificates of authorities; may be empty
	PlatformRoots bool // trust those of the operating system
	WebPKIRoots   bool // trust those of the common browsers

	// CertFile and KeyFile are what the client shows; both are there, or none.
	CertFile, KeyFile Path

	Pos Position

	places *place
	path   string
}

// TLSFor returns what a component uses to connect to a host, the first table that
// names both, and nil if none does.
func (c *Config) TLSFor(component, host string) *ClientTLS {
	for _, t := range c.ClientTLS {
		if slices.Contains(t.ComponentIDs, component) && slices.ContainsFunc(t.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
			return t
		}
	}
	return nil
}

// clientTLS reads [[client_tls]].
func (p *parser) clientTLS() {
	const key = "client_tls"
	value, ok := p.values[key]
	if !ok {
		return
	}
	at := p.places.field(key)
	list, ok := value.([]any)
	if !ok {
		p.add(at.value, key, nil, "must be an array of tables, not %s: write [[%s]]", kindOf(value), key)
	}
	for i, item := range list {
		path := key + "[" + strconv.Itoa(i) + "]"
		if table, ok := expect[map[string]any](&p.decoder, item, at.item(i), path, "a table"); ok {
			p.config.ClientTLS = append(p.config.ClientTLS, p.clientTLSEntry(table, at.item(i), path))
		}
	}
}

func (p *parser) clientTLSEntry(table map[string]any, at *place, path string) *ClientTLS {
	var t struct {
		ComponentIDs  []string `toml:"component_ids"`
		Hosts         []string `toml:"hosts"`
		CARootsFile   *Path    `toml:"ca_roots_file"`
		PlatformRoots *bool    `toml:"ca_use_platform_roots"`
		WebPKIRoots   *bool    `toml:"ca_use_webpki_roots"`
		CertFile      *Path    `toml:"client_cert_file"`
		KeyFile       *Path    `toml:"client_private_key_file"`
	}
	p.read(table, at, path, &t, nil)
	p.requireList(table, at, path, "component_ids", t.ComponentIDs, "the ids of components")
	p.requireList(table, at, path, "hosts", t.Hosts, "the names of hosts")
	for i, host := range t.Hosts {
		if !isHost(host) {
			p.add(at.field("hosts").item(i).value, path+".hosts["+strconv.Itoa(i)+"]", nil, "%s is not a host: write its name alone, without scheme, port and wildcards", wording.Quote(host))
		}
	}
	c := &ClientTLS{ComponentIDs: t.ComponentIDs, Hosts: t.Hosts, CARootsFile: deref(t.CARootsFile), CertFile: deref(t.CertFile), KeyFile: deref(t.KeyFile), Pos: at.key, places: at, path: path}
	c.WebPKIRoots = deref(t.WebPKIRoots)
	switch {
	case t.PlatformRoots != nil:
		c.PlatformRoots = *t.PlatformRoots
	case t.WebPKIRoots == nil:
		c.PlatformRoots = t.CARootsFile == nil
	}
	if t.CARootsFile == nil && !c.PlatformRoots && !c.WebPKIRoots {
		p.add(at.key, path, ErrMissingKey, "nobody is trusted: write ca_roots_file, ca_use_platform_roots = true, or ca_use_webpki_roots = true")
	}
	if (t.CertFile == nil) != (t.KeyFile == nil) {
		p.add(at.key, path, ErrMissingKey, "client_cert_file and client_private_key_file come together: write both, or none")
	}
	return c
}

func (p *parser) requireList(table map[string]any, at *place, path, key string, list []string, what string) {
	value, ok := table[key]
	if items, isArray := value.([]any); !ok {
		p.add(at.key, path, ErrMissingKey, "the key %q is missing: write %s", key, what)
	} else if isArray && len(items) == 0 {
		p.add(at.field(key).value, tomltree.Path(path, key), nil, "is empty: write %s, or remove the table", what)
	} else if i := slices.Index(list, ""); i >= 0 && len(list) == len(items) {
		p.add(at.field(key).item(i).value, tomltree.Path(path, key), nil, "has an empty text: write %s", what)
	}
}

// isHost reports whether text may be the name or the address of a host. Empty text
// is reported elsewhere.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return !strings.ContainsAny(text, ":/*@ \t\r\n\x00[]")
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
