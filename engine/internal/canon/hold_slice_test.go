package canon

import "testing"

// A function that is not async returns before its caller goes on, also if its time slice was
// over before it let other threads of its instance run.
func TestYieldAfterTheTimeSliceIsOver(t *testing.T) {
	for name, nested := range map[string]bool{"called by the host": false, "called by a guest": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.slice = func() bool { return true }
			a, b := w.component("a", nil), w.component("b", nil)
			var j journal
			busy := b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.ret("")
				for range 5 {
					j.note("busy")
					g.yield(false)
				}
				return 0
			})
			plain := b.lift("func()", func(g *guest, _ []uint64) uint64 {
				for range 2 {
					j.note("plain")
					g.yield(false)
				}
				j.note("returns")
				return 0
			})
			outer := a.lift("func()", func(g *guest, _ []uint64) uint64 {
				g.call(a.lower(plain, false))
				j.note("returned")
				return 0
			})
			w.start()
			w.do(func(*Tree) { // both before the first runs
				w.begin(busy)
				if nested {
					w.begin(outer)
				} else {
					w.begin(plain)
				}
			})
			w.settle()
			w.rested()
			order := map[string]int{}
			for i, s := range j {
				order[s] = i
			}
			if order["returns"] == 0 || nested && order["returned"] != order["returns"]+1 {
				t.Errorf("got %v", j)
			}
		})
	}
}
