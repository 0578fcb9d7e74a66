package canon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// The host may ask for cancellation whenever it likes; the guest may confirm it or not.
func TestCancellationByTheHost(t *testing.T) {
	for name := range cancellable(newWorld(t).component("", nil)) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.cfg.NoDeadlock = true
			l := cancellable(w.component("a", nil))[name]
			w.slice = nil
			w.start()
			var p *pending
			w.do(func(*Tree) { p = w.begin(l); p.Cancel() }) // before anything else happens
			if _, err := p.wait(); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			p.Cancel() // does nothing any more
			w.rested()
			if p.after != 1 {
				t.Errorf("Ended was called %d times", p.after)
			}
		})
	}
	t.Run("before the start", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.NoDeadlock = true
		a := w.component("a", nil)
		on := a.lift("func()", func(g *guest, _ []uint64) uint64 { g.pressureInc(); return 0 })
		l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.trap("started"); return 0 })
		w.start().must(on)
		p := w.begin(l)
		p.Cancel()
		if _, err := p.wait(); !errors.Is(err, context.Canceled) || p.Begun() {
			t.Errorf("got %v, begun %v", err, p.Begun())
		}
		w.rested()
		if p.after != 1 {
			t.Errorf("Ended was called %d times", p.after)
		}
	})
	t.Run("guest returns all the same", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.NoDeadlock = true
		l := w.component("a", nil).callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
			func(g *guest, a []uint64) uint64 { g.ret("u32", a[0]); return exit })
		p := w.start().begin(l)
		p.Cancel()
		if v, err := p.wait(); err != nil || v != uint32(codeTaskCancelled) {
			t.Errorf("got %v, %v", v, err)
		}
	})
	t.Run("twice", func(t *testing.T) {
		w := newWorld(t)
		w.cfg.NoDeadlock = true
		l := w.component("a", nil).callback("async func()->u32", func(g *guest, _ []uint64) uint64 { return waitOn(g.newSet()) },
			func(g *guest, a []uint64) uint64 {
				if g.context[0]++; g.context[0] == 3 {
					g.ret("u32", 1)
					return exit
				}
				return yield
			})
		p := w.start().begin(l)
		p.Cancel()
		p.Cancel()
		if v, err := p.wait(); err != nil || v != uint32(1) {
			t.Errorf("got %v, %v", v, err)
		}
	})
}

// told is a callback that confirms its cancellation when it is told of it.
func told(g *guest, a []uint64) uint64 {
	if a[0] != codeTaskCancelled {
		return yield
	}
	g.cancelled()
	return exit
}

// What becomes of a call that its host cancels depends on where the guest is.
func TestCancellationByTheHostInEveryState(t *testing.T) {
	type scene struct {
		*world
		a, b *component
		goOn chan struct{} // lets slow functions of the host return
	}
	slow := func(s *scene, c *component, sig string, async bool) int32 {
		return c.host(sig, async, onGoroutine(func(ctx context.Context) {
			select {
			case <-s.goOn:
			case <-ctx.Done():
			}
		}, func(*abi.Call) {}))
	}
	for name, c := range map[string]struct {
		// begin makes the functions; hold, if not nil, is called before l.
		begin  func(s *scene) (hold, l *Lift)
		starts bool // the guest is given the arguments
		err    error
		value  any
	}{
		"waits for the lock": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "async func()", false)
				return s.a.lift("async func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }),
					s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { g.trap("started"); return 0 }, never)
			},
			err: context.Canceled,
		},
		"waits because the tree is frozen": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "func()", false)
				return s.a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }),
					s.a.callback("async func()->u32", func(*guest, []uint64) uint64 { return yield }, told)
			},
			starts: true, err: context.Canceled,
		},
		"WAIT while another holds the lock": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "async func()", false)
				return nil, s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 {
					s.begin(s.a.lift("async func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
					return waitOn(g.newSet())
				}, told)
			},
			starts: true, err: context.Canceled,
		},
		"YIELD while another holds the lock": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "async func()", false)
				return nil, s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 {
					s.begin(s.a.lift("async func()", func(g *guest, _ []uint64) uint64 { return g.call(op) }))
					return yield
				}, told)
			},
			starts: true, err: context.Canceled,
		},
		"in a synchronous call of the host, then YIELD": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "async func()", false)
				return nil, s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { g.call(op); return yield }, told)
			},
			starts: true, err: context.Canceled,
		},
		"in a slow function of the host, then YIELD": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "func()", false)
				return nil, s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 { g.call(op); return yield }, told)
			},
			starts: true, err: context.Canceled,
		},
		"in a synchronous call of a guest, then returns": {
			begin: func(s *scene) (hold, l *Lift) {
				in := slow(s, s.b, "async func()", false)
				op := s.a.lower(s.b.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.call(in); g.ret(""); return 0 }), false)
				return nil, s.a.stackful("async func()->u32", func(g *guest, _ []uint64) uint64 { g.call(op); g.ret("u32", 7); return 0 })
			},
			starts: true, value: uint32(7),
		},
		"waits for a call of the host, which it cancels": {
			begin: func(s *scene) (hold, l *Lift) {
				op := s.a.host("async func()", true, onGoroutine(func(ctx context.Context) { <-ctx.Done() }, func(*abi.Call) {}))
				return nil, s.a.callback("async func()->u32", func(g *guest, _ []uint64) uint64 {
					set := g.newSet()
					_, g.context[0] = status(g.call(op))
					g.join(g.context[0], set)
					return waitOn(set)
				}, func(g *guest, a []uint64) uint64 {
					g.want("event", a[0], codeTaskCancelled)
					g.want("answer", g.cancelSubtask(g.context[0], true), isCancelledLater)
					g.cancelled()
					return exit
				})
			},
			starts: true, err: context.Canceled,
		},
		"has returned": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "async func()", false)
				return nil, s.a.stackful("async func()->u32", func(g *guest, _ []uint64) uint64 {
					g.ret("u32", 8)
					g.call(op)
					g.want("thread.yield", g.yield(true), 0)
					return 0
				})
			},
			starts: true, value: uint32(8),
		},
		"lifted synchronously, in waitable-set.wait": {
			begin: func(s *scene) (hold, l *Lift) {
				return nil, s.a.lift("async func()->u32", func(g *guest, _ []uint64) uint64 {
					g.wantEvent(g.wait(g.newSet(), true), eventTaskCancelled, 0, 0)
					return 9
				})
			},
			starts: true, value: uint32(9),
		},
		"of a synchronous type, in a slow function of the host": {
			begin: func(s *scene) (hold, l *Lift) {
				op := slow(s, s.a, "func()", false)
				return nil, s.a.lift("func()->u32", func(g *guest, _ []uint64) uint64 { g.call(op); return 10 })
			},
			starts: true, value: uint32(10),
		},
	} {
		for _, times := range []int{1, 3} {
			for when, before := range map[string]bool{"once it waits": false, "before the driver has it": true} {
				t.Run(name+"/"+when, func(t *testing.T) {
					w := newWorld(t)
					w.cfg.NoDeadlock = true
					s := &scene{world: w, a: w.component("a", nil), b: w.component("b", nil), goOn: make(chan struct{})}
					hold, l := c.begin(s)
					w.start()
					var holds, p *pending
					begin := func() {
						if hold != nil {
							holds = w.begin(hold)
						}
						p = w.begin(l)
						for range times {
							p.Cancel()
						}
					}
					if before {
						w.do(func(*Tree) { begin() })
					} else {
						begin()
					}
					if c.err != nil && !c.starts { // at once
						if _, err := p.wait(); !errors.Is(err, c.err) {
							t.Errorf("got %v, want %v", err, c.err)
						}
					}
					close(s.goOn)
					v, err := p.wait()
					if !errors.Is(err, c.err) || v != c.value {
						t.Errorf("got %v, %v, want %v, %v", v, err, c.value, c.err)
					}
					if p.Begun() != c.starts {
						t.Errorf("begun: %v", p.Begun())
					}
					if holds != nil {
						if _, err := holds.wait(); err != nil {
							t.Error(err)
						}
					}
					p.Cancel()
					w.do(func(t *Tree) {
						if t.tasks == 0 && p.after != 1 {
							w.tb.Errorf("Ended was called %d times", p.after)
						}
					})
				})
			}
		}
	}
}

