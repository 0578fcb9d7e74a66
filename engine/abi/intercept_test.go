package abi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// recorder is middleware that records what it sees.
type recorder struct {
	name string
	seen *[]string
}

type recorderKey struct{ name string }

func (r recorder) around(ctx context.Context) (context.Context, func(abi.Outcome), error) {
	*r.seen = append(*r.seen, r.name)
	return context.WithValue(ctx, recorderKey{r.name}, r.name), func(o abi.Outcome) {
		*r.seen = append(*r.seen, r.name+" "+o.String())
	}, nil
}

// Both of two see each call once, the outer one around the inner one, and the function gets the
// context of both.
func TestIntercept(t *testing.T) {
	boom := errors.New("boom")
	check := func(ctx context.Context) {
		for _, name := range []string{"in", "out"} {
			if ctx.Value(recorderKey{name}) != name {
				t.Errorf("the context has not passed %s", name)
			}
		}
	}
	for name, c := range map[string]struct {
		serve func(*abi.Call)
		want  string // outcome
	}{
		"an answer": {func(c *abi.Call) { check(c.Context()); c.Return(0) }, "returned"},
		"an error":  {func(c *abi.Call) { c.Return(1) }, "refused"},
		"a trap":    {func(c *abi.Call) { c.Fail(boom) }, "trapped"},
		"a panic":   {func(*abi.Call) { panic(boom) }, "trapped"},
		"later": {func(c *abi.Call) {
			c.Go(func(ctx context.Context) func(*abi.Call) {
				check(ctx)
				return func(c *abi.Call) { check(c.Context()); c.Return(1) }
			})
		}, "refused"},
		"given up": {func(c *abi.Call) {
			c.Go(func(context.Context) func(*abi.Call) { return nil })
		}, "abandoned"},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []string
			f := abi.Func{Type: "async func()->result", Serve: c.serve}
			f = abi.Intercept(abi.Intercept(f, recorder{"in", &seen}.around), recorder{"out", &seen}.around)
			call := newCall(newEnv(64), abi.Flat{{}}, false, -1)
			before := call.Context()
			quietly(func() { f.Serve(call) })
			if name != "a panic" && call.Context() != before {
				t.Error("the call has another context")
			}
			if run, _ := call.Outcome(); run != nil {
				lower := run(t.Context())
				if lower != nil && c.want != "abandoned" {
					call.Resume(abi.Flat{{}})
					lower(call)
				}
			}
			call.Over(abi.Abandoned)
			if want := []string{"out", "in", "in " + c.want, "out " + c.want}; !slices.Equal(seen, want) {
				t.Errorf("%q, not %q", seen, want)
			}
		})
	}
}

// A function that makes the guest wait, and is served again, is one call.
func TestInterceptWaits(t *testing.T) {
	var seen []string
	waits := 2
	f := abi.Intercept(abi.Func{Type: "func()", Serve: func(c *abi.Call) {
		if waits--; waits >= 0 {
			c.Fail(abi.WaitFor(&pollable{}))
		}
	}}, recorder{"a", &seen}.around)
	call := newCall(newEnv(64), nil, false, -1)
	for range 3 {
		f.Serve(call)
		call.Setup(t.Context(), nil, false, -1)
	}
	if want := []string{"a", "a returned"}; !slices.Equal(seen, want) {
		t.Errorf("%q, not %q", seen, want)
	}
}

// Who refuses a call is answered for by the function, which is not called.
func TestInterceptRefuses(t *testing.T) {
	no := errors.New("no")
	refuse := func(context.Context) (context.Context, func(abi.Outcome), error) { return nil, nil, no }
	for _, answers := range []bool{true, false} {
		var seen []string
		f := abi.Func{Type: "func()->result", Serve: func(*abi.Call) { t.Error("it is called") }}
		if answers {
			f.Refuse = func(c *abi.Call, err error) {
				if err != no {
					t.Error(err)
				}
				c.Return(1)
			}
		}
		f = abi.Intercept(abi.Intercept(f, refuse), recorder{"a", &seen}.around)
		call := newCall(newEnv(64), abi.Flat{{}}, false, -1)
		f.Serve(call)
		want := "a refused"
		if !answers {
			want = "a trapped"
		}
		if !slices.Equal(seen, []string{"a", want}) || answers != (call.Err() == nil) {
			t.Errorf("%q, %v", seen, call.Err())
		}
	}
}

// The end of the context that a call was given ends that of its goroutine.
func TestInterceptEnds(t *testing.T) {
	why := errors.New("enough")
	inner, end := context.WithCancelCause(t.Context())
	f := abi.Intercept(abi.Func{Type: "async func()", Serve: func(c *abi.Call) {
		c.Go(func(ctx context.Context) func(*abi.Call) {
			end(why)
			<-ctx.Done()
			if context.Cause(ctx) != why {
				t.Error(context.Cause(ctx))
			}
			return func(*abi.Call) {}
		})
	}}, func(context.Context) (context.Context, func(abi.Outcome), error) { return inner, nil, nil })
	call := newCall(newEnv(64), nil, false, -1)
	f.Serve(call)
	run, _ := call.Outcome()
	run(t.Context())
}

// Calls that are answered at once cost no garbage.
func TestInterceptAllocates(t *testing.T) {
	f := abi.Func{Type: "func(a:u32)->u32", Serve: func(c *abi.Call) { c.Return(uint64(c.Args().U32(0))) }}
	n := 0
	done := func(abi.Outcome) { n++ }
	f = abi.Intercept(f, func(context.Context) (context.Context, func(abi.Outcome), error) { return nil, done, nil })
	call, slots := newCall(newEnv(64), abi.Flat{{7}}, false, -1), abi.Flat{{7}}
	if got := testing.AllocsPerRun(100, func() {
		call.Setup(t.Context(), slots, false, -1)
		f.Serve(call)
	}); got != 0 || n < 100 {
		t.Errorf("%v allocations in each of %d calls", got, n)
	}
}

func ExampleIntercept() {
	locate := abi.Func{Name: "locate", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(7) }}
	locate = abi.Intercept(locate, func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
		fmt.Println("locate is called")
		return ctx, func(o abi.Outcome) { fmt.Println("locate has", o) }, nil
	})
	locate.Serve(newCall(newEnv(64), abi.Flat{{}}, false, -1))
	// Output:
	// locate is called
	// locate has returned
}
