package ticks

import (
	"runtime"
	"testing"
	"time"
)

// What the clock says of a span agrees with the system's clock.
func TestClock(t *testing.T) {
	for name, c := range map[string]*Clock{"as the machine has it": New(), "without a counter": {began: time.Now()}} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			from := c.Now()
			time.Sleep(20 * time.Millisecond)
			to := c.Now()
			took := time.Since(began) // encloses the other, whatever the machine does meanwhile
			if d := c.Rate().Duration(to - from); d < 15*time.Millisecond || d > took+took/10 {
				t.Errorf("%d ticks are %v, took %v", to-from, d, took)
			}
		})
	}
}

func TestRateOfNoTime(t *testing.T) {
	c := &Clock{counter: hasCounter(), began: time.Now().Add(time.Hour), first: 1 << 63}
	if d := c.Rate().Duration(5); d < 0 || d > time.Second {
		t.Errorf("5 ticks of a clock that has not begun are %v", d)
	}
}

func TestHasCounter(t *testing.T) {
	if runtime.GOARCH != "amd64" && hasCounter() {
		t.Error("there is a counter that nothing reads")
	}
}

func BenchmarkNow(b *testing.B) {
	c := New()
	for b.Loop() {
		c.Now()
	}
}

func BenchmarkSystemClock(b *testing.B) {
	c := &Clock{began: time.Now()}
	for b.Loop() {
		c.Now()
	}
}

func ExampleClock() {
	c := New()
	began := c.Now()
	// ... what is to be measured
	_ = c.Rate().Duration(c.Now() - began)
}
