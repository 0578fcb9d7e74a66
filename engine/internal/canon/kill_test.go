package canon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// everything is a program whose function "run" does a bit of everything, on two components
// and with the host, and whose steps can be counted: killAt ends the tree at one of them.
type everything struct {
	*shop
	l      *Lift
	things []*thing
	closed atomic.Int32
	slow   *flag
}

func newEverything(t *testing.T) *everything {
	e := &everything{shop: newShop(t), slow: &flag{}}
	a, b := e.a, e.b
	bytes := e.stream("u8")
	give := a.host("func()->own<h>", false, func(c *abi.Call) {
		x := &thing{}
		e.things = append(e.things, x)
		c.Return(uint64(c.LowerOwn(x, 0)))
	})
	open := a.host("func()->stream<u8>", false, func(c *abi.Call) {
		c.Return(uint64(c.LowerByteStream(io.NopCloser(endless{}), 0, func(error) { e.closed.Add(1) })))
	})
	later := a.host("async func()", true, onGoroutine(func(ctx context.Context) { <-ctx.Done() }, func(*abi.Call) {}))
	quick := b.host("async func()", false, onGoroutine(nothing, func(*abi.Call) {}))
	waits := b.host("func()", false, func(c *abi.Call) {
		if !e.slow.Ready() {
			c.Fail(abi.WaitFor(e.slow))
		}
	})
	inner := b.callback("async func(s:stream<u8>,x:borrow<h>)->string", func(g *guest, a []uint64) uint64 {
		g.drop(e.h, a[1])
		g.call(quick)
		g.call(waits)
		s := g.newSet()
		g.context[0] = s
		g.join(a[0], s)
		if g.read(bytes, a[0], g.new(8, 1), 8) != blocked {
			return yield
		}
		return waitOn(s)
	}, func(g *guest, a []uint64) uint64 {
		p, n := g.str("done")
		g.ret("string", p, n)
		return exit
	})
	call := a.lower(inner, true)
	e.l = a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		h := g.call(give)
		r := g.newResource(e.r, 3)
		_ = r
		s := g.newSet()
		_, cancelled := status(g.call(later))
		g.join(cancelled, s)
		at := g.new(8, 4)
		_, sub := status(g.call(call, g.call(open), h, at))
		set := g.newSet()
		g.join(sub, set)
		for g.wait(set, false).p2 != isReturned {
		}
		g.cancelSubtask(cancelled, true)
		g.yield(true)
		g.drop(e.h, h)
		g.call(open)
		g.ret("")
		g.call(quickIn(a, e))
		return 0
	})
	return e
}

// quickIn is a host function of component c that returns at once.
func quickIn(c *component, e *everything) int32 {
	return c.host("func()", false, func(*abi.Call) {})
}

// endless is a reader without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "abcdefgh"), nil }

// A tree can be killed at every step of its guests and of its driver, and by a trap at every
// step; nothing of it is left.
func TestKillAtEveryStep(t *testing.T) {
	errKill := errors.New("killed")
	for name, c := range map[string]struct {
		stop func(e *everything) // at the step
		want error
	}{
		"kill":              {func(e *everything) { e.tree.Kill(errKill) }, errKill},
		"close":             {func(e *everything) { e.tree.Kill(ErrClosed) }, ErrClosed},
		"kill from outside": {func(e *everything) { go e.tree.Kill(errKill) }, errKill},
		"trap":              {func(*everything) { panic(guestTrap{errKill}) }, errKill},
		"time limit":        {nil, errKill},
	} {
		t.Run(name, func(t *testing.T) {
			for at := 1; ; at++ {
				if killAt(t, at, c.stop, c.want, errKill) {
					if at < 20 {
						t.Errorf("the program has only %d steps", at)
					}
					break
				}
			}
			if left := leaked(); left != "" {
				t.Errorf("goroutines are left:\n%s", left)
			}
		})
	}
}

// killAt reports whether the program came to its end before the step.
func killAt(t *testing.T, at int, stop func(*everything), want, errKill error) (ended bool) {
	e := newEverything(t)
	e.start()
	go e.slow.raise(true)
	step := 0
	if stop == nil {
		e.preempted = func(time.Duration) error { return errKill }
		e.slice = func() bool { step++; return step == at }
	} else {
		e.step = func() {
			if step++; step == at {
				stop(e)
			}
		}
	}
	_, err := e.begin(e.l).wait()
	ended = step < at
	if !ended && err != nil && !errors.Is(err, want) {
		t.Errorf("step %d: got error %v, want %v", at, err, want)
	}
	if ended && err != nil {
		t.Errorf("without interruption: %v", err)
	}
	e.close()
	for i, x := range e.things {
		if x.drops != 1 {
			t.Errorf("step %d: resource %d was dropped %d times", at, i, x.drops)
		}
	}
	if arms, disarmed := e.slow.counts(); arms != disarmed {
		t.Errorf("step %d: armed %d times, disarmed %d times", at, arms, disarmed)
	}
	return ended
}

func TestClosedTree(t *testing.T) {
	w := newWorld(t)
	l := w.component("a", nil).lift("func()", zero)
	tree := w.start().tree
	w.must(l)
	tree.Kill(ErrClosed)
	tree.Kill(errors.New("too late"))
	if _, err := w.call(l); !errors.Is(err, ErrClosed) {
		t.Errorf("call: got %v, want ErrClosed", err)
	}
	if !errors.Is(w.why, ErrClosed) {
		t.Errorf("buried with %v", w.why)
	}
}

// A dead tree may still be asked for anything by whoever has parts of it.
func TestLateMessages(t *testing.T) {
	w := newWorld(t)
	w.cfg.NoDeadlock = true
	a := w.component("a", nil)
	var r *abi.ByteReader
	var promise = abi.NewPromise[struct{}]()
	take := a.host("func(s:stream<u8>)->future", false, func(c *abi.Call) {
		r = c.ByteStream(c.Args().U32(0), 0)
		c.Return(uint64(abi.LowerPromise(&c.Guest, promise, 1, nil)))
	})
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		rd, wr := g.newChannel(g.c.w.stream("u8"))
		f := g.call(take, rd)
		g.write(g.c.w.stream("u8"), wr, 0, 8)
		g.readSync(g.c.w.future(""), f, 0, 0)
		g.ret("")
		return 0
	})
	p := w.start().begin(l)
	tree := w.tree
	errKill := errors.New("killed")
	tree.Kill(errKill)
	if _, err := p.wait(); !errors.Is(err, errKill) {
		t.Errorf("got %v", err)
	}
	p.Cancel()
	promise.Resolve(struct{}{})
	b, err := io.ReadAll(r)
	if len(b) != 8 || !errors.Is(err, errKill) {
		t.Errorf("read %d bytes and then %v", len(b), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if fmt.Sprint(tree.Load()) != fmt.Sprint(Load{}) {
		t.Errorf("load %+v", tree.Load())
	}
}
