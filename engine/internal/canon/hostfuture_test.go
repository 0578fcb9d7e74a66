package canon

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

func loadText(g *abi.Guest, p uint32) string     { return g.LoadString(p) }
func storeText(g *abi.Guest, p uint32, v string) { g.StoreString(p, v) }
func liftedFuture(c *abi.Call) *abi.Future[string] {
	return abi.LiftFuture(&c.Guest, c.Args().U32(0), 0, loadText)
}

// guestFuture makes a world whose component gives a future<string> to the host.
func guestFuture(t *testing.T, take func(f *abi.Future[string]), body func(g *guest, wr uint64)) (*world, *Lift) {
	return hostTest(t, "func(f:future<string>)", false, func(c *abi.Call) {
		if f := liftedFuture(c); f != nil {
			take(f)
		}
	}, func(g *guest, op int32) {
		r, wr := g.newChannel(g.c.w.future("string"))
		g.call(op, r)
		body(g, wr)
	})
}

func (g *guest) writeText(wr uint64, s string) uint64 {
	p, n := g.str(s)
	at := g.new(8, 4)
	g.putU32(at, int(p))
	g.putU32(at+4, int(n))
	return g.write(g.c.w.future("string"), wr, at, 0)
}

func TestGuestFutureToHost(t *testing.T) {
	write := func(g *guest, wr uint64) {
		g.want("write", g.writeText(wr, "hello"), completed(0))
		g.dropWriter(g.c.w.future("string"), wr)
	}
	t.Run("Then", func(t *testing.T) {
		var got []string
		w, l := guestFuture(t, func(f *abi.Future[string]) {
			if _, _, ok := f.Poll(); ok {
				t.Error("the value is known early")
			}
			f.Then(func(v string, err error) { got = append(got, fmt.Sprint(v, err)) })
		}, write)
		w.must(l)
		if fmt.Sprint(got) != "[hello<nil>]" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("Get", func(t *testing.T) {
		got := make(chan string, 1)
		w, l := guestFuture(t, func(f *abi.Future[string]) {
			go func() { v, err := f.Get(context.Background()); got <- fmt.Sprint(v, err) }()
		}, write)
		w.must(l)
		if s := <-got; s != "hello<nil>" {
			t.Errorf("got %v", s)
		}
	})
	t.Run("Get drives the guest", func(t *testing.T) {
		var f *abi.Future[string]
		w, l := guestFuture(t, func(x *abi.Future[string]) { f = x }, func(g *guest, wr uint64) {
			g.yield(false)
			write(g, wr)
		})
		p := w.begin(l)
		for range 2 {
			if v, err := f.Get(context.Background()); v != "hello" || err != nil {
				t.Errorf("got %q, %v", v, err)
			}
		}
		f.Then(func(v string, err error) {
			if v != "hello" || err != nil {
				t.Errorf("Then got %q, %v", v, err)
			}
		})
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if _, err := p.wait(); err != nil {
			t.Error(err)
		}
	})
	t.Run("Get with a context", func(t *testing.T) {
		late := errors.New("late")
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(late)
		var f *abi.Future[string]
		goOn := make(chan struct{})
		w, l := hostTest(t, "func(f:future<string>)", false, func(c *abi.Call) { f = liftedFuture(c) }, func(g *guest, op int32) {
			wait := g.c.host("async func()", false, onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {}))
			r, wr := g.newChannel(g.c.w.future("string"))
			g.call(op, r)
			g.call(wait)
			write(g, wr)
		})
		p := w.begin(l)
		if _, err := f.Get(ctx); !errors.Is(err, late) {
			t.Errorf("got %v", err)
		}
		close(goOn)
		if v, err := f.Get(context.Background()); v != "hello" || err != nil {
			t.Errorf("got %q, %v", v, err)
		}
		if _, err := p.wait(); err != nil {
			t.Error(err)
		}
	})
	t.Run("closed by the host", func(t *testing.T) {
		w, l := guestFuture(t, func(f *abi.Future[string]) {
			for range 2 {
				if err := f.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := f.Get(context.Background()); !errors.Is(err, abi.ErrDropped) {
				t.Errorf("got %v", err)
			}
		}, func(g *guest, wr uint64) {
			g.yield(false)
			g.want("write", g.writeText(wr, "x"), dropped(0))
			g.dropWriter(g.c.w.future("string"), wr)
		})
		w.must(l)
	})
	t.Run("closed by the host, written before the driver knows", func(t *testing.T) {
		w, l := guestFuture(t, func(f *abi.Future[string]) { f.Close() }, func(g *guest, wr uint64) {
			g.want("write", g.writeText(wr, "x"), dropped(0))
			g.dropWriter(g.c.w.future("string"), wr)
		})
		w.must(l)
	})
	t.Run("guest traps", func(t *testing.T) {
		var got error
		w, l := guestFuture(t, func(f *abi.Future[string]) { f.Then(func(_ string, err error) { got = err }) },
			func(g *guest, wr uint64) { g.trap("oops") })
		w.traps("oops", l)
		if got == nil || errors.Is(got, abi.ErrDropped) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("bad value", func(t *testing.T) {
		w, l := guestFuture(t, func(f *abi.Future[string]) {}, func(g *guest, wr uint64) {
			g.putU32(64, -1)
			g.putU32(68, 5)
			g.write(g.c.w.future("string"), wr, 64, 0)
		})
		w.traps("out of bounds", l)
	})
	t.Run("callback that panics", func(t *testing.T) {
		w, l := guestFuture(t, func(f *abi.Future[string]) { f.Then(func(string, error) { panic("oops") }) }, write)
		w.mayPanic = true
		w.traps("host function panicked: oops", l)
	})
	t.Run("written before the host came", func(t *testing.T) {
		var got string
		w, l := hostTest(t, "func(f:future<string>)", false, func(c *abi.Call) {
			got, _, _ = liftedFuture(c).Poll()
		}, func(g *guest, op int32) {
			r, wr := g.newChannel(g.c.w.future("string"))
			g.want("write", g.writeText(wr, "early"), isBlocked)
			g.call(op, r)
			s := g.newSet()
			g.join(wr, s)
			g.wantEvent(g.wait(s, false), eventFutureWrite, wr, completed(0))
		})
		w.must(l)
		if got != "early" {
			t.Errorf("got %q", got)
		}
	})
}

func TestHostFutureToGuest(t *testing.T) {
	lower := func(p *abi.Promise[string]) func(*abi.Call) {
		return func(c *abi.Call) { c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, storeText))) }
	}
	read := func(g *guest, h uint64) string {
		at := g.new(8, 4)
		g.want("read", g.readSync(g.c.w.future("string"), h, at, 0), completed(0))
		g.dropReader(g.c.w.future("string"), h)
		return g.text(g.u32(at), g.u32(at+4))
	}
	t.Run("resolved before", func(t *testing.T) {
		p := abi.NewPromise[string]()
		p.Resolve("early")
		p.Resolve("again")
		w, l := hostTest(t, "func()->future<string>", false, lower(p), func(g *guest, op int32) {
			if s := read(g, g.call(op)); s != "early" {
				t.Errorf("got %q", s)
			}
		})
		w.must(l)
	})
	t.Run("resolved during the read", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w, l := hostTest(t, "func()->future<string>", false, lower(p), func(g *guest, op int32) {
			h := g.call(op)
			go p.Resolve("late")
			if s := read(g, h); s != "late" {
				t.Errorf("got %q", s)
			}
		})
		w.must(l)
		if n := w.waits(); n != 0 {
			t.Errorf("the tree waits for %d operations", n)
		}
	})
	t.Run("cancelled, then read again", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w, l := hostTest(t, "func()->future<string>", false, lower(p), func(g *guest, op int32) {
			h, ch := g.call(op), g.c.w.future("string")
			g.want("read", g.read(ch, h, 64, 0), isBlocked)
			g.want("cancel", g.cancelRead(ch, false, h), cancelled(0))
			p.Resolve("x")
			if s := read(g, h); s != "x" {
				t.Errorf("got %q", s)
			}
		})
		w.must(l)
	})
	t.Run("dropped unread", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w, l := hostTest(t, "func()->future<string>", false, lower(p), func(g *guest, op int32) {
			g.dropReader(g.c.w.future("string"), g.call(op))
			p.Resolve("nobody")
		})
		w.must(l)
	})
	t.Run("passed on to another component", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w := newWorld(t)
		a, b := w.component("a", nil), w.component("b", nil)
		op := a.host("func()->future<string>", false, lower(p))
		l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			h := g.call(op)
			_, sub := status(g.call(g.give(b, g.c.w.future("string"), true, func(g *guest, r uint64) {
				if s := read(g, r); s != "far" {
					t.Errorf("got %q", s)
				}
			}), h))
			p.Resolve("far")
			s := g.newSet()
			g.join(sub, s)
			g.wait(s, false)
			g.ret("")
			return 0
		})
		w.start().must(l)
	})
	t.Run("no promise", func(t *testing.T) {
		w, l := hostTest(t, "func()->future<string>", false, lower(nil), func(g *guest, op int32) { g.call(op) })
		w.traps("host gave no promise", l)
	})
	t.Run("a store that panics on the driver", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w, l := hostTest(t, "func()->future<string>", false, func(c *abi.Call) {
			c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, func(*abi.Guest, uint32, string) { panic("oops") })))
		}, func(g *guest, op int32) {
			h := g.call(op)
			go p.Resolve("x")
			read(g, h)
		})
		w.mayPanic = true
		w.traps("host function panicked: oops", l)
	})
	t.Run("without element", func(t *testing.T) {
		p := abi.NewPromise[struct{}]()
		w, l := hostTest(t, "func()->future", false, func(c *abi.Call) {
			c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, nil)))
		}, func(g *guest, op int32) {
			h := g.call(op)
			p.Resolve(struct{}{})
			g.want("read", g.readSync(g.c.w.future(""), h, 0xdeadbeef, 0), completed(0))
			g.dropReader(g.c.w.future(""), h)
		})
		w.must(l)
	})
}

