package canon

import (
	"errors"
	"testing"
	"time"
)

// A callback-lifted task is told of each event in turn, keeps its context slots from one
// callback to the next, and ends when it says so.
func TestCallbackLoop(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	slow := a.lower(b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		g.yield(false)
		g.ret("")
		return 0
	}), true)
	var set, sub uint64
	l := a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 {
		g.want("context of a new task", g.context[0]|g.context[1], 0)
		set = g.newSet()
		_, sub = status(g.call(slow))
		g.join(sub, set)
		*g.context = [2]uint64{1, 7}
		return waitOn(set)
	}, func(g *guest, a []uint64) uint64 {
		g.want("second slot", g.context[1], 7)
		g.context[0]++
		switch g.context[0] - 1 {
		case 1:
			g.want("event", a[0], uint64(eventSubtask))
			g.want("subtask", a[1], sub)
			g.want("state", a[2], uint64(subtaskReturned))
			g.dropSubtask(sub)
			g.dropSet(set)
			return yield
		case 2:
			g.want("event after YIELD", a[0]|a[1]|a[2], 0)
			g.ret("u32", 42)
			return yield // tasks may go on after they have returned
		}
		return exit
	})
	w.start()
	for range 3 {
		if got := w.must(l); got != uint32(42) {
			t.Errorf("got %v", got)
		}
	}
	if n := w.handles(a); n != 0 {
		t.Errorf("%d handles are left", n)
	}
}

func TestRulesOfReturning(t *testing.T) {
	ret := func(g *guest, _ []uint64) uint64 { g.ret("u32", 1); return 0 }
	none := func(g *guest, _ []uint64) uint64 { return 0 }
	for name, c := range map[string]struct {
		why  string
		make func(c *component) *Lift
	}{
		"EXIT before task.return": {"returned without a result", func(c *component) *Lift {
			return c.callback("async func()->u32", none, never)
		}},
		"EXIT of a callback before task.return": {"returned without a result", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return yield }, none)
		}},
		"stackful task ends before task.return": {"returned without a result", func(c *component) *Lift {
			return c.stackful("async func()->u32", none)
		}},
		"task.return twice": {"has returned already", func(c *component) *Lift {
			return c.stackful("async func()->u32", func(g *guest, a []uint64) uint64 { ret(g, a); return ret(g, a) })
		}},
		"task.return of a synchronous lift": {"not lifted with the async option", func(c *component) *Lift {
			return c.lift("async func()->u32", ret)
		}},
		"task.return of a synchronous function": {"not lifted with the async option", func(c *component) *Lift {
			return c.lift("func()->u32", ret)
		}},
		"task.return with another result": {"another result type", func(c *component) *Lift {
			return c.stackful("async func()->string", ret)
		}},
		"task.return without the result": {"another result type", func(c *component) *Lift {
			return c.stackful("async func()->u32", func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 })
		}},
		"task.cancel of a synchronous lift": {"not lifted with the async option", func(c *component) *Lift {
			return c.lift("async func()->u32", func(g *guest, _ []uint64) uint64 { g.cancelled(); return 0 })
		}},
		"task.cancel that nobody asked for": {"was not cancelled", func(c *component) *Lift {
			return c.stackful("async func()->u32", func(g *guest, _ []uint64) uint64 { g.cancelled(); return 0 })
		}},
		"task.cancel after task.return": {"was not cancelled", func(c *component) *Lift {
			return c.stackful("async func()->u32", func(g *guest, a []uint64) uint64 { ret(g, a); g.cancelled(); return 0 })
		}},
		"unknown callback code": {"unknown code 3", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return 3 }, never)
		}},
		"greatest callback code": {"unknown code 15", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return 0xffffffff }, never)
		}},
		"WAIT on no handle": {"unknown handle index 5", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return waitOn(5) }, never)
		}},
		"WAIT on index 0": {"unknown handle index 0", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return waitOn(0) }, never)
		}},
		"WAIT on something else": {"not a waitable set", func(c *component) *Lift {
			return c.callback("async func()->u32", func(g *guest, _ []uint64) uint64 {
				r, _ := g.newChannel(g.c.w.stream("u8"))
				return waitOn(r)
			}, never)
		}},
		"trap of the guest's own": {"guest: oh", func(c *component) *Lift {
			return c.lift("func()->u32", func(g *guest, _ []uint64) uint64 { g.trap("oh"); return 0 })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := c.make(w.component("a", nil))
			w.start().traps(c.why, l)
		})
	}
}

// The host gets its answer when its own task has returned, whatever others do.
func TestTaskThatYieldsForEverHoldsNobodyUp(t *testing.T) {
	for name, spin := range map[string]func(*component) *Lift{
		"callback": func(c *component) *Lift {
			return c.callback("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return yield },
				func(g *guest, _ []uint64) uint64 { return yield })
		},
		"stackful": func(c *component) *Lift {
			return c.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.ret("")
				for {
					g.yield(false)
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.component("a", nil)
			spinner := spin(a)
			sum := a.callback("async func(x:u32)->u32", func(g *guest, a []uint64) uint64 {
				g.context[0] = a[0]
				return yield
			}, func(g *guest, _ []uint64) uint64 { g.ret("u32", g.context[0]+1); return exit })
			w.start()
			if _, err := w.begin(spinner).result(); err != nil {
				t.Fatal(err)
			}
			for i := range uint32(5) {
				if v, err := w.begin(sum, i).result(); v != i+1 || err != nil {
					t.Errorf("got %v, %v", v, err)
				}
			}
		})
	}
}

// Whoever only yields computes: the limit holds for him too.
func TestYieldingIsComputing(t *testing.T) {
	limit := errors.New("limit")
	for name, make := range map[string]func(*component) *Lift{
		"callback": func(c *component) *Lift {
			return c.callback("async func()", func(*guest, []uint64) uint64 { return yield }, func(*guest, []uint64) uint64 { return yield })
		},
		"callback with an event": func(c *component) *Lift {
			return c.callback("async func()", func(g *guest, _ []uint64) uint64 {
				st := g.c.w.stream("")
				r, wr := g.newChannel(st)
				s := g.newSet()
				g.context[0], g.context[1] = r<<32|wr, s
				g.join(wr, s)
				g.write(st, wr, 0, 1)
				g.read(st, r, 0, 1)
				return waitOn(s)
			}, func(g *guest, _ []uint64) uint64 {
				st := g.c.w.stream("")
				r, wr := g.context[0]>>32, g.context[0]&0xffffffff
				g.write(st, wr, 0, 1)
				g.read(st, r, 0, 1)
				return waitOn(g.context[1])
			})
		},
		"thread.yield": func(c *component) *Lift {
			return c.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				for {
					g.yield(false)
				}
			})
		},
		"thread.yield, cancellable": func(c *component) *Lift {
			return c.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				for {
					g.yield(true)
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := make(w.component("a", nil))
			w.preempted = func(busy time.Duration) error {
				if busy > time.Millisecond {
					return limit
				}
				return nil
			}
			if _, err := w.start().call(l); !errors.Is(err, limit) {
				t.Errorf("got %v, want the limit", err)
			}
		})
	}
}
