package sockets_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
	"github.com/spinhost/spin/internal/skiptest"
)

func repeat(data, _ string) string { return data }

func TestDatagramsAreAnswered(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		one, two := udpServer(t, repeat), udpServer(t, repeat)
		g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest(version)
		s := g.open()
		for _, to := range []string{one, two} {
			if code := g.sendTo(s, "to "+to, to); code != "" {
				t.Fatal(code)
			}
			if data, from, code := g.recv(s); data != "to "+to || from != to || code != "" {
				t.Errorf("got %q from %s, %s", data, from, code)
			}
		}
		if code := g.sendTo(s, "to whom?", ""); code != "invalid-argument" {
			t.Errorf("a datagram without address: %q", code)
		}
		if _, code := g.address(udpSock, "remote", s); code != "invalid-state" {
			t.Errorf("remote address: %q", code)
		}
		if a, code := g.address(udpSock, "local", s); !strings.HasPrefix(a, "0.0.0.0:") || a == "0.0.0.0:0" || code != "" {
			t.Errorf("local address: %q, %q", a, code)
		}
		g.close(s)
	})
}

func TestSocketsWithAPeer(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		peer := udpServer(t, func(data, from string) string {
			c, err := net.Dial("udp4", from)
			if err == nil { // it reaches the guest first
				_, _ = c.Write([]byte("from a stranger"))
				c.Close()
			}
			return data
		})
		another := udpServer(t, repeat)
		g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest(version)
		s := g.udp()
		if !g.v3 {
			if code := g.bind(s, "0.0.0.0:0"); code != "" {
				t.Fatal(code)
			}
		}
		if code := g.peer(s, peer); code != "" {
			t.Fatal(code)
		}
		for _, to := range []string{"", peer} {
			if code := g.sendTo(s, "hello", to); code != "" {
				t.Fatal(code)
			}
			if data, from, code := g.recv(s); data != "hello" || from != peer || code != "" {
				t.Errorf("got %q from %s, %s", data, from, code)
			}
		}
		if code := g.sendTo(s, "hello", another); code != "invalid-argument" {
			t.Errorf("a datagram to somebody else: %q", code)
		}
		if a, code := g.address(udpSock, "remote", s); a != peer || code != "" {
			t.Errorf("remote address: %q, %q", a, code)
		}
		if a, code := g.address(udpSock, "local", s); !strings.HasPrefix(a, "127.0.0.1:") || code != "" {
			t.Errorf("local address: %q, %q", a, code)
		}
		if code := g.peer(s, another); code != "" {
			t.Fatal(code)
		}
		g.sendTo(s, "again", "")
		if data, from, code := g.recv(s); data != "again" || from != another || code != "" {
			t.Errorf("got %q from %s, %s", data, from, code)
		}
		if code := g.peer(s, ""); code != "" {
			t.Fatal(code)
		}
		if _, code := g.address(udpSock, "remote", s); code != "invalid-state" {
			t.Errorf("remote address without a peer: %q", code)
		}
		if g.v3 {
			if code := g.peer(s, ""); code != "invalid-state" {
				t.Errorf("a second disconnect: %q", code)
			}
		}
	})
}

func TestBindingOfDatagramSockets(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		w := newWorld(t, sockets.Options{}, "udp://127.0.0.1:*", "udp://[::1]:0")
		g := w.guest(version)
		s := g.udp()
		if _, code := g.address(udpSock, "local", s); code != "invalid-state" {
			t.Errorf("local address before: %q", code)
		}
		if g.v3 {
			if _, _, code := g.recv(s); code != "invalid-state" {
				t.Errorf("receive before: %q", code)
			}
		} else {
			if code := g.peer(s, ""); code != "invalid-state" {
				t.Errorf("stream before: %q", code)
			}
			if code := g.do(udpSock, "finish-bind", s); code != "not-in-progress" {
				t.Errorf("finish-bind before: %q", code)
			}
		}
		if code := g.bind(s, "0.0.0.0:0"); code != "access-denied" {
			t.Errorf("bound to any address: %q", code)
		}
		w.logged(`add "udp://0.0.0.0:0" to allowed_outbound_hosts`)
		if code := g.bind(s, "[::1]:0"); code != "invalid-argument" {
			t.Errorf("bound to an address of the other family: %q", code)
		}
		if code := g.bind(s, "127.0.0.1:0"); code != "" {
			t.Fatal(code)
		}
		if code := g.bind(s, "127.0.0.1:0"); code != "invalid-state" {
			t.Errorf("bound twice: %q", code)
		}
		taken, _ := g.address(udpSock, "local", s)
		if code := g.bind(g.udp(), taken); code != "address-in-use" {
			t.Errorf("bound to an address that is taken: %q", code)
		}
	})
}

