package sockets

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/permit"
)

// DefaultMaxSockets is how many sockets an instance may have if Options set no other limit.
const DefaultMaxSockets = 128

// Linger is how long what a guest has written is still sent after it has dropped the socket or
// has ended.
const Linger = 3 * time.Second

// Options say how sockets of a component reach the network. The zero value is the host's network
// with nothing blocked. Functions may be called from several goroutines at once.
type Options struct {
	// Dial connects to an address; network is "tcp4" or "tcp6". Nil means the host's network. A
	// connection that is no *net.TCPConn goes without the options that it has no methods for.
	Dial func(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error)
	// Lookup returns the addresses of a name. Nil means the host's resolver. An error that is a
	// *net.DNSError tells guests more than others do.
	Lookup func(ctx context.Context, name string) ([]netip.Addr, error)
	// Blocked reports whether an address must not be reached, whatever the manifest allows, in
	// addition to the scope's Blocked. It gets IPv4 addresses never as IPv6. Nil blocks nothing.
	Blocked func(netip.Addr) bool
	// Acquire takes one connection of a quota that several components share, and returns what
	// gives it back; ok is false if there is none, for which guests do not wait. Nil means no
	// quota. TCP sockets count from when they begin to connect, UDP sockets from the start. See
	// [Quota].
	Acquire func() (release func(), ok bool)
	// MaxSockets is how many sockets of an instance count at once; 0 means DefaultMaxSockets.
	MaxSockets int
}

// Quota returns a function for [Options.Acquire] that gives out up to n connections at once. It may
// stand in the options of several components.
func Quota(n int) func() (release func(), ok bool) {
	n = max(n, 0)
	return permit.Of{Own: permit.New(&n)}.Try
}

type optionsKey struct{}

// Provide gives the component of a scope options. It is to be called before interfaces are bound
// to the scope.
func Provide(s *hostapi.Scope, o Options) { s.Set(optionsKey{}, o) }

// over returns o with what it lacks taken from below. What either blocks is blocked.
func (o Options) over(below Options) Options {
	if o.Dial == nil {
		o.Dial = below.Dial
	}
	if o.Lookup == nil {
		o.Lookup = below.Lookup
	}
	if o.Acquire == nil {
		o.Acquire = below.Acquire
	}
	if o.MaxSockets <= 0 {
		o.MaxSockets = below.MaxSockets
	}
	if mine, theirs := o.Blocked, below.Blocked; mine == nil {
		o.Blocked = theirs
	} else if theirs != nil {
		o.Blocked = func(a netip.Addr) bool { return mine(a) || theirs(a) }
	}
	return o
}

// usual returns the options that are used where no others are set. Dial stays nil, as connections to
// the host's network have options that are set before they are made.
func usual() Options {
	return Options{
		Lookup: func(ctx context.Context, name string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
		},
		Acquire:    func() (func(), bool) { return func() {}, true },
		Blocked:    func(netip.Addr) bool { return false },
		MaxSockets: DefaultMaxSockets,
	}
}

// optionsOf returns the options of a scope, with those of the registry over them.
func optionsOf(s *hostapi.Scope, registered Options) Options {
	provided, _ := s.Value(optionsKey{}).(Options)
	return registered.over(provided).over(usual())
}
