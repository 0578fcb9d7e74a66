package wasmtime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// hazards are things that wasmtime, or the Go runtime, answers by ending the
// process. Each runs in a process of its own, which must end well.
var hazards = map[string]func(t *testing.T){
	// Host functions that call Goexit, as t.Fatal does, in every kind of call.
	// Other stores go on, on whatever threads the lost ones have left behind.
	"goexit on a fiber":  func(t *testing.T) { goexit(t, true, 1) },
	"goexit off a fiber": func(t *testing.T) { goexit(t, false, 1) },
	"goexit nested":      func(t *testing.T) { goexit(t, true, 3) },
	"goexit in NextJob": func(t *testing.T) {
		w := newWorld(t, Config{Pool: smallPool})
		for range 20 {
			g := w.guest(t, StoreConfig{})
			f := g.fiber()
			g.next = func(*Fiber) (FuncID, bool) { runtime.Goexit(); return 0, false }
			nop := g.fn("nop")
			abandon(func() { f.Start(nop, true) })
			lost(t, g, f)
		}
		others(t, w)
	},

	// Two goroutines in one store.
	"two goroutines": func(t *testing.T) {
		w := newWorld(t, Config{Pool: smallPool})
		g := w.guest(t, StoreConfig{})
		f, h := g.fiber(), g.fiber()
		act, nop := g.fn("act"), g.fn("nop")
		in, out := make(chan bool), make(chan bool)
		g.act = func(*Fiber, Slots) Status { in <- true; <-out; return Done }
		go func() { <-in; busy(t, g, h, nop); out <- true }()
		if hasHop {
			if _, err := run(f, act, 1); err != nil {
				t.Error(err)
			}
		} else if _, err := g.call(act, 1); err != nil {
			t.Error(err)
		}
		if _, err := run(h, nop, 1); err != nil {
			t.Error(err)
		}
		g.closeFiber(f)
		g.closeFiber(h)
		g.close()
	},

	// A pool for which there is no address space, and none for one memory.
	"small address space": func(t *testing.T) {
		w := newWorld(t, Config{Pool: &Pool{Memories: 1000}})
		if w.e.Pooled() || w.e.PoolError() == nil || !w.e.small {
			t.Error(w.e.Pooled(), w.e.PoolError(), w.e.small)
		}
		others(t, w)
		g := w.guest(t, StoreConfig{})
		defer g.close()
		grow := g.fn("grow")
		f := g.fiber()
		defer g.closeFiber(f)
		for n := range uint32(20) { // memories move
			if r, err := run(f, grow, 2); err != nil || r != 1+2*n || len(g.s.Renew(0)) != int(3+2*n)<<16 {
				t.Error(r, err)
			}
			g.s.Memory(0)[0]++
		}
		if g.s.Memory(0)[0] != 20 {
			t.Error(g.s.Memory(0)[0])
		}
	},

	// More mappings than a process may have.
	"many mappings": func(t *testing.T) {
		e := newEngine(t, Config{Pool: &Pool{Stacks: 40_000, Memories: 10}})
		if e.Pooled() && runtime.GOOS == "linux" {
			t.Error("pooled")
		}
	},

	// The compiler's exhaustion of the stack would abort.
	"deep code": func(t *testing.T) {
		e := newEngine(t, Config{})
		n := 20_000
		text := "(module (func " + strings.Repeat("(block ", n) + strings.Repeat(")", n) + "))"
		m, err := e.Compile(context.Background(), Source{Wasm: wat(t, text)})
		if err == nil {
			m.Close()
		}
	},

	// Closing in every wrong order.
	"wrong order": func(t *testing.T) {
		e, err := NewEngine(Config{Pool: smallPool})
		if err != nil {
			t.Fatal(err)
		}
		m, err := e.Compile(context.Background(), Source{Wasm: wat(t, guestWat)})
		if err != nil {
			t.Fatal(err)
		}
		p, err := e.Prelink(m, guestImports())
		if err != nil {
			t.Fatal(err)
		}
		g := (&world{e: e, m: m, pre: p}).guest(t, StoreConfig{})
		f := g.fiber()
		sleeps := g.fn("sleeps")
		if o := start(f, sleeps, 3); o != Suspended {
			t.Fatal(o)
		}
		e.Close()
		e.Close()
		p.Close()
		m.Close()
		e.IncrementEpoch()
		if err := g.s.Close(); !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
		if r, err := finish(f, Suspended); r != 6 || err != nil {
			t.Error(r, err)
		}
		if _, err := e.NewStore(&fake{}, StoreConfig{}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
		if _, err := e.Compile(context.Background(), Source{Wasm: wat(t, "(module)")}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
		if o := start(f, sleeps, 3); o != Suspended {
			t.Fatal(o)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err := g.s.Close(); err != nil {
			t.Error(err)
		}
		if s, f := e.Live(); s != 0 || f != 0 {
			t.Error(s, f)
		}
	},

	// Epochs, compilations and closings at once.
	"concurrent close": func(t *testing.T) {
		for range 20 {
			e, err := NewEngine(Config{})
			if err != nil {
				t.Fatal(err)
			}
			m, err := e.Compile(context.Background(), Source{Wasm: wat(t, "(module)")})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for range 100 {
						e.IncrementEpoch()
						if s, err := e.NewStore(&fake{}, StoreConfig{}); err == nil {
							s.InstantiateWith(m, nil)
							s.Close()
						}
						if p, err := e.Prelink(m, nil); err == nil {
							p.Close()
						}
					}
				})
			}
			wg.Go(func() { time.Sleep(time.Millisecond); m.Close(); e.Close() })
			wg.Wait()
		}
	},
}

