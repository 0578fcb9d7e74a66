package canon

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// flag is a pollable that somebody sets.
type flag struct {
	mu       sync.Mutex
	set      bool
	wake     func()
	arms     int
	disarmed int
}

func (f *flag) Ready() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.set
}

func (f *flag) Arm(wake func()) func() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.arms++
	f.wake = wake
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.disarmed++
		f.wake = nil
	}
}

// raise sets the flag, or only pretends to, and wakes who waits.
func (f *flag) raise(really bool) {
	f.mu.Lock()
	f.set = f.set || really
	wake := f.wake
	f.mu.Unlock()
	if wake != nil {
		wake()
	}
}

func (f *flag) counts() (arms, disarmed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.arms, f.disarmed
}

// hostTest makes a world whose component calls one function of the host.
func hostTest(t *testing.T, sig string, async bool, serve func(*abi.Call), body func(g *guest, op int32)) (*world, *Lift) {
	t.Helper()
	w := newWorld(t)
	a := w.component("a", nil)
	op := a.host(sig, async, serve)
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { body(g, op); g.ret(""); return 0 })
	return w.start(), l
}

func TestHostFunctionThatWaitsForSomething(t *testing.T) {
	f, g := &flag{}, &flag{}
	served := 0
	w, l := hostTest(t, "func(x:u32)->u32", false, func(c *abi.Call) {
		served++
		switch { // the arguments are those of the call every time
		case c.Args().U32(0) != 5:
			t.Error("arguments have changed")
		case !f.Ready():
			c.Fail(abi.WaitFor(f))
		case !g.Ready():
			c.Fail(abi.WaitFor(g))
		default:
			c.Return(77)
		}
	}, func(g *guest, op int32) { g.want("result", g.call(op, 5), 77) })
	p := w.begin(l)
	for range 3 {
		f.raise(false) // for nothing
	}
	if served != 1 || p.Resolved() {
		t.Errorf("served %d times, resolved %v", served, p.Resolved())
	}
	f.raise(true)
	for arms, _ := g.counts(); arms == 0; arms, _ = g.counts() {
	}
	g.raise(true)
	if _, err := p.wait(); err != nil {
		t.Fatal(err)
	}
	w.rested()
	_, d1 := f.counts()
	_, d2 := g.counts()
	if served != 3 || d1 != 1 || d2 != 1 {
		t.Errorf("served %d times, disarmed %d and %d times", served, d1, d2)
	}
}

// While a function that is not async makes its caller wait, nothing else of the tree runs;
// what comes meanwhile is done afterwards.
func TestNothingRunsWhileAHostFunctionIsSlow(t *testing.T) {
	for name, slow := range map[string]func(f *flag, goOn chan struct{}) func(*abi.Call){
		"waiting": func(f *flag, _ chan struct{}) func(*abi.Call) {
			return func(c *abi.Call) {
				if !f.Ready() {
					c.Fail(abi.WaitFor(f))
				}
			}
		},
		"on a goroutine": func(_ *flag, goOn chan struct{}) func(*abi.Call) {
			return onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {})
		},
		"waiting, then on a goroutine": func(f *flag, goOn chan struct{}) func(*abi.Call) {
			return func(c *abi.Call) {
				if !f.Ready() {
					c.Fail(abi.WaitFor(f))
					return
				}
				onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {})(c)
			}
		},
	} {
		for where, nested := range map[string]bool{"called by the host's callee": false, "called below": true} {
			t.Run(name+"/"+where, func(t *testing.T) {
				w := newWorld(t)
				a, b := w.component("a", nil), w.component("b", nil)
				f, goOn := &flag{}, make(chan struct{})
				var j journal
				calls := func(c *component) *Lift {
					op := c.host("func()", false, slow(f, goOn))
					return c.lift("func()", func(g *guest, _ []uint64) uint64 {
						j.note("slow begins")
						g.call(op)
						j.note("slow ends")
						return 0
					})
				}
				l := calls(a)
				if nested {
					op := a.lower(calls(b), false)
					l = a.lift("func()", func(g *guest, _ []uint64) uint64 {
						j.note("outer begins")
						g.call(op)
						j.note("outer ends")
						return 0
					})
				}
				other := b.lift("func()", func(g *guest, _ []uint64) uint64 { j.note("other"); return 0 })
				p := w.start().begin(l)
				q := w.begin(other)
				if q.Resolved() || p.Resolved() {
					t.Error("a call has resolved")
				}
				close(goOn)
				f.raise(true)
				for _, p := range []*pending{p, q} {
					if _, err := p.wait(); err != nil {
						t.Fatal(err)
					}
				}
				w.rested()
				if nested {
					j.is(t, "outer begins", "slow begins", "slow ends", "outer ends", "other")
				} else {
					j.is(t, "slow begins", "slow ends", "other")
				}
			})
		}
	}
}

