package io

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Waiters is the part of an abi.Pollable that remembers whom to wake. The zero value is ready
// to use; it is safe for concurrent use.
type Waiters struct {
	mu   sync.Mutex
	list []*func()
}

// Arm implements abi.Pollable.
func (w *Waiters) Arm(wake func()) (disarm func()) {
	p := &wake
	w.mu.Lock()
	w.list = append(w.list, p)
	w.mu.Unlock()
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if i := slices.Index(w.list, p); i >= 0 {
			w.list = slices.Delete(w.list, i, i+1)
		}
	}
}

// Wake wakes all that are armed. Call it after a change that may make the Pollable ready, and
// without a lock that Ready takes.
func (w *Waiters) Wake() {
	var few [4]*func()
	w.mu.Lock()
	all := append(few[:0], w.list...)
	w.mu.Unlock()
	for _, wake := range all {
		(*wake)()
	}
}

// Event is a Pollable that becomes ready once and stays so. The zero value is not ready; it is
// safe for concurrent use.
type Event struct {
	Waiters
	set atomic.Bool
}

// Set makes the event ready. Calls after the first do nothing.
func (e *Event) Set() {
	if !e.set.Swap(true) {
		e.Wake()
	}
}

// Ready implements abi.Pollable.
func (e *Event) Ready() bool { return e.set.Load() }
