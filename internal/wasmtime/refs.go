package wasmtime

import "sync/atomic"

// refs counts the users of a C object, its owner among them, so that closing it
// while somebody uses it is safe: the last one frees it.
type refs struct {
	n      atomic.Int64
	closed atomic.Bool
	free   func()
}

func (r *refs) init(free func()) {
	r.free = free
	r.n.Store(1)
}

// acquire reports false once the object has been closed.
func (r *refs) acquire() bool {
	for {
		n := r.n.Load()
		if n == 0 || r.closed.Load() {
			return false
		}
		if r.n.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (r *refs) release() {
	if r.n.Add(-1) == 0 {
		r.free()
	}
}

// close gives the owner's share up, once.
func (r *refs) close() {
	if r.closed.CompareAndSwap(false, true) {
		r.release()
	}
}
