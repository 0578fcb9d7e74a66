package keyvalue

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
)

// cas is a compare-and-swap operation on one key.
type cas struct {
	b       *bucket
	key     string
	dropped atomic.Bool

	mu     sync.Mutex
	looked bool // at the value, which was
	seen   abi.Option[[]byte]
}

func (b *bucket) newCAS(key string) (*cas, error) {
	if !b.held.swap() {
		return nil, errTooManyCAS
	}
	return &cas{b: b, key: key}, nil
}

// drop forgets the operation.
func (c *cas) drop() {
	if !c.dropped.Swap(true) {
		c.b.held.swapped()
		c.forget()
	}
}

func (c *cas) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.b.held.drop(len(c.seen.Value))
	c.looked, c.seen = false, abi.Option[[]byte]{}
}

// current returns the value, and remembers it.
func (c *cas) current(ctx context.Context) (abi.Option[[]byte], error) {
	v, err := c.b.get(ctx, c.key)
	if err != nil {
		return v, err
	}
	c.forget()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.b.held.hold(len(v.Value)) {
		return v, errTooMuchHeld
	}
	c.looked, c.seen = true, v
	return v, nil
}

// swap puts a value in place of the one seen, or of any if none was looked at. If another one is
// there, it returns an operation that has seen it.
func (c *cas) swap(ctx context.Context, value []byte) (again *cas, err error) {
	defer c.drop()
	c.mu.Lock()
	looked, seen := c.looked, c.seen
	c.mu.Unlock()
	if !looked {
		return nil, c.b.set(ctx, c.key, value)
	}
	swapper, ok := c.b.store.(Swapper)
	if !ok {
		return nil, errNoSwap
	}
	swapped, err := do(ctx, c.b.limit, func() (bool, error) {
		return swapper.CompareAndSwap(ctx, c.key, seen.Value, seen.OK, value)
	})
	if swapped || err != nil {
		return nil, err
	}
	c.drop() // makes room
	if again, err = c.b.newCAS(c.key); err != nil {
		return nil, err
	}
	if _, err = again.current(ctx); err != nil {
		again.drop()
		return nil, err
	}
	return again, nil
}
