package canon

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// fourTest runs body as a stackful task of component a, with three more at hand.
func fourTest(t *testing.T, body func(g *guest, b, c, d *component)) {
	t.Helper()
	for name, slicing := range slicings {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, b, c, d := w.component("a", nil), w.component("b", nil), w.component("c", nil), w.component("d", nil)
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { body(g, b, c, d); g.ret(""); return 0 })
			w.start().slice = slicing()
			w.must(l)
		})
	}
}

// late is a slow function of the host, during which its tree is frozen.
func (c *component) late() int32 {
	return c.host("func()", false, onGoroutine(nothing, func(*abi.Call) {}))
}

// A callee may be cut short while it is told of its cancellation: by a slow host function of
// its own, or of a callee, or by the end of its time slice.
func TestCancellationThatIsCutShort(t *testing.T) {
	// Each returns a callback that is told, does something slow, and confirms, by itself or
	// after it has waited once more.
	slow := map[string]func(b, c, d *component) func(g *guest){
		"host function": func(b, _, _ *component) func(*guest) {
			op := b.late()
			return func(g *guest) { g.call(op) }
		},
		"two of them": func(b, _, _ *component) func(*guest) {
			op := b.late()
			return func(g *guest) { g.call(op); g.call(op) }
		},
		"callee's host function": func(b, c, _ *component) func(*guest) {
			late := c.late()
			op := b.lower(c.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(late) }), false)
			return func(g *guest) { g.call(op) }
		},
		"cancellation of a callee": func(b, c, _ *component) func(*guest) {
			late := c.late()
			op := b.lower(c.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
				func(g *guest, _ []uint64) uint64 { g.call(late); g.cancelled(); return exit }), true)
			return func(g *guest) {
				_, sub := status(g.call(op))
				g.want("inner answer", g.cancelSubtask(sub, false), isCancelledLater)
			}
		},
		"callee's callee": func(b, c, d *component) func(*guest) {
			late := d.late()
			inner := c.lower(d.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(late) }), false)
			op := b.lower(c.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(inner) }), false)
			return func(g *guest) { g.call(op) }
		},
	}
	for name, how := range slow {
		for _, async := range []bool{false, true} {
			for ends, finish := range map[string]func(g *guest) uint64{
				"confirms": func(g *guest) uint64 { g.cancelled(); return exit },
				"returns":  func(g *guest) uint64 { g.ret(""); return exit },
				"waits":    func(g *guest) uint64 { return yield },
			} {
				t.Run(name+", "+ends, func(t *testing.T) {
					fourTest(t, func(g *guest, b, c, d *component) {
						work := how(b, c, d)
						told := false
						op := g.c.lower(b.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
							func(g *guest, a []uint64) uint64 {
								if told {
									g.cancelled()
									return exit
								}
								told = true
								g.want("event", a[0], codeTaskCancelled)
								work(g)
								return finish(g)
							}), true)
						_, sub := status(g.call(op))
						want := map[string]uint64{"confirms": isCancelledLater, "returns": isReturned, "waits": isCancelledLater}[ends]
						answer := g.cancelSubtask(sub, async)
						if async && ends == "waits" {
							g.want("answer", answer, isBlocked)
							s := g.newSet()
							g.join(sub, s)
							g.wantEvent(g.wait(s, false), eventSubtask, sub, want)
						} else {
							g.want("answer", answer, want)
						}
						g.dropSubtask(sub)
					})
				})
			}
		}
	}
}

// A synchronous cancellation answers how the call has ended, even if the caller has not seen
// yet that it has started.
func TestCancellationAfterAnUnseenStart(t *testing.T) {
	for _, async := range []bool{false, true} {
		guestTest(t, func(g *guest, other *component) {
			x := g.hold(other)
			started, asked := false, false
			op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				for started = true; !asked; {
					g.yield(false) // cannot be cancelled here
				}
				g.yield(false)
				g.want("thread.yield", g.yield(true), 1)
				g.cancelled()
				return 0
			}), true)
			state, sub := status(g.call(op))
			g.want("state", uint64(state), uint64(subtaskStarting))
			for g.open(x); !started; {
				g.yield(false)
			}
			asked = true
			if async {
				g.want("answer", g.cancelSubtask(sub, true), isBlocked)
				s := g.newSet()
				g.join(sub, s)
				for e := g.wait(s, false); e.p2 != isCancelledLater; e = g.wait(s, false) {
					g.wantEvent(e, eventSubtask, sub, uint64(subtaskStarted))
				}
			} else {
				g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
			}
			g.dropSubtask(sub)
		})
	}
}

