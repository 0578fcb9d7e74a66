package sockets_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// trapped fails the test if a call does not end the guest.
func (g *guest) trapped(name string, args ...uint64) {
	g.t.Helper()
	if _, err := g.Load(name, args...); !errors.Is(err, abi.ErrTrap) {
		g.t.Errorf("%s %d: %v", name, args, err)
	}
}

// Guests cannot make up sockets, streams or networks.
func TestHandlesCannotBeMadeUp(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		g.udp()
		methods := 0
		for _, name := range g.Names() {
			if !strings.HasPrefix(name, "wasi:sockets/") || !strings.Contains(name, "@"+version+"#[method]") {
				continue
			}
			methods++
			for _, handle := range []uint64{0, 99, 1<<32 - 1} {
				args := make([]uint64, 16)
				args[0] = handle
				g.trapped(name, args...)
			}
		}
		want := pick(g, 28+13+2+3+2, 24+14)
		if version == october {
			want = 25 + 18 + 2
		}
		if methods != want {
			t.Errorf("%d methods, want %d", methods, want)
		}
	})
}

// What one version makes is nothing for the other.
func TestResourcesOfAnotherKind(t *testing.T) {
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
	s := g.tcp(false)
	g.trapped(g.name(udpSock, "local-address"), s)
	g.trapped(g.name(tcpSock, "start-connect"), with(s, []uint64{s}, addr("127.0.0.1:1"))...)
	g.trapped("wasi:sockets/types@0.3.0#[method]tcp-socket.get-local-address", s)
}

// Children are to be dropped before their parents.
func TestSocketsThatAreDroppedBeforeTheirStreams(t *testing.T) {
	to := echo(t)
	for behaviour, f := range map[string]func(g *guest, s uint64) (dropped uint64){
		"streams of a connection": func(g *guest, s uint64) uint64 {
			g.connect(s, to)
			return s
		},
		"pollable of a socket": func(g *guest, s uint64) uint64 {
			_, err := g.Call(g.name(tcpSock, "subscribe"), s)
			g.must(0, err)
			return s
		},
		"streams of datagrams": func(g *guest, _ uint64) uint64 { return g.open() },
		"pollable of a datagram socket": func(g *guest, _ uint64) uint64 {
			u := g.udp()
			_, err := g.Call(g.name(udpSock, "subscribe"), u)
			g.must(0, err)
			return u
		},
		"pollable of incoming datagrams": func(g *guest, _ uint64) uint64 {
			in := g.ends[g.open()].in
			_, err := g.Call(g.name(incoming, "subscribe"), in)
			g.must(0, err)
			return in
		},
		"pollable of outgoing datagrams": func(g *guest, _ uint64) uint64 {
			out := g.ends[g.open()].out
			_, err := g.Call(g.name(outgoing, "subscribe"), out)
			g.must(0, err)
			return out
		},
		"pollable of addresses": func(g *guest, _ uint64) uint64 {
			ptr, n := g.Put("127.0.0.1")
			p, _ := g.result("wasi:sockets/ip-name-lookup@0.2.12#resolve-addresses", 4, 4, g.network, ptr, n)
			s := uint64(g.U32(p))
			_, err := g.Call("wasi:sockets/ip-name-lookup@0.2.12#[method]resolve-address-stream.subscribe", s)
			g.must(0, err)
			return s
		},
	} {
		t.Run(behaviour, func(t *testing.T) {
			g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
			if err := g.Drop(f(g, g.tcp(false))); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestStreamsOfDatagramsLiveOnce(t *testing.T) {
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
	s := g.open()
	stream := g.name(udpSock, "stream")
	g.trapped(stream, with(s, some(""))...)
	g.must(0, g.Drop(g.ends[s].in))
	g.ends[s].in = 0
	g.trapped(stream, with(s, some(""))...)
	g.must(0, g.Drop(g.ends[s].out))
	if code := g.peer(s, ""); code != "" {
		t.Errorf("after both are dropped: %q", code)
	}
}

func TestDatagramsThatCheckSendHasNotAllowed(t *testing.T) {
	to := udpServer(t, repeat)
	for behaviour, checked := range map[string]bool{"none before": false, "another since": true} {
		t.Run(behaviour, func(t *testing.T) {
			g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
			s := g.open()
			if checked {
				g.sendTo(s, "x", to)
			}
			g.trapped(g.name(outgoing, "send"), with(g.ends[s].out, g.list([]datagram{{"x", to}}))...)
		})
	}
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
	out := g.ends[g.open()].out
	p, code := g.result(g.name(outgoing, "check-send"), 8, 8, out)
	if n := g.U64(p); n != 16 || code != "" {
		t.Fatalf("check-send: %d, %q", n, code)
	}
	g.wait(g.name(outgoing, "subscribe"), out)
	g.trapped(g.name(outgoing, "send"), with(out, g.list(make([]datagram, 17)))...)
}

// Lengths that no memory has end the guest, and nothing else.
func TestLengthsThatAreTooGreat(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		const far = 1<<32 - 1
		s := g.open()
		if g.v3 {
			g.trapped("wasi:sockets/ip-name-lookup@"+version+"#resolve-addresses", 8, far)
			g.trapped(g.name(udpSock, "send"), with(s, []uint64{8, far}, some("127.0.0.1:1"))...)
			return
		}
		g.trapped("wasi:sockets/ip-name-lookup@0.2.12#resolve-addresses", g.network, 8, far)
		out := g.ends[s].out
		g.trapped(g.name(outgoing, "send"), out, 8, far)
		one, _ := g.PutU32(8, far, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		g.trapped(g.name(outgoing, "send"), out, one, 1)
		if p, code := g.result(g.name(incoming, "receive"), 4, 4, g.ends[s].in, 0); code != "" || g.U32(p+4) != 0 {
			t.Errorf("receive of none: %q", code)
		}
	})
}

// Directions end one by one in 0.2.
func TestShutdown(t *testing.T) {
	const receive, send, both = 0, 1, 2
	got := make(chan string, 1)
	to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) {
		_, _ = c.Write([]byte("early"))
		b, _ := io.ReadAll(c)
		got <- string(b)
		_, _ = c.Write([]byte("late"))
	})
	t.Run("send", func(t *testing.T) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
		s := g.dial(to)
		g.send(s, "all")
		if code := g.do(tcpSock, "shutdown", s, send); code != "" {
			t.Error(code)
		}
		if err := g.send(s, "more"); err != "closed" {
			t.Errorf("sending more: %q", err)
		}
		if text := <-got; text != "all" {
			t.Errorf("the peer has got %q", text)
		}
		if text, err := g.all(s); text != "earlylate" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
	})
	t.Run("receive", func(t *testing.T) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
		s := g.dial(to)
		if text, err := g.receive(s); text != "early" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
		if code := g.do(tcpSock, "shutdown", s, receive); code != "" {
			t.Error(code)
		}
		if p := g.must(g.Load(streams+"[method]input-stream.blocking-read", g.ends[s].in, 1)); g.U8(p) != 1 || g.U8(p+4) != 1 {
			t.Error("receiving more is not closed")
		}
		if err := g.send(s, "still"); err != "" {
			t.Errorf("sending: %q", err)
		}
		g.hangUp(s)
		if text := <-got; text != "still" {
			t.Errorf("the peer has got %q", text)
		}
	})
	t.Run("both", func(t *testing.T) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.2.12")
		s := g.dial(to)
		for range 2 {
			if code := g.do(tcpSock, "shutdown", s, both); code != "" {
				t.Error(code)
			}
		}
		if err := g.send(s, "x"); err != "closed" {
			t.Errorf("sending: %q", err)
		}
		if text, err := g.receive(s); text != "" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
		if text := <-got; text != "" {
			t.Errorf("the peer has got %q", text)
		}
	})
}

