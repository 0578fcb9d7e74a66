package clocks

import (
	"context"
	"math"
	"time"

	"github.com/spinhost/spin/hostapi/wasi/io"
	octclocks "github.com/spinhost/spin/hostapi/wasi/october/clocks"
	p2clocks "github.com/spinhost/spin/hostapi/wasi/p2/clocks"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	p3clocks "github.com/spinhost/spin/hostapi/wasi/p3/clocks"
)

// tick is the resolution of the clocks in nanoseconds.
const tick = 1

// monotonic implements monotonic-clock of all WASI versions.
type monotonic struct{ start time.Time }

var (
	_ p2clocks.MonotonicClock = monotonic{}
	_ p3clocks.MonotonicClock = monotonic{}

	_ octclocks.MonotonicClock = monotonic{}
)

func (m monotonic) now() uint64 { return uint64(time.Since(m.start)) }

// until returns how long it is until when.
func (m monotonic) until(when uint64) time.Duration {
	now := m.now()
	if when <= now {
		return 0
	}
	return time.Duration(min(when-now, math.MaxInt64))
}

// after returns the time at which d has passed, or the last there is.
func (m monotonic) after(d uint64) uint64 {
	now := m.now()
	if d > math.MaxUint64-now {
		return math.MaxUint64
	}
	return now + d
}

func (m monotonic) Now(context.Context) (uint64, error)           { return m.now(), nil }
func (m monotonic) Resolution(context.Context) (uint64, error)    { return tick, nil }
func (m monotonic) GetResolution(context.Context) (uint64, error) { return tick, nil }

func (m monotonic) SubscribeInstant(_ context.Context, when uint64) (p2io.Pollable, error) {
	return io.NewPollable(timer{m, when}, nil), nil
}

func (m monotonic) SubscribeDuration(_ context.Context, d uint64) (p2io.Pollable, error) {
	return io.NewPollable(timer{m, m.after(d)}, nil), nil
}

// Subscribe implements the function subscribe of the snapshot of October 2023.
func (m monotonic) Subscribe(ctx context.Context, when uint64, absolute bool) (p2io.Pollable, error) {
	if absolute {
		return m.SubscribeInstant(ctx, when)
	}
	return m.SubscribeDuration(ctx, when)
}

func (m monotonic) WaitFor(ctx context.Context, d uint64) error {
	return m.WaitUntil(ctx, m.after(d))
}

func (m monotonic) WaitUntil(ctx context.Context, when uint64) error {
	t := time.NewTimer(m.until(when))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// timer is an abi.Pollable that is ready from a time on.
type timer struct {
	clock monotonic
	when  uint64
}

// Ready implements abi.Pollable.
func (t timer) Ready() bool { return t.clock.now() >= t.when }

// Arm implements abi.Pollable.
func (t timer) Arm(wake func()) (disarm func()) {
	f := time.AfterFunc(t.clock.until(t.when), wake)
	return func() { f.Stop() }
}