// Whoever waits to enter only because others do is not held up by what these wait for.
func TestNobodyWaitsForALockThatItDoesNotNeed(t *testing.T) {
	for _, cancel := range []bool{false, true} {
		guestTest(t, func(g *guest, other *component) {
			x := g.newGate()
			b := func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 }
			_, holder := status(g.call(g.c.lower(other.lift("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				return 0
			}), true), x.r))
			exclusive := g.c.lower(other.callback("async func()", b, never), true)
			free := g.c.lower(other.stackful("async func()", b), true)
			s := g.newSet()
			state, first := status(g.call(exclusive))
			g.want("who needs the lock", uint64(state), uint64(subtaskStarting))
			var frees [3]uint64
			for i := range frees {
				state, frees[i] = status(g.call(free))
				g.want("who does not", uint64(state), uint64(subtaskStarting))
				g.join(frees[i], s)
			}
			if cancel {
				g.want("answer", g.cancelSubtask(first, true), isCancelledEarly)
			}
			for n := 0; n < len(frees); {
				if g.wait(s, false).p2 == isReturned {
					n++
				}
			}
			g.open(x)
			g.join(holder, s)
			g.wantEvent(g.wait(s, false), eventSubtask, holder, isReturned)
			if !cancel {
				g.join(first, s)
				for g.wait(s, false).p2 != isReturned {
				}
			}
		})
	}
}

// Cancelling a call that waits to enter an instance that is on the stack does not open that
// instance to be entered.
func TestCancellationBeforeTheStartOfATaskBelow(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	var sub uint64
	wait := b.lower(a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.trap("started"); return 0 }), true)
	back := b.lower(a.lift("func()", zero), false)
	start := b.lift("func()", func(g *guest, _ []uint64) uint64 { _, sub = status(g.call(wait)); return 0 })
	press := a.lift("func()", func(g *guest, _ []uint64) uint64 { g.pressureInc(); return 0 })
	cancel := a.lower(b.lift("func()", func(g *guest, _ []uint64) uint64 {
		g.want("answer", g.cancelSubtask(sub, true), isCancelledEarly)
		return g.call(back)
	}), false)
	l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(cancel) })
	w.cfg.NoDeadlock = true
	w.start()
	for _, l := range []*Lift{press, start} {
		if _, err := w.call(l); err != nil {
			t.Fatal(err)
		}
	}
	w.traps("cannot enter component instance", l)
}

