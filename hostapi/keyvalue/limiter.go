package keyvalue

import (
	"context"
	"errors"
	"time"
)

// ErrBusy says that more operations ran than Stores.LimitOperations allows, for too long.
var ErrBusy = errors.New("too many requests")

// LimitOperations bounds how many operations of guests run at once on all stores together.
// Others wait, up to that time, and then fail with ErrBusy; 0 means without end. It must be
// called before guests use the stores.
func (s *Stores) LimitOperations(n int, wait time.Duration) {
	s.limit = &limiter{permits: make(chan struct{}, n), wait: wait}
}

type limiter struct {
	permits chan struct{}
	wait    time.Duration
}

// acquire waits for a permit, which release gives back. A nil limiter has enough.
func (l *limiter) acquire(ctx context.Context) error {
	if l == nil {
		return nil
	}
	select {
	case l.permits <- struct{}{}:
		return nil
	default:
	}
	var over <-chan time.Time
	if l.wait > 0 {
		t := time.NewTimer(l.wait)
		defer t.Stop()
		over = t.C
	}
	select {
	case l.permits <- struct{}{}:
		return nil
	case <-over:
		return ErrBusy
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *limiter) release() {
	if l != nil {
		<-l.permits
	}
}
