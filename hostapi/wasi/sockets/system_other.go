//go:build !unix

package sockets

import (
	"net"
	"net/netip"
	"time"
)

// setHops does nothing: how many routers packets may pass is for the system to say.
func setHops(uintptr, family, int) error { return nil }

// setBuffers does nothing before there is a connection.
func setBuffers(uintptr, int, int) error { return nil }

// forbidBroadcast does nothing.
func forbidBroadcast(uintptr) error { return nil }

// patience is how long a datagram that is to be sent at once may take.
const patience = 10 * time.Millisecond

// sendNow sends a datagram, or fails with os.ErrDeadlineExceeded if it would have to wait.
func sendNow(c *net.UDPConn, data []byte, to netip.AddrPort) error {
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err := c.WriteToUDPAddrPort(data, to)
	return err
}
