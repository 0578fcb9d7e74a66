package canon

import "testing"

// A task that waits within its code, and whose event has come, may go on only when its
// instance's callers are off the stack, or at least as if they were: here it calls the one
// that has woken it, which waits for it a moment later.
func TestTaskThatGoesOnMayCallItsWaker(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	fut := w.future("")
	back := b.lower(a.lift("func()", zero), false)
	holds := a.lower(b.lift("async func(f:future)", func(g *guest, a []uint64) uint64 {
		g.readSync(fut, a[0], 0, 0)
		g.call(back)
		return 0
	}), true)
	second := a.lower(b.lift("async func()", zero), true)
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		x := g.newGate()
		_, sub1 := status(g.call(holds, x.r))
		g.open(x)
		v := g.call(second) // wants the lock that the first one holds
		s := g.newSet()
		g.join(sub1, s)
		for g.wait(s, false).p2 != isReturned {
		}
		g.finish(true, v)
		g.ret("")
		return 0
	})
	w.start().must(l)
}
