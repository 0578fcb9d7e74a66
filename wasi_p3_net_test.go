package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// p3Net is a guest that calls all of wasi:sockets and wasi:http 0.3.
type p3Net struct{ apis hostapi.Registry }

// Every function of wasi:sockets and wasi:http 0.3 is called by a guest, and does what it should.
func TestNetworkOfWASI03(t *testing.T) {
	noGoroutines(t)
	w := &wasiCalls{version: "0.3.0"}
	g := p3Net{w.apis(sockets.InterfacesWith(sockets.Options{Lookup: lookUpForTests})...)}
	t.Run("TCP", g.tcp)
	t.Run("UDP", g.udp)
	t.Run("denied", g.denied)
	t.Run("names", g.names)
	t.Run("messages", g.messages)
	t.Run("client", g.client)
	t.Run("client fails", g.clientFails)
	t.Run("client gives up", g.clientGivesUp)
	t.Run("handler", g.handler)
	t.Run("handler learns", g.handlerLearns)
	w.complete(t, "wasi:sockets", "wasi:http")
}

// load loads the guest as an app that may reach hosts, separated by spaces.
func (g p3Net) load(t *testing.T, hosts string) *spin.App {
	t.Helper()
	var list []string
	for _, h := range strings.Fields(hosts) {
		list = append(list, fmt.Sprintf("%q", h))
	}
	toml := minimal + fmt.Sprintf("allowed_outbound_hosts = [%s]\n", strings.Join(list, ", "))
	app, err := loadBundle(t, bundle(toml, map[string][]byte{"guest.wasm": rustGuest(t, "wasi-p3-net")}), func(cfg *spin.Config) { cfg.HostAPIs = g.apis })
	if err != nil {
		t.Fatal(err)
	}
	if s := app.StandIns(); len(s) > 0 {
		t.Errorf("stand-ins: %v", s)
	}
	return app
}

// p3Check has the guest make a group of checks, and returns what it tells.
func p3Check(t *testing.T, app *spin.App, group string, args ...any) string {
	t.Helper()
	got, err := app.Invoke(t.Context(), "guest", "acme:wasi-p3-net/checks#"+group, args...)
	r, _ := got.(value.Result)
	if err != nil || !r.OK {
		t.Fatalf("%s: %v %v", group, r.Value, err)
	}
	return r.Value.(string)
}

// peerTCP is tcpPeer, and tells from where connections come.
func peerTCP(t *testing.T, address string, serve func(*net.TCPConn)) (string, <-chan string) {
	t.Helper()
	from := make(chan string, 8)
	return tcpPeer(t, address, func(c *net.TCPConn) {
		from <- c.RemoteAddr().String()
		serve(c)
	}), from
}

func (g p3Net) tcp(t *testing.T) {
	app := g.load(t, "*://*:*")
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(address, func(t *testing.T) {
			peer, from := peerTCP(t, address, func(c *net.TCPConn) { _, _ = io.Copy(c, c) })
			p3Check(t, app, "tcp-states", peer)
			p3Check(t, app, "tcp-options", peer)
			local, seen := p3Check(t, app, "tcp-exchange", peer), ""
			for len(from) > 0 {
				seen = <-from // the last one
			}
			if local != seen {
				t.Errorf("the socket is at %s, its peer sees %s", local, seen)
			}
		})
	}
	p3Check(t, app, "tcp-failures", noPeer(t))
	peer, _ := peerTCP(t, "127.0.0.1:0", func(c *net.TCPConn) {
		_, _ = c.Write([]byte{7})
		text := make([]byte, 5)
		if _, err := io.ReadFull(c, text); err != nil || string(text) != "reset" {
			t.Errorf("the peer has got %q, %v", text, err)
		}
		_ = c.SetLinger(0) // closing the connection resets it
	})
	if first := p3Check(t, app, "tcp-reset", peer); first != "Some(7)" {
		t.Errorf("received %s before the reset", first)
	}
}

