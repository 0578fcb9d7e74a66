package timer_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"example.com/customtrigger/timer"
	"github.com/spinhost/spin"
)

const slow = `[[trigger.timer]]
id = "slow"
component = "ticker"
interval = "10s"
`

// A guest waits while nobody reads what it prints, which makes a tick as long as a test wants.
func TestSlowTickLeavesOthersOut(t *testing.T) {
	out, now, log := make(lines), newClock(), new(text)
	app, err := load(t, slow, timer.Config{Clock: now}, spin.Config{Stdout: func(string) io.Writer { return out }, Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	stop, wait := run(t, app)
	now.pass(now.next(t))
	now.set(time.Time{}.Add(45 * time.Second)) // ticks were due at 20, 30 and 40
	out.next(t)
	w := now.next(t)
	if at := w.at.Sub(time.Time{}); at != 50*time.Second {
		t.Errorf("the next tick is at %s", at)
	}
	if !strings.Contains(log.String(), "ticks are left out") || !strings.Contains(log.String(), "timer=slow ticks=3") {
		t.Error(log.String())
	}
	now.pass(w)
	if got := out.next(t); got != "slow: tick 2" {
		t.Errorf("%q", got)
	}
	stop()
	wait()
}

func TestDrain(t *testing.T) {
	for name, finish := range map[string]bool{"the tick finishes": true, "the tick is ended": false} {
		t.Run(name, func(t *testing.T) {
			out, now, log := make(lines), newClock(), new(text)
			begun := make(chan struct{}, 1)
			app, err := load(t, slow, timer.Config{Clock: now, DrainTime: time.Second}, spin.Config{
				Stdout: func(string) io.Writer { return writer{out, begun} }, Logger: log.logger(),
			})
			if err != nil {
				t.Fatal(err)
			}
			stop, wait := run(t, app)
			now.pass(now.next(t))
			<-begun
			stop()
			drain := now.next(t)
			if drain.d != time.Second {
				t.Errorf("it drains for %s", drain.d)
			}
			if finish {
				if got := out.next(t); got != "slow: tick 1" {
					t.Errorf("%q", got)
				}
				wait()
			} else {
				now.pass(drain)
				wait() // although nobody has read what the guest prints
				out.next(t)
			}
			if failed := strings.Contains(log.String(), timer.ErrDrain.Error()); failed == finish {
				t.Error(log.String())
			}
		})
	}
}

// writer tells when somebody begins to write.
type writer struct {
	lines
	begun chan struct{}
}

func (w writer) Write(b []byte) (int, error) {
	w.begun <- struct{}{}
	return w.lines.Write(b)
}

// A timeout of all timers holds for those that have none.
func TestTimeout(t *testing.T) {
	const all = "[application.trigger.timer]\ntimeout = %q\n"
	for name, timers := range map[string]string{
		"of the timer":                    slow + "timeout = \"20ms\"\n",
		"of all":                          fmt.Sprintf(all, "20ms") + slow,
		"of the timer and another of all": fmt.Sprintf(all, "1h") + slow + "timeout = \"20ms\"\n",
	} {
		t.Run(name, func(t *testing.T) { testTimeout(t, timers) })
	}
}

func testTimeout(t *testing.T, timers string) {
	now, log, out := newClock(), new(text), make(stuck)
	defer close(out)
	app, err := load(t, timers, timer.Config{Clock: now}, spin.Config{Stdout: func(string) io.Writer { return out }, Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	stop, wait := run(t, app)
	now.pass(now.next(t))
	w := now.next(t) // as the first tick was ended
	if !strings.Contains(log.String(), timer.ErrTimeout.Error()) || !strings.Contains(log.String(), "timer=slow component=ticker count=1") {
		t.Error(log.String())
	}
	if w.at != (time.Time{}).Add(20*time.Second) {
		t.Errorf("the second tick is at %s", w.at)
	}
	stop()
	wait()
}

// stuck is a writer that takes nothing until it is closed.
type stuck chan struct{}

func (s stuck) Write(b []byte) (int, error) {
	<-s
	return len(b), nil
}

// Errors that a component returns are told to the log, and the timer goes on.
func TestComponentReportsError(t *testing.T) {
	now, log := newClock(), new(text)
	long := strings.Repeat("x", 65)
	app, err := load(t, strings.Replace(slow, `"slow"`, `"`+long+`"`, 1), timer.Config{Clock: now}, spin.Config{Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	stop, wait := run(t, app)
	for _, want := range []string{"count=1", "count=2"} {
		now.pass(now.next(t))
		w := now.next(t)
		if got := log.String(); !strings.Contains(got, "the name of the timer is too long") || !strings.Contains(got, want) {
			t.Error(got)
		}
		now.waits <- w
	}
	stop()
	wait()
}

// An app that is closed ends its triggers, whatever the context of Run says.
func TestCloseEndsRun(t *testing.T) {
	now := newClock()
	app, err := load(t, slow, timer.Config{Clock: now}, spin.Config{})
	if err != nil {
		t.Fatal(err)
	}
	_, wait := run(t, app)
	now.next(t)
	if err := app.Close(context.Background()); err != nil {
		t.Error(err)
	}
	wait()
}
