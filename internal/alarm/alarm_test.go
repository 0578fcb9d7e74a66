package alarm_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spinhost/spin/internal/alarm"
)

// egg is what an alarm is for.
type egg struct {
	mu     sync.Mutex
	alarm  alarm.Alarm
	until  time.Time
	called int
	done   bool
}

func (e *egg) boil(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.until = time.Now().Add(d)
	e.alarm.Set(e.until, e)
}

func (e *egg) giveUp() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.until = time.Time{}
}

func (e *egg) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.alarm.Stop()
}

func (e *egg) Expire() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.called++
	e.done = e.done || e.alarm.Due(e.until, e)
}

func TestAlarm(t *testing.T) {
	for _, tt := range []struct {
		behaviour string
		do        func(e *egg)
		called    int
		done      bool
	}{
		{"in time", func(e *egg) { e.boil(time.Minute); time.Sleep(59 * time.Second) }, 0, false},
		{"over", func(e *egg) { e.boil(time.Minute); time.Sleep(time.Minute) }, 1, true},
		{"put off often", func(e *egg) {
			for range 100 {
				e.boil(time.Minute)
				time.Sleep(time.Second)
			}
		}, 1, false},
		{"put off, then over", func(e *egg) { e.boil(time.Minute); e.boil(2 * time.Minute); time.Sleep(2 * time.Minute) }, 2, true},
		{"brought forward", func(e *egg) { e.boil(time.Hour); e.boil(time.Minute); time.Sleep(time.Minute) }, 1, true},
		{"given up", func(e *egg) { e.boil(time.Minute); e.giveUp(); time.Sleep(time.Hour) }, 1, false},
		{"stopped", func(e *egg) { e.boil(time.Minute); e.stop(); time.Sleep(time.Hour) }, 0, false},
		{"stopped, then set", func(e *egg) { e.boil(time.Minute); e.stop(); e.boil(time.Hour); time.Sleep(time.Hour) }, 1, true},
	} {
		t.Run(tt.behaviour, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &egg{}
				tt.do(e)
				synctest.Wait()
				e.mu.Lock()
				defer e.mu.Unlock()
				if e.alarm.Stop(); e.called != tt.called || e.done != tt.done {
					t.Errorf("called %d times, done %t", e.called, e.done)
				}
			})
		})
	}
}

func ExampleAlarm() {
	e := &egg{}
	e.boil(time.Hour)
	e.boil(time.Millisecond)
	for done := false; !done; time.Sleep(time.Millisecond) {
		e.mu.Lock()
		done = e.done
		e.mu.Unlock()
	}
	fmt.Println("done")
	// Output: done
}
