package canon

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// TestMain fails if goroutines of this package or of abi are left when all tests are over.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := leaked(); left != "" && code == 0 {
		os.Stderr.WriteString("goroutines are left:\n\n" + left)
		code = 1
	}
	os.Exit(code)
}

// leaked returns the stacks of goroutines that run code of this module, besides the caller.
func leaked() string {
	var left []string
	for wait := time.Millisecond; wait < 4*time.Second; wait *= 2 {
		buf := make([]byte, 1<<20)
		left = left[:0]
		for i, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if i > 0 && !strings.Contains(g, "testing.(*T).Run(") && (strings.Contains(g, "/internal/canon.") || strings.Contains(g, "/engine/abi.")) {
				left = append(left, g)
			}
		}
		if len(left) == 0 {
			return ""
		}
		time.Sleep(wait)
	}
	return strings.Join(left, "\n\n")
}

// pending is a call from the host in progress.
type pending struct {
	ExportCall
	w     *world
	value any
	after int // how often Ended was called
}

// begin starts a call with values in the forms of package value.
func (w *world) begin(l *Lift, args ...any) *pending {
	return w.beginCtx(context.Background(), l, args...)
}

func (w *world) beginCtx(ctx context.Context, l *Lift, args ...any) *pending {
	p := &pending{w: w}
	inv, err := Dynamic(l, args, &p.value)
	if err != nil {
		w.tb.Fatal(err)
	}
	p.Ctx, p.Inv = ctx, inv
	p.Ended = func() { p.after++ }
	w.tree.Call(l, &p.ExportCall)
	return p
}

// result waits until the call has resolved.
func (p *pending) result() (any, error) {
	p.w.tb.Helper()
	testDeadline(p.w.tb, "call", p.Done())
	return p.value, p.Err()
}

// wait waits until the call's task has ended.
func (p *pending) wait() (any, error) {
	p.w.tb.Helper()
	testDeadline(p.w.tb, "task", p.HasEnded())
	return p.result()
}

// call calls a function from the host and waits until its task has ended.
func (w *world) call(l *Lift, args ...any) (any, error) {
	w.tb.Helper()
	return w.begin(l, args...).wait()
}

// must is call for functions that succeed.
func (w *world) must(l *Lift, args ...any) any {
	w.tb.Helper()
	v, err := w.call(l, args...)
	if err != nil {
		w.tb.Fatalf("%s: %v", l.Name, err)
	}
	w.rested()
	return v
}

// traps calls a function that has to trap for a reason whose text contains why.
func (w *world) traps(why string, l *Lift, args ...any) {
	w.tb.Helper()
	_, err := w.call(l, args...)
	if err == nil { // it had returned before
		w.settle()
		select {
		case <-w.over:
			err = w.why
		default:
		}
	}
	w.isTrap(err, why)
	if _, err := w.call(l, args...); !errors.Is(err, ErrPoisoned) {
		w.tb.Errorf("call after the trap: got %v, want ErrPoisoned", err)
	}
	w.joined()
}

func (w *world) isTrap(err error, why string) {
	w.tb.Helper()
	if err == nil || !strings.Contains(err.Error(), why) {
		w.tb.Errorf("got error %v, want one with %q", err, why)
	}
}

// settle waits until the tree has nothing to do.
func (w *world) settle() {
	for busy := true; busy; {
		w.do(func(t *Tree) { busy = t.ready.n > 0 || t.frozen != nil && t.frozen.ready() })
	}
}

// rested checks a tree none of whose tasks runs or waits.
func (w *world) rested() {
	w.tb.Helper()
	w.settle()
	w.joined()
	w.do(func(t *Tree) {
		if t.tasks != 0 || t.depth != 0 || t.frozen != nil || t.cur != nil || len(t.hostOps) != 0 || t.running != 0 {
			w.tb.Errorf("tasks %d, depth %d, frozen %v, current %v, host operations %d, on goroutines %d in a tree at rest",
				t.tasks, t.depth, t.frozen, t.cur, len(t.hostOps), t.running)
		}
		if len(t.idle) != len(t.fibers) {
			w.tb.Errorf("%d of %d fibers are idle in a tree at rest", len(t.idle), len(t.fibers))
		}
		handles := 0
		for i := range t.insts {
			x := &t.insts[i]
			handles += x.handles.Live()
			if x.entered() || x.exclusive != nil || len(x.entering.threads) != 0 || x.mustStay() {
				w.tb.Errorf("instance %d at rest: entered %v, lock held %v, %d want to enter, may leave %v",
					i, x.entered(), x.exclusive != nil, len(x.entering.threads), !x.mustStay())
			}
		}
		if handles != t.handles {
			w.tb.Errorf("tables hold %d handles, the tree counts %d", handles, t.handles)
		}
	})
}

// joined waits until the host's goroutines are over.
func (w *world) joined() {
	w.tb.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.tree.Join(context.Background())
	}()
	testDeadline(w.tb, "Join", done)
}

// do runs f on the driver and waits for it.
func (w *world) do(f func(*Tree)) {
	done := make(chan struct{})
	w.tree.Do(func(t *Tree) {
		defer close(done)
		f(t)
	})
	testDeadline(w.tb, "driver", done)
}

// handles returns how many handles a component has.
func (w *world) handles(c *component) (n int) {
	w.do(func(t *Tree) { n = t.insts[c.n].handles.Live() })
	return n
}

// waits returns how many operations outside the tree it waits for.
func (w *world) waits() (n int) {
	w.do(func(t *Tree) { n = t.waits })
	return n
}

// onGoroutine makes a host function that answers from a goroutine: finish lowers the result.
func onGoroutine(run func(ctx context.Context), finish func(*abi.Call)) func(*abi.Call) {
	return func(c *abi.Call) {
		c.Go(func(ctx context.Context) func(*abi.Call) {
			run(ctx)
			return finish
		})
	}
}

// nothing is the work of host functions that have none.
func nothing(context.Context) {}
