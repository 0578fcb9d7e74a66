package sockets_test

import (
	"context"
	"net/netip"
	"slices"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
	"github.com/spinhost/spin/internal/skiptest"
)

// Sockets of IPv6 are for IPv6 alone, which the snapshots let guests ask.
func TestIPv6Only(t *testing.T) {
	for _, resource := range []string{tcpSock, udpSock} {
		t.Run(resource, func(t *testing.T) {
			g := newWorld(t, sockets.Options{}, "*://*:*").guest(october)
			create := func(v6 bool) (s uint64) {
				if resource == tcpSock {
					return g.tcp(v6)
				}
				s, code := g.createUDP(v6)
				if code != "" {
					t.Fatal(code)
				}
				return s
			}
			four, six := create(false), create(true)
			if _, code := g.result(g.name(resource, "ipv6-only"), 1, 1, four); code != "not-supported" {
				t.Errorf("of IPv4: %q", code)
			}
			if code := g.do(resource, "set-ipv6-only", four, 1); code != "not-supported" {
				t.Errorf("set of IPv4: %q", code)
			}
			if p, code := g.result(g.name(resource, "ipv6-only"), 1, 1, six); code != "" || g.U8(p) != 1 {
				t.Errorf("of IPv6: %d, %q", g.U8(p), code)
			}
			if code := g.do(resource, "set-ipv6-only", six, 1); code != "" {
				t.Errorf("set of IPv6: %q", code)
			}
			if code := g.do(resource, "set-ipv6-only", six, 0); code != "not-supported" {
				t.Errorf("unset of IPv6: %q", code)
			}
		})
	}
}

func TestIPv6OnlyOfABoundSocket(t *testing.T) {
	g := newWorld(t, sockets.Options{}, "*://*:*").guest(october)
	s, code := g.createUDP(true)
	if code == "" {
		code = g.bind(s, "[::1]:0")
	}
	if code != "" {
		skiptest.Lacking(t, "no IPv6:", code)
	}
	if code := g.do(udpSock, "set-ipv6-only", s, 1); code != "invalid-state" {
		t.Errorf("got %q", code)
	}
}

// A socket sends and receives itself, once it is bound, and not while it is about to get a peer.
func TestDatagramSocketsOfOctober(t *testing.T) {
	to := udpServer(t, repeat)
	g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest(october)
	s := g.udp()
	receive := func(n uint64) (uint32, string) {
		p, code := g.result(g.name(udpSock, "receive"), 4, 4, s, n)
		return g.U32(p + 4), code
	}
	if _, code := receive(1); code != "invalid-state" {
		t.Errorf("receive of an unbound socket: %q", code)
	}
	if _, code := g.sendAll(s, datagram{"1", to}); code != "invalid-state" {
		t.Errorf("send of an unbound socket: %q", code)
	}
	g.wait(g.name(udpSock, "subscribe"), s) // there is nothing to wait for
	if code := g.bind(s, "0.0.0.0:0"); code != "" {
		t.Fatal(code)
	}
	if code := g.do(udpSock, "finish-connect", s); code != "not-in-progress" {
		t.Errorf("finish-connect before the start: %q", code)
	}
	if n, code := receive(0); n != 0 || code != "" {
		t.Errorf("receive of none: %d, %q", n, code)
	}
	if n, code := receive(5); code != "would-block" {
		t.Errorf("receive of what is not there: %d, %q", n, code)
	}
	if sent, code := g.sendAll(s, datagram{"1", to}, datagram{"2", to}, datagram{"3", "10.0.0.1:53"}, datagram{"4", to}); sent != 2 || code != "" {
		t.Errorf("%d sent, %q", sent, code)
	}
	if sent, code := g.sendAll(s); sent != 0 || code != "" {
		t.Errorf("%d of none sent, %q", sent, code)
	}
	for _, want := range []string{"1", "2"} {
		if data, from, code := g.recv(s); data != want || from != to || code != "" {
			t.Errorf("got %q from %s, %q", data, from, code)
		}
	}
	if code := g.do(udpSock, "start-connect", with(s, []uint64{g.network}, addr("10.0.0.1:53"))...); code != "access-denied" {
		t.Errorf("start-connect to what is not allowed: %q", code)
	}
	if code := g.do(udpSock, "start-connect", with(s, []uint64{g.network}, addr(to))...); code != "" {
		t.Fatal(code)
	}
	for f, args := range map[string][]uint64{"receive": {s, 1}, "local-address": {s}} {
		if _, code := g.result(g.name(udpSock, f), 4, 4, args...); code != "concurrency-conflict" {
			t.Errorf("%s while the socket gets a peer: %q", f, code)
		}
	}
	if _, code := g.sendAll(s, datagram{"1", to}); code != "concurrency-conflict" {
		t.Errorf("send while the socket gets a peer: %q", code)
	}
	if code := g.do(udpSock, "start-connect", with(s, []uint64{g.network}, addr(to))...); code != "concurrency-conflict" {
		t.Errorf("start-connect twice: %q", code)
	}
	if code := g.do(udpSock, "finish-connect", s); code != "" {
		t.Error(code)
	}
	if sent, code := g.sendAll(s, datagram{"5", "127.0.0.1:9"}); sent != 0 || code != "invalid-argument" {
		t.Errorf("to another than the peer: %d, %q", sent, code)
	}
	many := make([]datagram, 40)
	for i := range many {
		many[i] = datagram{"x", to}
	}
	if sent, code := g.sendAll(s, many...); sent != 16 || code != "" {
		t.Errorf("%d of 40 sent, %q", sent, code)
	}
}

// Addresses of one family can be asked for.
func TestAddressesOfOneFamily(t *testing.T) {
	four, six := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	found := []netip.Addr{four, six}
	lookup := func(context.Context, string) ([]netip.Addr, error) { return found, nil }
	g := newWorld(t, sockets.Options{Lookup: lookup}, "*://*:*").guest(october)
	const pkg = "wasi:sockets/ip-name-lookup@" + october + "#"
	ask := func(name string, wanted, which uint64) (list []string, code string) {
		ptr, n := g.Put(name)
		p, code := g.result(pkg+"resolve-addresses", 4, 4, g.network, ptr, n, wanted, which, 1)
		if code != "" {
			return nil, code
		}
		s := uint64(g.U32(p))
		defer g.Drop(s)
		g.wait(pkg+"[method]resolve-address-stream.subscribe", s)
		for {
			p, code := g.result(pkg+"[method]resolve-address-stream.resolve-next-address", 2, 0, s)
			if code != "" || g.U8(p) == 0 {
				return list, code
			}
			list = append(list, g.loadIP(p+4, g.U8(p+2) == 1).String())
		}
	}
	for _, test := range []struct {
		name          string
		wanted, which uint64
		want          []string
		code          string
	}{
		{"db.example", 0, 0, []string{"192.0.2.1", "2001:db8::1"}, ""},
		{"db.example", 1, 0, []string{"192.0.2.1"}, ""},
		{"db.example", 1, 1, []string{"2001:db8::1"}, ""},
		{"192.0.2.7", 1, 0, []string{"192.0.2.7"}, ""},
		{"192.0.2.7", 1, 1, nil, "name-unresolvable"},
	} {
		if list, code := ask(test.name, test.wanted, test.which); !slices.Equal(list, test.want) || code != test.code {
			t.Errorf("%+v: %v, %q", test, list, code)
		}
	}
	found = []netip.Addr{four}
	if list, code := ask("db.example", 1, 1); len(list) > 0 || code != "name-unresolvable" {
		t.Errorf("none of the family: %v, %q", list, code)
	}
}
