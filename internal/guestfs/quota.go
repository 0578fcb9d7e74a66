package guestfs

import "sync/atomic"

// DefaultOpen is how many descriptors a guest has open at most, where nothing else is said. It is
// what Unix has for a process.
const DefaultOpen = 1024

// Quota bounds what one guest has open, listings of directories included.
type Quota struct {
	max  int64
	open atomic.Int64
}

// NewQuota returns a Quota of max descriptors; 0 means DefaultOpen.
func NewQuota(max int) *Quota {
	if max <= 0 {
		max = DefaultOpen
	}
	return &Quota{max: int64(max)}
}

// Open returns how many descriptors are open.
func (q *Quota) Open() int { return int(q.open.Load()) }

func (q *Quota) take() error {
	if q.open.Add(1) > q.max {
		q.open.Add(-1)
		return TooManyOpen
	}
	return nil
}

func (q *Quota) give() { q.open.Add(-1) }
