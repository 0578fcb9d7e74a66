// Package family helps to write the families of WASI interfaces as hostapi.Interface values.
package family

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// The releases of WASI 0.3: signatures of the candidate agree with those of the release.
const (
	Release   = "0.3.0"
	Candidate = "0.3.0-rc-2026-03-15"
)

// The releases of WASI 0.2: the version of its interfaces, and that of the snapshot of October 2023,
// which has some signatures of its own.
const (
	Stable  = "0.2.12"
	October = "0.2.0-rc-2023-10-18"
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
