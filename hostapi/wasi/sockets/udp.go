package sockets

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
)

const (
	maxDatagram  = 1<<16 - 1 // bytes that a datagram has at most
	maxQueued    = 16        // datagrams that are received ahead of the guest
	maxQueueSize = 128 << 10 // bytes of them
)

// udp is what UDP sockets of both versions are made of. A peer is kept here and not in the kernel,
// which could not be told to take it away again: what comes from others is dropped.
type udp struct {
	wasiio.Waiters // for what is received
	h              *host
	in             *instance
	family         family
	release        func() // gives the socket back to the quota

	mu      sync.Mutex
	set     settings
	conn    *net.UDPConn // bound
	peer    netip.AddrPort
	source  netip.Addr // from which the peer is reached
	queue   []datagram
	size    int   // bytes in queue
	reading bool  // there is a goroutine
	err     error // of reading, to be told once
	dropped bool
}

type datagram struct {
	data []byte
	from netip.AddrPort
}

// newUDP makes a socket, unless there are too many.
func (h *host) newUDP(ctx context.Context, f family) (*udp, error) {
	in := h.instance(ctx)
	release, ok := in.take(h.Acquire)
	if !ok {
		return nil, errQuota
	}
	u := &udp{h: h, in: in, family: f, release: release}
	in.add(u)
	return u, nil
}

// bind binds the socket, if the component may do that.
func (u *udp) bind(ctx context.Context, local netip.AddrPort) error {
	if err := u.h.allowBind(ctx, local); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.conn != nil || u.dropped:
		return errState
	case !u.family.has(local.Addr()):
		return errArgument
	}
	return u.listen(ctx, local)
}

// listen binds the socket.
func (u *udp) listen(ctx context.Context, local netip.AddrPort) error {
	before := u.set.control(u.family)
	l := net.ListenConfig{Control: func(network, address string, r syscall.RawConn) error {
		var err error
		if failed := r.Control(func(fd uintptr) { err = forbidBroadcast(fd) }); failed != nil {
			return failed
		}
		return errors.Join(err, before(network, address, r))
	}}
	c, err := l.ListenPacket(ctx, u.family.network("udp"), local.String())
	if err != nil {
		return faultOf(err)
	}
	conn, ok := c.(*net.UDPConn)
	if !ok {
		c.Close()
		return errUnknown
	}
	u.conn = conn
	return nil
}

// connect gives the socket a peer, if the component may send to it. An unbound socket is bound.
func (u *udp) connect(ctx context.Context, to netip.AddrPort) error {
	if err := u.h.allow(ctx, u.in, "udp", to); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.dropped:
		return errState
	case !u.family.isRemote(to):
		return errArgument
	}
	source, err := u.route(to)
	if err != nil {
		return err
	}
	if u.conn == nil {
		if err := u.listen(ctx, u.family.unspecified()); err != nil {
			return err
		}
	}
	u.peer, u.source = to, source
	return nil
}

// route returns from which address a peer is reached. Nothing is sent.
func (u *udp) route(to netip.AddrPort) (netip.Addr, error) {
	c, err := net.DialUDP(u.family.network("udp"), nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return netip.Addr{}, faultOf(err)
	}
	defer c.Close()
	return addrPortOf(c.LocalAddr().(*net.UDPAddr)).Addr(), nil
}

// disconnect takes the peer away.
func (u *udp) disconnect() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.peer.IsValid() {
		return errState
	}
	u.peer, u.source = netip.AddrPort{}, netip.Addr{}
	return nil
}

// bound reports whether the socket is bound.
func (u *udp) bound() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.conn != nil
}

// local returns the address of the socket.
func (u *udp) local() (a netip.AddrPort, _ error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.conn == nil {
		return a, errState
	}
	a = addrPortOf(u.conn.LocalAddr().(*net.UDPAddr))
	if a.Addr().IsUnspecified() && u.source.IsValid() {
		a = netip.AddrPortFrom(u.source, a.Port())
	}
	return a, nil
}

// remote returns the address of the peer.
func (u *udp) remote() (netip.AddrPort, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.peer.IsValid() {
		return u.peer, errState
	}
	return u.peer, nil
}

// target decides where a datagram goes, and whether it may. An unbound socket is bound.
func (u *udp) target(ctx context.Context, data []byte, to netip.AddrPort) (netip.AddrPort, *net.UDPConn, error) {
	u.mu.Lock()
	peer := u.peer
	u.mu.Unlock()
	switch {
	case len(data) > maxDatagram:
		return to, nil, errTooLarge
	case peer.IsValid() && (!to.IsValid() || same(peer, to)):
		to = peer
	case peer.IsValid() || !to.IsValid():
		return to, nil, errArgument
	default:
		if err := u.h.allow(ctx, u.in, "udp", to); err != nil {
			return to, nil, err
		}
	}
	if !u.family.isRemote(to) {
		return to, nil, errArgument
	}
	conn, err := u.ensureBound(ctx)
	return to, conn, err
}

// ensureBound returns the socket that is bound, to any address if need be.
func (u *udp) ensureBound(ctx context.Context) (*net.UDPConn, error) {
	if !u.bound() {
		if err := u.bind(ctx, u.family.unspecified()); err != nil && !u.bound() {
			return nil, err
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.dropped {
		return nil, errState
	}
	return u.conn, nil
}

// send sends a datagram without waiting. It fails with errPending if the kernel takes none at
// present, as its buffer is full.
func send(c *net.UDPConn, data []byte, to netip.AddrPort) error {
	if err := sendNow(c, data, to); !errors.Is(err, os.ErrDeadlineExceeded) {
		return faultOf(err)
	}
	return errPending
}

// pause is how long it takes until a datagram is tried again when the buffer was full.
const pause = 10 * time.Millisecond

// drop gives the socket up.
func (u *udp) drop() {
	u.mu.Lock()
	u.queue, u.size = nil, 0
	u.mu.Unlock()
	u.in.remove(u)
	u.end()
}

// end implements ender.
func (u *udp) end() {
	u.mu.Lock()
	c, again := u.conn, u.dropped
	u.dropped = true
	u.mu.Unlock()
	if again {
		return
	}
	if c != nil {
		c.Close()
	}
	u.release()
	u.Wake()
}
