package canon

import "testing"

// The answers of subtask.cancel.
const (
	isReturned        = uint64(subtaskReturned)
	isCancelledEarly  = uint64(subtaskCancelledBeforeStarted)
	isCancelledLater  = uint64(subtaskCancelledBeforeReturned)
	isBlocked         = uint64(blocked)
	codeTaskCancelled = uint64(eventTaskCancelled)
)

// hold puts other under pressure until the gate is opened.
func (g *guest) hold(other *component) gate {
	x := g.newGate()
	op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
		g.pressureInc()
		g.ret("")
		g.readSync(x.ch, a[0], 0, 0)
		g.pressureDec()
		return 0
	}), true)
	g.call(op, x.r)
	return x
}

// cancellable are callees that wait, each in another way, and confirm their cancellation.
func cancellable(c *component) map[string]*Lift {
	confirm := func(g *guest, a []uint64) uint64 {
		if a[0] == 0 {
			return yield
		}
		g.want("event", a[0], codeTaskCancelled)
		g.want("payload", a[1]|a[2], 0)
		g.cancelled()
		return exit
	}
	return map[string]*Lift{
		"WAIT":  c.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) }, confirm),
		"YIELD": c.callback("async func()", func(g *guest, _ []uint64) uint64 { return yield }, confirm),
		"waitable-set.wait": c.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			s := g.newSet()
			g.wantEvent(g.wait(s, true), eventTaskCancelled, 0, 0)
			g.dropSet(s)
			g.cancelled()
			return 0
		}),
		"thread.yield": c.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			for g.yield(true) == 0 {
			}
			g.cancelled()
			return 0
		}),
	}
}

// A callee that waits where it can be cancelled is told at once.
func TestCancellationIsDeliveredAtOnce(t *testing.T) {
	for name := range cancellable(newWorld(t).component("", nil)) {
		for _, async := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				guestTest(t, func(g *guest, other *component) {
					state, sub := status(g.call(g.c.lower(cancellable(other)[name], true)))
					g.want("state", uint64(state), uint64(subtaskStarted))
					g.want("answer", g.cancelSubtask(sub, async), isCancelledLater)
					g.dropSubtask(sub)
				})
			})
		}
	}
}

