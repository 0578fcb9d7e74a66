// Package told keeps what guests bring about from filling a log: the same reason is told once, and
// of many reasons the first ones.
package told

import "sync"

// Max is how many reasons are told in all.
const Max = 100

// Reasons are the reasons that were told. The zero value is ready, and safe for concurrent use.
type Reasons struct {
	mu    sync.Mutex
	known map[string]bool
}

// First reports whether a reason is to be told: it was not before, and there is room for it.
func (r *Reasons) First(reason string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[reason] || len(r.known) >= Max {
		return false
	}
	if r.known == nil {
		r.known = map[string]bool{}
	}
	r.known[reason] = true
	return true
}
