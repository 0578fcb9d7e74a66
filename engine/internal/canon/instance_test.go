package canon

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// Allocators and post-return functions may not leave their instance.
func TestMayNotLeave(t *testing.T) {
	calls := map[string]struct {
		allowed bool
		call    func(g *guest, s *shop, host, guest int32)
	}{
		"host function":       {false, func(g *guest, _ *shop, host, _ int32) { g.call(host) }},
		"another component":   {false, func(g *guest, _ *shop, _, guest int32) { g.call(guest) }},
		"resource.new":        {false, func(g *guest, s *shop, _, _ int32) { g.newResource(s.r, 1) }},
		"resource.drop":       {false, func(g *guest, s *shop, _, _ int32) { g.drop(s.r, 1) }},
		"resource.rep":        {true, func(g *guest, s *shop, _, _ int32) { g.rep(s.r, 1) }},
		"task.return":         {false, func(g *guest, _ *shop, _, _ int32) { g.ret("") }},
		"task.cancel":         {false, func(g *guest, _ *shop, _, _ int32) { g.cancelled() }},
		"thread.yield":        {false, func(g *guest, _ *shop, _, _ int32) { g.yield(false) }},
		"waitable-set.new":    {false, func(g *guest, _ *shop, _, _ int32) { g.newSet() }},
		"waitable-set.wait":   {false, func(g *guest, _ *shop, _, _ int32) { g.wait(1, false) }},
		"waitable-set.poll":   {false, func(g *guest, _ *shop, _, _ int32) { g.poll(1, false) }},
		"waitable-set.drop":   {false, func(g *guest, _ *shop, _, _ int32) { g.dropSet(1) }},
		"waitable.join":       {false, func(g *guest, _ *shop, _, _ int32) { g.join(1, 0) }},
		"subtask.drop":        {false, func(g *guest, _ *shop, _, _ int32) { g.dropSubtask(1) }},
		"subtask.cancel":      {false, func(g *guest, _ *shop, _, _ int32) { g.cancelSubtask(1, true) }},
		"stream.new":          {false, func(g *guest, s *shop, _, _ int32) { g.newChannel(s.stream("")) }},
		"stream.read":         {false, func(g *guest, s *shop, _, _ int32) { g.read(s.stream(""), 1, 0, 0) }},
		"stream.write":        {false, func(g *guest, s *shop, _, _ int32) { g.write(s.stream(""), 1, 0, 0) }},
		"stream.cancel-read":  {false, func(g *guest, s *shop, _, _ int32) { g.cancelRead(s.stream(""), true, 1) }},
		"stream.drop":         {false, func(g *guest, s *shop, _, _ int32) { g.dropReader(s.stream(""), 1) }},
		"future.new":          {false, func(g *guest, s *shop, _, _ int32) { g.newChannel(s.future("")) }},
		"future.cancel-write": {false, func(g *guest, s *shop, _, _ int32) { g.cancelWrite(s.future(""), true, 1) }},
		"future.drop":         {false, func(g *guest, s *shop, _, _ int32) { g.dropWriter(s.future(""), 1) }},
		"backpressure.inc":    {true, func(g *guest, _ *shop, _, _ int32) { g.pressureInc(); g.pressureDec() }},
	}
	for name, c := range calls {
		for _, where := range []string{"realloc for parameters", "realloc for a result", "realloc for a batch", "post-return"} {
			t.Run(where+"/"+name, func(t *testing.T) {
				s := newShop(t)
				host := s.b.host("func()", false, func(*abi.Call) {})
				other := s.b.lower(s.a.lift("func()", zero), false)
				bad := func(g *guest) { c.call(g, s, host, other) }
				alloc := func(g *guest, _, _, align, size uint32) uint32 { bad(g); return g.c.bump(size, align) }
				plain := func(g *guest, _ []uint64) uint64 { g.newResource(s.r, 1); return 64 }
				var l *Lift
				var args []any
				switch where {
				case "realloc for parameters":
					l = s.b.lift("func(x:string)->string", func(g *guest, _ []uint64) uint64 { return 64 })
					args = []any{"x"}
					s.b.realloc = alloc
				case "realloc for a result", "realloc for a batch":
					op := s.b.host("func()->string", false, func(c *abi.Call) {
						if where == "realloc for a batch" {
							b := c.Batch()
							b.String("x")
							b.String("y")
							b.Allocate()
						}
						c.StoreString(c.Result(8, 4), "x")
					})
					l = s.b.lift("func()", func(g *guest, _ []uint64) uint64 {
						g.newResource(s.r, 1)
						g.call(op, 64)
						return 0
					})
					s.b.realloc = alloc
				default:
					l = s.b.post(s.b.lift("func()->string", plain), func(g *guest, a []uint64) uint64 {
						g.want("argument of post-return", a[0], 64)
						bad(g)
						return 0
					})
				}
				s.start()
				if where == "realloc for parameters" {
					s.do(func(t *Tree) {
						x := &t.insts[s.b.n]
						_, _ = x.handles.Add(abi.Entry{Kind: abi.KindResource, Own: true, Rep: 1, Type: t.res[s.r]})
					})
				}
				if c.allowed {
					s.must(l, args...)
				} else {
					s.traps("cannot leave component instance", l, args...)
				}
			})
		}
	}
}

