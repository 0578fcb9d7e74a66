package canon

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// shop is a world with resources: "r", which component b defines, and "h" of the host.
type shop struct {
	*world
	a, b      *component
	r, h      int32
	destroyed []uint64
	destroys  func(g *guest) // what the destructor does besides
}

func newShop(t *testing.T) *shop {
	w := newWorld(t)
	s := &shop{world: w, a: w.component("a", nil), b: w.component("b", nil)}
	s.r = s.b.resource("r", func(g *guest, a []uint64) uint64 {
		s.destroyed = append(s.destroyed, a[0])
		if s.destroys != nil {
			s.destroys(g)
		}
		return 0
	})
	s.h = w.hostResource("h")
	return s
}

// maker is a function of b that makes an own<r>, as the caller sees it.
func (s *shop) maker(c *component) int32 {
	return c.lower(s.b.lift("func(rep:u32)->own<r>", func(g *guest, a []uint64) uint64 { return g.newResource(s.r, a[0]) }), false)
}

// run runs body as a stackful task of a.
func (s *shop) run(body func(g *guest)) *Lift {
	l := s.a.stackful("async func()", func(g *guest, _ []uint64) uint64 { body(g); g.ret(""); return 0 })
	s.start()
	return l
}

func TestResources(t *testing.T) {
	for name, body := range map[string]func(s *shop, g *guest){
		"destructor runs where the type is defined": func(s *shop, g *guest) {
			h := g.call(s.maker(s.a), 42)
			g.drop(s.r, h)
			if fmt.Sprint(s.destroyed) != "[42]" {
				t.Errorf("destroyed %v", s.destroyed)
			}
		},
		"an owned handle of the definer itself": func(s *shop, g *guest) {
			g.call(s.a.lower(s.b.lift("func()", func(g *guest, _ []uint64) uint64 {
				h := g.newResource(s.r, 7)
				g.want("rep", g.rep(s.r, h), 7)
				g.drop(s.r, h)
				return 0
			}), false))
			if fmt.Sprint(s.destroyed) != "[7]" {
				t.Errorf("destroyed %v", s.destroyed)
			}
		},
		"own passes on": func(s *shop, g *guest) {
			take := s.a.lower(s.b.lift("func(x:own<r>)->u32", func(g *guest, a []uint64) uint64 { return g.rep(s.r, a[0]) }), false)
			h := g.call(s.maker(s.a), 42)
			g.want("rep", g.call(take, h), 42)
			g.want("index reused", g.newSet(), h)
			if len(s.destroyed) > 0 {
				t.Error("passing on destroyed")
			}
		},
		"a borrow for the definer is the representation": func(s *shop, g *guest) {
			peek := s.a.lower(s.b.lift("func(x:borrow<r>)->u32", func(g *guest, a []uint64) uint64 {
				g.want("first handle is free", g.newSet(), 1)
				return a[0]
			}), false)
			h := g.call(s.maker(s.a), 42)
			g.want("borrow", g.call(peek, h), 42)
			g.drop(s.r, h)
		},
		"a borrow for others is a handle that they drop": func(s *shop, g *guest) {
			c := s.comps[2]
			peek := s.a.lower(c.lift("func(x:borrow<r>)->u32", func(g *guest, a []uint64) uint64 {
				g.want("handle", a[0], 1)
				v := a[0] + 100
				g.drop(s.r, a[0])
				return v
			}), false)
			h := g.call(s.maker(s.a), 42)
			g.want("first", g.call(peek, h), 101)
			g.want("again, with the same index", g.call(peek, h), 101)
			g.drop(s.r, h)
			if fmt.Sprint(s.destroyed) != "[42]" {
				t.Errorf("destroyed %v", s.destroyed)
			}
		},
		"a borrow can be lent on": func(s *shop, g *guest) {
			c := s.comps[2]
			inner := c.lower(s.b.lift("func(x:borrow<r>)->u32", func(g *guest, a []uint64) uint64 { return a[0] }), false)
			peek := s.a.lower(c.lift("func(x:borrow<r>)->u32", func(g *guest, a []uint64) uint64 {
				v := g.call(inner, a[0])
				g.drop(s.r, a[0])
				return v
			}), false)
			g.want("rep", g.call(peek, g.call(s.maker(s.a), 42)), 42)
		},
		"a handle is lent until the end of the call is delivered": func(s *shop, g *guest) {
			x := g.newGate()
			c := s.comps[2]
			peek := s.a.lower(c.stackful("async func(x:borrow<r>,y:borrow<r>,f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(g.c.w.future(""), a[2], 0, 0)
				g.drop(s.r, a[0])
				g.drop(s.r, a[1])
				g.ret("")
				return 0
			}), true)
			h := g.call(s.maker(s.a), 42)
			_, sub := status(g.call(peek, h, h, x.r))
			lends := func() uint32 {
				e, _ := g.s.tree.insts[0].handles.Get(uint32(h), abi.KindResource)
				return e.Lends
			}
			g.want("lends", uint64(lends()), 2)
			g.open(x)
			g.yield(false)
			g.want("lends after the return", uint64(lends()), 2)
			set := g.newSet()
			g.join(sub, set)
			g.wantEvent(g.wait(set, false), eventSubtask, sub, isReturned)
			g.want("lends after the event", uint64(lends()), 0)
			g.drop(s.r, h)
		},
		"many handles are lent at once": func(s *shop, g *guest) {
			peek := s.a.lower(s.b.lift("func(l:list<borrow<r>>)->u32", func(g *guest, a []uint64) uint64 {
				sum := uint64(0)
				for i := range a[1] {
					sum += g.u32(a[0] + 4*i)
				}
				return sum
			}), false)
			p, sum := g.new(40, 4), uint64(0)
			for i := range uint64(10) {
				g.putU32(p+4*i, int(g.call(s.maker(s.a), i)))
				sum += i
			}
			g.want("sum", g.call(peek, p, 10), sum)
			for i := range uint64(10) {
				g.drop(s.r, g.u32(p+4*i))
			}
		},
		"owned handles in a stream": func(s *shop, g *guest) {
			ch := g.c.w.stream("own<r>")
			c := s.comps[2]
			r, wr := g.newChannel(ch)
			p := g.new(8, 4)
			g.putU32(p, int(g.call(s.maker(s.a), 1)))
			g.putU32(p+4, int(g.call(s.maker(s.a), 2)))
			g.want("write", g.write(ch, wr, p, 2), isBlocked)
			g.call(g.give(c, ch, false, func(g *guest, r uint64) {
				p := g.new(8, 4)
				g.want("read", g.read(ch, r, p, 2), completed(2))
				g.drop(s.r, g.u32(p))
				g.drop(s.r, g.u32(p+4))
				g.dropReader(ch, r)
			}), r)
			if fmt.Sprint(s.destroyed) != "[1 2]" {
				t.Errorf("destroyed %v", s.destroyed)
			}
		},
		"type without destructor": func(s *shop, g *guest) {
			n := s.comps[2].n
			_ = n
			plain := s.res["plain"].Index
			h := g.call(s.a.lower(s.b.lift("func()->own<plain>", func(g *guest, _ []uint64) uint64 { return g.newResource(plain, 5) }), false))
			g.drop(plain, h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.component("c", nil)
			s.b.resource("plain", nil)
			s.must(s.run(func(g *guest) { body(s, g) }))
		})
	}
}