func TestDatagramsThatAreTooLarge(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := udpServer(t, func(data, _ string) string { return "got " + data[:1] })
		g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest(version)
		s := g.open()
		for size, want := range map[int]string{1: "", 65507: "", 65508: "datagram-too-large", 65536: "datagram-too-large", 1 << 20: "datagram-too-large"} {
			if code := g.sendTo(s, strings.Repeat("x", size), to); code != want {
				t.Errorf("%d bytes: %q, want %q", size, code, want)
			}
		}
		if data, _, code := g.recv(s); data != "got x" || code != "" {
			t.Errorf("got %q, %s", data, code)
		}
	})
}

func TestPlacesToWhichNoDatagramGoes(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		s := g.open()
		for to, want := range map[string]string{
			"127.0.0.1:0": "invalid-argument", "0.0.0.0:53": "invalid-argument", "[::1]:53": "invalid-argument",
			"[::ffff:127.0.0.1]:53": "invalid-argument", "255.255.255.255:53": "access-denied", // no broadcast
		} {
			if code := g.sendTo(s, "x", to); code != want {
				t.Errorf("%s: %q, want %q", to, code, want)
			}
		}
	})
}

// A socket of 0.3 that sends before it is bound is bound to any address, for which it needs the
// same entry.
func TestUnboundSocketsAreBoundToSend(t *testing.T) {
	to := udpServer(t, repeat)
	for _, c := range []struct {
		behaviour, want string
		hosts           []string
	}{
		{"allowed", "", []string{"udp://127.0.0.1:*", "udp://0.0.0.0:0"}},
		{"denied", "access-denied", []string{"udp://127.0.0.1:*"}},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			g := newWorld(t, sockets.Options{}, c.hosts...).guest("0.3.0")
			s := g.udp()
			if code := g.sendTo(s, "x", to); code != c.want {
				t.Errorf("got %q", code)
			}
			if code := g.peer(s, to); code != "" {
				t.Errorf("with a peer: %q", code)
			}
			if code := g.sendTo(s, "x", ""); code != "" {
				t.Errorf("to the peer: %q", code)
			}
		})
	}
}

func TestDatagramsOverIPv6(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		server, err := net.ListenPacket("udp6", "[::1]:0")
		if err != nil {
			skiptest.Lacking(t, err)
		}
		defer server.Close()
		g := newWorld(t, sockets.Options{}, "udp://[::1]:*").guest(version)
		s, code := g.createUDP(true)
		if code != "" {
			t.Fatal(code)
		}
		if code := g.bind(s, "[::1]:0"); code != "" {
			t.Fatal(code)
		}
		if code := g.peer(s, server.LocalAddr().String()); code != "" {
			t.Fatal(code)
		}
		if code := g.sendTo(s, "six", server.LocalAddr().String()); code != "" {
			t.Fatal(code)
		}
		buf := make([]byte, 10)
		n, from, err := server.ReadFrom(buf)
		if local, _ := g.address(udpSock, "local", s); err != nil || string(buf[:n]) != "six" || from.String() != local {
			t.Errorf("got %q from %v, %v", buf[:n], from, err)
		}
		family, err := g.Call(g.name(udpSock, pick(g, "address-family", "get-address-family")), s)
		if err != nil || family != 1 {
			t.Errorf("address-family %d, %v", family, err)
		}
	})
}

// Several datagrams go in one call of 0.2, up to the first that cannot be sent.
func TestSeveralDatagramsAtOnce(t *testing.T) {
	to := udpServer(t, repeat)
	g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest("0.2.12")
	s := g.open()
	if sent, code := g.sendAll(s, datagram{"1", to}, datagram{"2", to}, datagram{"3", "10.0.0.1:53"}, datagram{"4", to}); sent != 2 || code != "" {
		t.Errorf("%d sent, %q", sent, code)
	}
	if sent, code := g.sendAll(s); sent != 0 || code != "" {
		t.Errorf("%d of none sent, %q", sent, code)
	}
	for _, want := range []string{"1", "2"} {
		if data, _, code := g.recv(s); data != want || code != "" {
			t.Errorf("got %q, %q", data, code)
		}
	}
}

// What has arrived is not for those that have given up.
func TestReceiversThatHaveGivenUpTakeNothing(t *testing.T) {
	to := udpServer(t, repeat)
	g := newWorld(t, sockets.Options{}, "udp://0.0.0.0:0", "udp://127.0.0.1:*").guest("0.3.0")
	s := g.open()
	if code := g.sendTo(s, "later", to); code != "" {
		t.Fatal(code)
	}
	socket := g.Get(s).(p3.UDPSocket)
	if !eventually(socket.(abi.Pollable).Ready) {
		t.Fatal("no datagram comes")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := socket.Receive(ctx); err == nil {
		t.Errorf("who has given up receives %q", got.F0)
	}
	if data, _, code := g.recv(s); data != "later" || code != "" {
		t.Errorf("got %q, %q", data, code)
	}
	g.close(s)
}
