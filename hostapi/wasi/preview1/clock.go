package preview1

import (
	"math"
	"time"
)

// The clocks.
const (
	realtime  = 0
	monotonic = 1
	cputime   = 2 // of the process; 3 is that of the thread
)

// now is the time of a clock in nanoseconds.
func (p *process) now(clock uint32) (uint64, errno) {
	switch clock {
	case realtime:
		return uint64(max(time.Now().UnixNano(), 0)), success
	case monotonic:
		return uint64(time.Since(p.began)), success
	case cputime, cputime + 1:
		return 0, notsup
	}
	return 0, inval
}

func clockResGet(p *process, c *call) errno {
	_, e := p.now(c.u32(0))
	if e == success {
		c.put64(c.u32(1), 1)
	}
	return e
}

func clockTimeGet(p *process, c *call) errno {
	t, e := p.now(c.u32(0))
	if e == success {
		c.put64(c.u32(2), t)
	}
	return e
}

// timer is an abi.Pollable that is ready from a time on.
type timer struct{ when time.Time }

// after is a timer of a duration in nanoseconds.
func after(from time.Time, d uint64) timer {
	return timer{from.Add(time.Duration(min(d, math.MaxInt64)))}
}

// Ready implements abi.Pollable.
func (t timer) Ready() bool { return !time.Now().Before(t.when) }

// Arm implements abi.Pollable.
func (t timer) Arm(wake func()) (disarm func()) {
	f := time.AfterFunc(time.Until(t.when), wake)
	return func() { f.Stop() }
}