func TestHostFunctionErrors(t *testing.T) {
	boom := errors.New("boom")
	now := map[string]func(*abi.Call){
		"error": func(c *abi.Call) { c.Fail(boom) },
		"panic": func(c *abi.Call) { panic(boom) },
	}
	for name, f := range now {
		for when, serve := range map[string]func(*abi.Call){
			"at once":        f,
			"on a goroutine": onGoroutine(func(context.Context) { f(new(abi.Call)); panic(boom) }, func(*abi.Call) {}),
			"with a result":  onGoroutine(nothing, f),
			"after waiting": func() func(*abi.Call) {
				ready := &flag{}
				return func(c *abi.Call) {
					if ready.Ready() {
						f(c)
						return
					}
					c.Fail(abi.WaitFor(ready))
					go ready.raise(true)
				}
			}(),
		} {
			for _, sig := range []string{"func()->u32", "async func()->u32"} {
				if when == "after waiting" && sig != "func()->u32" {
					continue
				}
				t.Run(name+"/"+when+"/"+sig, func(t *testing.T) {
					w, l := hostTest(t, sig, false, serve, func(g *guest, op int32) { g.call(op) })
					_, err := w.call(l)
					var p *HostPanic
					if !errors.Is(err, boom) && !(errors.As(err, &p) && p.Value == boom) {
						t.Errorf("got %v", err)
					}
					w.mayPanic = name == "panic" || when == "on a goroutine"
				})
			}
		}
	}
	t.Run("asynchronous call", func(t *testing.T) {
		w, l := hostTest(t, "async func()", true, onGoroutine(nothing, func(c *abi.Call) { c.Fail(boom) }), func(g *guest, op int32) {
			_, sub := status(g.call(op))
			s := g.newSet()
			g.join(sub, s)
			g.wait(s, false)
		})
		w.traps("boom", l)
	})
	t.Run("waiting in an async function", func(t *testing.T) {
		w, l := hostTest(t, "async func()", false, func(c *abi.Call) { c.Fail(abi.WaitFor(&flag{})) }, func(g *guest, op int32) { g.call(op) })
		w.traps("only functions that are not async", l)
	})
	t.Run("waiting instead of a result", func(t *testing.T) {
		w, l := hostTest(t, "func()->u32", false, onGoroutine(nothing, func(c *abi.Call) { c.Fail(abi.WaitFor(&flag{})) }),
			func(g *guest, op int32) { g.call(op) })
		w.traps("cannot wait for a pollable", l)
	})
	t.Run("result out of bounds", func(t *testing.T) {
		w, l := hostTest(t, "func()->string", false, func(c *abi.Call) { c.StoreString(c.Result(8, 4), "x") },
			func(g *guest, op int32) { g.call(op, memorySize-4) })
		if _, err := w.call(l); err == nil {
			t.Error("no error")
		}
	})
}

// Host functions get the context of the task that calls them, also through other components.
func TestContextOfHostFunctions(t *testing.T) {
	type key struct{}
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	var seen []any
	note := func(c *abi.Call) { seen = append(seen, c.Context().Value(key{})) }
	inner := b.host("func()", false, note)
	later := b.host("async func()", true, func(c *abi.Call) {
		c.Go(func(ctx context.Context) func(*abi.Call) {
			v := ctx.Value(key{})
			return func(*abi.Call) { seen = append(seen, v) }
		})
	})
	call := a.lower(b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		g.call(inner)
		g.finish(true, g.call(later))
		g.ret("")
		return 0
	}), false)
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.call(call); g.ret(""); return 0 })
	w.start()
	for i := range 2 {
		if _, err := w.beginCtx(context.WithValue(context.Background(), key{}, i), l).wait(); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 4 || seen[0] != 0 || seen[1] != 0 || seen[2] != 1 || seen[3] != 1 {
		t.Errorf("seen %v", seen)
	}
}

func TestHostFunctionsOnGoroutinesAreBounded(t *testing.T) {
	const bound, calls = 3, 10
	var running, most atomic.Int32
	goOn := make(chan struct{})
	w := newWorld(t)
	w.cfg.HostCalls = bound
	a := w.component("a", nil)
	op := a.host("async func()", true, onGoroutine(func(context.Context) {
		n := running.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		<-goOn
		running.Add(-1)
	}, func(*abi.Call) {}))
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		s := g.newSet()
		for range calls {
			_, sub := status(g.call(op))
			g.join(sub, s)
		}
		close(goOn)
		for range calls {
			e := g.wait(s, false)
			g.want("state", e.p2, isReturned)
			g.dropSubtask(e.p1)
		}
		g.ret("")
		return 0
	})
	w.start().must(l)
	if most.Load() > bound {
		t.Errorf("%d ran at once", most.Load())
	}
}