func TestBadAllocators(t *testing.T) {
	for name, c := range map[string]struct {
		why   string
		alloc func(g *guest, align, size uint32) uint32
	}{
		"unaligned":                {"unaligned pointer", func(g *guest, _, _ uint32) uint32 { return 2 }},
		"out of bounds":            {"out of bounds", func(g *guest, _, _ uint32) uint32 { return memorySize }},
		"end of the address space": {"out of bounds", func(g *guest, _, _ uint32) uint32 { return 0xfffffffc }},
		"last byte":                {"out of bounds", func(g *guest, _, size uint32) uint32 { return (memorySize - size + 4) &^ 3 }},
		"trap":                     {"guest: no memory", func(g *guest, _, _ uint32) uint32 { g.trap("no memory"); return 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			b.realloc = func(g *guest, old, oldSize, align, size uint32) uint32 {
				g.want("old", uint64(old)|uint64(oldSize), 0)
				return c.alloc(g, align, size)
			}
			op := a.lower(b.lift("func(x:list<u32>)", zero), false)
			l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op, 64, 3) })
			w.start().traps(c.why, l)
		})
	}
	t.Run("called also for nothing", func(t *testing.T) {
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		op := a.lower(b.lift("func(x:list<u32>,y:string)", zero), false)
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op, 64, 0, 1, 0) })
		w.start().must(l)
		if b.allocs != 2 {
			t.Errorf("called %d times", b.allocs)
		}
	})
	t.Run("bad pointer for nothing", func(t *testing.T) {
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		b.realloc = func(*guest, uint32, uint32, uint32, uint32) uint32 { return memorySize + 8 }
		op := a.lower(b.lift("func(x:list<u32>)", zero), false)
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op, 64, 0) })
		w.start().traps("out of bounds", l)
	})
	t.Run("missing", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		l := a.lift("func(x:string)", zero)
		l.Opts.Realloc = None
		w.start().traps("needs the realloc option", l, "x")
	})
}

