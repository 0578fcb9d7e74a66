package sockets

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/spinhost/spin/engine/abi"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// udp3 is the resource udp-socket of WASI 0.3.
type udp3 struct{ *udp }

var _ p3.UDPSocket = udp3{}

// UDPSocketCreate implements the function udp-socket.create.
func (h *host) UDPSocketCreate(ctx context.Context, f p3.IPAddressFamily) (p3.UDPSocket, error) {
	u, err := h.newUDP(ctx, f == p3.IPAddressFamilyIPv6)
	if err != nil {
		return nil, err
	}
	return udp3{u}, nil
}

// Bind implements the function bind.
func (s udp3) Bind(ctx context.Context, local p3.IPSocketAddress) error {
	return s.bind(ctx, from3(local))
}

// Connect implements the function connect.
func (s udp3) Connect(ctx context.Context, remote p3.IPSocketAddress) error {
	return s.connect(ctx, from3(remote))
}

// Disconnect implements the function disconnect.
func (s udp3) Disconnect(context.Context) error { return s.disconnect() }

// Send implements the function send.
func (s udp3) Send(ctx context.Context, data []byte, remote abi.Option[p3.IPSocketAddress]) error {
	var to netip.AddrPort
	if remote.OK {
		to = from3(remote.Value)
	}
	to, conn, err := s.target(ctx, data, to)
	if err != nil {
		return err
	}
	for {
		if err := send(conn, data, to); !errors.Is(err, errPending) {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errAborted
		}
	}
}

// Receive implements the function receive.
func (s udp3) Receive(ctx context.Context) (v abi.Tuple2[[]byte, p3.IPSocketAddress], err error) {
	d, err := s.receive(ctx)
	if err != nil {
		return v, err
	}
	v.F0, v.F1 = d.data, to3(d.from)
	return v, nil
}

// GetLocalAddress implements the function get-local-address.
func (s udp3) GetLocalAddress(context.Context) (p3.IPSocketAddress, error) {
	a, err := s.local()
	return address3(a, err)
}

// GetRemoteAddress implements the function get-remote-address.
func (s udp3) GetRemoteAddress(context.Context) (p3.IPSocketAddress, error) {
	a, err := s.remote()
	return address3(a, err)
}

// GetAddressFamily implements the function get-address-family.
func (s udp3) GetAddressFamily(context.Context) (p3.IPAddressFamily, error) {
	return family3(s.family), nil
}

// GetUnicastHopLimit implements the function get-unicast-hop-limit.
func (s udp3) GetUnicastHopLimit(context.Context) (uint8, error) { return s.hops(), nil }

// SetUnicastHopLimit implements the function set-unicast-hop-limit.
func (s udp3) SetUnicastHopLimit(_ context.Context, n uint8) error { return s.setHops(n) }

// GetReceiveBufferSize implements the function get-receive-buffer-size.
func (s udp3) GetReceiveBufferSize(context.Context) (uint64, error) { return s.receiveBuffer(), nil }

// SetReceiveBufferSize implements the function set-receive-buffer-size.
func (s udp3) SetReceiveBufferSize(_ context.Context, n uint64) error {
	return s.setReceiveBuffer(n)
}

// GetSendBufferSize implements the function get-send-buffer-size.
func (s udp3) GetSendBufferSize(context.Context) (uint64, error) { return s.sendBuffer(), nil }

// SetSendBufferSize implements the function set-send-buffer-size.
func (s udp3) SetSendBufferSize(_ context.Context, n uint64) error { return s.setSendBuffer(n) }

// Drop implements abi.Dropper.
func (s udp3) Drop() error {
	s.drop()
	return nil
}