// What was lent to a call stays lent until the caller knows how it has ended; what a callee
// has borrowed it must drop before it confirms.
func TestCancellationAndBorrows(t *testing.T) {
	// body gets the callee's way of dropping its borrowed handle when it is told.
	run := func(t *testing.T, drops bool, body func(s *shop, g *guest, op int32, h uint64)) (*shop, *Lift) {
		s := newShop(t)
		callee := s.b.callback("async func(x:borrow<h>)", func(g *guest, a []uint64) uint64 {
			g.context[0] = a[0]
			return waitOn(g.newSet())
		}, func(g *guest, a []uint64) uint64 {
			if a[0] == codeTaskCancelled {
				return yield // it takes its time
			}
			if drops {
				g.drop(s.h, g.context[0])
			}
			g.cancelled()
			return exit
		})
		give := s.a.host("func()->own<h>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(&thing{}, 0))) })
		op := s.a.lower(callee, true)
		return s, s.run(func(g *guest) { body(s, g, op, g.call(give)) })
	}
	ends := func(g *guest, sub uint64) {
		set := g.newSet()
		g.join(sub, set)
		g.wantEvent(g.wait(set, false), eventSubtask, sub, isCancelledLater)
	}
	t.Run("dropped", func(t *testing.T) {
		s, l := run(t, true, func(s *shop, g *guest, op int32, h uint64) {
			_, sub := status(g.call(op, h))
			g.want("answer", g.cancelSubtask(sub, true), isBlocked)
			ends(g, sub)
			g.drop(s.h, h)
		})
		s.must(l)
	})
	t.Run("dropped, synchronous form", func(t *testing.T) {
		s, l := run(t, true, func(s *shop, g *guest, op int32, h uint64) {
			_, sub := status(g.call(op, h))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
			g.drop(s.h, h)
		})
		s.must(l)
	})
	t.Run("not dropped", func(t *testing.T) {
		s, l := run(t, false, func(_ *shop, g *guest, op int32, h uint64) {
			_, sub := status(g.call(op, h))
			g.cancelSubtask(sub, false)
		})
		s.traps("borrow handles still remain", l)
	})
	t.Run("lent until the answer", func(t *testing.T) {
		s, l := run(t, true, func(s *shop, g *guest, op int32, h uint64) {
			_, sub := status(g.call(op, h))
			g.want("answer", g.cancelSubtask(sub, true), isBlocked)
			g.drop(s.h, h)
		})
		s.traps("while it is lent", l)
	})
	t.Run("before the start", func(t *testing.T) { // nothing is lent yet
		s := newShop(t)
		callee := s.b.stackful("async func(x:borrow<h>)", func(g *guest, _ []uint64) uint64 { g.trap("started"); return 0 })
		give := s.a.host("func()->own<h>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(&thing{}, 0))) })
		op := s.a.lower(callee, true)
		s.must(s.run(func(g *guest) {
			x := g.hold(s.b)
			h := g.call(give)
			_, sub := status(g.call(op, h))
			g.drop(s.h, h)
			g.want("answer", g.cancelSubtask(sub, true), isCancelledEarly)
			g.open(x)
		}))
	})
	t.Run("host function", func(t *testing.T) {
		s := newShop(t)
		give := s.a.host("func()->own<h>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(&thing{}, 0))) })
		op := s.a.host("async func(x:borrow<h>)", true, func(c *abi.Call) {
			c.LiftBorrow(c.Args().U32(0), 0)
			onGoroutine(func(ctx context.Context) { <-ctx.Done() }, func(*abi.Call) {})(c)
		})
		s.must(s.run(func(g *guest) {
			h := g.call(give)
			_, sub := status(g.call(op, h))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
			g.drop(s.h, h)
		}))
	})
}

// A function of the host is cancelled at once, wherever it is.
func TestCancellationOfHostFunctionsInEveryState(t *testing.T) {
	for name, limit := range map[string]int{"running": 8, "queued": 1} {
		for _, async := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				w := newWorld(t)
				w.cfg.HostCalls = limit
				a := w.component("a", nil)
				var ran, ended atomic.Int32
				op := a.host("async func(x:u32)->u32", true, onGoroutine(func(ctx context.Context) {
					ran.Add(1)
					<-ctx.Done()
					ended.Add(1)
				}, func(*abi.Call) { t.Error("a cancelled call was finished") }))
				l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
					var subs [4]uint64
					for i := range subs {
						var state subtaskState
						state, subs[i] = status(g.call(op, 1, g.new(4, 4)))
						g.want("state", uint64(state), uint64(subtaskStarted))
					}
					for i := range subs { // the queued ones first
						g.want("answer", g.cancelSubtask(subs[len(subs)-1-i], async), isCancelledLater)
						g.dropSubtask(subs[len(subs)-1-i])
					}
					g.ret("")
					return 0
				})
				p := w.start().begin(l)
				if _, err := p.wait(); err != nil {
					t.Fatal(err)
				}
				w.joined()
				for w.tree.Driven() {
				}
				w.rested()
				if want := int32(min(limit, 4)); ran.Load() != want || ended.Load() != want {
					t.Errorf("%d ran, %d ended, want %d", ran.Load(), ended.Load(), want)
				}
				if n := w.waits(); n != 0 {
					t.Errorf("the tree waits for %d operations", n)
				}
			})
		}
	}
}
