package canon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// runStarts runs start functions, one after the other, as instantiating core modules does,
// and returns a channel that is closed when the last has returned.
func (w *world) runStarts(c *component, fns ...int32) chan struct{} {
	all := make(chan struct{})
	var next func(t *Tree)
	next = func(t *Tree) {
		for len(fns) > 0 {
			fn := fns[0]
			fns = fns[1:]
			if !t.RunStart(c.n, func(f Fiber) Outcome { return f.Start(fn, false) }, func() { next(t) }) {
				return
			}
		}
		close(all)
	}
	w.tree.Do(next)
	return all
}

// started waits for what runStarts has returned, or for the end of the tree, and returns why
// it has ended.
func (w *world) started(all chan struct{}) error {
	w.tb.Helper()
	either := make(chan struct{})
	go func() {
		defer close(either)
		select {
		case <-all:
		case <-w.over:
		}
	}()
	testDeadline(w.tb, "start functions", either)
	select {
	case <-all:
		w.rested()
		return nil
	default:
		return w.why
	}
}

// While core modules start there is no task: nothing may block, and nothing is returned. But
// what a start function calls may be slow, and time slices make no difference.
func TestStartFunctions(t *testing.T) {
	slow := func(f *flag) func(*abi.Call) {
		return func(c *abi.Call) {
			if !f.Ready() {
				go f.raise(true)
				c.Fail(abi.WaitFor(f))
			}
		}
	}
	late := onGoroutine(nothing, func(*abi.Call) {})
	through := func(g *guest, s *shop, serve func(*abi.Call)) { // of a callee that is called
		op := s.b.host("func()", false, serve)
		g.want("result", g.call(g.c.lower(s.b.lift("func()->u32", func(g *guest, _ []uint64) uint64 {
			g.call(op)
			return 6
		}), false)), 6)
	}
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		why  string
		body func(g *guest, s *shop)
	}{
		"host function": {"", func(g *guest, s *shop) {
			g.want("result", g.call(g.c.host("func()->u32", false, func(c *abi.Call) { c.Return(3) })), 3)
		}},
		"another component": {"", func(g *guest, s *shop) {
			g.want("result", g.call(g.c.lower(s.b.lift("func()->u32", func(*guest, []uint64) uint64 { return 5 }), false)), 5)
		}},
		"another component that calls its host": {"", func(g *guest, s *shop) { through(g, s, func(*abi.Call) {}) }},
		"an async function that returns at once": {"", func(g *guest, s *shop) {
			g.call(g.c.lower(s.b.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 }), false))
		}},
		"resources":    {"", func(g *guest, s *shop) { g.drop(s.r, g.call(s.maker(s.a), 1)) }},
		"sets":         {"", func(g *guest, s *shop) { x := g.newSet(); g.poll(x, true); g.dropSet(x) }},
		"streams":      {"", func(g *guest, s *shop) { newDuo(g, s.stream("u8")).run("write 2 => blocked; read 2 => completed 2") }},
		"thread.yield": {"", func(g *guest, s *shop) { g.want("answer", g.yield(true), 0) }},
		"host function that waits": {"", func(g *guest, s *shop) {
			g.call(g.c.host("func()", false, slow(&flag{})))
		}},
		"host function on a goroutine": {"", func(g *guest, s *shop) { g.call(g.c.host("func()", false, late)) }},
		"host function that waits, then a goroutine": {"", func(g *guest, s *shop) {
			f := &flag{}
			g.call(g.c.host("func()", false, func(c *abi.Call) {
				if f.Ready() {
					late(c)
				} else {
					slow(f)(c)
				}
			}))
		}},
		"callee whose host function waits":             {"", func(g *guest, s *shop) { through(g, s, slow(&flag{})) }},
		"callee whose host function is on a goroutine": {"", func(g *guest, s *shop) { through(g, s, late) }},
		"callee that goes on after its result, slowly": {"", func(g *guest, s *shop) {
			op := s.b.host("func()", false, late)
			g.call(g.c.lower(s.b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.call(op)
				g.ret("")
				g.call(op)
				return 0
			}), false))
		}},
		"callee of a callee is slow": {"", func(g *guest, s *shop) {
			third := s.comps[2]
			op := third.host("func()", false, late)
			inner := s.b.lower(third.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }), false)
			g.call(g.c.lower(s.b.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(inner) }), false))
		}},
		"slow destructor": {"", func(g *guest, s *shop) {
			op := s.b.host("func()", false, late)
			s.destroys = func(g *guest) { g.call(op) }
			g.drop(s.r, g.call(s.maker(s.a), 1))
		}},
		"wait": {"cannot block", func(g *guest, s *shop) { g.wait(g.newSet(), false) }},
		"read": {"cannot block", func(g *guest, s *shop) { r, _ := g.newChannel(s.stream("")); g.readSync(s.stream(""), r, 0, 1) }},
		"callee that blocks": {"cannot block", func(g *guest, s *shop) {
			g.call(g.c.lower(s.b.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.yield(false); g.ret(""); return 0 }), false))
		}},
		"callee that is slow, then blocks": {"cannot block", func(g *guest, s *shop) {
			op := s.b.host("func()", false, late)
			g.call(g.c.lower(s.b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.call(op)
				g.yield(false)
				g.ret("")
				return 0
			}), false))
		}},
		"async function of the host": {"cannot block", func(g *guest, s *shop) { g.call(g.c.host("async func()", false, late)) }},
		"task.return":                {"not lifted with the async option", func(g *guest, s *shop) { g.ret("") }},
		"task.cancel":                {"not lifted with the async option", func(g *guest, s *shop) { g.cancelled() }},
		"trap":                       {"guest: no", func(g *guest, s *shop) { g.trap("no") }},
		"trap after something slow":  {"guest: no", func(g *guest, s *shop) { g.call(g.c.host("func()", false, late)); g.trap("no") }},
		"callee traps": {"guest: no", func(g *guest, s *shop) {
			op := s.b.host("func()", false, late)
			g.call(g.c.lower(s.b.lift("func()", func(g *guest, _ []uint64) uint64 { g.call(op); g.trap("no"); return 0 }), false))
		}},
		"slow host function fails": {"boom", func(g *guest, s *shop) {
			g.call(g.c.host("func()", false, onGoroutine(nothing, func(c *abi.Call) { c.Fail(boom) })))
		}},
	} {
		for slicing, slice := range slicings {
			t.Run(name+"/"+slicing, func(t *testing.T) {
				s := newShop(t)
				s.component("c", nil)
				ends := 0
				fn := s.a.core(noParams, func(g *guest, _ []uint64) uint64 { c.body(g, s); ends++; return 0 })
				s.start().slice = slice()
				err := s.started(s.runStarts(s.a, fn, fn))
				switch {
				case c.why == "" && (err != nil || ends != 2):
					t.Errorf("got error %v, %d of 2 start functions have returned", err, ends)
				case c.why != "" && (err == nil || !strings.Contains(err.Error(), c.why)):
					t.Errorf("got error %v, want %q", err, c.why)
				}
			})
		}
	}
}

