package hostapi

import (
	"context"
	"net"
	"net/netip"
	"syscall"
	"time"

	"github.com/spinhost/spin/capability"
)

// NewDialer returns a dialer that connects to no address in blocked networks. The address is
// looked at when it is connected to, so that a name which stands for another address by then gets
// nobody further, and the remaining addresses of a name are tried. The error is a *net.OpError
// that wraps a [*capability.BlockedError].
//
// Every interface that connects for guests should use it, with the Blocked of its [Scope]. The
// caller may change other fields before the first use.
func NewDialer(blocked capability.Networks) *net.Dialer {
	d := &net.Dialer{KeepAlive: 30 * time.Second}
	if !blocked.Empty() {
		d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			addr, _ := netip.ParseAddrPort(address) // what is none, such as a Unix socket, is blocked
			return blocked.Check(addr.Addr())
		}
	}
	return d
}
