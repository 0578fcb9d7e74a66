package canon

import (
	"fmt"
	"testing"
)

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

// A call of an instance that is only about to be free starts at once: whoever holds its lock in
// the middle of its code, and could go on, goes on first.
func TestCallOfAnInstanceThatIsAboutToBeFree(t *testing.T) {
	guestTest(t, func(g *guest, other *component) {
		fut := g.c.w.future("")
		holds := g.c.lower(other.lift("async func(f:future)", func(g *guest, a []uint64) uint64 {
			g.readSync(fut, a[0], 0, 0)
			return 0
		}), true)
		second := g.c.lower(other.lift("async func()", zero), true)
		x := g.newGate()
		v := g.call(holds, x.r)
		state, sub := status(g.call(second))
		g.want("state while nobody can go on", uint64(state), uint64(subtaskStarting))
		g.open(x)
		g.finish(true, v)
		g.finish(true, uint64(state)|sub<<4)

		x = g.newGate()
		v = g.call(holds, x.r)
		g.open(x)
		g.want("state when the holder can go on", g.call(second), isReturned)
		g.finish(true, v)
	})
}

// Two calls through one that waits for its callee do not keep each other from going on, in
// whatever order what they wait for comes.
func TestConcurrentCallsThroughOneThatWaits(t *testing.T) {
	type lifter func(c *component, b body) *Lift
	sync := func(c *component, b body) *Lift { return c.lift("async func(f:future)", b) }
	returns := func(b body) body {
		return func(g *guest, a []uint64) uint64 {
			b(g, a)
			g.ret("")
			return exit
		}
	}
	stackful := func(c *component, b body) *Lift { return c.stackful("async func(f:future)", returns(b)) }
	callback := func(c *component, b body) *Lift { return c.callback("async func(f:future)", returns(b), never) }
	lifters := map[string]lifter{"synchronous": sync, "stackful": stackful, "callback": callback}
	body := func(w *world, front, middle lifter, lastFirst bool) *Lift {
		a, b, c, d := w.component("a", nil), w.component("front", nil), w.component("middle", nil), w.component("back", nil)
		fut := w.future("")
		pass := func(to int32) body {
			return func(g *guest, a []uint64) uint64 { g.call(to, a[0]); return 0 }
		}
		waits := stackful(d, func(g *guest, a []uint64) uint64 { g.readSync(fut, a[0], 0, 0); return 0 })
		op := a.lower(front(b, pass(b.lower(middle(c, pass(c.lower(waits, false))), false))), true)
		return a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			gates := []gate{g.newGate(), g.newGate()}
			var calls []uint64
			for _, x := range gates {
				calls = append(calls, g.call(op, x.r))
			}
			if lastFirst {
				gates[0], gates[1] = gates[1], gates[0]
			}
			for _, x := range gates {
				if g.write(x.ch, x.w, 0, 0) == blocked { // its reader has to wait for the other call
					g.yield(false)
				}
			}
			for _, v := range calls {
				g.finish(true, v)
			}
			g.ret("")
			return 0
		})
	}
	for front, first := range lifters {
		for middle, second := range lifters {
			for _, lastFirst := range []bool{false, true} {
				for name, slicing := range slicings {
					t.Run(fmt.Sprintf("%s, %s, last first %v, %s", front, middle, lastFirst, name), func(t *testing.T) {
						w := newWorld(t)
						l := body(w, first, second, lastFirst)
						w.slice = slicing()
						w.start().must(l)
					})
				}
			}
		}
	}
}
