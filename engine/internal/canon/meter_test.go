package canon

import (
	"fmt"
	"slices"
	"testing"
)

// watched writes down what a Watch is told.
type watched []string

func (w *watched) Enter(i int32) { *w = append(*w, fmt.Sprint("enter ", i)) }
func (w *watched) Leave()        { *w = append(*w, "leave") }

// Allocators that the host calls while nothing of the guest runs are those of their instance:
// the watch is told before they run, and a trap says whose it is.
func TestAllocatorsAreTheirInstances(t *testing.T) {
	for name, alloc := range map[string]func(i *Instance, fn int32) error{
		"one":     func(i *Instance, fn int32) error { _, err := i.Realloc(fn, 0, 0, 1, 8); return err },
		"a batch": func(i *Instance, fn int32) error { return i.Allocate(fn, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.component("a", nil)
			b := w.component("b", nil)
			var told watched
			w.cfg.Watch = &told
			w.start()
			w.do(func(t *Tree) {
				i := &t.insts[b.n]
				if err := alloc(i, b.alloc); err != nil {
					w.tb.Error(err)
				}
				if want := []string{"enter 1", "leave"}; !slices.Equal(told, want) {
					w.tb.Errorf("the watch is told %q, want %q", told, want)
				}
				b.realloc = func(g *guest, _, _, _, _ uint32) uint32 { g.trap("full"); return 0 }
				if err := alloc(i, b.alloc); err == nil {
					w.tb.Error("no trap")
				}
				if where := t.Where(); where == nil || where.Instance != b.n {
					w.tb.Errorf("the trap is in %+v", where)
				}
			})
		})
	}
}
