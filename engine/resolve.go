package engine

import (
	"fmt"
	"strings"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/semver"
)

// hostInterface is what a Linker has under one name.
type hostInterface struct {
	id    string
	track string
	bind  func() (*abi.Interface, error)
	once  sync.Once // of bind
	err   error
	funcs map[string]*abi.Func
	res   map[string]string // the names of the resource types that names stand for
	as    string            // the track of the interface whose resource types it has; "" for its own

	// any, if not nil, serves the functions that are asked for, whatever their types; resources
	// are whatever is asked for too.
	any func(function string) func(*abi.Call)
}

// load calls bind, once.
func (h *hostInterface) load() error {
	if h.bind != nil {
		h.once.Do(h.bound)
	}
	return h.err
}

func (h *hostInterface) bound() {
	i, err := h.bind()
	if err != nil {
		h.err = fmt.Errorf("%s: %w", h.id, err)
		return
	}
	h.funcs, h.res = make(map[string]*abi.Func, len(i.Funcs)), make(map[string]string, len(i.Resources))
	for k := range i.Funcs {
		h.funcs[i.Funcs[k].Name] = &i.Funcs[k]
	}
	for _, r := range i.Resources {
		again, name, ok := strings.Cut(r, "=")
		if !ok {
			name = r
		}
		h.res[again] = name
	}
}

// export finds a function of an interface.
func (h *hostInterface) export(name string) *abi.Func {
	if h.any == nil {
		return h.funcs[name]
	}
	return h.served(name)
}

// alone is what stands for a function that is imported on its own, nil if nothing does.
func (h *hostInterface) alone() *abi.Func {
	if h.any == nil {
		return nil
	}
	return h.served(h.id)
}

func (h *hostInterface) served(name string) *abi.Func {
	return &abi.Func{Name: name, Type: link.AnyType, Serve: h.any(name)}
}

// resources is the track under which the interface's resource types are known.
func (h *hostInterface) resources() string {
	if h.as != "" {
		return h.as
	}
	return h.track
}

// hostResources are the resource types of the host in a program: one for each name on a
// compatibility track of an interface, whichever node's import it comes from. Other names of a
// type are there too.
type hostResources map[string]*abi.ResourceType

// of is the type of that name in an interface, nil if it has none.
func (r hostResources) of(h *hostInterface, name string) *abi.ResourceType {
	of := h.res[name]
	switch {
	case of == "" && h.any == nil:
		return nil
	case of == "":
		of = name
	}
	rt := r.get(h.resources(), of)
	r[h.track+"#"+name] = rt
	return rt
}

func (r hostResources) get(track, name string) *abi.ResourceType {
	key := track + "#" + name
	rt := r[key]
	if rt == nil {
		rt = &abi.ResourceType{Name: key}
		r[key] = rt
	}
	return rt
}

// named finds the type that a signature calls text, such as "wasi:io/poll@0.2.6#pollable".
func (r hostResources) named(text string) *abi.ResourceType {
	iface, name, _ := strings.Cut(text, "#")
	return r[semver.TrackOf(iface)+"#"+name]
}

// resolver adapts a Linker to package link.
type resolver struct {
	l   *Linker
	res hostResources
}

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
		return nil, fmt.Errorf("the host does not provide it%s", suggest(key, r.l.IDs()))
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
		Func:     h.alone(),
		Export:   h.export,
		Resource: func(name string) *abi.ResourceType { return r.res.of(h, name) },
		Defines:  func(name string) bool { return h.any == nil && h.res[name] != "" },
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
	if h := r.l.lookup(iface); h != nil {
		if err := h.load(); err != nil {
			return nil, err
		}
		if rt := r.res.of(h, name); rt != nil {
			return rt, nil
		}
	}
	return nil, fmt.Errorf("the host has no resource %s#%s", iface, name)
}
