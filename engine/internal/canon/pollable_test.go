package canon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// A tree that ends while a host function of it waits for a pollable waits for it no longer,
// wherever that was called.
func TestEndOfATreeDisarms(t *testing.T) {
	errKill := errors.New("killed")
	var f *flag
	waits := func(c *abi.Call) {
		if !f.Ready() {
			c.Fail(abi.WaitFor(f))
		}
	}
	// Each starts what comes to wait for f.
	for name, begin := range map[string]func(s *shop){
		"a task": func(s *shop) {
			op := s.a.host("func()", false, waits)
			s.start().begin(s.a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
		},
		"a task that has returned": func(s *shop) {
			op := s.a.host("func()", false, waits)
			s.start().begin(s.a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return g.call(op) }))
		},
		"a callback": func(s *shop) {
			op := s.a.host("func()", false, waits)
			s.start().begin(s.a.callback("async func()", func(*guest, []uint64) uint64 { return yield },
				func(g *guest, _ []uint64) uint64 { g.call(op); g.ret(""); return exit }))
		},
		"calls within calls": func(s *shop) {
			op := s.b.host("func()", false, waits)
			l := s.b.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) })
			for i := range 5 {
				c := s.component(fmt.Sprint(i), nil)
				op := c.lower(l, i%2 == 0)
				l = c.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.call(op); g.ret(""); return 0 })
			}
			s.start().begin(l)
		},
		"a destructor": func(s *shop) {
			op, make := s.b.host("func()", false, waits), s.maker(s.a)
			s.destroys = func(g *guest) { g.call(op) }
			s.start().begin(s.a.lift("func()", func(g *guest, _ []uint64) uint64 { g.drop(s.r, g.call(make, 1)); return 0 }))
		},
		"a start function": func(s *shop) {
			op := s.a.host("func()", false, waits)
			s.start().runStarts(s.a, s.a.core(noParams, func(g *guest, _ []uint64) uint64 { return g.call(op) }))
		},
		"a task that is told of its cancellation": func(s *shop) {
			op := s.b.host("func()", false, waits)
			callee := s.a.lower(s.b.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
				func(g *guest, _ []uint64) uint64 { g.call(op); g.cancelled(); return exit }), true)
			s.start().begin(s.a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				_, sub := status(g.call(callee))
				g.cancelSubtask(sub, false)
				return 0
			}))
		},
		"a second pollable": func(s *shop) {
			first := &flag{}
			op := s.a.host("func()", false, func(c *abi.Call) {
				if !first.Ready() {
					c.Fail(abi.WaitFor(first))
					return
				}
				waits(c)
			})
			s.start().begin(s.a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
			first.raise(true)
			for arms, _ := f.counts(); arms == 0; arms, _ = f.counts() {
			}
			if arms, disarmed := first.counts(); arms != 1 || disarmed != 1 {
				t.Errorf("the first was armed %d times, disarmed %d times", arms, disarmed)
			}
		},
	} {
		for how, end := range map[string]error{"killed": errKill, "closed": ErrClosed} {
			t.Run(name+"/"+how, func(t *testing.T) {
				f = &flag{}
				s := newShop(t)
				begin(s)
				if arms, disarmed := f.counts(); arms != 1 || disarmed != 0 {
					t.Fatalf("armed %d times, disarmed %d times before the end", arms, disarmed)
				}
				s.tree.Kill(end)
				testDeadline(t, "end of the tree", s.over)
				if arms, disarmed := f.counts(); arms != 1 || disarmed != 1 {
					t.Errorf("armed %d times, disarmed %d times", arms, disarmed)
				}
				f.raise(true) // too late
			})
		}
	}
}

// badPollable is a pollable whose methods panic when they are told to.
type badPollable struct {
	flag
	ready, arm, disarm, noDisarm bool
}

func (p *badPollable) Ready() bool {
	if p.ready {
		panic("Ready")
	}
	return p.flag.Ready()
}

func (p *badPollable) Arm(wake func()) func() {
	if p.arm {
		panic("Arm")
	}
	d := p.flag.Arm(wake)
	switch {
	case p.noDisarm:
		return nil
	case p.disarm:
		return func() { panic("disarm") }
	}
	return d
}

// A pollable that panics ends the tree and nothing else.
func TestPollablesThatPanic(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(p *badPollable)
		ends bool // by itself
	}{
		"no disarm":  {func(p *badPollable) { p.noDisarm = true }, false},
		"in disarm":  {func(p *badPollable) { p.disarm = true }, false},
		"in Arm":     {func(p *badPollable) { p.arm = true }, true},
		"in Ready":   {func(p *badPollable) { p.ready = true }, true},
		"not at all": {func(*badPollable) {}, false},
	} {
		for _, when := range []string{"killed", "woken", "after the call has returned"} {
			t.Run(name+"/"+when, func(t *testing.T) {
				p := new(badPollable)
				c.set(p)
				w := newWorld(t)
				w.mayPanic = p.arm || p.ready || p.disarm && when != "killed"
				a := w.component("a", nil)
				op := a.host("func()", false, func(c *abi.Call) {
					if !p.flag.Ready() {
						c.Fail(abi.WaitFor(p))
					}
				})
				l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
					if when == "after the call has returned" {
						g.ret("")
						g.call(op)
					} else {
						g.call(op)
						g.ret("")
					}
					return 0
				})
				call := w.start().begin(l)
				switch {
				case c.ends:
					testDeadline(t, "end of the tree", w.over)
				case when == "killed":
					w.tree.Kill(errors.New("killed"))
					testDeadline(t, "end of the tree", w.over)
				default:
					p.raise(true)
				}
				_, err := call.wait()
				if when != "after the call has returned" && (err == nil) != (!w.mayPanic && when == "woken") {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}
