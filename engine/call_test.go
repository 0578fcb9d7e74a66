package engine_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/internal/leaktest"
)

func TestDynamicCalls(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{})
	items := []any{value.Tuple{"a", true}, value.Tuple{"", false}}
	for _, c := range []struct {
		name string
		args []any
		want any
	}{
		{"add", []any{uint32(1 << 31), uint32(1<<31 + 5)}, uint32(5)},
		{"describe", []any{uint32(9), items}, value.Record{{Name: "id", Value: uint32(9)}, {Name: "count", Value: uint32(2)}}},
		{"describe", []any{uint32(9), []any{}}, value.Record{{Name: "id", Value: uint32(9)}, {Name: "count", Value: uint32(0)}}},
		{"divide", []any{uint32(7), uint32(2)}, value.OK(uint32(3))},
		{"divide", []any{uint32(7), uint32(0)}, value.Error(value.Option{})},
		{"note", []any{uint32(3)}, nil},
	} {
		got, err := call(t, i, c.name, c.args...)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s%v: got %#v, %v; want %#v", c.name, c.args, got, err, c.want)
		}
	}
	greet, err := i.Program().Func("test:guest/api@1.0.0", "greet")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := i.Call(context.Background(), greet, "Gisela"); err != nil || got != "hello, Gisela" {
		t.Error(got, err)
	}
}

// A host function that fails after the guest went on ends it as one that fails at once does.
func TestHostFunctionFailsLate(t *testing.T) {
	i, h := guestInstance(t, engine.InstanceConfig{})
	h.fail = errors.New("out of order")
	_, err := call(t, i, "block")
	var trap *engine.TrapError
	if !errors.Is(err, engine.ErrTrap) || !errors.As(err, &trap) || !errors.Is(err, h.fail) {
		t.Errorf("%T: %v", err, err)
	}
}

// Arguments that do not fit are the caller's mistake: the guest never hears of them.
func TestArgumentsThatDoNotFit(t *testing.T) {
	i, h := guestInstance(t, engine.InstanceConfig{})
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"add", []any{uint32(1)}, "2"},
		{"add", []any{uint32(1), uint32(2), uint32(3)}, "2"},
		{"add", []any{1, uint32(2)}, "int given for a u32"},
		{"add", []any{nil, uint32(2)}, "u32"},
		{"note", []any{"3"}, "string given for a u32"},
		{"describe", []any{uint32(1), "items"}, "string given for a list"},
		{"describe", []any{uint32(1), []any{value.Tuple{"a"}}}, "tuple"},
		{"describe", []any{uint32(1), []any{value.Tuple{"a", 1}}}, "int given for a bool"},
	} {
		_, err := call(t, i, c.name, c.args...)
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, engine.ErrTrap) {
			t.Errorf("%s%v: got %v, want %q", c.name, c.args, err, c.want)
		}
	}
	if n := h.noted(); len(n) > 0 {
		t.Errorf("the guest has noted %v", n)
	}
	mustCall(t, i, uint32(3), "add", uint32(1), uint32(2))
}

