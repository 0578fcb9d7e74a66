package sockets_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// names is a resolver that knows these addresses, separated by spaces.
type names map[string]string

func (n names) lookup(_ context.Context, name string) (list []netip.Addr, err error) {
	text, ok := n[name]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	for a := range strings.FieldsSeq(text) {
		list = append(list, netip.MustParseAddr(a))
	}
	return list, nil
}

// blocking blocks networks.
func blocking(networks ...string) func(netip.Addr) bool {
	return func(a netip.Addr) bool {
		return slices.ContainsFunc(networks, func(n string) bool { return netip.MustParsePrefix(n).Contains(a) })
	}
}

func TestNamesAreLookedUp(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		known := names{"db.example.com": "203.0.113.7 2001:db8::7 203.0.113.7 ::ffff:203.0.113.8", "empty.example.com": ""}
		g := newWorld(t, sockets.Options{Lookup: known.lookup}, "tcp://db.example.com:5432", "https://*.example.com").guest(version)
		for name, want := range map[string]string{
			"db.example.com":   "203.0.113.7 2001:db8::7 203.0.113.8",
			"DB.Example.COM":   "203.0.113.7 2001:db8::7 203.0.113.8",
			"none.example.com": "name-unresolvable", "empty.example.com": "name-unresolvable",
			"192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::1", "[2001:db8::1]": "2001:db8::1",
		} {
			list, code := g.lookup(name)
			if got := strings.Join(list, " ") + code; got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	})
}

func TestNamesThatAreNone(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{Lookup: names{}.lookup}, "*://*:*").guest(version)
		want := pick(g, "at once: ", "") + "invalid-argument"
		for _, name := range []string{"", ".", "a..b", "a b", "a/b", "a:80", "a@b", "127.1", "0x7f000001", "1.2.3.4.5", "fe80::1%eth0", "[::1", "é.example", "a\x00b",
			strings.Repeat("a", 64), strings.Repeat("a.", 200), strings.Repeat("x", 1<<20)} {
			if list, code := g.lookup(name); code != want || len(list) > 0 {
				t.Errorf("%.20q: %s %q", name, list, code)
			}
			g.Free()
		}
	})
}

// Names that the component has no entry for are not looked up, as that alone can carry secrets out.
func TestNamesThatAreNotAllowedAreNotLookedUp(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		var asked atomic.Int32
		lookup := func(context.Context, string) ([]netip.Addr, error) {
			asked.Add(1)
			return []netip.Addr{netip.MustParseAddr("203.0.113.7")}, nil
		}
		w := newWorld(t, sockets.Options{Lookup: lookup}, "https://*.example.com", "tcp://10.0.0.0/8:*", "http://self", "http://*.spin.internal", "http://api.spin.internal")
		g := w.guest(version)
		for _, name := range []string{"secret.evil.example", "example.com", "self", "other.spin.internal", "localhost"} {
			if list, code := g.lookup(name); code != "permanent-resolver-failure" || len(list) > 0 {
				t.Errorf("%s: %s %q", name, list, code)
			}
		}
		if n := asked.Load(); n != 0 {
			t.Errorf("the resolver was asked %d times", n)
		}
		w.logged(`add "tcp://secret.evil.example:*" to allowed_outbound_hosts`)
	})
}

func TestFailuresOfTheResolver(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		for want, failure := range map[string]error{
			"name-unresolvable":          &net.DNSError{IsNotFound: true},
			"temporary-resolver-failure": &net.DNSError{IsTimeout: true},
			"permanent-resolver-failure": errors.New("odd"),
		} {
			lookup := func(context.Context, string) ([]netip.Addr, error) { return nil, failure }
			g := newWorld(t, sockets.Options{Lookup: lookup}, "*://*:*").guest(version)
			if _, code := g.lookup("example.com"); code != want {
				t.Errorf("%v: %q", failure, code)
			}
		}
		broken := func(context.Context, string) ([]netip.Addr, error) { panic("a bug") }
		g := newWorld(t, sockets.Options{Lookup: broken}, "*://*:*").guest(version)
		if _, code := g.lookup("example.com"); code != "permanent-resolver-failure" {
			t.Errorf("a resolver that panics: %q", code)
		}
	})
}

// A guest connects to an address that it was told for a name as to that name: nothing else opens
// the way to it.
func TestAddressesOfAllowedNamesAreReached(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := echo(t)
		w := newWorld(t, sockets.Options{Lookup: names{"db.example.com": "127.0.0.1"}.lookup}, "tcp://db.example.com"+port(to))
		g := w.guest(version)
		if code := g.connect(g.tcp(false), to); code != "access-denied" {
			t.Errorf("before it was looked up: %q", code)
		}
		if list, code := g.lookup("db.example.com"); len(list) != 1 || code != "" {
			t.Fatal(list, code)
		}
		s := g.dial(to)
		g.send(s, "x")
		if text, _ := g.receive(s); text != "x" {
			t.Errorf("got %q", text)
		}
		if code := g.connect(g.tcp(false), closedPort(t)); code != "access-denied" {
			t.Errorf("another port: %q", code)
		}
		if code := g.connect(g.tcp(false), "127.0.0.2"+port(to)); code != "access-denied" {
			t.Errorf("another address: %q", code)
		}
		stranger := w.guest(version)
		if code := stranger.connect(stranger.tcp(false), to); code != "access-denied" {
			t.Errorf("another instance: %q", code)
		}
		w.logged(`add "tcp://db.example.com:`) // and not the address
	})
}

