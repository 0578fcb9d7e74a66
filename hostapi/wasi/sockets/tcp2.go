package sockets

import (
	"context"
	"net/netip"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// tcp2 is the resource tcp-socket of WASI 0.2.
type tcp2 struct {
	tcp
	children wasiio.Children
	attempt  *attempt // to connect; nil if none is to be finished
	sender   *sender  // connected
	receiver *receiver
}

var _ p2.TCPSocket = (*tcp2)(nil)

// CreateTCPSocket implements the function create-tcp-socket.
func (h *host) CreateTCPSocket(ctx context.Context, f p2.IPAddressFamily) (p2.TCPSocket, error) {
	return h.newTCP2(ctx, f), nil
}

func (h *host) newTCP2(ctx context.Context, f p2.IPAddressFamily) *tcp2 {
	return &tcp2{tcp: tcp{h: h, in: h.instance(ctx), family: f == p2.IPAddressFamilyIPv6}}
}

// StartBind implements the function start-bind.
func (s *tcp2) StartBind(ctx context.Context, _ p2.Network, _ p2.IPSocketAddress) error {
	return s.h.refuseBind(ctx)
}

// FinishBind implements the function finish-bind.
func (s *tcp2) FinishBind(context.Context) error { return errNotBegun }

// StartConnect implements the function start-connect.
func (s *tcp2) StartConnect(ctx context.Context, _ p2.Network, remote p2.IPSocketAddress) error {
	to := from2(remote)
	if err := s.begin(ctx, to); err != nil {
		return err
	}
	a := new(attempt)
	ctx, a.cancel = context.WithCancel(ctx)
	s.attempt = a
	go a.run(ctx, &s.tcp, to)
	return nil
}

// attempt is one to connect, on a goroutine.
type attempt struct {
	wasiio.Event
	cancel context.CancelFunc

	mu      sync.Mutex
	link    *link
	err     error
	dropped bool
}

func (a *attempt) run(ctx context.Context, t *tcp, to netip.AddrPort) {
	defer a.cancel()
	l, err := t.dial(ctx, to)
	a.mu.Lock()
	a.link, a.err = l, err
	dropped := a.dropped
	a.mu.Unlock()
	if dropped && l != nil {
		l.letGo()
	}
	a.Set()
}

// drop gives an attempt up.
func (a *attempt) drop() {
	a.cancel()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dropped = true; a.link != nil {
		a.link.letGo()
	}
}

// FinishConnect implements the function finish-connect.
func (s *tcp2) FinishConnect(context.Context) (streams abi.Tuple2[p2io.InputStream, p2io.OutputStream], _ error) {
	a := s.attempt
	switch {
	case a == nil:
		return streams, errNotBegun
	case !a.Ready():
		return streams, errPending
	}
	s.attempt = nil
	if err := s.settle(a.link, a.err); err != nil {
		return streams, err
	}
	s.sender, s.receiver = &sender{link: a.link}, newReceiver(a.link)
	streams.F0 = wasiio.NewInputStreamFrom(s.receiver).ChildOf(&s.children)
	streams.F1 = wasiio.NewOutputStreamTo(s.sender).ChildOf(&s.children)
	return streams, nil
}

// StartListen implements the function start-listen: only bound sockets can listen.
func (s *tcp2) StartListen(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == connecting {
		return errConflict
	}
	return errState
}

// FinishListen implements the function finish-listen.
func (s *tcp2) FinishListen(context.Context) error { return errNotBegun }

// Accept implements the function accept.
func (s *tcp2) Accept(context.Context) (c abi.Tuple3[p2.TCPSocket, p2io.InputStream, p2io.OutputStream], _ error) {
	return c, errState
}

// LocalAddress implements the function local-address.
func (s *tcp2) LocalAddress(context.Context) (p2.IPSocketAddress, error) {
	a, err := s.local()
	return address2(a, err)
}

// RemoteAddress implements the function remote-address.
func (s *tcp2) RemoteAddress(context.Context) (p2.IPSocketAddress, error) {
	a, err := s.remote()
	return address2(a, err)
}

func address2(a netip.AddrPort, err error) (p2.IPSocketAddress, error) {
	if err != nil {
		return p2.IPSocketAddress{}, err
	}
	return to2(a), nil
}

// IsListening implements the function is-listening.
func (s *tcp2) IsListening(context.Context) (bool, error) { return false, nil }

// AddressFamily implements the function address-family.
func (s *tcp2) AddressFamily(context.Context) (p2.IPAddressFamily, error) {
	return family2(s.family), nil
}

func family2(f family) p2.IPAddressFamily {
	if f == ipv6 {
		return p2.IPAddressFamilyIPv6
	}
	return p2.IPAddressFamilyIPv4
}

// Subscribe implements the function subscribe.
func (s *tcp2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(finishable{s}, &s.children), nil
}

// finishable is ready when no attempt is under way.
type finishable struct{ s *tcp2 }

func (f finishable) Ready() bool { return f.s.attempt == nil || f.s.attempt.Ready() }

func (f finishable) Arm(wake func()) (disarm func()) {
	if f.s.attempt == nil {
		return nil
	}
	return f.s.attempt.Arm(wake)
}

// Shutdown implements the function shutdown.
func (s *tcp2) Shutdown(_ context.Context, how p2.ShutdownType) error {
	if _, err := s.connection(); err != nil {
		return err
	}
	if how != p2.ShutdownTypeSend {
		s.receiver.shutdown()
	}
	if how != p2.ShutdownTypeReceive {
		s.sender.shutdown()
	}
	return nil
}

// Drop implements abi.Dropper. What was written is still sent, in bounded time.
func (s *tcp2) Drop() error {
	if s.attempt != nil {
		s.attempt.drop()
	}
	if l, err := s.connection(); err == nil {
		l.end()
	}
	s.drop()
	return s.children.Err("tcp-socket")
}
