package sockets_test

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// nowhere is a network that connects to nothing, and counts who wants it to.
type nowhere struct{ dialed atomic.Int32 }

func (n *nowhere) dial(context.Context, string, netip.AddrPort) (net.Conn, error) {
	n.dialed.Add(1)
	return nil, &net.OpError{Op: "dial", Err: net.ErrClosed}
}

func TestConnectionsThatAreNotAllowed(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		var n nowhere
		w := newWorld(t, sockets.Options{Dial: n.dial},
			"tcp://127.0.0.1:80", "udp://127.0.0.1:81", "http://127.0.0.1:82", "tcp://10.1.0.0/16:5000..6000", "tcp://localhost:83", "*://[::1]:84")
		g := w.guest(version)
		for to, allowed := range map[string]bool{
			"127.0.0.1:80": true, "127.0.0.1:81": false, "127.0.0.1:82": false, "127.0.0.1:83": false, "127.0.0.2:80": false,
			"10.1.255.1:5000": true, "10.1.255.1:5999": true, "10.1.255.1:6000": false, "10.2.0.1:5000": false,
			"[::1]:84": true, "[::1]:80": false, "[::2]:84": false, "[::ffff:127.0.0.1]:81": false,
		} {
			want := "access-denied"
			if allowed {
				want = "connection-aborted" // as nowhere has it
			}
			if code := g.connect(g.tcp(to[0] == '['), to); code != want {
				t.Errorf("%s: %q, want %q", to, code, want)
			}
		}
		if got := n.dialed.Load(); got != 4 {
			t.Errorf("%d connections were tried", got)
		}
		w.logged(`component "shop" may not connect to tcp://127.0.0.1:81: add "tcp://127.0.0.1:81" to allowed_outbound_hosts (spin.toml:7:1)`)
	})
}

func TestNothingIsAllowedWithoutHosts(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		w := newWorld(t, sockets.Options{})
		for _, nobody := range []bool{false, true} {
			if nobody {
				w.scope.Hosts = nil
			}
			g := w.guest(version)
			if code := g.connect(g.tcp(false), "127.0.0.1:80"); code != "access-denied" {
				t.Errorf("connect: %q", code)
			}
			s := g.udp()
			if code := g.bind(s, "0.0.0.0:0"); code != "access-denied" {
				t.Errorf("bind: %q", code)
			}
			if _, code := g.lookup("localhost"); code != "permanent-resolver-failure" {
				t.Errorf("lookup: %q", code)
			}
		}
		w.logged(`add the line allowed_outbound_hosts = ["tcp://127.0.0.1:80"]`)
	})
}

// IPv4 addresses in the form of IPv6 are looked at as what they are, and lead nowhere.
func TestMappedAddressesOpenNoWayIntoBlockedNetworks(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		var n nowhere
		w := newWorld(t, sockets.Options{Dial: n.dial, Blocked: blocking("10.0.0.0/8", "127.0.0.0/8", "::1/128")}, "*://*:*")
		g := w.guest(version)
		for to, want := range map[string]string{
			"10.0.0.1:80": "access-denied", "127.0.0.1:80": "access-denied", "[::1]:80": "access-denied",
			"[::ffff:10.0.0.1]:80": "access-denied", "[::ffff:127.0.0.1]:80": "access-denied",
			"[::10.0.0.1]:80": "invalid-argument", "11.0.0.1:80": "connection-aborted",
		} {
			if code := g.connect(g.tcp(to[0] == '['), to); code != want {
				t.Errorf("%s: %q, want %q", to, code, want)
			}
		}
		if got := n.dialed.Load(); got != 1 {
			t.Errorf("%d connections were tried", got)
		}
		w.logged("10.0.0.1 is in a network that the host blocks")
	})
}

func TestDatagramsIntoBlockedNetworks(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		var got atomic.Int32
		to := udpServer(t, func(string, string) string { got.Add(1); return "" })
		open := udpServer(t, repeat)
		blocked := netip.MustParseAddrPort(to)
		g := newWorld(t, sockets.Options{Blocked: func(a netip.Addr) bool { return a == netip.MustParseAddr("127.0.0.2") || a.Is6() }}, "*://*:*").guest(version)
		s := g.open() // any address is in no network
		second := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), blocked.Port()).String()
		if code := g.sendTo(s, "x", second); code != "access-denied" {
			t.Errorf("send: %q", code)
		}
		if code := g.sendTo(s, "x", open); code != "" {
			t.Errorf("send elsewhere: %q", code)
		}
		if code := g.peer(s, second); code != "access-denied" {
			t.Errorf("peer: %q", code)
		}
		if code := g.bind(g.udp(), "127.0.0.2:0"); code != "access-denied" {
			t.Errorf("bind: %q", code)
		}
		if got.Load() != 0 {
			t.Error("a datagram has arrived")
		}
	})
}

// What is logged of denials is bounded, and each reason is logged once.
func TestDenialsDoNotFloodTheLog(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		w := newWorld(t, sockets.Options{}, "tcp://127.0.0.1:1")
		g := w.guest(version)
		s := g.tcp(false)
		for range 10 {
			g.connect(s, "127.0.0.1:2")
		}
		if n := strings.Count(w.log.String(), "\n"); n != 1 {
			t.Errorf("%d lines about one reason", n)
		}
		for i := range 300 {
			g.connect(s, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(1000+i)).String())
			g.Free()
		}
		if n := strings.Count(w.log.String(), "\n"); n > 100 {
			t.Errorf("%d lines", n)
		}
	})
}
