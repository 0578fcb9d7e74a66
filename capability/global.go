package capability

import (
	"net/netip"
	"slices"
)

// prefixes reads blocks that stand in this package.
func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// The blocks that are not globally routable, from IANA's registries of special purpose addresses
// (RFC 6890), with multicast, and those in them that are nevertheless. Of IPv6, only 2000::/3 is
// in use for global unicast.
var (
	local4 = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
		"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3")
	except4 = prefixes("192.0.0.9/32", "192.0.0.10/32")

	unicast6 = netip.MustParsePrefix("2000::/3")
	local6   = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
	except6  = prefixes("2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28", "2001:30::/28")
)

// isGlobal reports whether an address, which has no zone and is not mapped, is globally routable.
func isGlobal(addr netip.Addr) bool {
	in := func(list []netip.Prefix) bool {
		return slices.ContainsFunc(list, func(b netip.Prefix) bool { return b.Contains(addr) })
	}
	switch {
	case addr.Is4():
		return !in(local4) || in(except4)
	case nat64.Contains(addr): // as the address in it is, which is asked about as well
		return true
	}
	return unicast6.Contains(addr) && (!in(local6) || in(except6))
}

// The blocks of IPv6 whose addresses have one of IPv4 in them (RFC 4291, 6052 and 3056).
var (
	compatible = netip.MustParsePrefix("::/96")
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour  = netip.MustParsePrefix("2002::/16")
)

// embedded returns the IPv4 address that an IPv6 address carries.
func embedded(addr netip.Addr) (netip.Addr, bool) {
	if !addr.Is6() {
		return netip.Addr{}, false
	}
	b := addr.As16()
	switch {
	case compatible.Contains(addr), nat64.Contains(addr):
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case sixToFour.Contains(addr):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}
