package sockets_test

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// number is an option that is a number.
type number struct {
	name     string
	at2, at3 uint32 // where the value lies
	size     int
	set      uint64
	want     uint64 // when it is read
	huge     uint64 // greater than any host has
}

func (n number) load(g *guest, p uint32) uint64 {
	switch n.size {
	case 1:
		return uint64(g.U8(p))
	case 4:
		return uint64(g.U32(p))
	}
	return g.U64(p)
}

var tcpNumbers = []number{
	{"keep-alive-enabled", 1, 4, 1, 1, 1, 1},
	{"keep-alive-idle-time", 8, 8, 8, 61_000_000_001, 62_000_000_000, 1<<64 - 1},
	{"keep-alive-interval", 8, 8, 8, 1, 1_000_000_000, 1<<64 - 1},
	{"keep-alive-count", 4, 4, 4, 5, 5, 1<<32 - 1},
	{"hop-limit", 1, 4, 1, 7, 7, 255},
	{"receive-buffer-size", 8, 8, 8, 20000, 20000, 1<<64 - 1},
	{"send-buffer-size", 8, 8, 8, 30000, 30000, 1<<64 - 1},
}

var udpNumbers = []number{
	{"unicast-hop-limit", 1, 4, 1, 7, 7, 255},
	{"receive-buffer-size", 8, 8, 8, 20000, 20000, 1<<64 - 1},
	{"send-buffer-size", 8, 8, 8, 30000, 30000, 1<<64 - 1},
}

// kernelBuffers is by how much Linux multiplies the sizes of buffers that it is told.
const kernelBuffers = 2

// get reads an option.
func (g *guest) get(resource string, n number, sock uint64) uint64 {
	g.t.Helper()
	p, code := g.result(g.name(resource, pick(g, "", "get-")+n.name), n.at2, n.at3, sock)
	if code != "" {
		g.t.Errorf("%s: %s", n.name, code)
		return 0
	}
	return n.load(g, p)
}

// tryOptions sets and reads all options of a socket.
func (g *guest) tryOptions(resource string, list []number, sock uint64) {
	g.t.Helper()
	for _, n := range list {
		if v := g.get(resource, n, sock); v == 0 && n.name != "keep-alive-enabled" {
			g.t.Errorf("%s has no default", n.name)
		}
		want := "invalid-argument"
		if n.name == "keep-alive-enabled" {
			want = ""
		}
		if code := g.do(resource, "set-"+n.name, sock, 0); code != want {
			g.t.Errorf("set-%s of 0: %q", n.name, code)
		}
		if code := g.do(resource, "set-"+n.name, sock, n.huge); code != "" {
			g.t.Errorf("set-%s of %d: %q", n.name, n.huge, code)
		}
		if code := g.do(resource, "set-"+n.name, sock, n.set); code != "" {
			g.t.Errorf("set-%s: %q", n.name, code)
		}
		if v := g.get(resource, n, sock); v != n.want {
			g.t.Errorf("%s: %d, want %d", n.name, v, n.want)
		}
	}
}

// kernel returns an option that a connection really has.
func kernel(t *testing.T, c syscall.Conn, level, opt int) (v int) {
	t.Helper()
	r, err := c.SyscallConn()
	if err == nil {
		err2 := r.Control(func(fd uintptr) { v, err = syscall.GetsockoptInt(int(fd), level, opt) })
		if err2 != nil {
			err = err2
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOptionsOfConnections(t *testing.T) {
	for _, when := range []string{"before", "after"} {
		t.Run(when, func(t *testing.T) {
			both(t, func(t *testing.T, version string) { testConnectionOptions(t, version, when) })
		})
	}
}

func testConnectionOptions(t *testing.T, version, when string) {
	to := echo(t)
	var conn *net.TCPConn
	dial := func(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, to.String())
		conn, _ = c.(*net.TCPConn)
		return c, err
	}
	g := newWorld(t, sockets.Options{Dial: dial}, "*://*:*").guest(version)
	s := g.tcp(false)
	if when == "before" {
		g.tryOptions(tcpSock, tcpNumbers, s)
	}
	if code := g.connect(s, to); code != "" {
		t.Fatal(code)
	}
	if when == "after" {
		if v := kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE); v != 0 {
			t.Errorf("keep-alive is %d by default", v)
		}
		g.tryOptions(tcpSock, tcpNumbers, s)
	}
	for what, c := range map[string]struct{ got, want int }{
		"keep-alive":   {kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_KEEPALIVE), 1},
		"hop limit":    {kernel(t, conn, syscall.IPPROTO_IP, syscall.IP_TTL), 7},
		"send buffer":  {kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_SNDBUF) / 30000, kernelBuffers},
		"buffer":       {kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_RCVBUF) / 20000, kernelBuffers},
		"probes":       {kernel(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT), 5},
		"idle time":    {kernel(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE), 62},
		"time between": {kernel(t, conn, syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL), 1},
	} {
		if c.got != c.want {
			t.Errorf("%s connecting, the %s is %d, want %d", when, what, c.got, c.want)
		}
	}
}

