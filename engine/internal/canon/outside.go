package canon

import (
	"context"
	"sync"

	"github.com/spinhost/spin/internal/stack"
)

// outside counts the goroutines that do the host's work for a tree: functions that answer
// later, and readers of streams that are being closed.
type outside struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when n is 0 again; nil if nobody waits for it
}

// run runs f on a goroutine.
func (o *outside) run(f func()) {
	o.mu.Lock()
	o.n++
	o.mu.Unlock()
	go func() {
		stack.Grow()
		defer o.over()
		f()
	}()
}

func (o *outside) over() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n--; o.n == 0 && o.none != nil {
		close(o.none)
		o.none = nil
	}
}

// wait returns a channel that is closed when there are no such goroutines, nil if there are
// none now.
func (o *outside) wait() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n > 0 && o.none == nil {
		o.none = make(chan struct{})
	}
	return o.none
}

// Join waits until the host's goroutines that work for the tree are over, or ctx ends. It may
// be called from any goroutine.
func (t *Tree) Join(ctx context.Context) error {
	none := t.out.wait()
	if none == nil {
		return nil
	}
	select {
	case <-none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Working reports whether there are such goroutines. It may be called from any goroutine.
func (t *Tree) Working() bool {
	t.out.mu.Lock()
	defer t.out.mu.Unlock()
	return t.out.n > 0
}