func TestFunctionsByName(t *testing.T) {
	i, _ := guestInstance(t, engine.InstanceConfig{})
	p := i.Program()
	for _, c := range []struct{ iface, name, want string }{
		{"", "nothing", `component has no exported function "nothing"`},
		{"nobody:here/api", "greet", `component has no export "nobody:here/api"`},
		{"test:guest/api@1.0.0", "nothing", `component has no exported function "test:guest/api@1.0.0#nothing"`},
		{"", "test:guest/api@1.0.0", `component has no exported function`},
		{"", "summary", `component has no exported function`}, // it is a type
	} {
		if _, err := p.Func(c.iface, c.name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %q: got %v, want %q", c.iface, c.name, err, c.want)
		}
	}
	names := p.Funcs()
	for _, n := range []string{"add", "linger", "test:guest/api@1.0.0#greet"} {
		if !slices.Contains(names, n) {
			t.Errorf("%q is missing in %q", n, names)
		}
	}
	f, err := p.Func("test:guest/api@1.0.0", "greet")
	if err != nil || f.Name() != "test:guest/api@1.0.0#greet" || f.Type() != "func(name:string)->string" {
		t.Error(f.Name(), f.Type(), err)
	}
	if err := f.Check("func(name:string)->string"); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"func(name:string)", "func(nom:string)->string", "async func(name:string)->string", "func(name:u8)->string", "nonsense", ""} {
		if err := f.Check(bad); err == nil || !strings.Contains(err.Error(), "greet") {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

// greetCall calls greet as generated code does.
type greetCall struct{ name, answer string }

func (c *greetCall) Lower(g *abi.Guest, flat abi.Flat) {
	p, n := g.LowerString(c.name)
	flat.Set(0, uint64(p))
	flat.Set(1, uint64(n))
}

func (c *greetCall) Lift(v *abi.Values) { c.answer = v.LoadString(v.Args().U32(0)) }

func TestGeneratedCalls(t *testing.T) {
	i, _ := guestInstance(t, engine.InstanceConfig{})
	f, err := i.Program().Func("test:guest/api@1.0.0", "greet")
	if err != nil {
		t.Fatal(err)
	}
	c := &greetCall{name: "Otto"}
	ended := make(chan struct{})
	running := i.Start(context.Background(), f, c, func() { close(ended) })
	if err := running.Wait(context.Background()); err != nil || c.answer != "hello, Otto" {
		t.Fatal(c.answer, err)
	}
	<-ended
	<-running.Ended()
	<-running.Done()
	if !running.Begun() || running.Err() != nil {
		t.Error(running.Begun(), running.Err())
	}
}

// Whatever an instance has done to its memory, tables, globals and handles, and however it
// has ended, the next one is as the first.
func TestInstancesBeginAsNew(t *testing.T) {
	leaktest.Check(t)
	p := guestProgram(t, newRuntime(t), newGuestHost())
	greet, err := p.Func("test:guest/api@1.0.0", "greet")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 30 {
		i, err := p.Instantiate(context.Background(), engine.InstanceConfig{Shared: true})
		if err != nil {
			t.Fatal(err)
		}
		mustCall(t, i, uint32(1), "count")
		mustCall(t, i, int32(1), "grow", uint32(2))
		mustCall(t, i, int32(1), "grow-table", uint32(n))
		mustCall(t, i, uint32(0), "handles", uint32(10+n))
		wantHandles(t, p, 10+n)
		// Beyond the end of the one page that there is at first
		name := strings.Repeat(string(rune('a'+n%26)), 100_000)
		if got, err := i.Call(context.Background(), greet, name); err != nil || got != "hello, "+name {
			t.Fatalf("%.20q, %v", got, err)
		}
		switch n % 4 {
		case 0:
			i.Start(context.Background(), function(t, i, "linger"), &loopCall{}, nil)
		case 1:
			if _, err := call(t, i, "boom"); err == nil {
				t.Error("no trap")
			}
		case 2:
			i.Kill(errors.New("enough"))
		}
		closeInstance(t, i)
	}
}

// A call is over when the guest has returned, its task maybe much later.
func TestTaskOutlivesCall(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{Shared: true})
	ended := make(chan struct{})
	c := i.Start(context.Background(), function(t, i, "tarry"), &loopCall{}, func() { close(ended) })
	if err := c.Wait(context.Background()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Ended():
		t.Error("the task has ended")
	default:
	}
	closeInstance(t, i)
	<-c.Ended()
	<-ended
	if err := c.Err(); err != nil {
		t.Error("the call has failed after it had its result:", err)
	}
}

// A caller that gives up asks the guest to cancel, and does not wait for it.
func TestCallerGivesUp(t *testing.T) {
	i, h := guestInstance(t, engine.InstanceConfig{Shared: true})
	why := errors.New("no longer wanted")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	if _, err := i.Call(ctx, function(t, i, "linger")); !errors.Is(err, why) {
		t.Fatal(err)
	}
	eventually(t, "the guest's noting that it was cancelled", func() bool { return slices.Contains(h.noted(), 106) })
	mustCall(t, i, uint32(3), "add", uint32(1), uint32(2))
}

// What a host function does for a call has the context of that call, not of another.
func TestHostCallsHaveTheirCallersContext(t *testing.T) {
	leaktest.Check(t)
	type key struct{}
	i, h := guestInstance(t, engine.InstanceConfig{Shared: true})
	ctx := context.WithValue(context.Background(), key{}, "first")
	c := i.Start(ctx, function(t, i, "block"), &loopCall{}, nil)
	if got := (<-h.blocked).Value(key{}); got != "first" {
		t.Errorf("host function got the context of %v", got)
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
	closeInstance(t, i)
	if err := c.Wait(context.Background()); !errors.Is(err, engine.ErrClosed) {
		t.Error(err)
	}
}

// Any number of goroutines may call one instance; its guest sees one call after another.
func TestConcurrentCalls(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{Shared: true})
	f := function(t, i, "count")
	const goroutines, calls = 8, 50
	seen := make(chan uint32, goroutines*calls)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range calls {
				n, err := i.Call(context.Background(), f)
				if err != nil {
					t.Error(err)
					return
				}
				seen <- n.(uint32)
			}
		})
	}
	wg.Wait()
	close(seen)
	got := map[uint32]bool{}
	for n := range seen {
		got[n] = true
	}
	if len(got) != goroutines*calls {
		t.Errorf("%d calls have seen %d different counts", goroutines*calls, len(got))
	}
}