func TestResourceTraps(t *testing.T) {
	for name, c := range map[string]struct {
		why  string
		body func(s *shop, g *guest)
	}{
		"drop of no handle":      {"unknown handle index 3", func(s *shop, g *guest) { g.drop(s.r, 3) }},
		"drop of something else": {"not a resource", func(s *shop, g *guest) { g.drop(s.r, g.newSet()) }},
		"rep of no handle":       {"unknown handle index 0", func(s *shop, g *guest) { g.rep(s.r, 0) }},
		"drop twice": {"unknown handle index 1", func(s *shop, g *guest) {
			h := g.call(s.maker(s.a), 1)
			g.drop(s.r, h)
			g.drop(s.r, h)
		}},
		"drop as another type": {"is a r, not a h", func(s *shop, g *guest) { g.drop(s.h, g.call(s.maker(s.a), 1)) }},
		"rep as another type":  {"is a r, not a q", func(s *shop, g *guest) { g.rep(s.res["q"].Index, g.call(s.maker(s.a), 1)) }},
		"own as another type": {"is a r, not a q", func(s *shop, g *guest) {
			g.call(s.a.lower(s.b.lift("func(x:own<q>)", zero), false), g.call(s.maker(s.a), 1))
		}},
		"borrow as another type": {"is a r, not a q", func(s *shop, g *guest) {
			g.call(s.a.lower(s.b.lift("func(x:borrow<q>)", zero), false), g.call(s.maker(s.a), 1))
		}},
		"result of another type": {"is a r, not a q", func(s *shop, g *guest) {
			g.call(s.a.lower(s.b.lift("func()->own<q>", func(g *guest, _ []uint64) uint64 { return g.newResource(s.r, 1) }), false))
		}},
		"own of a borrowed handle": {"is borrowed, not owned", func(s *shop, g *guest) {
			c := s.comps[2]
			take := c.lower(s.b.lift("func(x:own<r>)", zero), false)
			g.call(s.a.lower(c.lift("func(x:borrow<r>)", func(g *guest, a []uint64) uint64 { return g.call(take, a[0]) }), false), g.call(s.maker(s.a), 1))
		}},
		"own passed twice": {"unknown handle index 1", func(s *shop, g *guest) {
			h := g.call(s.maker(s.a), 1)
			g.call(s.a.lower(s.b.lift("func(x:own<r>,y:own<r>)", zero), false), h, h)
		}},
		"own while it is lent by the same call": {"while it is lent to a call", func(s *shop, g *guest) {
			h := g.call(s.maker(s.a), 1)
			g.call(s.a.lower(s.b.lift("func(x:borrow<r>,y:own<r>)", zero), false), h, h)
		}},
		"drop while it is lent": {"while it is lent to a call", func(s *shop, g *guest) {
			x := g.newGate()
			h := g.call(s.maker(s.a), 1)
			g.call(s.a.lower(s.b.stackful("async func(x:borrow<r>,f:future)", func(g *guest, a []uint64) uint64 {
				g.readSync(g.c.w.future(""), a[1], 0, 0)
				g.ret("")
				return 0
			}), true), h, x.r)
			g.drop(s.r, h)
		}},
		"return with a borrow": {"borrow handles still remain", func(s *shop, g *guest) {
			g.call(s.a.lower(s.comps[2].lift("func(x:borrow<r>)", zero), false), g.call(s.maker(s.a), 1))
		}},
		"task.return with a borrow": {"borrow handles still remain", func(s *shop, g *guest) {
			g.call(s.a.lower(s.comps[2].stackful("async func(x:borrow<r>)", func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 }), true), g.call(s.maker(s.a), 1))
		}},
		"task.cancel with a borrow": {"borrow handles still remain", func(s *shop, g *guest) {
			_, sub := status(g.call(s.a.lower(s.comps[2].stackful("async func(x:borrow<r>)", func(g *guest, _ []uint64) uint64 {
				g.wait(g.newSet(), true)
				g.cancelled()
				return 0
			}), true), g.call(s.maker(s.a), 1)))
			g.cancelSubtask(sub, true)
		}},
		"destructor that traps": {"guest: no", func(s *shop, g *guest) {
			mine := s.res["bad"].Index
			h := g.call(s.a.lower(s.b.lift("func()->own<bad>", func(g *guest, _ []uint64) uint64 { return g.newResource(mine, 1) }), false))
			g.drop(mine, h)
		}},
		"destructor that blocks": {"cannot block a synchronous task", func(s *shop, g *guest) {
			mine := s.res["slow"].Index
			h := g.call(s.a.lower(s.b.lift("func()->own<slow>", func(g *guest, _ []uint64) uint64 { return g.newResource(mine, 1) }), false))
			g.drop(mine, h)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.component("c", nil)
			s.b.resource("q", nil)
			s.b.resource("bad", func(g *guest, _ []uint64) uint64 { g.trap("no"); return 0 })
			s.b.resource("slow", func(g *guest, _ []uint64) uint64 { g.wait(g.newSet(), false); return 0 })
			s.traps(c.why, s.run(func(g *guest) { c.body(s, g) }))
		})
	}
}