// What the host gave comes back to it: no guest in between.
func TestHostFutureThatComesBack(t *testing.T) {
	for name, when := range map[string]string{"resolved before": "before", "resolved while the guest has it": "between", "resolved after": "after"} {
		t.Run(name, func(t *testing.T) {
			p := abi.NewPromise[string]()
			var f *abi.Future[string]
			w := newWorld(t)
			a := w.component("a", nil)
			give := a.host("func()->future<string>", false, func(c *abi.Call) { c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, storeText))) })
			take := a.host("func(f:future<string>)", false, func(c *abi.Call) { f = liftedFuture(c) })
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				h := g.call(give)
				if when == "between" {
					p.Resolve("x")
				}
				g.call(take, h)
				g.ret("")
				return 0
			})
			if when == "before" {
				p.Resolve("x")
			}
			w.start().must(l)
			if n := w.handles(a); n != 0 {
				t.Errorf("%d handles are left", n)
			}
			if when == "after" {
				if _, _, ok := f.Poll(); ok {
					t.Error("the value is known early")
				}
				go p.Resolve("x")
			}
			if v, err := f.Get(context.Background()); v != "x" || err != nil {
				t.Errorf("got %q, %v", v, err)
			}
		})
	}
	t.Run("closed", func(t *testing.T) {
		p := abi.NewPromise[string]()
		w := newWorld(t)
		a := w.component("a", nil)
		give := a.host("func()->future<string>", false, func(c *abi.Call) { c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, storeText))) })
		take := a.host("func(f:future<string>)", false, func(c *abi.Call) { liftedFuture(c).Close() })
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.call(give)) })
		w.start().must(l)
		p.Resolve("nobody")
	})
	t.Run("with another element in Go", func(t *testing.T) {
		p := abi.NewPromise[string]()
		var f *abi.Future[[]byte]
		w := newWorld(t)
		a := w.component("a", nil)
		give := a.host("func()->future<string>", false, func(c *abi.Call) { c.Return(uint64(abi.LowerPromise(&c.Guest, p, 0, storeText))) })
		take := a.host("func(f:future<string>)", false, func(c *abi.Call) {
			f = abi.LiftFuture(&c.Guest, c.Args().U32(0), 0, func(g *abi.Guest, p uint32) []byte { return g.LoadBytes(p) })
		})
		l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(take, g.call(give)) })
		w.start().must(l)
		if _, err := f.Get(context.Background()); !errors.Is(err, abi.ErrTrap) {
			t.Errorf("got %v", err)
		}
	})
}
