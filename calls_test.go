package spin_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// caller calls exports of a component as a trigger does.
type caller struct {
	t   *testing.T
	app *spin.App
	c   trigger.Component
}

// newCaller loads the component whose exports do one thing each.
func newCaller(t *testing.T, configure func(*spin.Config)) *caller {
	t.Helper()
	wasm, err := os.ReadFile("testdata/calls.wasm")
	if err != nil {
		t.Fatal(err)
	}
	p := &plainTrigger{kind: "plain"}
	text := strings.Replace(strings.ReplaceAll(minimal, "http", "plain"), "route = \"/...\"\n", "", 1)
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": wasm}), func(c *spin.Config) {
		withTrigger(p)(c)
		if configure != nil {
			configure(c)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.host.Component("guest")
	if err != nil {
		t.Fatal(err)
	}
	return &caller{t, app, c}
}

// result takes a u32, if there is one.
type result struct {
	has   bool
	value uint32
}

func (*result) Lower(*abi.Guest, abi.Flat) {}

func (r *result) Lift(v *abi.Values) {
	if r.has {
		r.value = v.Args().U32(0)
	}
}

// start starts an export.
func (c *caller) start(i trigger.Instance, name string, r *result) trigger.Call {
	c.t.Helper()
	f, err := c.c.Func("", name, "")
	if err != nil {
		c.t.Fatal(err)
	}
	return i.Start(context.Background(), f, r)
}

// call calls an export in a fresh instance.
func (c *caller) call(name string, r *result) error {
	c.t.Helper()
	i, err := c.c.Fresh(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	defer i.Release()
	call := c.start(i, name, r)
	<-call.Done()
	return call.Err()
}

func TestCall(t *testing.T) {
	c := newCaller(t, nil)
	for range 2 { // each has an instance of its own
		r := result{has: true}
		if err := c.call("count", &r); err != nil || r.value != 1 {
			t.Errorf("%d, %v", r.value, err)
		}
	}
}

func TestErrorsOfCalls(t *testing.T) {
	tests := []struct {
		export string
		is     []error
		text   string
	}{
		{"trap", []error{spin.ErrTrap}, "guest trapped: unreachable executed"},
		{"loop", []error{spin.ErrTrap, spin.ErrTimeout}, "guest has computed for more than 50ms"},
		{"deep", []error{spin.ErrTrap}, "stack"},
	}
	for _, tt := range tests {
		t.Run(tt.export, func(t *testing.T) {
			noGoroutines(t)
			c := newCaller(t, func(c *spin.Config) { c.Limits.ComputeTime = 50 * time.Millisecond })
			err := c.call(tt.export, &result{})
			for _, is := range []error{spin.ErrTrap, spin.ErrTimeout, spin.ErrClosed, trigger.ErrBusy} {
				want := false
				for _, x := range tt.is {
					want = want || x == is
				}
				if errors.Is(err, is) != want {
					t.Errorf("%v is %v: %t", err, is, !want)
				}
			}
			var trap *engine.TrapError
			if !errors.As(err, &trap) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%T %v", err, err)
			}
			if tt.export != "loop" && len(trap.Frames) == 0 {
				t.Error("where is not told")
			}
			eventually(t, "nothing is left", func() bool { return c.app.Stats() == spin.Stats{} })
			r := result{has: true}
			if err := c.call("count", &r); err != nil || r.value != 1 {
				t.Errorf("the next call: %d, %v", r.value, err)
			}
		})
	}
}

// A guest that wants more memory than it may have is told so, and goes on.
func TestMemoryLimit(t *testing.T) {
	for _, tt := range []struct {
		limit int64
		want  int32
	}{{0, 1}, {100 << 20, 1}, {10 << 20, -1}} {
		c := newCaller(t, func(c *spin.Config) { c.Limits.Memory = tt.limit })
		r := result{has: true}
		if err := c.call("grow", &r); err != nil || int32(r.value) != tt.want {
			t.Errorf("%d: %d, %v", tt.limit, int32(r.value), err)
		}
	}
}

func TestErrorsOfInstances(t *testing.T) {
	noGoroutines(t)
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close(context.Background())
	c := newCaller(t, func(c *spin.Config) { c.Runtime = rt })
	var all []trigger.Instance
	for range 10 { // a pool for one such instance may have room for more
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
		i, err := c.c.Fresh(ctx)
		stop()
		if err != nil {
			if !errors.Is(err, trigger.ErrBusy) || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, spin.ErrClosed) {
				t.Errorf("full: %v", err)
			}
			break
		}
		all = append(all, i)
	}
	if len(all) == 0 || len(all) == 10 {
		t.Fatalf("%d instances", len(all))
	}
	for _, i := range all {
		i.Release()
	}
	eventually(t, "room", func() bool { return c.call("count", &result{}) == nil })
	closeApp(t, c.app)
	for _, get := range []func(context.Context) (trigger.Instance, error){c.c.Fresh, c.c.Shared} {
		if _, err := get(context.Background()); !errors.Is(err, trigger.ErrBusy) || !errors.Is(err, spin.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}

func TestInstanceThatIsKilled(t *testing.T) {
	c := newCaller(t, nil)
	why := errors.New("nobody wants it")
	i, err := c.c.Fresh(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	i.Kill(why)
	call := c.start(i, "count", &result{})
	<-call.Done()
	if err := call.Err(); err == nil || call.Begun() {
		t.Errorf("%v, begun %t", err, call.Begun())
	}
	<-call.Ended()
	i.Release()
	eventually(t, "nothing is left", func() bool { return c.app.Stats() == spin.Stats{} })
}

func TestFunctionsOfComponents(t *testing.T) {
	c, other := newCaller(t, nil), newCaller(t, nil)
	for what, tt := range map[string]struct{ iface, name, typ, want string }{
		"no such function":  {"", "cuont", "", `component has no exported function "cuont"`},
		"no such interface": {"a:b/c", "count", "", `component has no export "a:b/c"`},
		"another type":      {"", "count", "func()->u64", `exported function count: `},
	} {
		if _, err := c.c.Func(tt.iface, tt.name, tt.typ); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	f, err := c.c.Func("", "count", "func()->u32")
	if err != nil || f.Name() != "count" || f.Type() != "func()->u32" {
		t.Fatal(f, err)
	}
	i, err := other.c.Fresh(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer i.Release()
	call := i.Start(context.Background(), f, &result{})
	<-call.Done()
	<-call.Ended()
	call.Cancel()
	if err := call.Err(); err == nil || err.Error() != `function count is not one of component "guest"` || call.Begun() {
		t.Errorf("a function of another component: %v", err)
	}
}
