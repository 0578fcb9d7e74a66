package sockets

import (
	"net"
	"net/netip"
	"strconv"
	"testing"

	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	"github.com/spinhost/spin/internal/skiptest"
)

func TestAddressesKeepTheirInterface(t *testing.T) {
	a := p2.IPv6SocketAddress{Port: 80, Address: groups6(netip.MustParseAddr("fe80::1:2")), ScopeID: 3}
	got := from2(p2.IPSocketAddressIPv6(a))
	if got.String() != "[fe80::1:2%3]:80" {
		t.Errorf("got %s", got)
	}
	if back, _ := to2(got).IPv6(); back != a {
		t.Errorf("got %v", back)
	}
	list, err := net.Interfaces()
	if err != nil || len(list) == 0 {
		skiptest.Lacking(t, "no interfaces")
	}
	named := netip.MustParseAddr("fe80::1%" + list[0].Name)
	if n := scopeOf(named); n != uint32(list[0].Index) {
		t.Errorf("%s is within %d", named, n)
	}
	if n := scopeOf(netip.MustParseAddr("fe80::1%no such interface")); n != 0 {
		t.Errorf("an unknown interface is %d", n)
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1}, uint16(80), uint32(0))
	f.Add(make([]byte, 16), uint16(0), uint32(1<<32-1))
	f.Fuzz(func(t *testing.T, b []byte, port uint16, scope uint32) {
		a, ok := netip.AddrFromSlice(b)
		if !ok {
			return
		}
		if a.Is6() {
			a = zoned(a, scope)
		}
		want := netip.AddrPortFrom(a, port)
		if got := from2(to2(want)); got != want {
			t.Errorf("0.2: %s becomes %s", want, got)
		}
		if got := from3(to3(want)); got != want {
			t.Errorf("0.3: %s becomes %s", want, got)
		}
		for _, f := range []family{ipv4, ipv6} {
			if f.isPeer(want) && (a.Is4In6() || a.IsMulticast() || a.IsUnspecified() || port == 0 || a.Is4() != (f == ipv4)) {
				t.Errorf("%s is a peer of %s, port "+strconv.Itoa(int(port)), want, f.network("tcp"))
			}
		}
	})
}
