package canon

import (
	"context"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// A cancellation is told to a thread of the task that waits where it can be told, and if there
// is none, to the next that does.
func TestCancellationOfATaskWithThreads(t *testing.T) {
	for name, tt := range map[string]struct {
		body   func(g *guest, fn uint64) // of the task
		thread body
		later  bool // the cancellation is told only when the task goes on
	}{
		"told to a thread that is suspended": {
			body: func(g *guest, fn uint64) {
				g.switchTo(ThreadSuspendThenResume, g.newThread(fn, g.threadIndex()), false)
			},
			thread: func(g *guest, a []uint64) uint64 {
				g.want("suspend", g.suspend(true), 1)
				g.cancelled()
				g.resumeLater(a[0])
				return 0
			},
		},
		"told to a thread that waits on a set": {
			body: func(g *guest, fn uint64) {
				g.switchTo(ThreadSuspendThenResume, g.newThread(fn, g.threadIndex()), false)
			},
			thread: func(g *guest, a []uint64) uint64 {
				g.wantEvent(g.wait(g.newSet(), true), eventTaskCancelled, 0, 0)
				g.cancelled()
				g.resumeLater(a[0])
				return 0
			},
		},
		"told to the task's own thread first": {
			body: func(g *guest, fn uint64) {
				th := g.newThread(fn, 0)
				g.want("switch", g.switchTo(ThreadSuspendThenResume, th, true), 1)
				g.cancelled()
				g.resumeLater(th)
			},
			thread: func(g *guest, _ []uint64) uint64 { g.want("suspend", g.suspend(true), 0); return 0 },
		},
		"told to a thread that has switched": {
			body: func(g *guest, fn uint64) {
				th := g.newThread(fn, 0)
				g.want("switch", g.switchTo(ThreadSuspendThenResume, th, true), 1)
				g.cancelled()
				g.resumeLater(th)
			},
			thread: func(g *guest, _ []uint64) uint64 { g.suspend(false); return 0 },
		},
		"kept for the next that can be told": {
			body: func(g *guest, fn uint64) {
				th := g.newThread(fn, g.threadIndex())
				g.switchTo(ThreadSuspendThenResume, th, false)
				// Resumed by the thread; instead of switching it is told.
				g.want("switch", g.switchTo(ThreadSuspendThenResume, th, true), 1)
				g.cancelled()
				g.resumeLater(th)
			},
			thread: func(g *guest, a []uint64) uint64 {
				for range 3 {
					g.want("yield", g.yield(false), 0)
				}
				g.resumeLater(a[0])
				g.suspend(false)
				return 0
			},
			later: true,
		},
		"kept by suspend": {
			body: func(g *guest, fn uint64) {
				g.yield(false)
				g.yield(false)
				g.want("suspend", g.suspend(true), 1)
				g.cancelled()
			},
			later: true,
		},
		"kept by promotion": {
			body: func(g *guest, fn uint64) {
				th := g.newThread(fn, 0)
				g.resumeLater(th)
				g.yield(false)
				g.yield(false)
				g.want("promote", g.switchTo(ThreadYieldThenPromote, th, true), 1)
				g.cancelled()
				g.resumeLater(th)
			},
			thread: func(g *guest, _ []uint64) uint64 { g.suspend(false); return 0 },
			later:  true,
		},
	} {
		for _, async := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				guestTest(t, func(g *guest, other *component) {
					thread := tt.thread
					if thread == nil {
						thread = zero
					}
					fn := other.thread(thread)
					op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { tt.body(g, fn); return 0 }), true)
					state, sub := status(g.call(op))
					g.want("state", uint64(state), uint64(subtaskStarted))
					want := isCancelledLater
					if tt.later && async {
						want = isBlocked
					}
					g.want("answer", g.cancelSubtask(sub, async), want)
					if want == isBlocked {
						s := g.newSet()
						g.join(sub, s)
						g.wantEvent(g.wait(s, false), eventSubtask, sub, isCancelledLater)
					}
					g.dropSubtask(sub)
				})
			})
		}
	}
}

