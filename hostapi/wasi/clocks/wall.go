package clocks

import (
	"context"
	"time"

	p2clocks "github.com/spinhost/spin/hostapi/wasi/p2/clocks"
	p3clocks "github.com/spinhost/spin/hostapi/wasi/p3/clocks"
)

// wall implements wall-clock of WASI 0.2.
type wall struct{}

// Now implements the function now. The time cannot be before 1970.
func (wall) Now(context.Context) (p2clocks.Datetime, error) {
	t := time.Now()
	if t.Unix() < 0 {
		return p2clocks.Datetime{}, nil
	}
	return p2clocks.Datetime{Seconds: uint64(t.Unix()), Nanoseconds: uint32(t.Nanosecond())}, nil
}

// Resolution implements the function resolution.
func (wall) Resolution(context.Context) (p2clocks.Datetime, error) {
	return p2clocks.Datetime{Nanoseconds: tick}, nil
}

// system implements system-clock of WASI 0.3.
type system struct{}

// Now implements the function now.
func (system) Now(context.Context) (p3clocks.Instant, error) {
	t := time.Now()
	return p3clocks.Instant{Seconds: t.Unix(), Nanoseconds: uint32(t.Nanosecond())}, nil
}

// GetResolution implements the function get-resolution.
func (system) GetResolution(context.Context) (uint64, error) { return tick, nil }
