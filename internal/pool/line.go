package pool

import (
	"context"
	"slices"
	"sync"
)

// line is where callers of fresh instances wait while others compute, as those of shared ones
// do.
type line struct {
	parallel int // instances that can compute at once; 0 lets everybody in

	mu       sync.Mutex
	starting int       // callers that have been let in, for whom an instance is being made
	members  []*member // fresh instances that live, oldest first
	waiting  []chan struct{}
	patience patience
	extra    int // instances that may compute beside those for which there are processors
	closed   bool
}

// maxLooked is how many of the youngest instances are asked whether they compute. Older ones
// mostly wait for something.
const maxLooked = 64

// computing is how many instances compute. If they are as many as there are processors, another
// would only take turns with them.
func (l *line) computing() int {
	n := l.starting
	for _, m := range l.members[max(0, len(l.members)-maxLooked):] {
		if m.comes.Load() > 0 || m.inst.Busy() {
			n++
		}
	}
	return n
}

// full reports whether callers have to wait. Where patience has ended, because some compute for
// long, others may go by them from then on, until those are done.
func (l *line) full() (computing int, full bool) {
	n := l.computing()
	if n < l.parallel {
		l.extra = 0
	}
	return n, l.parallel > 0 && n >= l.parallel+l.extra && !l.closed
}

// enter waits until an instance may be made, which entered tells the outcome of.
func (l *line) enter(ctx context.Context) error {
	l.mu.Lock()
	if _, full := l.full(); !full && len(l.waiting) == 0 {
		l.starting++
		l.mu.Unlock()
		return nil
	}
	c := make(chan struct{})
	l.waiting = append(l.waiting, c)
	l.serve()
	l.mu.Unlock()
	select {
	case <-c:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if k := slices.Index(l.waiting, c); k >= 0 {
		l.waiting = slices.Delete(l.waiting, k, k+1)
		return context.Cause(ctx)
	}
	return nil // let in at this moment
}

// entered notes the instance that was made, nil if that failed.
func (l *line) entered(m *member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.starting--
	if m == nil {
		l.serve()
	} else if !m.left {
		l.members = append(l.members, m)
	}
}

// leave forgets an instance, which has ended.
func (l *line) leave(m *member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m.left = true
	if k := slices.Index(l.members, m); k >= 0 {
		l.members = slices.Delete(l.members, k, k+1)
	}
	l.serve()
}

// waits lets in who waits, when an instance computes no longer.
func (l *line) waits() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serve()
}

// close lets everybody in, to be told that the pool is closed.
func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.serve()
	l.patience.stop()
}

// serve lets those in for whom there is a processor.
func (l *line) serve() {
	for len(l.waiting) > 0 {
		if n, full := l.full(); full {
			l.patience.begin(l.impatient, n, l.parallel)
			return
		}
		l.next(false)
	}
}

// next lets the first of those who wait in, or the last.
func (l *line) next(last bool) {
	k := 0
	if last {
		k = len(l.waiting) - 1
	}
	l.starting++
	close(l.waiting[k])
	l.waiting = slices.Delete(l.waiting, k, k+1)
	l.patience.served = true
}

// impatient lets one more in if nobody has been for a while.
func (l *line) impatient() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now, young := l.patience.end(); now && len(l.waiting) > 0 {
		l.extra++
		l.next(young)
	}
	l.serve()
}