// zero is a core function that does nothing.
func zero(*guest, []uint64) uint64 { return 0 }

// thing is a resource of the host.
type thing struct {
	drops int
	err   error
	panic any
}

func (x *thing) Drop() error {
	x.drops++
	if x.panic != nil {
		panic(x.panic)
	}
	return x.err
}

// giveThing is a host function that gives the guest an own<h>.
func (s *shop) giveThing(c *component, x any) int32 {
	return c.host("func()->own<h>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(x, 0))) })
}

func TestHostResources(t *testing.T) {
	t.Run("dropped by the guest", func(t *testing.T) {
		s, x := newShop(t), &thing{}
		s.must(s.run(func(g *guest) {
			h := g.call(s.giveThing(s.a, x))
			g.want("before", uint64(x.drops), 0)
			g.drop(s.h, h)
			g.want("after", uint64(x.drops), 1)
		}))
		s.close()
		if x.drops != 1 {
			t.Errorf("dropped %d times", x.drops)
		}
	})
	t.Run("dropped with the guest", func(t *testing.T) {
		s, x, y := newShop(t), &thing{}, &thing{err: errors.New("late")}
		s.must(s.run(func(g *guest) { g.call(s.giveThing(s.a, x)); g.call(s.giveThing(s.a, y)) }))
		if x.drops != 0 {
			t.Error("dropped by a guest that goes on")
		}
		s.close()
		if x.drops != 1 || y.drops != 1 {
			t.Errorf("dropped %d and %d times", x.drops, y.drops)
		}
	})
	t.Run("lent and taken back", func(t *testing.T) {
		s, x := newShop(t), &thing{}
		var seen []any
		s.must(s.run(func(g *guest) {
			h := g.call(s.giveThing(s.a, x))
			g.call(s.a.host("func(x:borrow<h>)", false, func(c *abi.Call) { seen = append(seen, c.LiftBorrow(c.Args().U32(0), 0)) }), h)
			g.call(s.a.host("func(x:own<h>)", false, func(c *abi.Call) { seen = append(seen, c.LiftOwn(c.Args().U32(0), 0)) }), h)
		}))
		if len(seen) != 2 || seen[0] != x || seen[1] != x || x.drops != 0 {
			t.Errorf("host saw %v, drops %d", seen, x.drops)
		}
	})
	t.Run("resources of guests", func(t *testing.T) {
		s := newShop(t)
		var kept any
		s.must(s.run(func(g *guest) {
			h := g.call(s.maker(s.a), 42)
			g.call(s.a.host("func(x:own<r>)", false, func(c *abi.Call) { kept = c.LiftOwn(c.Args().U32(0), 0) }), h)
			h = g.call(s.a.host("func()->own<r>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(kept, 0))) }))
			g.drop(s.r, h)
		}))
		if fmt.Sprint(s.destroyed) != "[42]" {
			t.Errorf("destroyed %v", s.destroyed)
		}
		if r, ok := kept.(abi.Resource); !ok || r.Rep != 42 {
			t.Errorf("host saw %v", kept)
		}
	})
	t.Run("lent for as long as a host function runs", func(t *testing.T) {
		s, x := newShop(t), &thing{}
		goOn := make(chan struct{})
		op := s.a.host("async func(x:borrow<h>)", true, func(c *abi.Call) {
			c.LiftBorrow(c.Args().U32(0), 0)
			onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {})(c)
		})
		s.must(s.run(func(g *guest) {
			h := g.call(s.giveThing(s.a, x))
			_, sub := status(g.call(op, h))
			e, _ := g.s.tree.insts[0].handles.Get(uint32(h), abi.KindResource)
			g.want("lends", uint64(e.Lends), 1)
			close(goOn)
			set := g.newSet()
			g.join(sub, set)
			g.wait(set, false)
			e, _ = g.s.tree.insts[0].handles.Get(uint32(h), abi.KindResource)
			g.want("lends", uint64(e.Lends), 0)
			g.drop(s.h, h)
		}))
	})
	for name, c := range map[string]struct {
		x   *thing
		why string
	}{
		"drop that fails":  {&thing{err: errors.New("will not go")}, "will not go"},
		"drop that panics": {&thing{panic: "oops"}, "host function panicked: oops"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.mayPanic = c.x.panic != nil
			s.traps(c.why, s.run(func(g *guest) { g.drop(s.h, g.call(s.giveThing(s.a, c.x))) }))
		})
	}
	t.Run("drop that panics when the guest ends", func(t *testing.T) {
		s, x, y := newShop(t), &thing{panic: "oops"}, &thing{}
		s.must(s.run(func(g *guest) { g.call(s.giveThing(s.a, x)); g.call(s.giveThing(s.a, y)) }))
		s.close()
		if x.drops != 1 || y.drops != 1 {
			t.Errorf("dropped %d and %d times", x.drops, y.drops)
		}
	})
	for name, v := range map[string]any{
		"nothing where a host resource is needed": nil,
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.traps("host gave", s.run(func(g *guest) { g.call(s.giveThing(s.a, v)) }))
		})
	}
	t.Run("host gives a resource of another guest type", func(t *testing.T) {
		s := newShop(t)
		s.b.resource("q", nil)
		var kept any
		s.traps("host gave", s.run(func(g *guest) {
			h := g.call(s.maker(s.a), 42)
			g.call(s.a.host("func(x:own<r>)", false, func(c *abi.Call) { kept = c.LiftOwn(c.Args().U32(0), 0) }), h)
			g.call(s.a.host("func()->own<q>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(kept, 0))) }))
		}))
	})
}

// The bound on handles is one for the whole tree.
func TestHandlesAreBounded(t *testing.T) {
	for _, split := range []bool{false, true} {
		t.Run(fmt.Sprintf("two components %v", split), func(t *testing.T) {
			w := newWorld(t)
			w.cfg.MaxHandles = 10
			a, b := w.component("a", nil), w.component("b", nil)
			fill := func(n uint32) func(g *guest, _ []uint64) uint64 {
				return func(g *guest, _ []uint64) uint64 {
					for range n {
						g.newSet()
					}
					return 0
				}
			}
			six, four, one := a.lift("func()", fill(6)), b.lift("func()", fill(4)), b.lift("func()", fill(1))
			if !split {
				four, one = a.lift("func()", fill(4)), a.lift("func()", fill(1))
			}
			w.start().must(six)
			w.must(four)
			w.traps("handle table is full", one)
		})
	}
}