// A host function whose tree ends while it runs counts as running until it returns.
func TestLoadOfATreeThatWasKilledInAHostCall(t *testing.T) {
	for _, sig := range []string{"func()", "async func()"} {
		w := newWorld(t)
		a := w.component("a", nil)
		goOn := make(chan struct{})
		op := a.host(sig, false, onGoroutine(func(context.Context) { <-goOn }, func(*abi.Call) {}))
		l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.call(op); g.ret(""); return 0 })
		w.start().begin(l)
		w.tree.Kill(ErrClosed)
		testDeadline(t, "end of the tree", w.over)
		if n := w.tree.Load().HostCalls; n != 1 {
			t.Errorf("%s: %d host calls while it runs", sig, n)
		}
		close(goOn)
		w.joined()
		for w.tree.Driven() {
		}
		if n := w.tree.Load().HostCalls; n != 0 {
			t.Errorf("%s: %d host calls after it has returned", sig, n)
		}
	}
}

// When whom the guest serves has gone, functions that have a result are told; others would end the
// guest by failing, and go on.
func TestContextsOfHostFunctionsEndIfTheyCanFail(t *testing.T) {
	for sig, ends := range map[string]bool{
		"async func()":                     false,
		"async func()->u32":                false,
		"async func()->result":             true,
		"async func()->result<u32,string>": true,
		"func()":                           true, // stops the whole tree
	} {
		for _, lowered := range []bool{false, true} {
			if lowered && !strings.HasPrefix(sig, "async") {
				continue
			}
			t.Run(fmt.Sprintf("%s lowered async %v", sig, lowered), func(t *testing.T) {
				begun, left, told := make(chan context.Context, 1), make(chan struct{}), make(chan bool, 1)
				w := newWorld(t)
				a := w.component("a", nil)
				op := a.host(sig, lowered, onGoroutine(func(ctx context.Context) {
					begun <- ctx
					<-left
					told <- ctx.Err() != nil
				}, func(c *abi.Call) { c.Fail(abi.ErrTrap) }))
				l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
					if g.call(op, make([]uint64, len(g.s.calls[op].Params))...); lowered {
						g.wait(g.newSet(), false)
					}
					return 0
				})
				w.start()
				ctx, leave := context.WithCancel(context.Background())
				p := w.beginCtx(ctx, l)
				inner := <-begun
				leave()
				close(left)
				if got := <-told; got != ends {
					t.Errorf("the context has ended: %v, want %v", got, ends)
				}
				if _, err := p.wait(); !errors.Is(err, abi.ErrTrap) {
					t.Errorf("%v", err)
				}
				if inner.Err() == nil {
					t.Error("the context goes on when its call is over")
				}
			})
		}
	}
}
