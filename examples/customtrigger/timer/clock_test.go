package timer_test

import (
	"sync"
	"testing"
	"time"
)

// clock is a clock that the test moves. The zero value begins at the zero time.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits chan wait
}

// wait is somebody who waits for the clock.
type wait struct {
	d  time.Duration
	at time.Time
	c  chan time.Time
}

func newClock() *clock { return &clock{waits: make(chan wait, 16)} }

// Now implements timer.Clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After implements timer.Clock.
func (c *clock) After(d time.Duration) <-chan time.Time {
	w := wait{d, c.Now().Add(d), make(chan time.Time, 1)}
	c.waits <- w
	return w.c
}

// next waits until somebody waits for the clock.
func (c *clock) next(t *testing.T) wait {
	t.Helper()
	select {
	case w := <-c.waits:
		return w
	case <-t.Context().Done():
		t.Fatal("nobody waits for the clock")
	case <-time.After(time.Minute):
		t.Fatal("nobody waits for the clock")
	}
	return wait{}
}

// pass lets time pass until w is due.
func (c *clock) pass(w wait) {
	c.set(w.at)
	w.c <- w.at
}

// set moves the clock, and wakes nobody.
func (c *clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if to.After(c.now) {
		c.now = to
	}
}