// A tree can be killed at every step of its start functions, and by the limit of computing
// at the end of every time slice.
func TestKillWhileStarting(t *testing.T) {
	errKill := errors.New("killed")
	for _, how := range []string{"kill", "time limit", "while the host is slow"} {
		t.Run(how, func(t *testing.T) {
			for at := 1; ; at++ {
				w := newWorld(t)
				a, b := w.component("a", nil), w.component("b", nil)
				step := 0
				count := func() bool { step++; return step == at }
				work := func(ctx context.Context) {}
				switch how {
				case "kill":
					w.step = func() {
						if count() {
							w.tree.Kill(errKill)
						}
					}
				case "time limit":
					w.slice = count
					w.preempted = func(time.Duration) error { return errKill }
				default:
					work = func(ctx context.Context) {
						if count() {
							w.tree.Kill(errKill)
							<-ctx.Done()
						}
					}
				}
				slowA, slowB := a.host("func()", false, onGoroutine(work, func(*abi.Call) {})), b.host("func()", false, onGoroutine(work, func(*abi.Call) {}))
				op := a.lower(b.lift("func()", func(g *guest, _ []uint64) uint64 { g.call(slowB); return g.call(slowB) }), false)
				fn := a.core(noParams, func(g *guest, _ []uint64) uint64 { g.call(slowA); g.call(op); return g.call(slowA) })
				err := w.start().started(w.runStarts(a, fn, fn))
				ended := step < at
				if ended != (err == nil) || err != nil && !errors.Is(err, errKill) {
					t.Errorf("step %d of %d: got %v", at, step, err)
				}
				w.close()
				if ended {
					if at < 8 {
						t.Errorf("there are only %d steps", at)
					}
					return
				}
			}
		})
	}
}

// What the host asks for while a start function is cut short is done afterwards.
func TestCallsWaitForStartFunctions(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	var j journal
	goOn := make(chan struct{})
	slow := b.host("func()", false, onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {}))
	op := a.lower(b.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(slow) }), false)
	var fns []int32
	for i := range 3 {
		fns = append(fns, a.core(noParams, func(g *guest, _ []uint64) uint64 {
			j.note("start %d", i)
			g.call(op)
			j.note("end %d", i)
			return 0
		}))
	}
	l := b.lift("func()", func(g *guest, _ []uint64) uint64 { j.note("call"); return 0 })
	all := w.start().runStarts(a, fns...)
	p := w.begin(l)
	close(goOn)
	if _, err := p.wait(); err != nil {
		t.Fatal(err)
	}
	if err := w.started(all); err != nil {
		t.Fatal(err)
	}
	if i := slices.Index(j, "call"); i < 2 {
		t.Errorf("the call ran while a start function was cut short: %v", j)
	}
	w.rested()
}

// A start function that was cut short leaves those instances marked as entered that the
// next one is inside of.
func TestStartFunctionsAndReentrance(t *testing.T) {
	w := newWorld(t)
	p := w.component("p", nil)
	a, b, c := w.component("p/a", p), w.component("p/b", p), w.component("p/c", p)
	slow := func(c *component) int32 { return c.host("func()", false, onGoroutine(nothing, func(*abi.Call) {})) }
	back := c.lower(a.lift("func()", zero), false)
	toC := a.lower(c.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(back) }), false)
	slowA, slowIn := slow(a), slow(a)
	toA := b.lower(a.lift("func()", func(g *guest, _ []uint64) uint64 {
		g.call(slowIn)
		return g.call(toC)
	}), false)
	first := a.core(noParams, func(g *guest, _ []uint64) uint64 { return g.call(slowA) })
	second := b.core(noParams, func(g *guest, _ []uint64) uint64 { return g.call(toA) })
	w.start()
	all := make(chan struct{})
	run := func(t *Tree, c *component, fn int32, then func()) {
		if t.RunStart(c.n, func(f Fiber) Outcome { return f.Start(fn, false) }, then) {
			then()
		}
	}
	w.tree.Do(func(t *Tree) {
		run(t, a, first, func() { run(t, b, second, func() { close(all) }) })
	})
	if err := w.started(all); err == nil || !strings.Contains(fmt.Sprint(err), "cannot enter component instance") {
		t.Errorf("got %v", err)
	}
}