// A name that is looked up again may stand for something else; an instance reaches what it was told,
// and no address that is blocked.
func TestRebinding(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := echo(t)
		known := names{"db.example.com": "203.0.113.7"}
		w := newWorld(t, sockets.Options{Lookup: known.lookup, Blocked: blocking("127.0.0.0/8")}, "tcp://db.example.com:*")
		g := w.guest(version)
		g.lookup("db.example.com")
		known["db.example.com"] = "127.0.0.1"
		if code := g.connect(g.tcp(false), to); code != "access-denied" {
			t.Errorf("what was not told: %q", code)
		}
		if list, code := g.lookup("db.example.com"); code != "permanent-resolver-failure" || len(list) > 0 {
			t.Errorf("a name for a blocked address: %s, %q", list, code)
		}
		if code := g.connect(g.tcp(false), to); code != "access-denied" {
			t.Errorf("what is blocked: %q", code)
		}
		w.logged("db.example.com has no address outside of the networks that the host blocks: 1 are within")
	})
}

func TestBlockedAddressesOfANameAreNotTold(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		known := names{"a.example": "10.0.0.1 203.0.113.7 ::ffff:10.0.0.2 fd00::1"}
		g := newWorld(t, sockets.Options{Lookup: known.lookup, Blocked: blocking("10.0.0.0/8", "fc00::/7")}, "*://*:*").guest(version)
		if list, code := g.lookup("a.example"); code != "" || !slices.Equal(list, []string{"203.0.113.7"}) {
			t.Errorf("%s, %q", list, code)
		}
	})
}

func TestNamesWithManyAddresses(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		lookup := func(context.Context, string) (list []netip.Addr, _ error) {
			for i := range 1000 {
				list = append(list, netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}))
			}
			return list, nil
		}
		g := newWorld(t, sockets.Options{Lookup: lookup}, "*://*:*").guest(version)
		if list, code := g.lookup("a.example"); code != "" || len(list) != 64 {
			t.Errorf("%d addresses, %q", len(list), code)
		}
	})
}

// Lookups end with the instance that has asked for them.
func TestLookupsEndWithTheInstance(t *testing.T) {
	started, ended := make(chan struct{}), make(chan struct{})
	lookup := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		close(started)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	}
	g := newWorld(t, sockets.Options{Lookup: lookup}, "*://*:*").guest("0.2.12")
	ptr, n := g.Put("a.example")
	const pkg = "wasi:sockets/ip-name-lookup@0.2.12#"
	p, code := g.result(pkg+"resolve-addresses", 4, 4, g.network, ptr, n)
	if code != "" {
		t.Fatal(code)
	}
	<-started
	if _, code := g.result(pkg+"[method]resolve-address-stream.resolve-next-address", 2, 0, uint64(g.U32(p))); code != "would-block" {
		t.Errorf("before the end: %q", code)
	}
	g.end()
	<-ended
}

// An instance may ask for some names at once, and no more.
func TestManyLookupsAtOnce(t *testing.T) {
	release := make(chan struct{})
	lookup := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-release
		return []netip.Addr{netip.MustParseAddr("203.0.113.7")}, nil
	}
	g := newWorld(t, sockets.Options{Lookup: lookup}, "*://*:*").guest("0.2.12")
	const pkg = "wasi:sockets/ip-name-lookup@0.2.12#"
	var list []uint64
	for range 50 {
		ptr, n := g.Put("a.example")
		p, code := g.result(pkg+"resolve-addresses", 4, 4, g.network, ptr, n)
		if code != "" {
			t.Fatal(code)
		}
		list = append(list, uint64(g.U32(p)))
	}
	count := map[string]int{}
	for range 50 - 16 { // those that are refused answer at once
		in := make([]uint64, 0, 2*len(list))
		for _, s := range list {
			pollable, err := g.Call(pkg+"[method]resolve-address-stream.subscribe", s)
			g.must(0, err)
			in = append(in, pollable)
		}
		ptr, n := g.PutU32(in...)
		p := g.must(g.Load("wasi:io/poll@0.2.12#poll", ptr, n))
		k := g.U32(g.U32(p))
		_, code := g.result(pkg+"[method]resolve-address-stream.resolve-next-address", 2, 0, list[k])
		count[code]++
		for _, pollable := range in {
			g.must(0, g.Drop(pollable))
		}
		g.must(0, g.Drop(list[k]))
		list = slices.Delete(list, int(k), int(k)+1)
	}
	close(release)
	if count["temporary-resolver-failure"] != 34 {
		t.Errorf("%v", count)
	}
	g.wait(pkg+"[method]resolve-address-stream.subscribe", list[0])
	if _, code := g.result(pkg+"[method]resolve-address-stream.resolve-next-address", 2, 0, list[0]); code != "" {
		t.Errorf("a lookup within the limit: %q", code)
	}
}
