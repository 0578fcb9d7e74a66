package hostapi

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/spinhost/spin/engine/abi"
)

// ErrNotBuilt is why calls of an interface trap that spin knows but does not provide yet.
var ErrNotBuilt = errors.New("host interface is not provided by this version of spin for Go")

// Interface is one host interface in a Registry.
type Interface struct {
	// ID is the interface's name with version, for example "wasi:http/types@0.3.0". Imports
	// of compatible versions are served too.
	ID string
	// Capability names the capability set that the interface belongs to, for example
	// "key_value_stores"; empty for interfaces that carry no capability.
	Capability string
	// Types names the interface whose resource types this one has, as a release candidate has
	// those of the release: components that use either can pass resources to each other. Empty
	// for types of its own.
	Types string
	// Bind makes the interface for one component. A nil Bind makes a stand-in: guests that
	// import the interface can be loaded, and trap with ErrNotBuilt if they call it.
	Bind func(*Scope) (*abi.Interface, error)
	// WIT has the interface: files that end in .wit, in any folders, with all packages that it
	// uses. It is needed for nothing but to describe the host to others, and can be nil; it is
	// for the interfaces that come with spin.
	WIT fs.FS
}

// Name returns the interface's name without version, for example "wasi:http/types".
func (i Interface) Name() string {
	name, _, _ := strings.Cut(i.ID, "@")
	return name
}

// Version returns the interface's version, for example "0.3.0"; "" if it has none.
func (i Interface) Version() string {
	_, version, _ := strings.Cut(i.ID, "@")
	return version
}

// StandIn returns stand-ins for interfaces that are known but not provided.
func StandIn(capability string, ids ...string) []Interface {
	list := make([]Interface, len(ids))
	for i, id := range ids {
		list[i] = Interface{ID: id, Capability: capability}
	}
	return list
}

// Renamed returns i under other versions too: wherever a version in from stands in a name,
// the one beside it in to is put. It serves snapshots whose signatures agree with those of a
// release, such as "0.3.0-rc-2026-03-15" with "0.3.0". The resource types are those of i.
func Renamed(i Interface, from, to string) Interface {
	bind := i.Bind
	if i.Types == "" {
		i.Types = i.ID
	}
	i.ID = strings.ReplaceAll(i.ID, "@"+from, "@"+to)
	i.WIT = nil // follows from that of Types
	if bind == nil {
		return i
	}
	i.Bind = func(s *Scope) (*abi.Interface, error) {
		b, err := bind(s)
		if err != nil {
			return nil, err
		}
		c := *b
		c.ID = strings.ReplaceAll(b.ID, "@"+from, "@"+to)
		c.Funcs = make([]abi.Func, len(b.Funcs))
		for k, f := range b.Funcs {
			f.Type = strings.ReplaceAll(f.Type, "@"+from+"#", "@"+to+"#")
			c.Funcs[k] = f
		}
		return &c, nil
	}
	return i
}