// An instance that is on the stack cannot be entered again, and instances cannot call those
// that they are nested in, or themselves.
func TestMayNotEnter(t *testing.T) {
	const cannot = "cannot enter component instance"
	t.Run("itself", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		op := a.lower(a.lift("func()", zero), false)
		w.start().traps(cannot+` "a"`, a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
	})
	t.Run("its parent", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		b := w.component("a/b", a)
		op := b.lower(a.lift("func()", zero), false)
		w.start().traps(cannot, b.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
	})
	t.Run("its child", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		b := w.component("a/b", a)
		op := a.lower(b.lift("func()", zero), false)
		w.start().traps(cannot, a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
	})
	t.Run("its sibling", func(t *testing.T) {
		w := newWorld(t)
		p := w.component("p", nil)
		a, b := w.component("p/a", p), w.component("p/b", p)
		op := a.lower(b.lift("func()", zero), false)
		w.start().must(a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
	})
	t.Run("a caller's caller", func(t *testing.T) {
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		back := b.lower(a.lift("func()", zero), false)
		op := a.lower(b.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(back) }), false)
		w.start().traps(cannot, a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
	})
	t.Run("a caller's caller that waits", func(t *testing.T) {
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		back := b.lower(a.lift("func()", zero), false)
		op := a.lower(b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			g.yield(false) // lets the caller wait
			g.call(back)
			g.ret("")
			return 0
		}), false)
		w.start().must(a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.call(op); g.ret(""); return 0 }))
	})
	t.Run("destructors of the parent's types", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		b := w.component("a/b", a)
		destroyed := 0
		r := a.resource("r", func(*guest, []uint64) uint64 { destroyed++; return 0 })
		var kept any
		take := a.host("func(x:own<r>)", false, func(c *abi.Call) { kept = c.LiftOwn(c.Args().U32(0), 0) })
		make := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.newResource(r, 1)) })
		give := b.host("func()->own<r>", false, func(c *abi.Call) { c.Return(uint64(c.LowerOwn(kept, 0))) })
		drop := b.lift("func()", func(g *guest, _ []uint64) uint64 { g.drop(r, g.call(give)); return 0 })
		w.start().must(make)
		w.must(drop)
		if destroyed != 1 {
			t.Errorf("destroyed %d times", destroyed)
		}
	})
	t.Run("destructor of an instance on the stack", func(t *testing.T) {
		for _, dtor := range []body{nil, zero} {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			r := a.resource("r", dtor)
			op := a.lower(b.lift("func(x:own<r>)", func(g *guest, a []uint64) uint64 { g.drop(r, a[0]); return 0 }), false)
			w.start().traps(cannot, a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op, g.newResource(r, 1)) }))
		}
	})
}

// Calls count as nested as long as they have not returned, even if a slow function of the host
// has cut them short meanwhile.
func TestDepthOfCallsIsBounded(t *testing.T) {
	for _, slow := range []int{-1, 0, 1, 20, DefaultCallDepth - 1} { // the one that calls a slow function first
		for _, n := range []int{DefaultCallDepth, DefaultCallDepth + 1} {
			t.Run(fmt.Sprintf("slow %d of %d", slow, n), func(t *testing.T) {
				w := newWorld(t)
				l := w.component("last", nil).lift("func()->u32", func(*guest, []uint64) uint64 { return 1 })
				for i := range n {
					c := w.component(fmt.Sprint(i), nil)
					op, late := c.lower(l, false), c.late()
					l = c.lift("func()->u32", func(g *guest, _ []uint64) uint64 {
						if i == n-1-slow {
							g.call(late)
						}
						return g.call(op) + 1
					})
				}
				w.start()
				if n > DefaultCallDepth {
					w.traps("nest more than 64 deep", l)
				} else if v := w.must(l); v != uint32(n+1) {
					t.Errorf("got %v", v)
				}
			})
		}
	}
}

