package spin_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// socketOption returns an option that the kernel has for a socket.
func socketOption(t *testing.T, c syscall.Conn, level, option int) (v int) {
	t.Helper()
	r, err := c.SyscallConn()
	if err != nil {
		t.Error(err)
		return 0
	}
	failed := r.Control(func(fd uintptr) { v, err = syscall.GetsockoptInt(int(fd), level, option) })
	if failed != nil || err != nil {
		t.Error(failed, err)
	}
	return v
}

// The kernel has the options that a guest of WASI 0.2 sets for its connections, whether it does so
// before it connects or after.
func TestAGuestOfWASI02SetsOptionsOfConnections(t *testing.T) {
	conns := make(chan *net.TCPConn, 1)
	dial := func(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, to.String())
		if err == nil {
			conns <- c.(*net.TCPConn)
		}
		return c, err
	}
	g := loadNetGuest(t, &wasiCalls{version: "0.2.12"}, sockets.Options{Dial: dial})
	peer := tcpPeer(t, "127.0.0.1:0", func(c *net.TCPConn) {
		conn := <-conns
		if _, err := io.ReadFull(c, make([]byte, 3)); err != nil {
			t.Error(err)
		}
		for what, o := range map[string]struct{ level, option, want int }{
			"keep-alive":     {syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
			"idle time":      {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 62},
			"interval":       {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 1},
			"count":          {syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 5},
			"hop limit":      {syscall.IPPROTO_IP, syscall.IP_TTL, 7},
			"receive buffer": {syscall.SOL_SOCKET, syscall.SO_RCVBUF, 2 * 20_000}, // as Linux counts it
			"send buffer":    {syscall.SOL_SOCKET, syscall.SO_SNDBUF, 2 * 30_000},
		} {
			if got := socketOption(t, conn, o.level, o.option); got != o.want {
				t.Errorf("%s: %d, want %d", what, got, o.want)
			}
		}
		_, _ = io.WriteString(c, "set")
	})
	g.check(t, "tcp-options", peer)
}

// Datagrams of a guest of WASI 0.2 have the hop limit that it has set.
func TestAGuestOfWASI02SetsTheHopLimitOfDatagrams(t *testing.T) {
	g := loadNetGuest(t, &wasiCalls{version: "0.2.12"}, sockets.Options{})
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.SyscallConn()
	if err == nil {
		err = r.Control(func(fd uintptr) {
			if err := syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_RECVTTL, 1); err != nil {
				t.Error(err)
			}
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, want := range []uint32{7, 9} {
			data, control := make([]byte, 99), make([]byte, 99)
			n, size, _, from, err := c.ReadMsgUDPAddrPort(data, control)
			if err != nil {
				return
			}
			if list, err := syscall.ParseSocketControlMessage(control[:size]); err != nil || len(list) != 1 || binary.NativeEndian.Uint32(list[0].Data) != want {
				t.Errorf("%s: %v, %v, want the hop limit %d", data[:n], list, err, want)
			}
			sendBack(c, string(data[:n]), from)
		}
	}()
	defer func() {
		c.Close()
		<-done
	}()
	g.check(t, "udp-options", c.LocalAddr().String())
}