func TestCancellation(t *testing.T) {
	for name, body := range map[string]func(g *guest, other *component){
		"before the start": func(g *guest, other *component) {
			x := g.hold(other)
			op := g.c.lower(other.stackful("async func(s:string)->string", func(g *guest, _ []uint64) uint64 {
				g.trap("started")
				return 0
			}), true)
			state, sub := status(g.call(op, 0xffffffff, 0xffffffff, 0xffffffff)) // never read
			g.want("state", uint64(state), uint64(subtaskStarting))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledEarly)
			g.dropSubtask(sub)
			g.open(x)
		},
		"before the start, of one of several": func(g *guest, other *component) {
			x := g.hold(other)
			op := g.c.lower(other.callback("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return exit }, never), true)
			var subs [3]uint64
			for i := range subs {
				_, subs[i] = status(g.call(op))
			}
			g.want("answer", g.cancelSubtask(subs[0], true), isCancelledEarly)
			g.open(x)
			s := g.newSet()
			for _, sub := range subs[1:] {
				g.join(sub, s)
			}
			for n := 0; n < 2; {
				if g.wait(s, false).p2 == isReturned {
					n++
				}
			}
		},
		"callee returns a value instead": func(g *guest, other *component) {
			op := g.c.lower(other.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return yield },
				func(g *guest, a []uint64) uint64 {
					g.want("event", a[0], codeTaskCancelled)
					g.ret("u32", 9)
					return exit
				}), true)
			at := g.new(4, 4)
			_, sub := status(g.call(op, at))
			g.want("answer", g.cancelSubtask(sub, false), isReturned)
			g.want("result", g.u32(at), 9)
			g.dropSubtask(sub)
		},
		"callee that first cleans up": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.wantEvent(g.wait(g.newSet(), true), eventTaskCancelled, 0, 0)
				g.readSync(x.ch, a[0], 0, 0)
				g.cancelled()
				return 0
			}), true)
			_, sub := status(g.call(op, x.r))
			g.want("answer", g.cancelSubtask(sub, true), isBlocked)
			s := g.newSet()
			g.join(sub, s)
			g.open(x)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, isCancelledLater)
			g.dropSubtask(sub)
		},
		"synchronous form waits for a callee that first cleans up": func(g *guest, other *component) {
			op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.wantEvent(g.wait(g.newSet(), true), eventTaskCancelled, 0, 0)
				g.yield(false)
				g.cancelled()
				return 0
			}), true)
			_, sub := status(g.call(op))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
			g.dropSubtask(sub)
		},
		"callee that waits where it cannot be cancelled, then polls": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				s := g.newSet()
				g.wantEvent(g.poll(s, false), eventNone, 0, 0)
				g.wantEvent(g.poll(s, true), eventTaskCancelled, 0, 0)
				g.wantEvent(g.poll(s, true), eventNone, 0, 0) // told once
				g.cancelled()
				return 0
			}), true)
			g.cancelPending(op, x)
		},
		"callee that waits where it cannot be cancelled, then waits": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				g.wantEvent(g.wait(g.newSet(), true), eventTaskCancelled, 0, 0)
				g.cancelled()
				return 0
			}), true)
			g.cancelPending(op, x)
		},
		"callee that waits where it cannot be cancelled, then yields": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				g.want("thread.yield", g.yield(false), 0)
				g.want("thread.yield", g.yield(true), 1)
				g.cancelled()
				return 0
			}), true)
			g.cancelPending(op, x)
		},
		"callee within its code, then WAIT": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.callback("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				return waitOn(g.newSet())
			}, func(g *guest, a []uint64) uint64 {
				g.want("event", a[0], codeTaskCancelled)
				g.cancelled()
				return exit
			}), true)
			g.cancelPending(op, x)
		},
		"callee within its code, then YIELD": func(g *guest, other *component) {
			x := g.newGate()
			op := g.c.lower(other.callback("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(x.ch, a[0], 0, 0)
				return yield
			}, func(g *guest, a []uint64) uint64 {
				g.want("event", a[0], codeTaskCancelled)
				g.cancelled()
				return exit
			}), true)
			g.cancelPending(op, x)
		},
		"of a call that has returned already": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			g.yield(false)
			g.want("answer", g.cancelSubtask(sub, true), isReturned)
			g.dropSubtask(sub)
		},
		"of a call in a set": func(g *guest, other *component) {
			state, sub := status(g.call(g.c.lower(cancellable(other)["WAIT"], true)))
			g.want("state", uint64(state), uint64(subtaskStarted))
			s := g.newSet()
			g.join(sub, s)
			g.want("answer", g.cancelSubtask(sub, true), isCancelledLater)
			g.wantEvent(g.poll(s, false), eventNone, 0, 0)
			g.dropSubtask(sub)
			g.dropSet(s)
		},
		"callee that passes the cancellation on": func(g *guest, other *component) {
			third := g.c.w.comps[2]
			inner := other.lower(cancellable(third)["WAIT"], true)
			op := g.c.lower(other.callback("async func()", func(g *guest, _ []uint64) uint64 {
				_, sub := status(g.call(inner))
				g.context[0] = sub
				return waitOn(g.newSet())
			}, func(g *guest, a []uint64) uint64 {
				g.want("inner answer", g.cancelSubtask(g.context[0], false), isCancelledLater)
				g.cancelled()
				return exit
			}), true)
			_, sub := status(g.call(op))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, slicing := range slicings {
				w := newWorld(t)
				a, b := w.component("a", nil), w.component("b", nil)
				w.component("c", nil)
				l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { body(g, b); g.ret(""); return 0 })
				w.start().slice = slicing()
				w.must(l)
			}
		})
	}
}

