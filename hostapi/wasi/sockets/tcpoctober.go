package sockets

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	oct "github.com/spinhost/spin/hostapi/wasi/october/sockets"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
)

// october makes the sockets of the snapshot of October 2023.
type october struct{ *host }

// octoberTCP is the resource tcp-socket of the snapshot: that of WASI 0.2 but for some options.
type octoberTCP struct{ *tcp2 }

var _ oct.TCPSocket = octoberTCP{}

// CreateTCPSocket implements the function create-tcp-socket.
func (h october) CreateTCPSocket(ctx context.Context, f p2.IPAddressFamily) (oct.TCPSocket, error) {
	return octoberTCP{h.newTCP2(ctx, f)}, nil
}

// Accept implements the function accept: no socket listens.
func (octoberTCP) Accept(context.Context) (c abi.Tuple3[oct.TCPSocket, p2io.InputStream, p2io.OutputStream], _ error) {
	return c, errState
}

// KeepAlive implements the function keep-alive.
func (s octoberTCP) KeepAlive(context.Context) (bool, error) { return s.keepAliveEnabled() }

// SetKeepAlive implements the function set-keep-alive.
func (s octoberTCP) SetKeepAlive(_ context.Context, on bool) error { return s.setKeepAliveEnabled(on) }

// NoDelay implements the function no-delay.
func (s octoberTCP) NoDelay(context.Context) (bool, error) { return s.noDelay() }

// SetNoDelay implements the function set-no-delay.
func (s octoberTCP) SetNoDelay(_ context.Context, on bool) error { return s.setNoDelay(on) }

// UnicastHopLimit implements the function unicast-hop-limit.
func (s octoberTCP) UnicastHopLimit(context.Context) (uint8, error) { return s.hops() }

// SetUnicastHopLimit implements the function set-unicast-hop-limit.
func (s octoberTCP) SetUnicastHopLimit(_ context.Context, n uint8) error { return s.setHops(n) }
