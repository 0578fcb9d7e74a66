package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// starting links testdata/start.wat, whose core modules call slow and quick while they start.
func starting(t *testing.T, slow, quick func(*abi.Call)) *engine.Program {
	t.Helper()
	wasm, err := os.ReadFile(filepath.Join("testdata", "start.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		t.Fatal(err)
	}
	l := engine.NewLinker()
	l.Define("start:host/api", func() (*abi.Interface, error) {
		return &abi.Interface{ID: "start:host/api", Funcs: []abi.Func{
			{Name: "slow", Type: "func(a:u32)->u32", Serve: slow},
			{Name: "quick", Type: "func(a:u32)->u32", Serve: quick},
		}}, nil
	})
	return linked(t, l, newRuntime(t), c)
}

// returning makes a host function that returns v at once.
func returning(v uint64) func(*abi.Call) { return func(c *abi.Call) { c.Return(v) } }

// onGoroutine makes a host function that does work on a goroutine and returns its argument.
func onGoroutine(work func(context.Context)) func(*abi.Call) {
	return func(c *abi.Call) {
		a := c.Args().U32(0)
		c.Go(func(ctx context.Context) func(*abi.Call) {
			work(ctx)
			return func(c *abi.Call) { c.Return(uint64(a)) }
		})
	}
}

// soon is a pollable that becomes ready when it is waited for.
type soon struct{ ready atomic.Bool }

func (s *soon) Ready() bool { return s.ready.Load() }

func (s *soon) Arm(wake func()) func() {
	go func() {
		s.ready.Store(true)
		wake()
	}()
	return nil
}

// Start functions may call host functions and other components that take their time.
func TestSlowStartFunctions(t *testing.T) {
	const slices = 50_000_000 // steps that take several time slices
	waits := func(c *abi.Call) {
		s, _ := c.Context().Value(soonKey{}).(*soon)
		if !s.Ready() {
			c.Fail(abi.WaitFor(s))
			return
		}
		s.ready.Store(false)
		c.Return(uint64(c.Args().U32(0)))
	}
	for name, c := range map[string]struct {
		slow  func(*abi.Call)
		steps uint64
	}{
		"nothing slow":                {func(c *abi.Call) { c.Return(uint64(c.Args().U32(0))) }, 1},
		"on a goroutine":              {onGoroutine(func(context.Context) {}), 1},
		"waiting for a pollable":      {waits, 1},
		"callee computes":             {func(c *abi.Call) { c.Return(uint64(c.Args().U32(0))) }, slices},
		"callee computes, then waits": {onGoroutine(func(context.Context) {}), slices},
	} {
		t.Run(name, func(t *testing.T) {
			p := starting(t, c.slow, returning(c.steps))
			ctx := context.WithValue(context.Background(), soonKey{}, new(soon))
			i, err := p.Instantiate(ctx, engine.InstanceConfig{})
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close(context.Background())
			f, err := p.Func("", "sum")
			if err != nil {
				t.Fatal(err)
			}
			if v, err := i.Call(context.Background(), f); err != nil || v != uint32(2*321) {
				t.Errorf("sum: got %v, %v", v, err)
			}
		})
	}
}

type soonKey struct{}

// What goes wrong while core modules start is what Instantiate fails with; nothing is left.
func TestFailingStartFunctions(t *testing.T) {
	boom := errors.New("boom")
	const endless = 1<<32 - 1
	for name, c := range map[string]struct {
		slow, quick func(*abi.Call)
		compute     time.Duration
		cancel      bool // the caller gives up
		is          error
		text        string
	}{
		"host function fails": {
			slow: func(c *abi.Call) { c.Fail(boom) }, quick: returning(1), is: boom, text: "guest trapped: ",
		},
		"host function fails on its goroutine": {
			slow: func(c *abi.Call) {
				c.Go(func(context.Context) func(*abi.Call) { return func(c *abi.Call) { c.Fail(boom) } })
			},
			quick: returning(1), is: boom, text: "guest trapped: ",
		},
		"compute limit": {
			slow: onGoroutine(func(context.Context) {}), quick: returning(endless),
			compute: 20 * time.Millisecond, is: engine.ErrTimeout, text: "computed for more than 20ms",
		},
		"caller gives up while a host function runs": {
			slow: onGoroutine(func(ctx context.Context) { <-ctx.Done() }), quick: returning(1),
			cancel: true, is: context.Canceled,
		},
		"caller gives up while a guest computes": {
			slow: onGoroutine(func(context.Context) {}), quick: returning(endless),
			cancel: true, is: context.Canceled,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			called := func(serve func(*abi.Call)) func(*abi.Call) {
				return func(c2 *abi.Call) {
					if c.cancel {
						time.AfterFunc(5*time.Millisecond, cancel)
					}
					serve(c2)
				}
			}
			p := starting(t, called(c.slow), called(c.quick))
			_, err := p.Instantiate(ctx, engine.InstanceConfig{
				ComputeTime: c.compute, Ended: func() { t.Error("Ended was called for an instance that nobody got") },
			})
			if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v, want %v with %q", err, c.is, c.text)
			}
		})
	}
}
