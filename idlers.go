package spin

import (
	"sync"
	"time"

	"github.com/spinhost/spin/internal/pool"
)

// idlers are the pools of all components that share a runtime's room, whose idle instances make
// way for others. The zero value has none.
type idlers struct {
	mu    sync.Mutex
	pools map[*pool.Pool]struct{}
}

func (i *idlers) add(p *pool.Pool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.pools == nil {
		i.pools = map[*pool.Pool]struct{}{}
	}
	i.pools[p] = struct{}{}
}

func (i *idlers) remove(p *pool.Pool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.pools, p)
}

// endLongest ends the instance that has been idle for longest, and reports whether there was one.
func (i *idlers) endLongest() bool {
	for {
		p := i.longest()
		if p == nil {
			return false
		}
		if p.EndIdle() { // else it has got a caller in this moment
			return true
		}
	}
}

// longest returns the pool that has it, nil if none is idle.
func (i *idlers) longest() (longest *pool.Pool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var since time.Time
	for p := range i.pools {
		if s := p.IdleSince(); !s.IsZero() && (longest == nil || s.Before(since)) {
			longest, since = p, s
		}
	}
	return longest
}
