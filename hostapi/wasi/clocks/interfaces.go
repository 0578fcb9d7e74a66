package clocks

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2clocks "github.com/spinhost/spin/hostapi/wasi/p2/clocks"
	p3clocks "github.com/spinhost/spin/hostapi/wasi/p3/clocks"
)

// Interfaces returns the interfaces of wasi:clocks 0.2, 0.3 and the release candidate of 0.3.
func Interfaces() []hostapi.Interface {
	return append(
		family.WithCandidate(
			family.Same(p3clocks.ServeTypes()),
			family.Of(p3clocks.MonotonicClockID, "", func(*hostapi.Scope) *abi.Interface {
				return p3clocks.ServeMonotonicClock(monotonic{time.Now()})
			}),
			family.Same(p3clocks.ServeSystemClock(system{})),
		),
		family.Of(p2clocks.MonotonicClockID, "", func(*hostapi.Scope) *abi.Interface {
			return p2clocks.ServeMonotonicClock(monotonic{time.Now()})
		}),
		family.Same(p2clocks.ServeWallClock(wall{})),
	)
}
