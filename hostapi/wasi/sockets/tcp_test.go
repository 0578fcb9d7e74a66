package sockets_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

func TestEcho(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := echo(t)
		w := newWorld(t, sockets.Options{}, "tcp://127.0.0.1"+port(to))
		g := w.guest(version)
		s := g.dial(to)
		if err := g.send(s, "hello"); err != "" {
			t.Fatal(err)
		}
		if text, err := g.receive(s); text != "hello" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
		if remote, code := g.address(tcpSock, "remote", s); remote != to || code != "" {
			t.Errorf("remote address %s, %s", remote, code)
		}
		if local, code := g.address(tcpSock, "local", s); !strings.HasPrefix(local, "127.0.0.1:") || code != "" {
			t.Errorf("local address %s, %s", local, code)
		}
		g.hangUp(s)
	})
}

// More than all buffers together hold goes through in both directions.
func TestMuchIsSentAndReceived(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		const size = 3 << 20
		sum := make(chan int64, 1)
		to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) {
			n, _ := io.Copy(io.Discard, c)
			sum <- n
			_, _ = c.Write([]byte(strings.Repeat("x", size)))
		})
		g := newWorld(t, sockets.Options{}, "*://127.0.0.1:*").guest(version)
		s := g.dial(to)
		if err := g.send(s, strings.Repeat("y", size)); err != "" {
			t.Fatal(err)
		}
		if err := g.finish(s); err != "" {
			t.Error(err)
		}
		if n := <-sum; n != size {
			t.Errorf("the server has got %d bytes", n)
		}
		if text, err := g.all(s); text != strings.Repeat("x", size) || err != "" {
			t.Errorf("the guest has got %d bytes, %s", len(text), err)
		}
		g.hangUp(s)
	})
}

// What was written before the socket is dropped arrives, and then the end.
func TestWhatIsWrittenBeforeTheEndArrives(t *testing.T) {
	for _, how := range []string{"drop", "end of the instance"} {
		t.Run(how, func(t *testing.T) {
			all(t, func(t *testing.T, version string) {
				got := make(chan string, 1)
				to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) {
					b, _ := io.ReadAll(c)
					got <- string(b)
				})
				g := newWorld(t, sockets.Options{}, "*://127.0.0.1:*").guest(version)
				s := g.dial(to)
				want := strings.Repeat("last words ", 3000)
				if err := g.send(s, want); err != "" {
					t.Fatal(err)
				}
				if how == "drop" {
					g.hangUp(s)
				} else {
					if g.v3 {
						g.finish(s) // else the guest is ended amid a stream, which is no end
					}
					g.end()
				}
				if text := <-got; text != want {
					t.Errorf("the server has got %d bytes of %d", len(text), len(want))
				}
			})
		})
	}
}

func TestIPv6(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := serve(t, "tcp6", "[::1]:0", func(c net.Conn) { _, _ = io.Copy(c, c) })
		g := newWorld(t, sockets.Options{}, "tcp://[::1]"+port(to)).guest(version)
		s := g.dial(to)
		if remote, code := g.address(tcpSock, "remote", s); remote != to || code != "" {
			t.Errorf("remote address %s, %s", remote, code)
		}
		g.send(s, "six")
		g.finish(s)
		if text, err := g.all(s); text != "six" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
		family, err := g.Call(g.name(tcpSock, pick(g, "address-family", "get-address-family")), s)
		if err != nil || family != 1 {
			t.Errorf("address-family %d, %v", family, err)
		}
	})
}

func TestRefusedConnections(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "*://127.0.0.1:*").guest(version)
		to := closedPort(t)
		s := g.tcp(false)
		if code := g.connect(s, to); code != "connection-refused" {
			t.Errorf("got %q", code)
		}
		if code := g.connect(s, to); code != "invalid-state" {
			t.Errorf("a socket that failed is used again: %q", code)
		}
		if _, code := g.address(tcpSock, "local", s); code != "invalid-state" {
			t.Errorf("local address of a socket that failed: %q", code)
		}
	})
}

