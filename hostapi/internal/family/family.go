// Package family helps to write the families of WASI interfaces as hostapi.Interface values.
package family

import (
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// The releases of WASI 0.3: signatures of the candidate agree with those of the release.
const (
	Release   = "0.3.0"
	Candidate = "0.3.0-rc-2026-03-15"
)

// The releases of WASI 0.2: the version of its interfaces, and those of the snapshots of 2023, which
// have some signatures of their own.
const (
	Stable   = "0.2.12"
	October  = "0.2.0-rc-2023-10-18"
	November = "0.2.0-rc-2023-11-10"
)

// Of returns an interface that bind makes for each scope.
func Of(id, capability string, bind func(*hostapi.Scope) *abi.Interface) hostapi.Interface {
	return hostapi.Interface{
		ID: id, Capability: capability,
		Bind: func(s *hostapi.Scope) (*abi.Interface, error) { return bind(s), nil },
	}
}

// Same returns an interface that is the same for every scope and carries no capability.
func Same(i *abi.Interface) hostapi.Interface {
	return Of(i.ID, "", func(*hostapi.Scope) *abi.Interface { return i })
}

// WithCandidate returns interfaces of WASI 0.3.0 and, behind them, the same as the release
// candidate names them.
func WithCandidate(list ...hostapi.Interface) []hostapi.Interface {
	return withRenamed(list, Release, Candidate)
}

// WithOctober returns interfaces of WASI 0.2 and, behind them, the same as the snapshot of October
// 2023 names them: those whose signatures agree.
func WithOctober(list ...hostapi.Interface) []hostapi.Interface {
	return withRenamed(list, Stable, October)
}

func withRenamed(list []hostapi.Interface, from, to string) []hostapi.Interface {
	for _, i := range list {
		list = append(list, hostapi.Renamed(i, from, to))
	}
	return list
}

// InNovember returns those interfaces that are of WASI 0.2 as the snapshot of November 2023 has them:
// the same with the changes for their names, which are made when they are bound.
func InNovember(list []hostapi.Interface, changes map[string]func(*abi.Interface) error) (out []hostapi.Interface) {
	for _, i := range list {
		if i.Version() != Stable {
			continue
		}
		n := hostapi.Renamed(i, Stable, November)
		if f := changes[n.Name()]; f != nil {
			n = Changed(n, f)
		}
		out = append(out, n)
	}
	return out
}

// Changed is an interface whose functions change when it is bound.
func Changed(i hostapi.Interface, change func(*abi.Interface) error) hostapi.Interface {
	bind := i.Bind
	i.Bind = func(s *hostapi.Scope) (*abi.Interface, error) {
		b, err := bind(s)
		if err != nil {
			return nil, err
		}
		c := *b
		c.Funcs = slices.Clone(b.Funcs)
		if err := change(&c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		return &c, nil
	}
	return i
}

// Without is a change that takes a function away.
func Without(name string) func(*abi.Interface) error {
	return func(i *abi.Interface) error {
		i.Funcs = slices.DeleteFunc(i.Funcs, func(f abi.Func) bool { return f.Name == name })
		return nil
	}
}