// peerUDP sends back each datagram, and tells who has sent what.
func peerUDP(t *testing.T) (string, <-chan string) {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	got, done := make(chan string, 64), make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			got <- fmt.Sprintf("%.20s from %s", buf[:n], from)
			_, _ = c.WriteTo(buf[:n], from)
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().String(), got
}

func (g p3Net) udp(t *testing.T) {
	app := g.load(t, "*://*:*")
	for _, group := range []string{"udp-states", "udp-bind", "udp-options"} {
		p3Check(t, app, group)
	}
	first, fromFirst := peerUDP(t)
	second, fromSecond := peerUDP(t)
	local := p3Check(t, app, "udp-peers", first, second)
	for _, want := range []struct {
		from  <-chan string
		texts []string
	}{
		{fromFirst, []string{"to the peer", "by name", "known", "to any", "later"}},
		{fromSecond, []string{"to the peer", "by name", "to any"}},
	} {
		for _, text := range want.texts {
			if got := <-want.from; got != text+" from "+local {
				t.Errorf("a peer has got %q, want %q from %s", got, text, local)
			}
		}
	}
	if len(fromSecond) > 0 {
		t.Errorf("the second peer has got %q as well", <-fromSecond)
	}
}

// A guest that may reach one peer reaches nobody else, and listens nowhere.
func (g p3Net) denied(t *testing.T) {
	peer, _ := peerTCP(t, "127.0.0.1:0", func(c *net.TCPConn) { _, _ = io.Copy(c, c) })
	other := echoTCP(t)
	p3Check(t, g.load(t, "tcp://"+peer), "tcp-denied", peer, other)
	datagrams, got := peerUDP(t)
	if text := p3Check(t, g.load(t, "udp://"+datagrams), "udp-denied", datagrams, echoUDP(t)); text != "allowed" || len(got) != 1 {
		t.Errorf("%q, and the peer has got %d datagrams", text, len(got))
	}
}

// lookUpForTests knows a name, and others that cannot be looked up.
func lookUpForTests(_ context.Context, name string) ([]netip.Addr, error) {
	switch name {
	case "db.example.com":
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("fd00::1")}, nil
	case "later.example.com":
		return nil, &net.DNSError{Name: name, IsTemporary: true}
	case "broken.example.com":
		return nil, errors.New("on purpose")
	}
	return nil, &net.DNSError{Name: name, IsNotFound: true}
}

func (g p3Net) names(t *testing.T) {
	peer, _ := peerTCP(t, "127.0.0.1:0", func(*net.TCPConn) {})
	port := netip.MustParseAddrPort(peer).Port()
	app := g.load(t, fmt.Sprintf("tcp://db.example.com:%d tcp://*.example.com:1", port))
	for name, want := range map[string]string{
		"db.example.com":      "127.0.0.1 fd00::1",
		"DB.example.com":      "127.0.0.1 fd00::1",
		"127.0.0.1":           "127.0.0.1",
		"192.0.2.1":           "192.0.2.1", // to tell it allows nothing
		"::1":                 "::1",
		"none.example.com":    "ErrorCode::NameUnresolvable",
		"later.example.com":   "ErrorCode::TemporaryResolverFailure",
		"broken.example.com":  "ErrorCode::PermanentResolverFailure",
		"elsewhere.example":   "ErrorCode::PermanentResolverFailure", // as the host does not ask for it
		"":                    "ErrorCode::InvalidArgument",
		"a b":                 "ErrorCode::InvalidArgument",
		"127.0.0.1:80":        "ErrorCode::InvalidArgument",
		"http://example.com/": "ErrorCode::InvalidArgument",
	} {
		if got := p3Check(t, app, "look-up", name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	if got := p3Check(t, app, "connect-by-name", "db.example.com", port); got != peer {
		t.Errorf("connected to %s, want %s", got, peer)
	}
}
