package canon

import (
	"fmt"
	"testing"
)

// journal notes what guests do, in order.
type journal []string

func (j *journal) note(format string, args ...any) { *j = append(*j, fmt.Sprintf(format, args...)) }

func (j *journal) is(tb testing.TB, want ...string) {
	tb.Helper()
	if got := fmt.Sprint([]string(*j)); got != fmt.Sprint(want) {
		tb.Errorf("got  %v\nwant %v", got, want)
	}
}

// Lifts that are synchronous or have a callback take turns in their instance: the first hold
// its lock until they end, the others while their code runs. Stackful tasks and synchronous
// functions do not care.
func TestExclusiveLock(t *testing.T) {
	type lifter func(c *component, j *journal, name string) *Lift
	sync := func(c *component, j *journal, name string) *Lift {
		return c.lift("async func(f:future)", func(g *guest, a []uint64) uint64 {
			j.note("%s starts", name)
			g.readSync(g.c.w.future(""), a[0], 0, 0)
			j.note("%s ends", name)
			return 0
		})
	}
	stackful := func(c *component, j *journal, name string) *Lift {
		return c.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
			j.note("%s starts", name)
			g.readSync(g.c.w.future(""), a[0], 0, 0)
			g.ret("")
			j.note("%s ends", name)
			return 0
		})
	}
	callback := func(c *component, j *journal, name string) *Lift {
		return c.callback("async func(f:future)", func(g *guest, a []uint64) uint64 {
			j.note("%s starts", name)
			if g.read(g.c.w.future(""), a[0], 0, 0) != blocked {
				g.ret("")
				j.note("%s ends", name)
				return exit
			}
			s := g.newSet()
			g.join(a[0], s)
			return waitOn(s)
		}, func(g *guest, a []uint64) uint64 {
			g.ret("")
			j.note("%s ends", name)
			return exit
		})
	}
	inside := func(c *component, j *journal, name string) *Lift { // blocks in the middle of its code
		return c.callback("async func(f:future)", func(g *guest, a []uint64) uint64 {
			j.note("%s starts", name)
			g.readSync(g.c.w.future(""), a[0], 0, 0)
			g.ret("")
			j.note("%s ends", name)
			return exit
		}, never)
	}
	plain := func(c *component, j *journal, name string) *Lift {
		return c.lift("func(f:future)", func(g *guest, a []uint64) uint64 { j.note("%s runs", name); return 0 })
	}
	for _, c := range []struct {
		name          string
		first, second lifter
		want          string // the order when the second's future has its value before the first's
	}{
		{"synchronous, synchronous", sync, sync, "[1 starts value for 2 value for 1 1 ends 2 starts 2 ends]"},
		{"synchronous, callback", sync, callback, "[1 starts value for 2 value for 1 1 ends 2 starts 2 ends]"},
		{"callback, synchronous", callback, sync, "[1 starts 2 starts value for 2 2 ends value for 1 1 ends]"},
		{"callback, callback", callback, callback, "[1 starts 2 starts value for 2 2 ends value for 1 1 ends]"},
		{"callback within its code, callback", inside, callback, "[1 starts value for 2 value for 1 1 ends 2 starts 2 ends]"},
		{"stackful, stackful", stackful, stackful, "[1 starts 2 starts value for 2 2 ends value for 1 1 ends]"},
		{"synchronous, stackful", sync, stackful, "[1 starts 2 starts value for 2 2 ends value for 1 1 ends]"},
		{"stackful, synchronous", stackful, sync, "[1 starts 2 starts value for 2 2 ends value for 1 1 ends]"},
		{"synchronous, synchronous type", sync, plain, "[1 starts 2 runs value for 2 value for 1 1 ends]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			var j journal
			second := c.second(b, &j, "2")
			one, two := a.lower(c.first(b, &j, "1"), true), a.lower(second, second.Type.Async)
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				x, y := g.newGate(), g.newGate()
				_, sub1 := status(g.call(one, x.r))
				v2 := g.call(two, y.r)
				let := func(name string, x gate) {
					j.note("value for %s", name)
					if g.write(x.ch, x.w, 0, 0) == blocked {
						s := g.newSet()
						g.join(x.w, s)
						return
					}
				}
				if second.Type.Async {
					let("2", y)
				} else {
					j.note("value for 2")
				}
				for range 8 {
					g.yield(false)
				}
				let("1", x)
				s := g.newSet()
				for _, sub := range []uint64{sub1, v2 >> 4} {
					if sub == 0 || v2 == sub {
						continue
					}
					g.join(sub, s)
					for g.wait(s, false).p2 != uint64(subtaskReturned) {
					}
					g.dropSubtask(sub)
				}
				g.ret("")
				return 0
			})
			w.start().must(l)
			if got := fmt.Sprint([]string(j)); got != c.want {
				t.Errorf("got  %v\nwant %v", got, c.want)
			}
		})
	}
}

