package sockets

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

const (
	maxLookups = 16  // of an instance at once
	maxKnown   = 256 // addresses whose names an instance is known to have asked for
)

// instance is what sockets and lookups of one component in one running instance have in common.
type instance struct {
	limit int

	mu      sync.Mutex
	sockets int // that count
	lookups int // under way
	known   []resolved
	open    map[ender]struct{} // to be ended with the instance
	ended   bool
}

// resolved is an address that a name stood for when the guest looked it up.
type resolved struct {
	addr netip.Addr
	name string
}

// ender is what ends with its instance. The method must not wait.
type ender interface{ end() }

// instanceKey is the key under which an instance is kept: that of a scope.
type instanceKey struct{ scope *hostapi.Scope }

// instance returns that of the guest who makes the call of ctx.
func (h *host) instance(ctx context.Context) *instance {
	l, ok := abi.LocalsOf(ctx)
	if !ok {
		return &h.spare
	}
	return l.Get(instanceKey{h.scope}, func() any { return &instance{limit: h.MaxSockets} }).(*instance)
}

// take counts a socket, unless there are too many. release may be called more than once.
func (in *instance) take(acquire func() (func(), bool)) (release func(), ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.sockets >= in.limit {
		return nil, false
	}
	give, ok := acquire()
	if !ok {
		return nil, false
	}
	in.sockets++
	return sync.OnceFunc(func() {
		in.mu.Lock()
		in.sockets--
		in.mu.Unlock()
		give()
	}), true
}

// add has e ended with the instance.
func (in *instance) add(e ender) {
	in.mu.Lock()
	ended := in.ended
	if !ended {
		if in.open == nil {
			in.open = map[ender]struct{}{}
		}
		in.open[e] = struct{}{}
	}
	in.mu.Unlock()
	if ended {
		e.end()
	}
}

// remove forgets what add was given.
func (in *instance) remove(e ender) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.open, e)
}

// Close implements io.Closer: the guest is gone.
func (in *instance) Close() error {
	in.mu.Lock()
	open := in.open
	in.open, in.ended = nil, true
	in.mu.Unlock()
	for e := range open {
		e.end()
	}
	return nil
}

// startLookup counts a lookup, unless there are too many. end must be called once.
func (in *instance) startLookup() (end func(), ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.lookups >= maxLookups {
		return nil, false
	}
	in.lookups++
	return func() {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.lookups--
	}, true
}

// learn remembers what a name stands for. The oldest addresses are forgotten if they are many.
func (in *instance) learn(name string, addrs []netip.Addr) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, a := range addrs {
		if r := (resolved{a, name}); !slices.Contains(in.known, r) {
			in.known = append(in.known, r)
		}
	}
	if more := len(in.known) - maxKnown; more > 0 {
		in.known = slices.Delete(in.known, 0, more)
	}
}

// names returns the names that an address was looked up for.
func (in *instance) names(a netip.Addr) (names []string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, r := range in.known {
		if r.addr == a {
			names = append(names, r.name)
		}
	}
	return names
}
