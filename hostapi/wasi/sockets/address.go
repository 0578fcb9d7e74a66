package sockets

import (
	"net"
	"net/netip"
	"strconv"

	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// Both versions have the same forms of addresses, in types of their own.

func addr4(a p2.IPv4Address) netip.Addr { return netip.AddrFrom4([4]byte{a.F0, a.F1, a.F2, a.F3}) }

func addr6(a p2.IPv6Address) netip.Addr {
	var b [16]byte
	for i, group := range [8]uint16{a.F0, a.F1, a.F2, a.F3, a.F4, a.F5, a.F6, a.F7} {
		b[2*i], b[2*i+1] = byte(group>>8), byte(group)
	}
	return netip.AddrFrom16(b)
}

func groups4(a netip.Addr) p2.IPv4Address {
	b := a.As4()
	return p2.IPv4Address{F0: b[0], F1: b[1], F2: b[2], F3: b[3]}
}

func groups6(a netip.Addr) p2.IPv6Address {
	b := a.As16()
	g := func(i int) uint16 { return uint16(b[2*i])<<8 | uint16(b[2*i+1]) }
	return p2.IPv6Address{F0: g(0), F1: g(1), F2: g(2), F3: g(3), F4: g(4), F5: g(5), F6: g(6), F7: g(7)}
}

// zoned returns an address within the interface of that number, if it is not 0.
func zoned(a netip.Addr, scope uint32) netip.Addr {
	if scope == 0 {
		return a
	}
	return a.WithZone(strconv.FormatUint(uint64(scope), 10))
}

// scopeOf returns the number of the interface that an address is within, 0 if there is none.
func scopeOf(a netip.Addr) uint32 {
	zone := a.Zone()
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	return 0
}

// from2 returns an address of WASI 0.2. That of an interface keeps its number, the flow is not
// used.
func from2(a p2.IPSocketAddress) netip.AddrPort {
	if v, ok := a.IPv4(); ok {
		return netip.AddrPortFrom(addr4(v.Address), v.Port)
	}
	v, _ := a.IPv6()
	return netip.AddrPortFrom(zoned(addr6(v.Address), v.ScopeID), v.Port)
}

// to2 returns an address for WASI 0.2.
func to2(a netip.AddrPort) p2.IPSocketAddress {
	if a.Addr().Is4() {
		return p2.IPSocketAddressIPv4(p2.IPv4SocketAddress{Port: a.Port(), Address: groups4(a.Addr())})
	}
	return p2.IPSocketAddressIPv6(p2.IPv6SocketAddress{Port: a.Port(), Address: groups6(a.Addr()), ScopeID: scopeOf(a.Addr())})
}

// from3 is from2 for WASI 0.3.
func from3(a p3.IPSocketAddress) netip.AddrPort {
	if v, ok := a.IPv4(); ok {
		return netip.AddrPortFrom(addr4(v.Address), v.Port)
	}
	v, _ := a.IPv6()
	return netip.AddrPortFrom(zoned(addr6(v.Address), v.ScopeID), v.Port)
}

// to3 is to2 for WASI 0.3.
func to3(a netip.AddrPort) p3.IPSocketAddress {
	if a.Addr().Is4() {
		return p3.IPSocketAddressIPv4(p3.IPv4SocketAddress{Port: a.Port(), Address: groups4(a.Addr())})
	}
	return p3.IPSocketAddressIPv6(p3.IPv6SocketAddress{Port: a.Port(), Address: groups6(a.Addr()), ScopeID: scopeOf(a.Addr())})
}

// ip2 returns an address without port for WASI 0.2.
func ip2(a netip.Addr) p2.IPAddress {
	if a.Is4() {
		return p2.IPAddressIPv4(groups4(a))
	}
	return p2.IPAddressIPv6(groups6(a))
}

// ip3 is ip2 for WASI 0.3.
func ip3(a netip.Addr) p3.IPAddress {
	if a.Is4() {
		return p3.IPAddressIPv4(groups4(a))
	}
	return p3.IPAddressIPv6(groups6(a))
}

// family says which version of the Internet Protocol a socket speaks.
type family bool

const (
	ipv4 family = false
	ipv6 family = true
)

// network returns the name that package net has for it: "tcp4" or "udp6".
func (f family) network(protocol string) string {
	if f == ipv6 {
		return protocol + "6"
	}
	return protocol + "4"
}

// unspecified is the address that stands for any of the host's own, with any port.
func (f family) unspecified() netip.AddrPort {
	if f == ipv6 {
		return netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
}

// has reports whether an address is of the family. Sockets of IPv6 speak nothing else, so that
// IPv4 addresses in the form of IPv6 are not of it.
func (f family) has(a netip.Addr) bool {
	if f == ipv4 {
		return a.Is4()
	}
	return a.Is6() && !a.Is4In6() && !isCompatible(a)
}

// isCompatible reports whether an IPv6 address is the deprecated form of an IPv4 address
// (RFC 4291, section 2.5.5.1).
func isCompatible(a netip.Addr) bool {
	b := a.As16()
	for _, v := range b[:12] {
		if v != 0 {
			return false
		}
	}
	return b[12] != 0 || b[13] != 0 || b[14] != 0 || b[15] > 1
}

// isRemote reports whether something can be sent to an address.
func (f family) isRemote(a netip.AddrPort) bool {
	return f.has(a.Addr()) && a.Port() != 0 && !a.Addr().IsUnspecified()
}

// isPeer reports whether an address can be connected to.
func (f family) isPeer(a netip.AddrPort) bool {
	return f.isRemote(a) && !a.Addr().IsMulticast() && a.Addr() != netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// same reports whether two addresses are the same, whatever their interfaces are called.
func same(a, b netip.AddrPort) bool {
	return a.Port() == b.Port() && a.Addr().WithZone("") == b.Addr().WithZone("")
}

// addrPortOf returns an address of package net.
func addrPortOf(a interface{ AddrPort() netip.AddrPort }) netip.AddrPort {
	return unmapped(a.AddrPort())
}

// unmapped returns an address that is not an IPv4 address in the form of IPv6.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
