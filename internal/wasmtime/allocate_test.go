package wasmtime

import (
	"errors"
	"testing"
)

// The guest's allocator stores each size at the address that it returns, 8 bytes apart, and
// traps if it finds its context slot set or is asked for an alignment of 0.
func TestAllocate(t *testing.T) {
	for _, strict := range []bool{false, true} {
		w := newWorld(t, Config{Pool: smallPool, Exceptions: strict})
		g := w.guest(t, StoreConfig{})
		defer g.close()
		alloc := g.fn("alloc")
		for _, n := range []int{0, 1, 3, len(g.s.Blocks())} {
			for i := range g.s.Blocks()[:n] {
				g.s.Blocks()[i] = Block{Size: uint32(100 + i), Align: 1}
			}
			if err := g.s.Allocate(alloc, n); err != nil {
				t.Fatal(err)
			}
			for i, b := range g.s.Blocks()[:n] {
				if mem := g.s.Memory(0); b.Ptr != g.s.Blocks()[0].Ptr+uint32(8*i) || mem[b.Ptr] != byte(100+i) {
					t.Errorf("block %d of %d: %+v, %d", i, n, b, mem[b.Ptr])
				}
			}
		}
		for what, n := range map[string]int{"more than there is room for": len(g.s.Blocks()) + 1, "fewer than none": -1} {
			if err := g.s.Allocate(alloc, n); err == nil {
				t.Error(what)
			}
		}
		if err := g.s.Allocate(g.fn("act"), 1); err == nil {
			t.Error("no allocator")
		}
		g.s.Blocks()[1].Align = 0
		var trap *TrapError
		if err := g.s.Allocate(alloc, 3); !errors.As(err, &trap) {
			t.Errorf("trap in the second block: %v", err)
		}
		if err := g.s.Allocate(alloc, 1); !errors.Is(err, ErrDead) {
			t.Errorf("after a trap: %v", err)
		}
	}
}
