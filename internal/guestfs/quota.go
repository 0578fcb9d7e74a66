package guestfs

import "sync"

// DefaultOpen is how many descriptors a guest has open at most, where nothing else is said. It is
// what Unix has for a process.
const DefaultOpen = 1024

// Quota bounds what one guest has open, listings of directories included, and closes what is left
// when the guest ends.
type Quota struct {
	max    int
	mu     sync.Mutex
	taken  int // what is open, or about to be
	open   map[interface{ Close() }]struct{}
	closed bool
}

// NewQuota returns a Quota of max descriptors; 0 means DefaultOpen.
func NewQuota(max int) *Quota {
	if max <= 0 {
		max = DefaultOpen
	}
	return &Quota{max: max, open: map[interface{ Close() }]struct{}{}}
}

// Open returns how many descriptors are open.
func (q *Quota) Open() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.taken
}

// Close closes what was opened and is still open, and what is opened from now on at once.
// Duplicates stay open until they are closed themselves. It implements io.Closer.
func (q *Quota) Close() error {
	q.mu.Lock()
	open := q.open
	q.open, q.closed = map[interface{ Close() }]struct{}{}, true
	q.mu.Unlock()
	for c := range open {
		c.Close()
	}
	return nil
}

// take counts one more.
func (q *Quota) take() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken >= q.max {
		return TooManyOpen
	}
	q.taken++
	return nil
}

// give takes back what take has counted.
func (q *Quota) give() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.taken--
}

// keep remembers what Close is to close.
func (q *Quota) keep(c interface{ Close() }) {
	q.mu.Lock()
	closed := q.closed
	if !closed {
		q.open[c] = struct{}{}
	}
	q.mu.Unlock()
	if closed {
		c.Close()
	}
}

// forget is for what has closed itself.
func (q *Quota) forget(c interface{ Close() }) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.open, c)
}