// Tasks that wait to enter start in the order in which they came, whoever waits for what.
func TestWaitingToEnterIsFirstComeFirstServed(t *testing.T) {
	guestTest(t, func(g *guest, other *component) {
		var j journal
		fut := g.c.w.future("")
		hold := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
			g.pressureInc()
			g.ret("")
			g.readSync(fut, a[0], 0, 0)
			g.pressureDec()
			return 0
		}), true)
		op := func(name string, stackful bool) int32 {
			b := func(g *guest, _ []uint64) uint64 { j.note("%s", name); g.ret(""); return 0 }
			if stackful {
				return g.c.lower(other.stackful("async func()", b), true)
			}
			return g.c.lower(other.callback("async func()", b, never), true)
		}
		r, wr := g.newChannel(fut)
		g.call(hold, r)
		s := g.newSet()
		for i := range 5 {
			state, sub := status(g.call(op(fmt.Sprint(i), i%2 == 0)))
			g.want("state", uint64(state), uint64(subtaskStarting))
			g.join(sub, s)
		}
		g.release(fut, wr)
		for n := 0; n < 5; {
			if e := g.wait(s, false); e.p2 == uint64(subtaskReturned) {
				g.dropSubtask(e.p1)
				n++
			}
		}
		j.is(g.c.w.tb, "0", "1", "2", "3", "4")
	})
}

// Whoever comes while others wait to enter waits too, even if nothing stands in its own way.
func TestNobodyOvertakesThoseWhoWaitToEnter(t *testing.T) {
	guestTest(t, func(g *guest, other *component) {
		fut := g.c.w.future("")
		hold := g.c.lower(other.lift("async func(f:future)", func(g *guest, a []uint64) uint64 {
			g.readSync(fut, a[0], 0, 0)
			return 0
		}), true)
		b := func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 }
		exclusive := g.c.lower(other.callback("async func()", b, never), true)
		free := g.c.lower(other.stackful("async func()", b), true)
		r, wr := g.newChannel(fut)
		state, _ := status(g.call(hold, r))
		g.want("holder", uint64(state), uint64(subtaskStarted))
		g.want("stackful task while nobody waits", g.call(free), uint64(subtaskReturned))
		state, first := status(g.call(exclusive))
		g.want("who needs the lock", uint64(state), uint64(subtaskStarting))
		state, second := status(g.call(free))
		g.want("who comes after", uint64(state), uint64(subtaskStarting))
		g.release(fut, wr)
		s := g.newSet()
		g.join(first, s)
		g.join(second, s)
		for n := 0; n < 2; {
			if g.wait(s, false).p2 == uint64(subtaskReturned) {
				n++
			}
		}
	})
}

func TestBackpressureCounter(t *testing.T) {
	t.Run("balance", func(t *testing.T) {
		guestTest(t, func(g *guest, _ *component) {
			for range 1000 {
				g.pressureInc()
			}
			for range 1000 {
				g.pressureDec()
			}
		})
	})
	t.Run("too much", func(t *testing.T) {
		most := false
		trapTest(t, "backpressure counter overflow", func(g *guest, _ *component) {
			for range 1<<16 - 1 {
				g.pressureInc()
			}
			most = true
			g.pressureInc()
		})
		if !most {
			t.Error("the counter does not go up to 65,535")
		}
	})
	t.Run("too little", func(t *testing.T) {
		trapTest(t, "backpressure counter underflow", func(g *guest, _ *component) { g.pressureDec() })
	})
	t.Run("calls from the host wait too", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.NoDeadlock = true
		a := w.component("a", nil)
		on := a.lift("func()", func(g *guest, _ []uint64) uint64 { g.pressureInc(); return 0 })
		off := a.lift("func()", func(g *guest, _ []uint64) uint64 { g.pressureDec(); return 0 })
		l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 })
		w.start().must(on)
		p, q := w.begin(l), w.begin(l)
		if p.Begun() || p.Resolved() || q.Begun() {
			t.Error("a call began under back-pressure")
		}
		if _, err := w.begin(off).result(); err != nil { // synchronous functions do not wait
			t.Fatal(err)
		}
		for _, p := range []*pending{p, q} {
			if _, err := p.wait(); err != nil || !p.Begun() {
				t.Errorf("begun %v, error %v", p.Begun(), err)
			}
		}
		w.rested()
	})
}
