package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/leaktest"
)

// brokenPollable is one of a host that has bugs.
type brokenPollable struct{ arm, ready bool }

func (p brokenPollable) Ready() bool {
	if p.ready {
		panic("a bug in Ready")
	}
	return false
}

func (p brokenPollable) Arm(wake func()) func() {
	if p.arm {
		panic("a bug in Arm")
	}
	go wake()
	return nil
}

// Whatever a host function does wrong ends the guest with a message for the function's author,
// and nothing else.
func TestHostFunctionThatMisbehaves(t *testing.T) {
	leaktest.Check(t)
	rt := newRuntime(t)
	const id = "test:guest/host@1.0.0"
	for name, c := range map[string]struct {
		note, block func(c *abi.Call)
		text        string
		panics      bool
	}{
		"panics":                            {note: func(*abi.Call) { panic("a bug") }, text: "#note: host function panicked: a bug", panics: true},
		"panics later":                      {block: later(func(*abi.Call) { panic("a bug") }), text: "#block: host function panicked: a bug", panics: true},
		"panics on its goroutine":           {block: func(c *abi.Call) { c.Go(func(context.Context) func(*abi.Call) { panic("a bug") }) }, text: "#block: host function panicked: a bug", panics: true},
		"panics in Ready":                   {note: func(c *abi.Call) { c.Fail(abi.WaitFor(brokenPollable{ready: true})) }, text: "#note: host function panicked: a bug in Ready", panics: true},
		"panics in Arm":                     {note: func(c *abi.Call) { c.Fail(abi.WaitFor(brokenPollable{arm: true})) }, text: "#note: host function panicked: a bug in Arm", panics: true},
		"answers later with nothing":        {block: later(nil), text: "#block: host function panicked: ", panics: true},
		"result that does not go to memory": {block: func(c *abi.Call) { c.PutU32(c.Result(4, 4), 1) }, text: "#block: host function calls Result, but has no result in memory: answer with Return"},
		"the same, later":                   {block: later(func(c *abi.Call) { c.Result(4, 4) }), text: "#block: host function calls Result, but has no result in memory"},
		"waits although it is async":        {block: func(c *abi.Call) { c.Fail(abi.WaitFor(brokenPollable{})) }, text: "#block: only functions that are not async may wait for a pollable"},
		"waits on its goroutine":            {block: later(func(c *abi.Call) { c.Fail(abi.WaitFor(brokenPollable{})) }), text: "#block: a host function that runs on a goroutine cannot wait"},
		"a reference that it has not":       {note: func(c *abi.Call) { c.LowerOwn("x", 3) }, text: "#note: host function panicked: runtime error: index out of range", panics: true},
		"an argument that it has not":       {note: func(c *abi.Call) { c.Args().U32(40) }, text: "#note: host function panicked: runtime error: index out of range", panics: true},
		"memory that there is not":          {note: func(c *abi.Call) { c.PutU32(1<<31, 1) }, text: "#note: host function panicked: runtime error: ", panics: true},
		"uses its call on a goroutine": {block: func(c *abi.Call) {
			kept := c
			c.Go(func(ctx context.Context) func(*abi.Call) {
				kept.Return(1)
				<-ctx.Done()
				return func(*abi.Call) {}
			})
		}, text: "#block: host function uses its Call after it has returned"},
		"fails": {note: func(c *abi.Call) { c.Fail(errors.New("out of order")) }, text: "#note: out of order"},
	} {
		t.Run(name, func(t *testing.T) {
			l := engine.NewLinker()
			called := "note"
			if c.note == nil {
				c.note, called = func(*abi.Call) {}, "block"
			}
			if c.block == nil {
				c.block = func(c *abi.Call) { c.Return(1) }
			}
			l.Define(id, func() (*abi.Interface, error) {
				return &abi.Interface{ID: id, Funcs: []abi.Func{
					{Name: "note", Type: "func(n:u32)", Serve: c.note}, {Name: "block", Type: "async func()->u32", Serve: c.block},
				}}, nil
			})
			p, err := l.Link(context.Background(), rt, guestComponent(t))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			i := instance(t, p, engine.InstanceConfig{Name: "app"})
			args := []any{uint32(1)}
			if called == "block" {
				args = nil
			}
			_, err = call(t, i, called, args...)
			var trap *engine.TrapError
			var host *engine.HostError
			if !errors.As(err, &trap) || !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), id+c.text) {
				t.Fatalf("got %v", err)
			}
			if !errors.As(err, &host) || host.Func != id+"#"+called {
				if !strings.Contains(c.text, "only functions") {
					t.Errorf("the host's error is %+v", host)
				}
			}
			var panicked *engine.HostPanic
			if errors.As(err, &panicked) != c.panics || c.panics && len(panicked.Stack) == 0 {
				t.Errorf("panic: %+v", panicked)
			}
			closeInstance(t, i)
		})
	}
}

func later(finish func(*abi.Call)) func(*abi.Call) {
	return func(c *abi.Call) {
		c.Go(func(context.Context) func(*abi.Call) { return finish })
	}
}

// A call that the host keeps reaches nothing any more, not even when its instance is gone.
func TestCallThatIsKept(t *testing.T) {
	leaktest.Check(t)
	const id = "test:guest/host@1.0.0"
	var kept *abi.Call
	l := engine.NewLinker()
	l.Define(id, func() (*abi.Interface, error) {
		return &abi.Interface{ID: id, Funcs: []abi.Func{
			{Name: "note", Type: "func(n:u32)", Serve: func(c *abi.Call) { kept = c }}, {Name: "block", Type: "async func()->u32", Serve: func(*abi.Call) {}},
		}}, nil
	})
	p := linked(t, l, newRuntime(t), guestComponent(t))
	for name, use := range map[string]func(){
		"Return": func() { kept.Return(1) }, "Result": func() { kept.Result(4, 4) },
		"Fail": func() { kept.Fail(errors.New("late")) }, "Go": func() { kept.Go(nil) },
	} {
		i := instance(t, p, engine.InstanceConfig{})
		if _, err := call(t, i, "note", uint32(1)); err != nil {
			t.Fatal(err)
		}
		if b := kept.View(0, 4); b != nil || kept.Check(0, 4, 4) || kept.Err() == nil {
			t.Errorf("%s: the guest's memory is there: %v", name, b)
		}
		use()
		<-i.Ended()
		if err := i.Err(); !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), id+"#note: host function uses its Call after it has returned") {
			t.Errorf("%s: got %v", name, err)
		}
		use() // once more, when all is over
	}
}
