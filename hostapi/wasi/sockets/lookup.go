package sockets

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p2 "github.com/spinhost/spin/hostapi/wasi/p2/sockets"
	p3 "github.com/spinhost/spin/hostapi/wasi/p3/sockets"
)

// lookup2 implements the interface ip-name-lookup of WASI 0.2.
type lookup2 struct{ *host }

// ResolveAddresses implements the function resolve-addresses. A name that may not be looked up is
// told apart from one that is none only by the first address.
func (h lookup2) ResolveAddresses(ctx context.Context, _ p2.Network, name string) (p2.ResolveAddressStream, error) {
	return h.resolve(ctx, name, func(netip.Addr) bool { return true })
}

// resolve looks a name up, and leaves addresses out that are not wanted.
func (h lookup2) resolve(ctx context.Context, name string, wanted func(netip.Addr) bool) (p2.ResolveAddressStream, error) {
	d, addr, err := h.parseName(ctx, name)
	if errors.Is(err, errNoName) {
		return nil, err
	}
	a := &addresses2{wanted: wanted}
	if err != nil || addr.IsValid() {
		a.set([]netip.Addr{addr}, err)
		return a, nil
	}
	in := h.instance(ctx)
	ctx, a.cancel = context.WithCancel(ctx)
	go func() {
		defer a.cancel()
		a.set(h.lookup(ctx, in, d))
	}()
	return a, nil
}

// ResolveAddresses implements the function resolve-addresses of the snapshot of October 2023. Nobody
// knows which addresses cannot be reached at present, so that they are always among the others.
func (h october) ResolveAddresses(ctx context.Context, _ p2.Network, name string, f abi.Option[p2.IPAddressFamily], _ bool) (p2.ResolveAddressStream, error) {
	return lookup2(h).resolve(ctx, name, func(a netip.Addr) bool {
		return !f.OK || family(f.Value == p2.IPAddressFamilyIPv6).has(a)
	})
}

// addresses2 is the resource resolve-address-stream of WASI 0.2.
type addresses2 struct {
	wasiio.Event
	children wasiio.Children
	cancel   context.CancelFunc // nil if nothing is looked up
	wanted   func(netip.Addr) bool

	mu   sync.Mutex
	left []netip.Addr
	err  error // to be told once
}

// set takes the outcome.
func (a *addresses2) set(found []netip.Addr, err error) {
	if err == nil {
		found = slices.DeleteFunc(found, func(f netip.Addr) bool { return !a.wanted(f) })
		if len(found) == 0 {
			err = errNoAddress
		}
	}
	a.mu.Lock()
	if a.err = err; err == nil {
		a.left = found
	}
	a.mu.Unlock()
	a.Set()
}

// ResolveNextAddress implements the function resolve-next-address.
func (a *addresses2) ResolveNextAddress(context.Context) (next abi.Option[p2.IPAddress], _ error) {
	if !a.Ready() {
		return next, errPending
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.err; err != nil {
		a.err = nil
		return next, err
	}
	if len(a.left) > 0 {
		next = abi.Some(ip2(a.left[0]))
		a.left = a.left[1:]
	}
	return next, nil
}

// Subscribe implements the function subscribe.
func (a *addresses2) Subscribe(context.Context) (p2io.Pollable, error) {
	return wasiio.NewPollable(&a.Event, &a.children), nil
}

// Drop implements abi.Dropper.
func (a *addresses2) Drop() error {
	if a.cancel != nil {
		a.cancel()
	}
	return a.children.Err("resolve-address-stream")
}

// lookup3 implements the interface ip-name-lookup of WASI 0.3.
type lookup3 struct{ *host }

// ResolveAddresses implements the function resolve-addresses.
func (h lookup3) ResolveAddresses(ctx context.Context, name string) ([]p3.IPAddress, error) {
	d, addr, err := h.parseName(ctx, name)
	if err != nil {
		return nil, err
	}
	found := []netip.Addr{addr}
	if !addr.IsValid() {
		if found, err = h.lookup(ctx, h.instance(ctx), d); err != nil {
			return nil, err
		}
	}
	list := make([]p3.IPAddress, len(found))
	for i, a := range found {
		list[i] = ip3(a)
	}
	return list, nil
}