// A host's cancellation reaches threads too.
func TestCancellationByTheHostOfATaskWithThreads(t *testing.T) {
	w := newWorld(t)
	a := w.component("a", nil)
	told := uint64(9)
	fn := a.thread(func(g *guest, _ []uint64) uint64 {
		told = g.suspend(true)
		g.cancelled()
		return 0
	})
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		g.switchTo(ThreadYieldThenResume, g.newThread(fn, 0), false)
		return 0 // and the task goes on
	})
	w.cfg.NoDeadlock = true
	p := w.start().begin(l)
	p.Cancel()
	if _, err := p.wait(); err != context.Canceled || told != 1 {
		t.Errorf("got %v; the thread was told %d", err, told)
	}
}

// A call that is not async waits for the threads of its instance wherever it was cut short: at
// the end of a time slice, in slow functions of the host, below another component.
func TestCallsThatWaitForThreadsAreCutShort(t *testing.T) {
	for _, every := range []int{0, 1, 2, 3} {
		for _, nested := range []bool{false, true} {
			w := newWorld(t)
			n := 0
			if every > 0 {
				w.slice = func() bool { n++; return n%every == 0 }
			}
			a, b := w.component("a", nil), w.component("b", nil)
			slow := b.host("func(x:u32)->u32", false, onGoroutine(func(context.Context) {}, func(c *abi.Call) { c.Return(11) }))
			fn := b.thread(func(g *guest, a []uint64) uint64 {
				for range 5 {
					g.want("slow", g.call(slow, 10), 11)
					g.resumeLater(a[0])
					g.suspend(false)
				}
				return 0
			})
			work := b.lift("func()->u32", func(g *guest, _ []uint64) uint64 {
				th := g.newThread(fn, g.threadIndex())
				for range 5 {
					g.want("switch", g.switchTo(ThreadSuspendThenResume, th, false), 0)
					g.want("slow", g.call(slow, 10), 11)
					g.want("yield", g.yield(false), 0)
				}
				g.resumeLater(th)
				return 42
			})
			l := work
			if nested {
				op := a.lower(work, false)
				l = a.lift("func()->u32", func(g *guest, _ []uint64) uint64 { return g.call(op) })
			}
			w.start()
			for range 2 {
				if v := w.must(l); v != uint32(42) {
					t.Errorf("got %v", v)
				}
			}
		}
	}
}

// What ends in a thread ends the tree, also below a call that waits for it.
func TestThreadsThatTrap(t *testing.T) {
	for name, op := range map[string]Builtin{"suspending": ThreadSuspendThenResume, "yielding": ThreadYieldThenResume} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			fn := b.thread(func(g *guest, _ []uint64) uint64 { g.trap("no"); return 0 })
			call := a.lower(b.lift("func()", func(g *guest, _ []uint64) uint64 {
				return g.switchTo(op, g.newThread(fn, 0), false)
			}), false)
			w.start().traps("guest: no", a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(call) }))
		})
	}
}

// Nothing of a thread is left when it has ended, nor of one that has never begun when the tree
// has.
func TestNothingIsLeftOfThreads(t *testing.T) {
	w := newWorld(t)
	a := w.component("a", nil)
	fn := a.thread(zero)
	runs := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		for range 100 {
			g.switchTo(ThreadYieldThenResume, g.newThread(fn, 0), false)
		}
		g.ret("")
		return 0
	})
	leaves := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		for range 100 {
			g.newThread(fn, 0)
		}
		g.ret("")
		return 0
	})
	w.start().must(runs)
	w.do(func(tree *Tree) {
		if x := &tree.insts[0].threads; tree.tasks != 0 || tree.spawned != 0 || len(x.threads) != 3 || len(x.free) != 2 || len(tree.fibers) > 2 {
			t.Errorf("left: %d tasks, %d threads, a table of %d, %d fibers", tree.tasks, tree.spawned, len(x.threads), len(tree.fibers))
		}
	})
	<-w.begin(leaves).Done()
	w.do(func(tree *Tree) {
		if tree.tasks != 1 || tree.spawned != 100 {
			t.Errorf("%d tasks and %d threads", tree.tasks, tree.spawned)
		}
	})
}
