package timer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"example.com/customtrigger/timer/guest"
	"github.com/spinhost/spin/trigger"
)

// Config configures the trigger. The zero value is right for most.
type Config struct {
	// DrainTime is for how long Run waits, when its context has ended, for ticks that still
	// run, before it ends them; 0 means ten seconds.
	DrainTime time.Duration
	// Clock tells the time; nil means that of the machine.
	Clock Clock
}

// Clock tells the time. It is used by several goroutines at once.
type Clock interface {
	Now() time.Time
	// After returns a channel that gets a value when d has passed.
	After(d time.Duration) <-chan time.Time
}

const defaultDrainTime = 10 * time.Second

// Trigger returns the trigger of kind "timer".
func Trigger(cfg Config) trigger.Trigger {
	if cfg.DrainTime <= 0 {
		cfg.DrainTime = defaultDrainTime
	}
	if cfg.Clock == nil {
		cfg.Clock = machine{}
	}
	return timerTrigger{cfg}
}

// machine is the clock of the machine.
type machine struct{}

func (machine) Now() time.Time                         { return time.Now() }
func (machine) After(d time.Duration) <-chan time.Time { return time.After(d) }

type timerTrigger struct{ cfg Config }

// Kind implements trigger.Trigger.
func (timerTrigger) Kind() string { return "timer" }

// Load implements trigger.Trigger. It reports the faults of all entries at once.
func (t timerTrigger) Load(_ context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	r := &runner{cfg: t.cfg, log: h.Logger()}
	all, err := decodeCommon(h.Settings())
	errs := []error{err}
	for _, e := range entries {
		x, err := newTimer(h, e)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if !x.Timeout.given {
			x.Timeout = all.Timeout
		}
		r.timers = append(r.timers, x)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return r, nil
}

// timer is one entry.
type timer struct {
	settings
	id        string
	component trigger.Component
	run       trigger.Func
}

func newTimer(h trigger.Host, e trigger.Entry) (*timer, error) {
	s, err := decode(e)
	if err != nil {
		return nil, err
	}
	c, err := h.Component(e.Component)
	if err != nil {
		return nil, err // it has its place: the component's, not the timer's
	}
	run, err := c.Func(guest.JobID, guest.JobRunName, guest.JobRunType)
	if err != nil {
		return nil, e.Errorf("component", "component %q cannot be run by a timer: %w", c.ID(), err)
	}
	return &timer{s, e.ID, c, run}, nil
}

// runner is the loaded trigger.
type runner struct {
	cfg    Config
	log    *slog.Logger
	timers []*timer
}
