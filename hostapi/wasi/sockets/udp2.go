package sockets

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// udp2 is the resource udp-socket of WASI 0.2.
type udp2 struct {
	*udp
	children wasiio.Children
	binding  bool // started and not finished
	streams  int  // that the guest has
}

var _ p2.UDPSocket = (*udp2)(nil)

// CreateUDPSocket implements the function create-udp-socket.
func (h *host) CreateUDPSocket(ctx context.Context, f p2.IPAddressFamily) (p2.UDPSocket, error) {
	u, err := h.newUDP(ctx, f == p2.IPAddressFamilyIPv6)
	if err != nil {
		return nil, err
	}
	return &udp2{udp: u}, nil
}

// StartBind implements the function start-bind.
func (s *udp2) StartBind(ctx context.Context, _ p2.Network, local p2.IPSocketAddress) error {
	if err := s.bind(ctx, from2(local)); err != nil {
		return err
	}
	s.binding = true
	return nil
}

// FinishBind implements the function finish-bind.
func (s *udp2) FinishBind(context.Context) error {
	if !s.binding {
		return errNotBegun
	}
	s.binding = false
	return nil
}

// Stream implements the function stream.
func (s *udp2) Stream(ctx context.Context, remote abi.Option[p2.IPSocketAddress]) (pair abi.Tuple2[p2.IncomingDatagramStream, p2.OutgoingDatagramStream], _ error) {
	switch {
	case s.streams > 0:
		return pair, abi.Trapf("udp-socket.stream while streams of a call before live; drop them first")
	case s.binding || !s.bound():
		return pair, errState
	}
	_ = s.disconnect() // from the peer of a call before, if there was one
	if remote.OK {
		if err := s.connect(ctx, from2(remote.Value)); err != nil {
			return pair, err
		}
	}
	s.streams = 2
	s.children.Add()
	s.children.Add()
	pair.F0, pair.F1 = &incoming2{s: s}, &outgoing2{s: s}
	return pair, nil
}

// LocalAddress implements the function local-address.
func (s *udp2) LocalAddress(context.Context) (p2.IPSocketAddress, error) {
	if s.binding {
		return p2.IPSocketAddress{}, errConflict
	}
	a, err := s.local()
	return address2(a, err)
}

// RemoteAddress implements the function remote-address.
func (s *udp2) RemoteAddress(context.Context) (p2.IPSocketAddress, error) {
	a, err := s.remote()
	return address2(a, err)
}

// AddressFamily implements the function address-family.
func (s *udp2) AddressFamily(context.Context) (p2.IPAddressFamily, error) {
	return family2(s.family), nil
}

// UnicastHopLimit implements the function unicast-hop-limit.
func (s *udp2) UnicastHopLimit(context.Context) (uint8, error) { return s.hops(), nil }

// SetUnicastHopLimit implements the function set-unicast-hop-limit.
func (s *udp2) SetUnicastHopLimit(_ context.Context, n uint8) error { return s.setHops(n) }

// ReceiveBufferSize implements the function receive-buffer-size.
func (s *udp2) ReceiveBufferSize(context.Context) (uint64, error) { return s.receiveBuffer(), nil }

// SetReceiveBufferSize implements the function set-receive-buffer-size.
func (s *udp2) SetReceiveBufferSize(_ context.Context, n uint64) error {
	return s.setReceiveBuffer(n)
}

// SendBufferSize implements the function send-buffer-size.
func (s *udp2) SendBufferSize(context.Context) (uint64, error) { return s.sendBuffer(), nil }

// SetSendBufferSize implements the function set-send-buffer-size.
func (s *udp2) SetSendBufferSize(_ context.Context, n uint64) error { return s.setSendBuffer(n) }

// Subscribe implements the function subscribe. Binding never has to wait.
func (s *udp2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(always{}, &s.children), nil
}

// always is an abi.Pollable that is ready.
type always struct{}

func (always) Ready() bool       { return true }
func (always) Arm(func()) func() { return nil }

// Drop implements abi.Dropper.
func (s *udp2) Drop() error {
	s.drop()
	return s.children.Err("udp-socket")
}

// dropStream counts a stream that is dropped, and returns why it must not be.
func (s *udp2) dropStream(children *wasiio.Children, name string) error {
	s.streams--
	s.children.Remove()
	return children.Err(name)
}
