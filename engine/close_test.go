package engine_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

// Instances, programs and runtimes may be closed in any order that users come upon.
func TestClosingInEveryOrder(t *testing.T) {
	leaktest.Check(t)
	ctx := context.Background()
	for name, closing := range map[string]func(*testing.T, *engine.Runtime, *engine.Program, *engine.Instance){
		"instance, program, runtime": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeInstance(t, i)
			p.Close()
			closeRuntime(t, rt)
		},
		"instance twice": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeInstance(t, i)
			closeInstance(t, i)
			p.Close()
			closeRuntime(t, rt)
			closeInstance(t, i)
		},
		"program twice": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeInstance(t, i)
			p.Close()
			p.Close()
			closeRuntime(t, rt)
		},
		"runtime with a live instance": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeRuntime(t, rt)
			closeInstance(t, i)
			p.Close()
		},
		"runtime before the program": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeInstance(t, i)
			closeRuntime(t, rt)
			p.Close()
		},
		"runtime twice": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			closeRuntime(t, rt)
			closeRuntime(t, rt)
			p.Close()
		},
		"killed before": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			p.Kill(errors.New("enough"))
			<-i.Ended()
			closeInstance(t, i)
			p.Close()
			closeRuntime(t, rt)
		},
		"trapped before": func(t *testing.T, rt *engine.Runtime, p *engine.Program, i *engine.Instance) {
			if _, err := call(t, i, "boom"); err == nil {
				t.Error("no trap")
			}
			closeInstance(t, i)
			p.Close()
			closeRuntime(t, rt)
		},
	} {
		t.Run(name, func(t *testing.T) {
			rt, err := engine.NewRuntime(engine.Config{Instances: 10})
			if err != nil {
				t.Fatal(err)
			}
			p, err := newGuestHost().linker().Link(ctx, rt, guestComponent(t))
			if err != nil {
				t.Fatal(err)
			}
			var ended atomic.Int32
			i, err := p.Instantiate(ctx, engine.InstanceConfig{Ended: func() { ended.Add(1) }})
			if err != nil {
				t.Fatal(err)
			}
			mustCall(t, i, uint32(1), "count")
			closing(t, rt, p, i)
			<-i.Ended()
			if n := ended.Load(); n != 1 {
				t.Errorf("Ended was called %d times", n)
			}
			if i.Err() == nil {
				t.Error("the instance does not say why it has ended")
			}
			if s := rt.Stats(); s != (engine.Stats{}) {
				t.Errorf("left behind: %+v", s)
			}
		})
	}
}

func closeRuntime(t testing.TB, rt *engine.Runtime) {
	t.Helper()
	if err := rt.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// Once a runtime is closed nothing new begins in it.
func TestAfterTheRuntimeIsClosed(t *testing.T) {
	leaktest.Check(t)
	rt, err := engine.NewRuntime(engine.Config{Instances: 10})
	if err != nil {
		t.Fatal(err)
	}
	h := newGuestHost()
	p := guestProgram(t, rt, h)
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	closeRuntime(t, rt)
	if _, err := call(t, i, "count"); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("call: %v", err)
	}
	if _, err := p.Instantiate(context.Background(), engine.InstanceConfig{}); err == nil {
		t.Error("an instance in a closed runtime")
	}
	if _, err := h.linker().Link(context.Background(), rt, guestComponent(t)); err == nil {
		t.Error("a program in a closed runtime")
	}
}

// Close ends calls in progress, whether they compute or wait for the host, and cancels what
// the host does for them.
func TestCloseEndsCalls(t *testing.T) {
	leaktest.Check(t)
	for _, name := range []string{"spin", "block", "linger"} {
		i, h := guestInstance(t, engine.InstanceConfig{Shared: true})
		done := make(chan error)
		go func() {
			_, err := call(t, i, name)
			done <- err
		}()
		switch name {
		case "block":
			host := <-h.blocked
			closeInstance(t, i)
			if host.Err() == nil {
				t.Error("the host function has not been cancelled")
			}
		case "spin":
			eventually(t, "the guest's running", i.Busy)
			closeInstance(t, i)
		default:
			eventually(t, "the guest's waiting", func() bool { return i.Program().Stats().Handles > 0 })
			closeInstance(t, i)
		}
		if err := <-done; !errors.Is(err, engine.ErrClosed) {
			t.Errorf("%s: got %v", name, err)
		}
		if s := i.Program().Stats(); s != (engine.Stats{}) {
			t.Errorf("%s: left behind: %+v", name, s)
		}
	}
}

// Whoever comes while an instance is being closed is told so.
func TestCallsDuringClose(t *testing.T) {
	leaktest.Check(t)
	for range 20 {
		i, _ := guestInstance(t, engine.InstanceConfig{Shared: true})
		f := function(t, i, "count")
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					if _, err := i.Call(context.Background(), f); err != nil {
						if !errors.Is(err, engine.ErrClosed) {
							t.Errorf("got %v", err)
						}
						return
					}
				}
			})
		}
		closeInstance(t, i)
		wg.Wait()
	}
}

// A context bounds how long Close waits, not what it does.
func TestCloseWithoutTime(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{})
	go call(t, i, "spin")
	eventually(t, "the guest's running", i.Busy)
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("no time")
	cancel(why)
	if err := i.Close(ctx); err != nil && !errors.Is(err, why) {
		t.Error(err)
	}
	<-i.Ended()
	if !errors.Is(i.Err(), engine.ErrClosed) {
		t.Error(i.Err())
	}
}

// The reason for which an instance was killed is what its callers are told.
func TestKillSaysWhy(t *testing.T) {
	leaktest.Check(t)
	i, h := guestInstance(t, engine.InstanceConfig{})
	done := make(chan error)
	go func() {
		_, err := call(t, i, "block")
		done <- err
	}()
	<-h.blocked
	first, second := errors.New("the first reason"), errors.New("the second reason")
	i.Kill(first)
	i.Kill(second)
	if err := <-done; !errors.Is(err, first) {
		t.Error(err)
	}
	<-i.Ended()
	if !errors.Is(i.Err(), first) || errors.Is(i.Err(), second) {
		t.Error(i.Err())
	}
}