// cancelPending cancels a callee that is told only once the gate is open.
func (g *guest) cancelPending(op int32, x gate) {
	_, sub := status(g.call(op, x.r))
	g.want("answer", g.cancelSubtask(sub, true), isBlocked)
	g.open(x)
	s := g.newSet()
	g.join(sub, s)
	g.wantEvent(g.wait(s, false), eventSubtask, sub, isCancelledLater)
	g.dropSubtask(sub)
	g.dropSet(s)
}

// A task that waits in its event loop cannot be told of its cancellation while another task
// of its instance is within its code. It is told as soon as that one is out of the way.
func TestPendingCancellationWakesTheEventLoop(t *testing.T) {
	for name, wait := range map[string]func(g *guest) uint64{
		"WAIT":  func(g *guest) uint64 { return waitOn(g.newSet()) },
		"YIELD": func(g *guest) uint64 { return yield },
	} {
		for who, hold := range map[string]func(c *component, fut channelType) *Lift{
			"lock": func(c *component, fut channelType) *Lift {
				return c.lift("async func(f:future)", func(g *guest, a []uint64) uint64 { g.readSync(fut, a[0], 0, 0); return 0 })
			},
			"lock of a callback task": func(c *component, fut channelType) *Lift {
				return c.callback("async func(f:future)", func(g *guest, a []uint64) uint64 {
					g.readSync(fut, a[0], 0, 0)
					g.ret("")
					return exit
				}, never)
			},
		} {
			t.Run(name+", "+who, func(t *testing.T) {
				guestTest(t, func(g *guest, other *component) {
					x := g.newGate()
					waits := g.c.lower(other.callback("async func()", func(g *guest, _ []uint64) uint64 { return wait(g) },
						func(g *guest, a []uint64) uint64 {
							if a[0] == 0 {
								return wait(g)
							}
							g.want("event", a[0], codeTaskCancelled)
							g.cancelled()
							return exit
						}), true)
					_, sub := status(g.call(waits))
					state, holder := status(g.call(g.c.lower(hold(other, x.ch), true), x.r))
					g.want("holder", uint64(state), uint64(subtaskStarted))
					g.want("answer", g.cancelSubtask(sub, true), isBlocked)
					g.open(x)
					s := g.newSet()
					g.join(holder, s)
					g.wantEvent(g.wait(s, false), eventSubtask, holder, isReturned)
					g.join(sub, s)
					g.wantEvent(g.wait(s, false), eventSubtask, sub, isCancelledLater)
				})
			})
		}
	}
}

// The same when the instance is on the stack: a task of it has called the one that cancels.
func TestPendingCancellationOfATaskBelow(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	var sub uint64
	told := false
	waits := b.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
		func(g *guest, a []uint64) uint64 {
			g.want("event", a[0], codeTaskCancelled)
			told = true
			g.cancelled()
			return exit
		})
	start := a.lower(waits, true)
	first := a.lift("func()", func(g *guest, _ []uint64) uint64 { _, sub = status(g.call(start)); return 0 })
	cancel := b.lower(a.lift("func()", func(g *guest, _ []uint64) uint64 {
		g.want("answer", g.cancelSubtask(sub, true), isBlocked)
		return 0
	}), false)
	second := b.lift("func()", func(g *guest, _ []uint64) uint64 {
		g.call(cancel)
		if told {
			t.Error("a task ran while its instance was on the stack")
		}
		return 0
	})
	w.cfg.NoDeadlock = true
	w.start()
	for _, l := range []*Lift{first, second} {
		if _, err := w.call(l); err != nil {
			t.Fatal(err)
		}
	}
	w.rested()
	if !told {
		t.Error("the task was not told of its cancellation")
	}
}
