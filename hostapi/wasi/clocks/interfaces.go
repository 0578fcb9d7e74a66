package clocks

import (
	"slices"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	octclocks "github.com/spinhost/spin/hostapi/wasi/october/clocks"
	p2clocks "github.com/spinhost/spin/hostapi/wasi/p2/clocks"
	p3clocks "github.com/spinhost/spin/hostapi/wasi/p3/clocks"
)

// Interfaces returns the interfaces of wasi:clocks 0.2, 0.3 and the release candidate of 0.3, and of
// the snapshot of October 2023.
func Interfaces() []hostapi.Interface {
	return slices.Concat(
		family.WithCandidate(
			family.Same(p3clocks.ServeTypes()),
			family.Of(p3clocks.MonotonicClockID, "", func(*hostapi.Scope) *abi.Interface {
				return p3clocks.ServeMonotonicClock(monotonic{time.Now()})
			}),
			family.Same(p3clocks.ServeSystemClock(system{})),
		),
		[]hostapi.Interface{
			family.Of(p2clocks.MonotonicClockID, "", func(*hostapi.Scope) *abi.Interface {
				return p2clocks.ServeMonotonicClock(monotonic{time.Now()})
			}),
			family.Of(octclocks.MonotonicClockID, "", func(*hostapi.Scope) *abi.Interface {
				return octclocks.ServeMonotonicClock(monotonic{time.Now()})
			}),
		},
		family.WithOctober(family.Same(p2clocks.ServeWallClock(wall{}))),
	)
}