func TestPostReturn(t *testing.T) {
	var order []string
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	l := b.post(b.lift("func()->string", func(g *guest, _ []uint64) uint64 {
		g.context[0] = 7
		p, n := g.str("text")
		g.putU32(64, int(p))
		g.putU32(68, int(n))
		return 64
	}), func(g *guest, a []uint64) uint64 {
		g.want("argument", a[0], 64)
		g.want("context of its thread", g.context[0], 7)
		order = append(order, "post-return")
		g.fill(g.u32(64), "XXXX") // the caller has its copy
		return 0
	})
	op := a.lower(l, false)
	outer := a.lift("func()", func(g *guest, _ []uint64) uint64 {
		g.call(op, 128)
		order = append(order, g.text(g.u32(128), g.u32(132)))
		return 0
	})
	w.start().must(outer)
	if got := w.must(l); got != "text" {
		t.Errorf("host got %v", got)
	}
	if fmt.Sprint(order) != "[post-return text post-return]" {
		t.Errorf("order %v", order)
	}
	t.Run("that traps", func(t *testing.T) {
		w := newWorld(t)
		a := w.component("a", nil)
		w.start().traps("guest: no", a.post(a.lift("func()->u32", zero), func(g *guest, _ []uint64) uint64 { g.trap("no"); return 0 }))
	})
}

// Wrong arguments of the host's caller are no fault of the guest, which goes on.
func TestWrongArguments(t *testing.T) {
	w := newWorld(t)
	a := w.component("a", nil)
	l := a.lift("async func(x:u32,y:string)->u32", func(g *guest, a []uint64) uint64 { return a[0] })
	w.start()
	for range 2 {
		p := w.begin(l, uint32(1), 2)
		_, err := p.wait()
		var te *value.TypeError
		if !errors.As(err, &te) || te.Want != "string" {
			t.Errorf("got %v", err)
		}
		if p.after != 1 {
			t.Errorf("Ended was called %d times", p.after)
		}
		w.rested()
	}
	if v := w.must(l, uint32(4), "x"); v != uint32(4) {
		t.Errorf("got %v", v)
	}
	if _, err := Dynamic(l, []any{uint32(1)}, new(any)); err == nil {
		t.Error("one argument for two parameters")
	}
}

// An invocation that panics ends the tree, not the process.
func TestInvocationThatPanics(t *testing.T) {
	for _, lift := range []bool{false, true} {
		w := newWorld(t)
		w.mayPanic = true
		l := w.component("a", nil).lift("func()->u32", zero)
		w.start()
		c := &ExportCall{Ctx: context.Background(), Inv: badInvocation{lift}}
		w.tree.Call(l, c)
		testDeadline(t, "call", c.HasEnded())
		var p *HostPanic
		if !errors.As(c.Err(), &p) {
			t.Errorf("got %v", c.Err())
		}
		w.close()
	}
}

type badInvocation struct{ lift bool }

func (b badInvocation) Lower(*abi.Guest, abi.Flat) {
	if !b.lift {
		panic("lower")
	}
}
func (b badInvocation) Lift(*abi.Values) { panic("lift") }

// A tree that gets no stack ends with the reason.
func TestNoFiber(t *testing.T) {
	w := newWorld(t)
	l := w.component("a", nil).lift("func()", zero)
	w.start().noFiber = errors.New("no stacks")
	_, err := w.call(l)
	w.isTrap(err, "no stacks")
}

func TestLoad(t *testing.T) {
	w := newWorld(t)
	w.cfg.NoDeadlock = true
	a := w.component("a", nil)
	goOn := make(chan struct{})
	op := a.host("async func()", true, onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {}))
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.finish(true, g.call(op)); g.ret(""); return 0 })
	p := w.start().begin(l)
	for w.tree.Driven() {
	}
	if got := w.tree.Load(); got != (Load{Handles: 2, Fibers: 1, HostCalls: 1}) {
		t.Errorf("got %+v", got)
	}
	if w.do(func(t *Tree) {
		if !t.Working() {
			w.tb.Error("no host calls")
		}
	}); w.tree.Instance(a.n).Name() != "a" {
		t.Error("name")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.tree.Join(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Join: %v", err)
	}
	close(goOn)
	if _, err := p.wait(); err != nil {
		t.Error(err)
	}
	w.rested()
	for w.tree.Driven() {
	}
	if got := w.tree.Load(); got != (Load{Fibers: 1}) {
		t.Errorf("got %+v", got)
	}
}