func TestCancellationOfHostFunctions(t *testing.T) {
	for name, c := range map[string]struct {
		bound int
		body  func(g *guest, op int32, ended chan struct{})
	}{
		"resolves at once, whatever the function does": {0, func(g *guest, op int32, ended chan struct{}) {
			_, sub := status(g.call(op, 1))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
			g.dropSubtask(sub)
			<-ended
		}},
		"of one that waits for a goroutine": {1, func(g *guest, op int32, ended chan struct{}) {
			_, first := status(g.call(op, 1))
			_, second := status(g.call(op, 2))
			g.want("answer", g.cancelSubtask(second, true), isCancelledLater)
			g.want("answer", g.cancelSubtask(first, true), isCancelledLater)
			<-ended
		}},
		"several, then another": {2, func(g *guest, op int32, ended chan struct{}) {
			for i := range uint64(6) {
				_, sub := status(g.call(op, i))
				g.want("answer", g.cancelSubtask(sub, true), isCancelledLater)
				g.dropSubtask(sub)
			}
			_, sub := status(g.call(op, 100)) // returns at once
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, isReturned)
		}},
		"too late": {0, func(g *guest, op int32, ended chan struct{}) {
			_, sub := status(g.call(op, 100))
			_, other := status(g.call(op, 100))
			s := g.newSet()
			g.join(other, s)
			g.wait(s, false)
			for range 1000 { // the goroutine of the first will have ended
				g.yield(false)
			}
			if v := g.cancelSubtask(sub, true); v != isReturned && v != isCancelledLater {
				g.want("answer", v, isReturned)
			}
			g.dropSubtask(sub)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan struct{}, 16)
			w := newWorld(t)
			w.cfg.HostCalls = c.bound
			a := w.component("a", nil)
			op := a.host("async func(x:u32)", true, func(c *abi.Call) {
				x := c.Args().U32(0)
				c.Go(func(ctx context.Context) func(*abi.Call) {
					if x < 100 {
						<-ctx.Done()
						ended <- struct{}{}
					}
					return func(c *abi.Call) {
						if x < 100 {
							t.Error("the result of a cancelled call was lowered")
						}
					}
				})
			})
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { c.body(g, op, ended); g.ret(""); return 0 })
			w.start()
			if _, err := w.call(l); err != nil {
				t.Fatal(err)
			}
			if n := w.waits(); n != 0 {
				t.Errorf("the tree waits for %d operations", n)
			}
			if err := w.tree.Join(context.Background()); err != nil {
				t.Fatal(err)
			}
			w.rested()
		})
	}
}

// That nothing is ready is a deadlock only if nothing outside will complete.
func TestDeadlock(t *testing.T) {
	for name, c := range map[string]struct {
		dead bool
		body func(g *guest, op int32, other *component)
	}{
		"nobody writes": {true, func(g *guest, _ int32, _ *component) {
			ch := g.c.w.stream("")
			r, _ := g.newChannel(ch)
			g.readSync(ch, r, 0, 1)
		}},
		"callee that nobody wakes": {true, func(g *guest, _ int32, other *component) {
			g.call(g.c.lower(other.callback("async func()", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) }, never), false))
		}},
		"back-pressure that nobody lifts": {true, func(g *guest, _ int32, other *component) {
			g.call(g.c.lower(other.lift("func()", func(g *guest, _ []uint64) uint64 { g.pressureInc(); return 0 }), false))
			g.call(g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return 0 }), false))
		}},
		"a host function runs": {false, func(g *guest, op int32, _ *component) { g.finish(true, g.call(op)) }},
		"a host function of another task runs": {false, func(g *guest, op int32, other *component) {
			inner := other.host("async func()", false, g.c.w.prog.Trampolines[op].Host.Serve)
			g.call(g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.call(inner)
				g.ret("")
				return 0
			}), false))
		}},
		"after a host function was cancelled": {true, func(g *guest, op int32, _ *component) {
			_, sub := status(g.call(op))
			g.cancelSubtask(sub, false)
			g.wait(g.newSet(), false)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			op := a.host("async func()", true, onGoroutine(nothing, func(*abi.Call) {}))
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { c.body(g, op, b); g.ret(""); return 0 })
			if w.start(); c.dead {
				w.traps(ErrDeadlock.Error(), l)
			} else {
				w.must(l)
			}
		})
	}
	t.Run("unless calls may come from outside", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.NoDeadlock = true
		a := w.component("a", nil)
		var wr uint64
		ch := w.future("")
		waits := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
			var r uint64
			r, wr = g.newChannel(ch)
			g.readSync(ch, r, 0, 0)
			g.ret("")
			return 0
		})
		wakes := a.lift("func()", func(g *guest, _ []uint64) uint64 { g.write(ch, wr, 0, 0); return 0 })
		p := w.start().begin(waits)
		w.begin(wakes)
		if _, err := p.wait(); err != nil {
			t.Error(err)
		}
	})
}
