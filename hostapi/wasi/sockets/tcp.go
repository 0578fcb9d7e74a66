package sockets

import (
	"context"
	"net/netip"
	"sync"
)

// tcpState is how far a TCP socket has come. It is never bound by itself and never listens.
type tcpState uint8

const (
	unconnected tcpState = iota
	connecting
	connected
	failed // of no further use
)

// tcp is what TCP sockets of both versions are made of.
type tcp struct {
	h      *host
	in     *instance
	family family

	mu      sync.Mutex
	state   tcpState
	set     settings
	link    *link  // connected
	release func() // gives a socket that is connecting back to the quota
	dropped bool
}

// begin decides whether the socket may begin to connect, and has it connecting. Addresses that are
// not allowed are refused before anything else is looked at.
func (t *tcp) begin(ctx context.Context, to netip.AddrPort) error {
	if err := t.h.allow(ctx, t.in, "tcp", to); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.state == connecting:
		return errConflict
	case t.state != unconnected:
		return errState
	case !t.family.isPeer(to):
		return errArgument
	}
	release, ok := t.in.take(t.h.Acquire)
	if !ok {
		return errQuota
	}
	t.state, t.release = connecting, release
	return nil
}

// dial connects a socket that is connecting. It blocks; settle takes the outcome.
func (t *tcp) dial(ctx context.Context, to netip.AddrPort) (*link, error) {
	t.mu.Lock()
	set, release := t.set, t.release
	t.mu.Unlock()
	c, err := t.h.dial(ctx, t.family, to, &set)
	if err != nil {
		release()
		return nil, faultOf(err)
	}
	if err := set.apply(c, t.family); err != nil {
		c.Close()
		release()
		return nil, faultOf(err)
	}
	return newLink(c, t.in, release), nil
}

// settle takes the outcome of dial.
func (t *tcp) settle(l *link, err error) error {
	t.mu.Lock()
	t.link, t.state = l, connected
	if err != nil {
		t.state = failed
	}
	dropped := t.dropped
	t.mu.Unlock()
	if dropped && l != nil {
		l.letGo()
	}
	return err
}

// drop lets go of the connection, if there is one.
func (t *tcp) drop() {
	t.mu.Lock()
	l := t.link
	again := t.dropped
	t.dropped = true
	t.mu.Unlock()
	if l != nil && !again {
		l.letGo()
	}
}

// connection returns the connection of a socket that has one.
func (t *tcp) connection() (*link, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch t.state {
	case connected:
		return t.link, nil
	case connecting:
		return nil, errConflict
	}
	return nil, errState
}

// local returns the address of the socket.
func (t *tcp) local() (netip.AddrPort, error) {
	l, err := t.connection()
	if err != nil {
		return netip.AddrPort{}, err
	}
	return l.local(), nil
}

// remote returns the address of the peer.
func (t *tcp) remote() (netip.AddrPort, error) {
	l, err := t.connection()
	if err != nil {
		return netip.AddrPort{}, err
	}
	return l.remote(), nil
}

// backlog takes how many connections may wait to be accepted, of which there are none.
func (t *tcp) backlog(n uint64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case n == 0:
		return errArgument
	case t.state != unconnected:
		return errState
	}
	return nil
}

// change sets an option, also of the connection if there is one.
func (t *tcp) change(set func(*settings) (applier, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state == connecting || t.state == failed {
		return errState
	}
	apply, err := set(&t.set)
	if err != nil || t.link == nil {
		return err
	}
	return faultOf(apply(t.link.Conn))
}

// option returns an option of a socket.
func option[T any](t *tcp, get func(*settings) T) (v T, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state == connecting || t.state == failed {
		return v, errState
	}
	return get(&t.set), nil
}
