package keyvalue

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
)

// MaxOpen is how many stores, and how many compare-and-swap operations, an instance of a component
// has open at most.
const MaxOpen = 1 << 16

// Errors that say that an instance holds too much.
var (
	errTooMany     = errors.New("store table full")
	errTooManyCAS  = errors.New("too many compare_and_swaps opened")
	errTooMuchHeld = errors.New("the values that were seen for a swap take too much memory")
)

// held is what an instance holds of stores.
type held struct {
	stores, swaps atomic.Int64
	bytes         atomic.Int64 // of values seen for a swap

	maxOpen, maxBytes int64
}

func (s *Stores) newHeld() *held {
	return &held{maxOpen: cmp.Or(s.maxOpen, MaxOpen), maxBytes: cmp.Or(s.maxHeld, MaxResult)}
}

// heldBy returns the count of the instance that calls.
func (g *grant) heldBy(ctx context.Context) *held {
	l, ok := abi.LocalsOf(ctx)
	if !ok { // no engine
		return g.stores.newHeld()
	}
	return l.Get(g, func() any { return g.stores.newHeld() }).(*held)
}

func (h *held) open() bool { return take(&h.stores, 1, h.maxOpen) }
func (h *held) close()     { h.stores.Add(-1) }

// swap counts an operation, which swapped gives back.
func (h *held) swap() bool { return take(&h.swaps, 1, h.maxOpen) }
func (h *held) swapped()   { h.swaps.Add(-1) }

// hold counts bytes, which drop gives back; too many are not counted.
func (h *held) hold(n int) bool { return take(&h.bytes, int64(n), h.maxBytes) }
func (h *held) drop(n int)      { h.bytes.Add(-int64(n)) }

func take(count *atomic.Int64, n, limit int64) bool {
	if count.Add(n) <= limit {
		return true
	}
	count.Add(-n)
	return false
}
