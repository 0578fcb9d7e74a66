package sockets

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strconv"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/told"
)

// host decides what the guests of one component may reach. It is shared by all instances.
type host struct {
	Options
	scope *hostapi.Scope
	spare instance // of calls without an instance

	denied told.Reasons
}

func newHost(s *hostapi.Scope, o Options) *host {
	h := &host{Options: optionsOf(s, o), scope: s}
	h.spare.limit = h.MaxSockets
	return h
}

// allow decides whether an instance may send something to an address. It is the only place where
// this is decided; the error is errDenied.
func (h *host) allow(ctx context.Context, in *instance, protocol string, to netip.AddrPort) error {
	if d := h.decide(ctx, in, protocol, to); !d.Allowed() {
		return h.deny(ctx, d.Err().Error())
	}
	if err := h.checkBlocked(to.Addr()); err != nil {
		return h.deny(ctx, err.Error())
	}
	return nil
}

// decide asks the allowed hosts about an address, and about the names that it was looked up for.
// If nothing allows it, it is about a name if there is one.
func (h *host) decide(ctx context.Context, in *instance, protocol string, to netip.AddrPort) capability.Decision {
	hosts := h.scope.AllowedHosts(ctx)
	d := hosts.Check(capability.AddrDestination(protocol, to))
	if d.Allowed() || to.Port() == 0 {
		return d
	}
	for _, name := range in.names(to.Addr().WithZone("").Unmap()) {
		named, err := capability.NewDestination(protocol, name, to.Port())
		if err != nil {
			continue
		}
		if d = hosts.Check(named); d.Allowed() {
			return d
		}
	}
	return d
}

// allowBind decides whether a UDP socket may be bound to an address. That of any interface reaches
// nothing by itself, so that it is in no blocked network.
func (h *host) allowBind(ctx context.Context, local netip.AddrPort) error {
	if d := h.scope.AllowedHosts(ctx).Check(capability.AddrDestination("udp", local)); !d.Allowed() {
		return h.deny(ctx, "a UDP socket cannot be bound: "+d.Err().Error())
	}
	if local.Addr().Unmap().IsUnspecified() {
		return nil
	}
	if err := h.checkBlocked(local.Addr()); err != nil {
		return h.deny(ctx, "a UDP socket cannot be bound: "+err.Error())
	}
	return nil
}

// refuseBind denies to bind a TCP socket.
func (h *host) refuseBind(ctx context.Context) error {
	return h.deny(ctx, "TCP sockets cannot be bound, nor listen: components are reached through their triggers")
}

// checkBlocked returns an error if an address is in a blocked network: one of the app's, or of the
// options.
func (h *host) checkBlocked(a netip.Addr) error {
	a = a.WithZone("").Unmap()
	if err := h.scope.Blocked.Check(a); err != nil {
		return err
	}
	if h.Blocked(a) {
		return errors.New(a.String() + " is in a network that the host blocks")
	}
	return nil
}

// deny logs why something is denied, once for each reason, and returns errDenied.
func (h *host) deny(ctx context.Context, reason string) error {
	if h.denied.First(reason) && h.scope.Logger != nil {
		h.scope.Logger.LogAttrs(ctx, slog.LevelWarn, "socket denied: "+reason, slog.String("component", h.scope.Name()))
	}
	return errDenied
}

// dial connects to an address that is allowed.
func (h *host) dial(ctx context.Context, f family, to netip.AddrPort, s *settings) (net.Conn, error) {
	if h.Dial != nil {
		var c net.Conn
		err := guarded(func() (err error) {
			c, err = h.Dial(ctx, f.network("tcp"), to)
			return err
		})
		return c, err
	}
	d := net.Dialer{KeepAlive: -1, Control: s.control(f)}
	return d.DialContext(ctx, f.network("tcp"), to.String())
}

// lookup returns the addresses of a name, which may be an address itself, for an instance.
func (h *host) lookup(ctx context.Context, in *instance, d capability.Destination) ([]netip.Addr, error) {
	end, ok := in.startLookup()
	if !ok {
		return nil, errTemporary
	}
	defer end()
	var found []netip.Addr
	err := guarded(func() (err error) {
		found, err = h.Lookup(ctx, d.Host())
		return err
	})
	if err != nil {
		return nil, lookupFault(err)
	}
	addrs, blocked := h.tellable(found)
	switch {
	case len(addrs) > 0:
		in.learn(d.Host(), addrs)
		return addrs, nil
	case blocked > 0:
		h.deny(ctx, d.Host()+" has no address outside of the networks that the host blocks: "+strconv.Itoa(blocked)+" are within")
		return nil, errPermanent
	}
	return nil, errNoAddress
}

// maxAddresses is how many addresses of a name a guest is told.
const maxAddresses = 64

// tellable returns those of addresses that are not blocked, each once, and how many are blocked.
func (h *host) tellable(found []netip.Addr) (addrs []netip.Addr, blocked int) {
	seen := map[netip.Addr]bool{}
	for _, a := range found {
		a = a.WithZone("").Unmap()
		switch {
		case !a.IsValid() || seen[a]:
		case h.checkBlocked(a) != nil:
			blocked++
		case len(addrs) < maxAddresses:
			addrs = append(addrs, a)
		}
		seen[a] = true
	}
	return addrs, blocked
}

// parseName reads a name to look up. What needs no lookup, as it is an address, is returned as
// such.
func (h *host) parseName(ctx context.Context, name string) (d capability.Destination, addr netip.Addr, err error) {
	d, err = capability.NewDestination("tcp", name, 0)
	if err != nil {
		return d, addr, errNoName
	}
	if addr, ok := d.Addr(); ok {
		return d, addr, nil
	}
	if c := h.scope.AllowedHosts(ctx).CheckName(d); !c.Allowed() {
		h.deny(ctx, "the name cannot be looked up: "+c.Err().Error())
		return d, addr, errPermanent
	}
	return d, addr, nil
}
