package timer

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"example.com/customtrigger/timer/guest"
	"github.com/spinhost/spin/trigger"
)

var (
	// ErrTimeout is why a tick was ended that took longer than its timeout.
	ErrTimeout = errors.New("the tick took longer than its timeout")
	// ErrDrain is why a tick was ended that still ran when the timers had to end.
	ErrDrain = errors.New("the timers end, and the tick still ran")
)

// Run implements trigger.Runner. When ctx has ended, ticks that run may finish within DrainTime.
func (r *runner) Run(ctx context.Context) error {
	// Ticks outlive ctx, but not the drain time.
	work, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	var timers sync.WaitGroup
	for _, t := range r.timers {
		timers.Go(func() { r.serve(ctx, work, t) })
	}
	idle := make(chan struct{})
	go func() {
		timers.Wait()
		close(idle)
	}()
	<-ctx.Done()
	select {
	case <-idle:
	case <-r.cfg.Clock.After(r.cfg.DrainTime):
		end(ErrDrain)
		<-idle
	}
	return nil
}

// serve has a timer tick until ctx ends.
func (r *runner) serve(ctx, work context.Context, t *timer) {
	due := r.cfg.Clock.Now().Add(t.Interval.Duration)
	for count := uint64(1); ; count++ {
		select {
		case <-r.cfg.Clock.After(due.Sub(r.cfg.Clock.Now()) + late(t.Jitter.Duration)):
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return
		}
		r.tick(work, t, count)
		due = due.Add(t.Interval.Duration)
		if behind := r.cfg.Clock.Now().Sub(due); behind > 0 {
			missed := (behind + t.Interval.Duration - 1) / t.Interval.Duration
			due = due.Add(missed * t.Interval.Duration)
			r.log.Warn("ticks are left out, as the last one took too long", "timer", t.id, "ticks", int64(missed))
		}
	}
}

// late is by how much one tick is late.
func late(jitter time.Duration) time.Duration {
	if jitter == 0 {
		return 0
	}
	return rand.N(jitter)
}

// tick runs the component once. What goes wrong is logged: it does not stop the timer.
func (r *runner) tick(ctx context.Context, t *timer, count uint64) {
	log := r.log.With("timer", t.id, "component", t.component.ID(), "count", count)
	if t.Timeout.Duration > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeoutCause(ctx, t.Timeout.Duration, ErrTimeout)
		defer stop()
	}
	// An error that the component returns is in job.
	job := guest.JobRun{Timer: t.id, Count: count}
	switch err := trigger.Do(ctx, t.component, t.run, &job); {
	case err != nil:
		log.Error("a tick has failed", "error", err)
	case job.Err != nil:
		log.Warn("the component reports an error", "error", job.Err)
	default:
		log.Debug("tick")
	}
}
