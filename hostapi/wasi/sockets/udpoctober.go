package sockets

import (
	"context"
	"errors"
	"time"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	oct "github.com/spinhost/spin/hostapi/wasi/october/sockets"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// octoberUDP is the resource udp-socket of the snapshot of October 2023: that of WASI 0.2, but it
// sends and receives itself, not by streams.
type octoberUDP struct {
	*udp2
	connecting bool // started and not finished
	out        outgoing2
	blocked    bool // a send had to be put off, until out is ready
}

var _ oct.UDPSocket = (*octoberUDP)(nil)

// CreateUDPSocket implements the function create-udp-socket.
func (h october) CreateUDPSocket(ctx context.Context, f p2.IPAddressFamily) (oct.UDPSocket, error) {
	u, err := h.newUDP(ctx, f == p2.IPAddressFamilyIPv6)
	if err != nil {
		return nil, err
	}
	s := &octoberUDP{udp2: &udp2{udp: u}}
	s.out.s = s.udp2
	return s, nil
}

// StartConnect implements the function start-connect. A socket that is not bound is bound.
func (s *octoberUDP) StartConnect(ctx context.Context, _ p2.Network, remote p2.IPSocketAddress) error {
	if s.binding || s.connecting {
		return errConflict
	}
	if err := s.connect(ctx, from2(remote)); err != nil {
		return err
	}
	s.connecting = true
	return nil
}

// FinishConnect implements the function finish-connect.
func (s *octoberUDP) FinishConnect(context.Context) error {
	if !s.connecting {
		return errNotBegun
	}
	s.connecting = false
	return nil
}

// usable returns why nothing can be sent or received.
func (s *octoberUDP) usable() error {
	switch {
	case s.binding || s.connecting:
		return errConflict
	case !s.bound():
		return errState
	}
	return nil
}

// Receive implements the function receive.
func (s *octoberUDP) Receive(_ context.Context, n uint64) ([]oct.Datagram, error) {
	if err := s.usable(); err != nil || n == 0 {
		return nil, err
	}
	list, err := s.take(int(min(n, maxQueued)))
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, errPending
	}
	in := make([]oct.Datagram, len(list))
	for k, d := range list {
		in[k] = oct.Datagram{Data: d.data, RemoteAddress: to2(d.from)}
	}
	return in, nil
}

// Send implements the function send, of no more datagrams at once than WASI 0.2 allows.
func (s *octoberUDP) Send(ctx context.Context, list []oct.Datagram) (sent uint64, _ error) {
	if err := s.usable(); err != nil || len(list) == 0 {
		return 0, err
	}
	s.blocked = false
	for _, d := range list[:min(len(list), maxSend)] {
		err := s.out.sendOne(ctx, p2.OutgoingDatagram{Data: d.Data, RemoteAddress: abi.Some(d.RemoteAddress)})
		if errors.Is(err, errPending) {
			s.blocked, s.out.until = true, time.Now().Add(pause)
		}
		switch {
		case err != nil && sent == 0:
			return 0, err
		case err != nil:
			return sent, nil
		}
		sent++
	}
	return sent, nil
}

// LocalAddress implements the function local-address.
func (s *octoberUDP) LocalAddress(ctx context.Context) (p2.IPSocketAddress, error) {
	if s.connecting {
		return p2.IPSocketAddress{}, errConflict
	}
	return s.udp2.LocalAddress(ctx)
}

// Subscribe implements the function subscribe.
func (s *octoberUDP) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(octoberReady{s}, &s.children), nil
}

// octoberReady is ready when a socket has something to do: to finish what was started, to receive,
// or to send what could not be sent before.
type octoberReady struct{ s *octoberUDP }

// Ready implements abi.Pollable.
func (r octoberReady) Ready() bool {
	return r.s.usable() != nil || r.s.udp.Ready() || r.s.blocked && r.s.out.Ready()
}

// Arm implements abi.Pollable.
func (r octoberReady) Arm(wake func()) (disarm func()) {
	if r.s.blocked {
		return abi.Any{r.s.udp, &r.s.out}.Arm(wake)
	}
	return r.s.udp.Arm(wake)
}