// Each direction can be taken once in 0.3, and only of a connection.
func TestDirectionsAreTakenOnce(t *testing.T) {
	to := echo(t)
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.3.0")
	for behaviour, s := range map[string]uint64{"not connected": g.tcp(false), "taken before": g.dial(to)} {
		if behaviour == "taken before" {
			g.sending(s)
			g.receiving(s)
		}
		handle, w := g.Stream()
		f, err := g.Call(g.name(tcpSock, "send"), s, handle)
		g.must(0, err)
		if err := g.future(g.Reader(uint32(f))); err != "invalid-state" {
			t.Errorf("%s: send: %q", behaviour, err)
		}
		if _, err := w.Write([]byte("x")); err != io.ErrClosedPipe {
			t.Errorf("%s: what is to be sent is taken: %v", behaviour, err)
		}
		p := g.must(g.Load(g.name(tcpSock, "receive"), s))
		if _, n := g.Reader(g.U32(p)).Next(1, 1); n != 0 {
			t.Errorf("%s: something is received", behaviour)
		}
		if err := g.future(g.Reader(g.U32(p + 4))); err != "invalid-state" {
			t.Errorf("%s: receive: %q", behaviour, err)
		}
	}
}

// A connection of 0.3 lives as long as its streams.
func TestStreamsOutliveTheirSocket(t *testing.T) {
	to := echo(t)
	g := newWorld(t, sockets.Options{MaxSockets: 1}, "*://*:*").guest("0.3.0")
	s := g.dial(to)
	e := g.sending(s)
	g.receiving(s)
	g.must(0, g.Drop(s))
	if _, code := g.createUDP(false); code != "other" {
		t.Errorf("the connection no longer counts: %q", code)
	}
	if _, err := e.writer.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	e.writer.Close()
	if text := e.reader.Bytes(); string(text) != "hello" {
		t.Errorf("got %q", text)
	}
	if err := g.future(e.sent); err != "" {
		t.Errorf("sending ended by %q", err)
	}
	if err := g.future(e.recved); err != "" {
		t.Errorf("receiving ended by %q", err)
	}
	delete(g.ends, s)
	if !eventually(func() bool { _, code := g.createUDP(false); return code == "" }) {
		t.Error("the connection is not given back")
	}
}

// A guest of 0.3 that wants no more drops the stream.
func TestStreamsThatAreDropped(t *testing.T) {
	to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) { _, _ = io.Copy(c, c) })
	g := newWorld(t, sockets.Options{}, "*://*:*").guest("0.3.0")
	s := g.dial(to)
	e := g.receiving(s)
	e.reader.Drop()
	if err := g.future(e.recved); err != "" {
		t.Errorf("receiving ended by %q", err)
	}
	e.reader = nil
	if err := g.send(s, "to nobody"); err != "" {
		t.Errorf("sending: %q", err)
	}
}
