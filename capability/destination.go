package capability

import (
	"net/netip"
	"strconv"
	"strings"
)

// Destination is what a component wants to reach, in the one form in which it
// is compared: scheme and name in lower case, IPv4 addresses never written as
// IPv6, the port filled in from the scheme. Make one with a function of this
// package; the zero Destination is allowed by nothing.
type Destination struct {
	scheme   string
	host     host
	port     uint16
	hasPort  bool
	relative bool
}

// DestinationError says why text is no destination. It does not repeat the
// text, which may hold a password.
type DestinationError struct {
	Reason string // to be read after "the URL"
}

// Error returns the reason.
func (e *DestinationError) Error() string { return "the URL " + e.Reason }

// NewDestination makes the destination of a connection to host and port. An IPv6
// address may stand in brackets or not. Port 0 stands for the default port of
// the scheme.
func NewDestination(scheme, host string, port uint16) (Destination, error) {
	if strings.IndexByte(host, ':') >= 0 && host[0] != '[' {
		if addr, err := netip.ParseAddr(host); err == nil && addr.Zone() == "" {
			return newDestination(scheme, hostOf(addr), port, port != 0)
		}
	}
	h, reason := parseHost(host)
	if reason != "" {
		return Destination{}, &DestinationError{reason}
	}
	return newDestination(scheme, h, port, port != 0)
}

// AddrDestination makes the destination of a socket that connects to addr; scheme
// is tcp or udp. A zone of the address is ignored.
func AddrDestination(scheme string, addr netip.AddrPort) Destination {
	if !addr.IsValid() {
		return Destination{}
	}
	return Destination{scheme: scheme, host: hostOf(addr.Addr().WithZone("")), port: addr.Port(), hasPort: true}
}

// ParseAuthority makes the destination of an HTTP request from its scheme and its
// authority, "host" or "host:port", perhaps after "user@".
func ParseAuthority(scheme, authority string) (Destination, error) {
	if strings.ContainsAny(authority, "/?#\\") {
		return Destination{}, &DestinationError{"has a character that authorities cannot have"}
	}
	return parseAuthority(scheme, authority)
}

// Self is the destination of a request that a component sends to its own app by
// a relative URL.
func Self() Destination { return Destination{relative: true} }

func hostOf(addr netip.Addr) host { return host{addr: addr.Unmap()} }

func newDestination(scheme string, h host, port uint16, hasPort bool) (Destination, error) {
	if !isScheme(scheme) {
		return Destination{}, &DestinationError{"has a malformed scheme"}
	}
	d := Destination{scheme: strings.ToLower(scheme), host: h, port: port, hasPort: hasPort}
	if !hasPort {
		d.port, d.hasPort = defaultPort(d.scheme)
	}
	return d, nil
}

const maxSchemeLength = 64 // bytes

// isScheme implements the rule for schemes of RFC 3986, section 3.1, and bounds
// their length.
func isScheme(s string) bool {
	if s == "" || len(s) > maxSchemeLength || !isLetter(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		c := s[i]
		if !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// IsSelf reports whether d is a request of the app to itself.
func (d Destination) IsSelf() bool { return d.relative }

// Scheme returns the scheme in lower case, empty for [Self].
func (d Destination) Scheme() string { return d.scheme }

// Host returns the name or the address, without brackets; empty for [Self].
func (d Destination) Host() string {
	if d.host.addr.IsValid() {
		return d.host.addr.String()
	}
	return d.host.name
}

// SelfHost is the host that stands for the app itself where a URL needs one.
const SelfHost = "self.alt"

// Component returns the component of the app, in lower case, that a host such as
// cart.spin.internal stands for.
func (d Destination) Component() (id string, ok bool) {
	id, ok = strings.CutSuffix(d.host.name, internalSuffix)
	if !ok || id == "" || strings.IndexByte(id, '.') >= 0 {
		return "", false
	}
	return id, true
}

// Addr returns the address if the host is one.
func (d Destination) Addr() (netip.Addr, bool) {
	return d.host.addr, d.host.addr.IsValid()
}

// Port returns the port; false means that none was given and the scheme has no
// default.
func (d Destination) Port() (uint16, bool) { return d.port, d.hasPort }

// String returns the destination as a URL without path, user and password, with
// the port left out where it is the default of the scheme; "self" for [Self].
func (d Destination) String() string {
	switch {
	case d.relative:
		return "self"
	case d.scheme == "":
		return "unknown destination"
	}
	return d.scheme + "://" + d.host.String() + d.portSuffix()
}

func (d Destination) portSuffix() string {
	if p, ok := defaultPort(d.scheme); !d.hasPort || ok && p == d.port {
		return ""
	}
	return ":" + strconv.Itoa(int(d.port))
}

// entry returns the allowed_outbound_hosts entry that allows d and nothing more
// than the grammar needs.
func (d Destination) entry() string {
	switch {
	case d.relative:
		return "http://self"
	case d.scheme == "":
		return ""
	}
	scheme, hostText, port := d.scheme, d.host.String(), d.portSuffix()
	if strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz") != "" {
		scheme = "*" // entries cannot spell it, and then need the port
	}
	if hostText == "self" || hostText == "self.alt" {
		hostText = "*" // an absolute URL of this name is not the app itself
	}
	if !d.hasPort {
		port = ":*"
	}
	return scheme + "://" + hostText + port
}
