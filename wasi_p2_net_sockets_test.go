package spin_test

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

func testNetTCP(t *testing.T, g netGuest) {
	g.check(t, "tcp-unbound", "127.0.0.2:1")
	g.check(t, "tcp-refused", noPeer(t))
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(address, func(t *testing.T) {
			from := make(chan string, 1)
			peer := tcpPeer(t, address, func(c *net.TCPConn) {
				from <- c.RemoteAddr().String()
				_, _ = io.Copy(c, c)
			})
			if got := g.check(t, "tcp-exchange", peer); got != <-from {
				t.Errorf("the local address is %s for the guest", got)
			}
		})
	}
	received := make(chan string, 2)
	echo := tcpPeer(t, "127.0.0.1:0", func(c *net.TCPConn) {
		var b strings.Builder
		_, _ = io.Copy(c, io.TeeReader(c, &b))
		received <- b.String()
	})
	g.want(t, "all of it", "tcp-shutdown", echo)
	if one, two := <-received, <-received; one != "all of it" || two != "to be lost" {
		t.Errorf("the peer has got %q and %q", one, two)
	}
	g.check(t, "tcp-options", echo)
	reset := tcpPeer(t, "127.0.0.1:0", func(c *net.TCPConn) {
		_, _ = c.Read(make([]byte, 1))
		_ = c.SetLinger(0)
	})
	if text := g.check(t, "tcp-reset", reset); text == "" {
		t.Error("a stream that was reset has an error without text")
	}
}

// udpPeer runs a UDP server that calls f for each datagram. It returns its address.
func udpPeer(t *testing.T, address string, f func(c *net.UDPConn, data string, from netip.AddrPort)) string {
	t.Helper()
	p, err := net.ListenPacket("udp", address)
	if err != nil {
		skiptest.Lacking(t, err)
	}
	c := p.(*net.UDPConn)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			f(c, string(buf[:n]), netip.AddrPortFrom(from.Addr().Unmap(), from.Port()))
		}
	}()
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c.LocalAddr().String()
}

// sendBack answers with what has come.
func sendBack(c *net.UDPConn, data string, to netip.AddrPort) {
	_, _ = c.WriteToUDPAddrPort([]byte(data), to)
}

// wantSender checks that two datagrams came from the address that the guest has told.
func wantSender(t *testing.T, told string, senders <-chan string) {
	t.Helper()
	for range 2 {
		if from := <-senders; from != told {
			t.Errorf("a datagram came from %s, the guest has told %s", from, told)
		}
	}
}

func testNetUDP(t *testing.T, g netGuest) {
	g.check(t, "udp-unbound", "127.0.0.2:0")
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(address, func(t *testing.T) {
			senders := make(chan string, 2)
			peer := udpPeer(t, address, func(c *net.UDPConn, data string, from netip.AddrPort) {
				senders <- from.String()
				sendBack(c, data, from)
			})
			wantSender(t, g.check(t, "udp-any", peer), senders)
		})
	}
	stranger, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	senders := make(chan string, 2)
	beset := udpPeer(t, "127.0.0.1:0", func(c *net.UDPConn, data string, from netip.AddrPort) {
		senders <- from.String()
		sendBack(stranger, "from somebody else", from)
		sendBack(c, data, from)
	})
	wantSender(t, g.check(t, "udp-connected", beset), senders)
	received := make(chan string, 9)
	g.check(t, "udp-refused", udpPeer(t, "127.0.0.1:0", func(_ *net.UDPConn, data string, _ netip.AddrPort) { received <- data }), "127.0.0.2:9")
	if got := <-received; got != "sent" {
		t.Errorf("the peer has got %q", got)
	}
	g.check(t, "udp-options", udpPeer(t, "127.0.0.1:0", sendBack))
}
