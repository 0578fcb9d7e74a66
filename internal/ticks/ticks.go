// Package ticks has a clock that is read in about 10 ns where the processor has a counter that
// runs at one rate on all cores; elsewhere it is that of package time.
package ticks

import "time"

// Clock counts ticks of a fixed but unknown length. It is immutable and safe for concurrent use.
type Clock struct {
	counter bool
	began   time.Time
	first   uint64
}

// New returns a clock. The longer it has been running, the better it knows how long its ticks
// are: after a millisecond to one in ten thousand.
func New() *Clock {
	c := &Clock{counter: hasCounter(), began: time.Now()}
	if c.counter {
		c.first = counter()
	}
	return c
}

// Now returns the time in ticks. It may go back by a little between two processors.
func (c *Clock) Now() uint64 {
	if c.counter {
		return counter()
	}
	return uint64(time.Since(c.began))
}

// Rate is the length of a tick, as far as it is known now.
type Rate struct{ ns float64 }

// Rate returns the length of a tick.
func (c *Clock) Rate() Rate {
	if !c.counter {
		return Rate{1}
	}
	n, d := counter()-c.first, time.Since(c.began)
	if int64(n) <= 0 || d <= 0 {
		return Rate{1}
	}
	return Rate{float64(d) / float64(n)}
}

// Duration is how long n ticks take.
func (r Rate) Duration(n uint64) time.Duration { return time.Duration(r.ns * float64(n)) }
