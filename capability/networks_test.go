package capability_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

func networks(t testing.TB, texts ...string) capability.Networks {
	t.Helper()
	n, err := capability.ParseNetworks(texts...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBlockedAddresses(t *testing.T) {
	tests := []struct {
		behaviour string
		networks  []string
		blocked   []string
		open      []string
	}{
		{"nothing by default", nil, nil, []string{"127.0.0.1", "::1", "8.8.8.8"}},
		{"a block of IPv4", []string{"203.0.113.77/24"}, []string{"203.0.113.0", "203.0.113.255"}, []string{"203.0.112.255", "203.0.114.0", "::1"}},
		{"a block of IPv6", []string{"2001:db8::1/32"}, []string{"2001:db8::", "2001:db8:ffff::1"}, []string{"2001:db9::", "1.2.3.4"}},
		{"one address", []string{"1.2.3.4/32"}, []string{"1.2.3.4"}, []string{"1.2.3.5"}},
		{"a block that is written as IPv6", []string{"::ffff:10.1.2.3/104"}, []string{"10.255.0.1", "::ffff:10.0.0.1"}, []string{"11.0.0.1"}},
		{"IPv4 in IPv6", []string{"10.0.0.0/8"},
			[]string{"::ffff:10.1.2.3", "::10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1"},
			[]string{"::ffff:11.1.2.3", "::11.1.2.3", "64:ff9b::11.1.2.3", "2002:b01:203::1"}},
		{"all of IPv4", []string{"0.0.0.0/0"}, []string{"1.2.3.4", "::ffff:1.2.3.4"}, []string{"2606:4700::1111"}},
		{"all of IPv6 leaves IPv4", []string{"::/0"}, []string{"2606:4700::1111", "::1"}, []string{"1.2.3.4", "::ffff:1.2.3.4"}},
		{"addresses with a zone", []string{"fe80::/10"}, []string{"fe80::1%eth0", "fe80::1"}, []string{"2606:4700::1111"}},
		{"private addresses of IPv4", []string{"private"},
			[]string{"0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.31.0.1", "192.0.0.1", "192.0.2.1",
				"192.168.1.1", "198.19.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"},
			[]string{"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1", "128.0.0.1", "169.253.0.1",
				"172.15.255.255", "172.32.0.0", "192.0.0.9", "192.0.1.1", "192.167.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.0", "223.255.255.255"}},
		{"private addresses of IPv6", []string{"private"},
			[]string{"::", "::1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "100::1", "2001::1",
				"2001:db8::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1"},
			[]string{"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:1::1", "2001:20::1", "2001:200::1", "2606:4700:4700::1111", "2a00:1450::1"}},
		{"what is private, and more", []string{"8.8.0.0/16", "private"}, []string{"8.8.8.8", "127.0.0.1"}, []string{"8.9.0.1"}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			n := networks(t, tt.networks...)
			for want, list := range map[bool][]string{true: tt.blocked, false: tt.open} {
				for _, text := range list {
					addr := netip.MustParseAddr(text)
					err := n.Check(addr)
					var blocked *capability.BlockedError
					if n.Blocked(addr) != want || errors.Is(err, capability.ErrBlocked) != want || errors.As(err, &blocked) != want {
						t.Errorf("%s: %v", text, err)
					}
				}
			}
		})
	}
}

func TestNoAddressIsBlockedIfAnythingIs(t *testing.T) {
	if (capability.Networks{}).Blocked(netip.Addr{}) || !networks(t, "1.2.3.4/32").Blocked(netip.Addr{}) {
		t.Error("what is no address must be refused only where something is")
	}
}

func TestNetworksOfBoth(t *testing.T) {
	a, b := networks(t, "10.0.0.0/8"), networks(t, "private", "8.8.8.8/32")
	if got := a.With(b).String(); got != "private, 10.0.0.0/8, 8.8.8.8/32" || a.String() != "10.0.0.0/8" {
		t.Errorf("got %s, %s", got, a)
	}
	if a.Empty() || !(capability.Networks{}).With(capability.Networks{}).Empty() {
		t.Error("Empty")
	}
}

func TestFaultyNetworks(t *testing.T) {
	_, err := capability.ParseNetworks("10.0.0.0/8", "10.0.0.1", "::1", "fe80::1%eth0", "example.com", "10.0.0.0/33", "Private", "")
	const want = `"10.0.0.1" is not a network: write "10.0.0.1/32" for this address alone
"::1" is not a network: write "::1/128" for this address alone
"fe80::1%eth0" is not a network: write a block such as "203.0.113.0/24", or "private"
"example.com" is not a network: write a block such as "203.0.113.0/24", or "private"
"10.0.0.0/33" is not a network: write a block such as "203.0.113.0/24", or "private"
"Private" is not a network: write a block such as "203.0.113.0/24", or "private"
"" is not a network: write a block such as "203.0.113.0/24", or "private"`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v", err)
	}
	var one *capability.NetworkError
	if !errors.As(err, &one) || one.Index != 1 {
		t.Errorf("got %+v", one)
	}
}

func TestBlockedErrorSaysWhatToChange(t *testing.T) {
	for _, addr := range []netip.Addr{netip.MustParseAddr("10.0.0.1"), {}} {
		var err error = &capability.BlockedError{Addr: addr}
		if !errors.Is(err, capability.ErrBlocked) || !strings.Contains(err.Error(), "is in a network that the host blocks: see block_networks of [outbound_networking]") ||
			strings.HasPrefix(err.Error(), "10.0.0.1 ") != addr.IsValid() {
			t.Errorf("got %v", err)
		}
	}
}

// What is blocked as IPv4 is blocked however it is written.
func FuzzBlockedInAnyForm(f *testing.F) {
	f.Add([]byte{10, 0, 0, 1}, "10.0.0.0/8")
	f.Add([]byte{169, 254, 169, 254}, "private")
	f.Add([]byte{1, 2, 3, 4}, "::ffff:1.2.3.4/97")
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		n, err := capability.ParseNetworks(text)
		if err != nil || len(b) < 4 {
			return
		}
		if again := networks(t, n.String()); again.String() != n.String() {
			t.Errorf("%s is read as %s", n, again)
		}
		addr := netip.AddrFrom4([4]byte(b))
		mapped := netip.AddrFrom16(addr.As16())
		if n.Blocked(addr) != n.Blocked(mapped) {
			t.Errorf("%s: %s and %s differ", text, addr, mapped)
		}
		for _, prefix := range []string{"::", "64:ff9b::"} {
			if in6 := netip.MustParseAddr(prefix + addr.String()); n.Blocked(addr) && !n.Blocked(in6) {
				t.Errorf("%s: %s is open", text, in6)
			}
		}
	})
}
