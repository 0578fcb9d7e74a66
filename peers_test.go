package spin_test

import (
	"net"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

// tcpPeer runs a TCP server that calls f for each connection, one after the other, and closes it
// then. It returns its address.
func tcpPeer(t *testing.T, address string, f func(*net.TCPConn)) string {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		skiptest.Lacking(t, err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			f(c.(*net.TCPConn))
			c.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l.Addr().String()
}

// noPeer returns an address at which nobody listens.
func noPeer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
