package engine

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/engine/internal/types"
)

// resolver adapts a Linker to package link.
type resolver struct{ l *Linker }

// Import implements link.Resolver.
func (r resolver) Import(name string, attrs types.Attributes) (*link.Host, error) {
	key := name
	if attrs.Implements != "" {
		key = attrs.Implements
	}
	h := r.l.lookup(key)
	if h == nil && r.l.modules[key] != nil {
		h = &hostInterface{id: key, track: key}
	}
	if h == nil {
		return nil, fmt.Errorf("the host does not provide it%s", r.l.suggest(key))
	}
	return r.host(key, h)
}

// host is what an interface gives for an import of the given name.
func (r resolver) host(key string, h *hostInterface) (*link.Host, error) {
	if err := h.load(); err != nil {
		return nil, err
	}
	if f := h.funcs[""]; f != nil {
		return &link.Host{Name: h.id, Func: f}, nil
	}
	return &link.Host{
		Name:     h.id,
		Export:   h.export,
		Resource: func(name string) *abi.ResourceType { return r.l.resourceOf(h, name) },
		Defines:  func(name string) bool { return h.trap == nil && h.res[name] != "" },
		Nested:   func(name string) *link.Host { return r.nested(key, name) },
		Module:   func(name string) *binary.CoreModule { return r.l.modules[key][name] },
	}, nil
}

// nested is an instance within an imported one, nil if there is none.
func (r resolver) nested(key, name string) *link.Host {
	key += "#" + name
	h := r.l.exact[key]
	if h == nil {
		return nil
	}
	host, err := r.host(key, h)
	if err != nil {
		return nil
	}
	return host
}

// Resource implements link.Resolver.
func (r resolver) Resource(iface, name string) (*abi.ResourceType, error) {
	h := r.l.lookup(iface)
	if h != nil {
		if err := h.load(); err != nil {
			return nil, err
		}
	}
	if h != nil {
		if rt := r.l.resourceOf(h, name); rt != nil {
			return rt, nil
		}
	}
	return nil, fmt.Errorf("the host has no resource %s#%s", iface, name)
}

// resourceOf is the type of that name in an interface, nil if it has none.
func (l *Linker) resourceOf(h *hostInterface, name string) *abi.ResourceType {
	switch of := h.res[name]; {
	case of != "":
		return l.resource(h.track, of)
	case h.trap != nil:
		return l.resource(h.track, name)
	}
	return nil
}
