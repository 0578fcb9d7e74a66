package sockets

import (
	"context"
	"io"
	"net/netip"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// outcome is how sending or receiving has ended.
type outcome = abi.Result[abi.None, p3.ErrorCode]

// tcp3 is the resource tcp-socket of WASI 0.3.
type tcp3 struct {
	tcp
	sends, receives bool // begun, which is possible once
}

var _ p3.TCPSocket = (*tcp3)(nil)

// TCPSocketCreate implements the function tcp-socket.create.
func (h *host) TCPSocketCreate(ctx context.Context, f p3.IPAddressFamily) (p3.TCPSocket, error) {
	return &tcp3{tcp: tcp{h: h, in: h.instance(ctx), family: f == p3.IPAddressFamilyIPv6}}, nil
}

// Bind implements the function bind.
func (s *tcp3) Bind(ctx context.Context, _ p3.IPSocketAddress) error { return s.h.refuseBind(ctx) }

// Listen implements the function listen. Sockets that do so are bound, if need be implicitly.
func (s *tcp3) Listen(ctx context.Context) (abi.Elements[p3.TCPSocket], error) {
	s.mu.Lock()
	state := s.state
	s.mu.Unlock()
	if state != unconnected {
		return nil, errState
	}
	return nil, s.h.refuseBind(ctx)
}

// Connect implements the function connect.
func (s *tcp3) Connect(ctx context.Context, remote p3.IPSocketAddress) error {
	to := from3(remote)
	if err := s.begin(ctx, to); err != nil {
		return err
	}
	return s.settle(s.dial(ctx, to))
}

// claim returns the connection for a direction that is not used yet, and holds it.
func (s *tcp3) claim(used *bool) (*link, error) {
	l, err := s.connection()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if *used {
		return nil, errState
	}
	*used = true
	l.hold()
	return l, nil
}

// Send implements the function send.
func (s *tcp3) Send(_ context.Context, data *abi.ByteReader) (*abi.Promise[outcome], error) {
	done := abi.NewPromise[outcome]()
	l, err := s.claim(&s.sends)
	if err != nil {
		data.Close()
		done.Resolve(outcomeOf(err))
		return done, nil
	}
	go func() {
		defer l.letGo()
		out := &outgoing{link: l}
		_, err := data.WriteTo(out)
		data.Close()
		if err == nil {
			_ = l.stopWriting()
		}
		done.Resolve(outcomeOf(out.err))
	}()
	return done, nil
}

// outgoing writes to a connection and remembers why that failed.
type outgoing struct {
	link *link
	err  error
}

func (o *outgoing) Write(p []byte) (n int, err error) {
	n, o.err = o.link.send(p)
	return n, o.err
}

func outcomeOf(err error) outcome {
	code, ok := abi.AsErr[p3.ErrorCode](faultOf(err))
	if !ok {
		return outcome{}
	}
	return abi.Failure[abi.None](code)
}

// Receive implements the function receive.
func (s *tcp3) Receive(context.Context) (in abi.Tuple2[io.ReadCloser, *abi.Promise[outcome]], _ error) {
	in.F1 = abi.NewPromise[outcome]()
	l, err := s.claim(&s.receives)
	if err != nil {
		in.F1.Resolve(outcomeOf(err))
		return in, nil
	}
	in.F0 = &receiving{link: l, done: in.F1}
	return in, nil
}

// receiving is the direction from the peer.
type receiving struct {
	link *link
	done *abi.Promise[outcome]
	once sync.Once
}

func (r *receiving) Read(p []byte) (int, error) {
	n, err := r.link.Read(p)
	switch {
	case err == io.EOF:
		r.done.Resolve(outcome{})
	case err != nil:
		r.done.Resolve(outcomeOf(err))
	}
	return n, err
}

// Close implements io.Closer: all is read, or the guest has dropped the stream.
func (r *receiving) Close() error {
	r.once.Do(func() {
		r.done.Resolve(outcome{})
		r.link.stopReading()
		r.link.letGo()
	})
	return nil
}

// GetLocalAddress implements the function get-local-address.
func (s *tcp3) GetLocalAddress(context.Context) (p3.IPSocketAddress, error) {
	a, err := s.local()
	return address3(a, err)
}

// GetRemoteAddress implements the function get-remote-address.
func (s *tcp3) GetRemoteAddress(context.Context) (p3.IPSocketAddress, error) {
	a, err := s.remote()
	return address3(a, err)
}

func address3(a netip.AddrPort, err error) (p3.IPSocketAddress, error) {
	if err != nil {
		return p3.IPSocketAddress{}, err
	}
	return to3(a), nil
}

// GetIsListening implements the function get-is-listening.
func (s *tcp3) GetIsListening(context.Context) (bool, error) { return false, nil }

// GetAddressFamily implements the function get-address-family.
func (s *tcp3) GetAddressFamily(context.Context) (p3.IPAddressFamily, error) {
	return family3(s.family), nil
}

func family3(f family) p3.IPAddressFamily {
	if f == ipv6 {
		return p3.IPAddressFamilyIPv6
	}
	return p3.IPAddressFamilyIPv4
}

// Drop implements abi.Dropper. What sends or receives goes on.
func (s *tcp3) Drop() error {
	s.drop()
	return nil
}