// abandon runs f, which does not come back.
func abandon(f func()) {
	done := make(chan bool)
	go func() { defer close(done); f() }()
	<-done
}

func goexit(t *testing.T, onFiber bool, depth int) {
	w := newWorld(t, Config{Pool: &Pool{Memories: 500, Tables: 500, CoreInstances: 500, Stacks: 500}})
	for range 30 {
		type level struct {
			g *guest
			f *Fiber
		}
		var levels []level
		var thread string
		var down func(n int) error
		down = func(n int) error {
			g, err := w.tryGuest(t, StoreConfig{})
			if err != nil {
				return err
			}
			f := g.fiber()
			levels = append(levels, level{g, f})
			g.act = func(*Fiber, Slots) Status {
				if n == 1 {
					thread, _ = os.Readlink("/proc/thread-self")
					runtime.Goexit()
				}
				down(n - 1)
				return Done
			}
			if onFiber {
				_, err = run(f, g.fn("act"), 1)
			} else {
				_, err = g.call(g.fn("act"), 1)
			}
			return err
		}
		abandon(func() { down(depth) })
		gone(t, thread)
		if len(levels) != depth {
			t.Fatal(len(levels))
		}
		for _, l := range levels {
			lost(t, l.g, l.f)
		}
	}
	others(t, w)
}

// gone waits until a thread has ended: wasmtime's state in it is broken. The
// main thread cannot end.
func gone(t *testing.T, thread string) {
	pid, tid, _ := strings.Cut(thread, "/task/")
	for range 1000 {
		if _, err := os.Stat("/proc/" + thread); err != nil || pid == tid || thread == "" {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("thread %s has not ended", thread)
}

// lost checks that an abandoned store refuses everything.
func lost(t *testing.T, g *guest, f *Fiber) {
	t.Helper()
	if o := f.Resume(); o != Refused || !errors.Is(f.Err(), ErrLost) {
		t.Error(o, f.Err())
	}
	if err := f.Close(); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
	if err := g.s.Call(0, 0); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
	if _, err := g.s.NewFiber(); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
	if err := g.s.Close(); !errors.Is(err, ErrLost) {
		t.Error(err)
	}
}

// others runs stores that trap, overflow their stacks and nest.
func others(t *testing.T, w *world) {
	for k := range 300 {
		g := w.guest(t, StoreConfig{})
		f := g.fiber()
		if r, err := run(f, g.fn("mix"), 5); r != 30 || err != nil {
			t.Error(r, err)
		}
		if r, err := g.call(g.fn("loop"), 5); r != 15 || err != nil {
			t.Error(r, err)
		}
		fn := g.fn([]string{"oob", "so", "trap"}[k%3])
		var err error
		if k%2 == 0 {
			_, err = run(f, fn, 1)
		} else {
			_, err = g.call(fn, 1)
		}
		if err == nil {
			t.Error("no trap")
		}
		g.closeFiber(f)
		g.close()
		if k%100 == 0 {
			runtime.GC()
		}
	}
}

// busy checks that a second goroutine is refused everything that enters the store.
func busy(t *testing.T, g *guest, f *Fiber, fn FuncID) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := g.s.Call(fn, 1); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	if o := f.Start(fn, false); o != Refused || !errors.Is(f.Err(), ErrBusy) {
		t.Error(o, f.Err())
	}
	if _, err := g.s.Instantiate(g.w.pre); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	if _, err := g.s.InstantiateWith(g.w.m, []Extern{}); err == nil {
		t.Error("instantiated")
	}
	if _, err := g.s.Export(g.in, g.w.m, "nop"); err == nil {
		t.Error("exported")
	}
	if err := g.s.Close(); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

// TestHazards runs each hazard in a process of its own.
func TestHazards(t *testing.T) {
	if name := os.Getenv("SPIN_TEST_HAZARD"); name != "" {
		hazards[name](t)
		fmt.Println("survived")
		return
	}
	for name := range hazards {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{os.Args[0], "-test.run=^TestHazards$", "-test.timeout=120s"}
			if name == "small address space" {
				args = append([]string{"sh", "-c", `ulimit -v 3500000; exec "$0" "$@"`}, args...)
			}
			c := exec.Command(args[0], args[1:]...)
			c.Env = append(os.Environ(), "SPIN_TEST_HAZARD="+name)
			out, err := c.CombinedOutput()
			leaked := strings.HasPrefix(name, "goexit") // on purpose
			if !strings.Contains(string(out), "survived") || err != nil && !leaked {
				t.Errorf("%v\n%.3000s", err, out)
			}
			if leaked && strings.Contains(strings.Replace(string(out), "are left", "", -1), "hazard_test.go") {
				t.Errorf("%.3000s", out)
			}
		})
	}
}