// Options are set before the host's own network connects.
func TestOptionsOfTheUsualNetwork(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		to := echo(t)
		g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
		s := g.tcp(false)
		g.tryOptions(tcpSock, tcpNumbers, s)
		if code := g.connect(s, to); code != "" {
			t.Fatal(code)
		}
		if v := kernel(t, sockets.Conn(g.Get(s)), syscall.IPPROTO_IP, syscall.IP_TTL); v != 7 {
			t.Errorf("the hop limit is %d", v)
		}
	})
}

func TestOptionsOfDatagramSockets(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		for _, when := range []string{"before", "after"} {
			g := newWorld(t, sockets.Options{}, "*://*:*").guest(version)
			s := g.udp()
			if when == "before" {
				g.tryOptions(udpSock, udpNumbers, s)
			}
			if code := g.bind(s, "127.0.0.1:0"); code != "" {
				t.Fatal(code)
			}
			if when == "after" {
				g.tryOptions(udpSock, udpNumbers, s)
			}
			conn := sockets.Conn(g.Get(s))
			if v := kernel(t, conn, syscall.IPPROTO_IP, syscall.IP_TTL); v != 7 {
				t.Errorf("%s binding: the hop limit is %d", when, v)
			}
			if v := kernel(t, conn, syscall.SOL_SOCKET, syscall.SO_SNDBUF) / 30000; v != kernelBuffers {
				t.Errorf("%s binding: the buffer is %d times what was set", when, v)
			}
		}
	})
}

// Connections of a network of the user's own may lack options, and directions.
func TestConnectionsWithoutOptions(t *testing.T) {
	both(t, func(t *testing.T, version string) {
		here, there := net.Pipe()
		dial := func(context.Context, string, netip.AddrPort) (net.Conn, error) { return here, nil }
		g := newWorld(t, sockets.Options{Dial: dial}, "*://*:*").guest(version)
		s := g.tcp(false)
		g.tryOptions(tcpSock, tcpNumbers, s)
		if code := g.connect(s, "127.0.0.1:1"); code != "" {
			t.Fatal(code)
		}
		g.tryOptions(tcpSock, tcpNumbers, s)
		done := make(chan struct{})
		go func() {
			defer close(done)
			b := make([]byte, 5)
			n, _ := there.Read(b)
			_, _ = there.Write(b[:n])
			there.Close()
		}()
		g.send(s, "hello")
		if text, err := g.all(s); text != "hello" || err != "" {
			t.Errorf("got %q, %s", text, err)
		}
		<-done
		g.hangUp(s)
	})
}

func TestNetworksThatPanic(t *testing.T) {
	all(t, func(t *testing.T, version string) {
		dial := func(context.Context, string, netip.AddrPort) (net.Conn, error) { panic("a bug") }
		g := newWorld(t, sockets.Options{Dial: dial}, "*://*:*").guest(version)
		if code := g.connect(g.tcp(false), "127.0.0.1:1"); code != pick(g, "unknown", "other") {
			t.Errorf("got %q", code)
		}
	})
}
