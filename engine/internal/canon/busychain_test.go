package canon

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// Tasks and threads that do nothing but wake each other compute, by whatever way they do it.
func TestWakingEachOtherIsComputing(t *testing.T) {
	limit := errors.New("too long")
	for name, make := range map[string]func(w *world) *Lift{
		"streams, synchronous": func(w *world) *Lift {
			s := w.stream("")
			return pingPong(w, s, func(g *guest, r, wr uint64) {
				g.writeSync(s, wr, 0, 1)
				g.readSync(s, r, 0, 1)
			})
		},
		"streams, in a set": func(w *world) *Lift {
			s := w.stream("")
			return pingPong(w, s, func(g *guest, r, wr uint64) {
				g.waitFor(wr, g.write(s, wr, 0, 1))
				g.waitFor(r, g.read(s, r, 0, 1))
			})
		},
		"results": func(w *world) *Lift {
			a, b := w.component("a", nil), w.component("b", nil)
			op := a.lower(b.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.yield(false); g.ret(""); return 0 }), true)
			return a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				for {
					g.finish(true, g.call(op))
				}
			})
		},
		"calls of one after the other": func(w *world) *Lift {
			a, b := w.component("a", nil), w.component("b", nil)
			var there, back int32
			lift := func(c *component, next *int32) *Lift {
				return c.callback("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return yield }, func(g *guest, _ []uint64) uint64 {
					g.call(*next)
					return exit
				})
			}
			there = a.lower(lift(b, &back), true)
			first := lift(a, &there)
			back = b.lower(first, true)
			return a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.call(there)
				g.wait(g.newSet(), false)
				return 0
			})
		},
		"callbacks": func(w *world) *Lift {
			s := w.stream("")
			a, b := w.component("a", nil), w.component("b", nil)
			var r, set uint64
			read := func(g *guest) uint64 {
				for g.read(s, r, 0, 1) != blocked { // the next has been written already
				}
				return waitOn(set)
			}
			op := a.lower(b.callback("async func(r:stream)", func(g *guest, a []uint64) uint64 {
				r, set = a[0], g.newSet()
				g.join(r, set)
				g.ret("")
				return read(g)
			}, func(g *guest, _ []uint64) uint64 { return read(g) }), true)
			return a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				r, wr := g.newChannel(s)
				g.call(op, r)
				for {
					g.writeSync(s, wr, 0, 1)
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := make(w)
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

// pingPong is a function that, and one that it calls, for ever do step, each with the readable
// end of one stream and the writable end of another.
func pingPong(w *world, s channelType, step func(g *guest, r, wr uint64)) *Lift {
	a, b := w.component("a", nil), w.component("b", nil)
	var wr uint64 // the second's way back
	op := a.lower(b.stackful("async func(r:stream)->stream", func(g *guest, a []uint64) uint64 {
		r, own := g.newChannel(s)
		wr = own
		g.ret("stream", r)
		for {
			g.readSync(s, a[0], 0, 1)
			g.writeSync(s, wr, 0, 1)
		}
	}), false)
	return a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		there, wr := g.newChannel(s)
		back := g.call(op, there)
		for {
			step(g, back, wr)
		}
	})
}

// waitFor waits until an asynchronous read or write that answered v is over.
func (g *guest) waitFor(end, v uint64) {
	if v != blocked {
		return
	}
	set := g.newSet()
	g.join(end, set)
	g.wait(set, false)
	g.join(end, 0)
	g.dropSet(set)
}

// Who waits for the host in between does not compute for long, whatever it waits for and however
// often, nor do those that have called it.
func TestWaitingForTheHostIsNotComputing(t *testing.T) {
	limit := errors.New("too long")
	late := onGoroutine(func(context.Context) { time.Sleep(time.Millisecond) }, func(*abi.Call) {})
	for name, host := range map[string]struct {
		sig   string
		serve func(*abi.Call)
	}{
		"slow function":  {"func()", late},
		"async function": {"async func()", late},
		"pollable":       {"func()", waitAgain()},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.component("a", nil), w.component("b", nil)
			op := b.host(host.sig, false, host.serve)
			through := a.lower(b.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.call(op)
				g.ret("")
				return 0
			}), false)
			l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				for range 100 {
					g.yield(false)
					g.call(through)
				}
				g.ret("")
				return 0
			})
			w.slice = func() bool { return true }
			w.preempted = func(busy time.Duration) error {
				if busy > 50*Slice {
					return limit
				}
				return nil
			}
			if _, err := w.start().call(l); err != nil {
				t.Error(err)
			}
		})
	}
}

// waitAgain is a host function that waits in every call.
func waitAgain() func(*abi.Call) {
	var p *flag
	return func(c *abi.Call) {
		if p != nil {
			p = nil
			return
		}
		p = new(flag)
		go func(p *flag) {
			time.Sleep(time.Millisecond)
			p.raise(true)
		}(p)
		c.Fail(abi.WaitFor(p))
	}
}
