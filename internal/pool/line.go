package pool

import (
	"context"
	"slices"
	"sync"
)

// line is where callers of fresh instances wait while others compute, as those of shared ones
// do. The zero line lets everybody in.
type line struct {
	parallel int

	mu       sync.Mutex
	starting int       // callers that have been let in, for whom an instance is being made
	members  []*member // fresh instances that live, oldest first
	waiting  []chan struct{}
	patience patience
}

// maxLooked is how many of the youngest instances are asked whether they compute. Older ones
// mostly wait for something.
const maxLooked = 64

// full reports whether another instance would only take turns with those that compute.
func (l *line) full() bool {
	n := l.starting
	for k := len(l.members) - 1; k >= max(0, len(l.members)-maxLooked) && n < l.parallel; k-- {
		if m := l.members[k]; m.comes.Load() > 0 || m.inst.Busy() {
			n++
		}
	}
	return n >= l.parallel
}

// enter waits until an instance may be made, which entered tells the outcome of.
func (l *line) enter(ctx context.Context) error {
	if l.parallel <= 0 {
		return nil
	}
	l.mu.Lock()
	if !l.full() {
		l.starting++
		l.mu.Unlock()
		return nil
	}
	c := make(chan struct{})
	l.waiting = append(l.waiting, c)
	l.patience.begin(l.impatient)
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
	if l.parallel <= 0 {
		return
	}
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
	if l.parallel <= 0 {
		return
	}
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
	if l.parallel <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.serve()
}

func (l *line) serve() {
	for len(l.waiting) > 0 && !l.full() {
		l.next()
	}
}

func (l *line) next() {
	l.starting++
	close(l.waiting[0])
	l.waiting = slices.Delete(l.waiting, 0, 1)
	l.patience.served = true
}

// impatient lets one more in if nobody has been for a while.
func (l *line) impatient() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.patience.end() && len(l.waiting) > 0 {
		l.next()
	}
	if l.serve(); len(l.waiting) > 0 {
		l.patience.begin(l.impatient)
	}
}
