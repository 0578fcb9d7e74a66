package random

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2random "github.com/spinhost/spin/hostapi/wasi/p2/random"
	p3random "github.com/spinhost/spin/hostapi/wasi/p3/random"
)

// Interfaces returns the interfaces of wasi:random 0.2, 0.3 and the release candidate of 0.3, and of
// the snapshot of October 2023.
func Interfaces() []hostapi.Interface {
	return append(
		family.WithCandidate(
			family.Same(p3random.ServeRandom(p3{})),
			family.Same(p3random.ServeInsecure(p3{})),
			family.Of(p3random.InsecureSeedID, "", func(*hostapi.Scope) *abi.Interface {
				return p3random.ServeInsecureSeed(newSeed())
			}),
		),
		family.WithOctober(
			family.Same(p2random.ServeRandom(p2{})),
			family.Same(p2random.ServeInsecure(p2{})),
			family.Of(p2random.InsecureSeedID, "", func(*hostapi.Scope) *abi.Interface {
				return p2random.ServeInsecureSeed(newSeed())
			}),
		)...,
	)
}