func TestConnectionsThatThePeerResets(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		to := serve(t, "tcp4", "127.0.0.1:0", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1))
			_ = c.(*net.TCPConn).SetLinger(0)
		})
		g := newWorld(t, sockets.Options{}, "*://127.0.0.1:*").guest(version)
		s := g.dial(to)
		g.send(s, "!")
		if _, err := g.receive(s); err != pick(g, "failed", "connection-reset") {
			t.Errorf("receiving ends by %q", err)
		}
		for range 100 { // the first may still be taken
			if err := g.send(s, strings.Repeat("x", 100)); err != "" {
				break
			}
		}
		if !g.v3 {
			if err := g.send(s, "!"); err != "closed" {
				t.Errorf("after an error, writing is %q", err)
			}
			return
		}
		if err := g.finish(s); err != "connection-broken" && err != "connection-reset" {
			t.Errorf("sending ends by %q", err)
		}
	})
}

// Functions for servers are there, and say what they say where nothing may listen.
func TestNothingIsBoundAndNothingListens(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		to := echo(t)
		w := newWorld(t, sockets.Options{}, "*://*:*")
		g := w.guest(version)
		s := g.tcp(false)
		check := func(function, want string, args ...uint64) {
			t.Helper()
			if code := g.do(tcpSock, function, with(s, args)...); code != want {
				t.Errorf("%s: %q, want %q", function, code, want)
			}
		}
		if g.v3 {
			check("bind", "access-denied", addr("127.0.0.1:0")...)
			check("listen", "access-denied")
		} else {
			check("start-bind", "access-denied", with(g.network, addr("127.0.0.1:0"))...)
			check("finish-bind", "not-in-progress")
			check("start-listen", "invalid-state")
			check("finish-listen", "not-in-progress")
			if _, code := g.result(g.name(tcpSock, "accept"), 4, 4, s); code != "invalid-state" {
				t.Errorf("accept: %q", code)
			}
			check("shutdown", "invalid-state", 2)
			if _, code := g.result(g.name(tcpSock, "finish-connect"), 4, 4, s); code != "not-in-progress" {
				t.Errorf("finish-connect: %q", code)
			}
		}
		w.logged("TCP sockets cannot be bound")
		for _, which := range []string{"local", "remote"} {
			if _, code := g.address(tcpSock, which, s); code != "invalid-state" {
				t.Errorf("%s address: %q", which, code)
			}
		}
		check("set-listen-backlog-size", "", 10)
		check("set-listen-backlog-size", "invalid-argument", 0)
		if code := g.connect(s, to); code != "" {
			t.Fatal(code)
		}
		check("set-listen-backlog-size", "invalid-state", 10)
		if g.v3 {
			check("listen", "invalid-state")
		}
		if code := g.connect(s, to); code != "invalid-state" {
			t.Errorf("a second connection: %q", code)
		}
		listening, err := g.Call(g.name(tcpSock, pick(g, "is-listening", "get-is-listening")), s)
		if err != nil || listening != 0 {
			t.Errorf("is-listening: %d, %v", listening, err)
		}
	})
}

func TestAddressesThatCannotBeConnectedTo(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		for to, v6 := range map[string]bool{
			"127.0.0.1:0": false, "0.0.0.0:80": false, "224.0.0.1:80": false, "255.255.255.255:80": false, "[::1]:80": false,
			"127.0.0.1:80": true, "[::]:80": true, "[::1]:0": true, "[ff02::1]:80": true, "[::ffff:127.0.0.1]:80": true, "[::127.0.0.1]:80": true,
		} {
			s := g.tcp(v6)
			if code := g.connect(s, to); code != "invalid-argument" {
				t.Errorf("%s on a socket of IPv6 %t: %q", to, v6, code)
			}
			g.hangUp(s) // what was not begun is nothing to wait for
		}
	})
}
