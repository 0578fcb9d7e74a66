package trigger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// greeter is a component with one function, whose guest is a Go function.
type greeter struct {
	busy  error // of getting an instance
	guest func(g *greeter, name string) (any, error)

	killed   chan error
	released bool
}

func newGreeter(guest func(*greeter, string) (any, error)) *greeter {
	return &greeter{guest: guest, killed: make(chan error, 1)}
}

func (*greeter) ID() string                                             { return "greeter" }
func (*greeter) Exports() []string                                      { return []string{"greet"} }
func (g *greeter) Func(string, string, string) (trigger.Func, error)    { return greet{}, nil }
func (g *greeter) Fresh(context.Context) (trigger.Instance, error)      { return g, g.busy }
func (g *greeter) Shared(ctx context.Context) (trigger.Instance, error) { return g.Fresh(ctx) }
func (*greeter) RequestTime() time.Duration                             { return 0 }
func (g *greeter) Retire(error)                                         {}
func (g *greeter) Release()                                             { g.released = true }
func (g *greeter) Start(_ context.Context, _ trigger.Func, inv abi.Invocation) trigger.Call {
	i := inv.(*greeting)
	var err error
	*i.result, err = g.guest(g, i.name)
	return called{err}
}

func (g *greeter) Kill(err error) {
	if g.released {
		panic("an instance is ended that was given back")
	}
	g.killed <- err
}

// greet is the function.
type greet struct{}

func (greet) Name() string { return "greet" }
func (greet) Type() string { return "func(name:string)->string" }
func (greet) Invocation(args []any, result *any) (abi.Invocation, error) {
	if len(args) != 1 {
		return nil, errors.New("greet: one argument is needed")
	}
	return &greeting{name: args[0].(string), result: result}, nil
}

type greeting struct {
	name   string
	result *any
}

func (*greeting) Lower(*abi.Guest, abi.Flat) {}
func (*greeting) Lift(*abi.Values)           {}

// called is a call that is over.
type called struct{ err error }

func (called) Done() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
func (c called) Ended() <-chan struct{} { return c.Done() }
func (c called) Err() error             { return c.err }
func (c called) Begun() bool            { return c.err != errTrapped }
func (called) Cancel()                  {}

func hello(_ *greeter, name string) (any, error) { return "Hello, " + name, nil }

// untilKilled computes until it is ended.
func untilKilled(g *greeter, _ string) (any, error) { return "half a res", <-g.killed }

// errTrapped is what an instance says that had ended before the call.
var errTrapped = errors.New("it has trapped")

func ended(g *greeter, _ string) (any, error) {
	<-g.killed
	return nil, errTrapped
}

func TestInvoke(t *testing.T) {
	why, full := errors.New("the trigger ends"), errors.New("full")
	for name, c := range map[string]struct {
		guest func(*greeter, string) (any, error)
		busy  error
		args  []any
		want  any
		err   error
	}{
		"returns":       {guest: hello, args: []any{"you"}, want: "Hello, you"},
		"ctx ends":      {guest: untilKilled, args: []any{"you"}, err: why},
		"ctx has ended": {guest: ended, args: []any{"you"}, err: why},
		"no room":       {guest: hello, busy: full, args: []any{"you"}, err: full},
		"bad arguments": {guest: hello},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGreeter(c.guest)
			g.busy = c.busy
			ctx, stop := context.WithCancelCause(t.Context())
			defer stop(nil)
			if c.err == why {
				stop(why)
			}
			got, err := trigger.Invoke(ctx, g, greet{}, c.args...)
			if got != c.want || c.err != nil && !errors.Is(err, c.err) || (err == nil) != (c.want != nil) {
				t.Errorf("%v, %v", got, err)
			}
			if begun := c.busy == nil && c.args != nil; g.released != begun {
				t.Errorf("the instance was given back: %v", g.released)
			}
		})
	}
}

// Call what a component exports, with Go values.
func ExampleInvoke() {
	var c trigger.Component = newGreeter(hello) // from Host.Component
	f, err := c.Func("", "greet", "func(name:string)->string")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trigger.Invoke(context.Background(), c, f, "timer"))
	// Output: Hello, timer <nil>
}

// The context bounds how long a guest may take, whatever it does.
func ExampleDo() {
	var c trigger.Component = newGreeter(untilKilled)
	f, _ := c.Func("", "greet", "")
	var result any
	inv, _ := f.Invocation([]any{"timer"}, &result) // or a call of generated code
	ctx, stop := context.WithCancelCause(context.Background())
	stop(errors.New("the timers end"))
	fmt.Println(trigger.Do(ctx, c, f, inv))
	// Output: the timers end
}
