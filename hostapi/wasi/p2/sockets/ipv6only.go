package sockets

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// An IPv6OnlySocket is a socket that guests of the snapshot of November 2023 can ask whether it is
// for IPv6 alone. Errors are an ErrorCode.
type IPv6OnlySocket interface {
	IPv6Only(ctx context.Context) (bool, error)
	SetIPv6Only(ctx context.Context, value bool) error
}

// ServeIPv6Only serves ipv6-only of tcp-socket and udp-socket, which is not part of WASI 0.2. The
// socket is to be an IPv6OnlySocket. Its type is
//
//	func(self:borrow<tcp-socket>)->result<bool,error-code>
func ServeIPv6Only(c *abi.Call) {
	serveIPv6Only(c, func(s IPv6OnlySocket) (bool, error) { return s.IPv6Only(c.Context()) })
}

// ServeSetIPv6Only serves set-ipv6-only likewise. Its type is
//
//	func(self:borrow<tcp-socket>,value:bool)->result<_,error-code>
func ServeSetIPv6Only(c *abi.Call) {
	f := c.Args()
	serveIPv6Only(c, func(s IPv6OnlySocket) (bool, error) { return false, s.SetIPv6Only(c.Context(), f.U32(1) != 0) })
}

// serveIPv6Only answers with a result both of whose cases are one byte.
func serveIPv6Only(c *abi.Call, ask func(IPv6OnlySocket) (bool, error)) {
	g := &c.Guest
	s, ok := g.LiftBorrow(c.Args().U32(0), 0).(IPv6OnlySocket)
	switch {
	case c.Failed():
		return
	case !ok:
		c.Trapf("handle is not a socket that knows of IPv6 alone")
		return
	}
	v, err := ask(s)
	e, fail := abi.AsErr[ErrorCode](err)
	if err != nil && !fail {
		c.Fail(err)
		return
	}
	p := c.Result(2, 1)
	if c.Failed() {
		return
	}
	g.PutBool(p, fail)
	if fail {
		g.PutU8(p+1, uint8(e))
	} else {
		g.PutBool(p+1, v)
	}
}
