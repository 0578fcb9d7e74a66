package engine_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

const anyID = "test:any/host@1.0.0" // testdata/any.wat imports 1.2.0

// anyHost answers calls of any function with what a test has set for it.
type anyHost struct {
	answers map[string]any // values, errors, or functions of the arguments
	calls   []string
}

func (h *anyHost) linker() *engine.Linker {
	l := engine.NewLinker()
	l.DefineAny(anyID, func(function string) func(*abi.Call) {
		return func(c *abi.Call) { h.serve(function, c) }
	})
	return l
}

func (h *anyHost) serve(function string, c *abi.Call) {
	args := c.DynamicArgs()
	h.calls = append(h.calls, fmt.Sprintf("%s%v", function, args))
	switch x := h.answers[function].(type) {
	case error:
		c.Fail(x)
	case func([]any) any:
		c.DynamicReturn(x(args))
	case func(context.Context, []any) any:
		c.Go(func(ctx context.Context) func(*abi.Call) {
			result := x(ctx, args)
			return func(c *abi.Call) { c.DynamicReturn(result) }
		})
	default:
		c.DynamicReturn(x)
	}
}

// counter is a resource of the host.
type counter struct {
	n       uint32
	dropped bool
}

func (c *counter) Drop() error { c.dropped = true; return nil }

func TestFunctionsOfAnyTypeAreServed(t *testing.T) {
	made := &counter{}
	h := &anyHost{answers: map[string]any{
		"many":                   func(args []any) any { return args[15].(uint64) + uint64(args[16].(uint8)) },
		"later":                  func(_ context.Context, args []any) any { return int8(-len(args[0].(string))) },
		"nothing":                nil,
		"[constructor]counter":   func(args []any) any { made.n = args[0].(uint32); return made },
		"[method]counter.next":   func(args []any) any { c := args[0].(*counter); c.n++; return c.n },
		"mixed":                  value.OK("done"),
		"[method]counter.unused": nil,
	}}
	p := linked(t, h.linker(), newRuntime(t), decode(t, wasmFile(t, "any.wasm")))
	i := instance(t, p, engine.InstanceConfig{})
	many := make([]any, 17)
	for k := range 16 {
		many[k] = uint64(k)
	}
	many[16] = uint8(200)
	mixed := []any{[]any{"a", "β"}, value.Some(uint64(7)), value.Tuple{float32(1.5), value.Char('x')}, value.Flags{"x", "z"}}
	for _, c := range []struct {
		function string
		args     []any
		want     any
	}{
		{"many", many, uint64(215)},
		{"later", []any{"four"}, int8(-4)},
		{"nothing", nil, nil},
		{"count", []any{uint32(10)}, uint32(23)},
		{"mixed", mixed, value.OK("done")},
	} {
		f := function(t, i, c.function)
		got, err := i.Call(t.Context(), f, c.args...)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, %v, want %#v", c.function, got, err, c.want)
		}
	}
	if !made.dropped {
		t.Error("the counter was not dropped")
	}
	want := "many[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 200] later[four] nothing[]"
	if got := strings.Join(h.calls, " "); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "mixed[[a β] {true 7} [1.5 120] [x z]]") {
		t.Errorf("the host was called with %s", got)
	}
}

// A host that answers with what the function does not return is told so, and the guest traps.
func TestAnswersThatDoNotFit(t *testing.T) {
	own := errors.New("no more")
	for name, c := range map[string]struct {
		function string
		answer   any
		want     string
	}{
		"another type":        {"later", uint32(1), "uint32 given for a s8"},
		"nothing":             {"later", nil, "<nil> given for a s8"},
		"a result of nothing": {"nothing", true, "bool given for a function without result"},
		"unknown case":        {"mixed", value.Error(value.Variant{Case: "lost"}), "value.Variant given for a variant"},
		"missing payload":     {"mixed", value.Error(value.Variant{Case: "other"}), "value.Variant given for a variant"},
		"payload too many":    {"mixed", value.Error(value.Variant{Case: "denied", Value: "x"}), "value.Variant given for a variant"},
		"an error":            {"nothing", own, "no more"},
	} {
		t.Run(name, func(t *testing.T) {
			h := &anyHost{answers: map[string]any{c.function: c.answer}}
			p := linked(t, h.linker(), newRuntime(t), decode(t, wasmFile(t, "any.wasm")))
			i := instance(t, p, engine.InstanceConfig{})
			f := function(t, i, c.function)
			args := map[string][]any{
				"later": {"s"}, "nothing": nil,
				"mixed": {[]any{}, value.Option{}, value.Tuple{float32(0), value.Char(0)}, value.Flags{}},
			}[c.function]
			_, err := i.Call(t.Context(), f, args...)
			if !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a trap with %q", err, c.want)
			}
			if c.answer == own && !errors.Is(err, own) {
				t.Errorf("%v does not match the host's own error", err)
			}
		})
	}
}

// A host function that keeps its call reaches the guest no more.
func TestDynamicValuesOfACallThatIsOver(t *testing.T) {
	var kept *abi.Call
	l := engine.NewLinker()
	l.DefineAny(anyID, func(string) func(*abi.Call) {
		return func(c *abi.Call) {
			if kept != nil && kept != c {
				_ = kept.DynamicArgs()
			}
			kept = c
		}
	})
	p := linked(t, l, newRuntime(t), decode(t, wasmFile(t, "any.wasm")))
	i := instance(t, p, engine.InstanceConfig{})
	f := function(t, i, "nothing")
	if _, err := i.Call(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	kept.DynamicReturn(1)
	if got := kept.DynamicArgs(); got != nil {
		t.Errorf("arguments %v of a call that is over", got)
	}
	if _, err := i.Call(t.Context(), f); !errors.Is(err, engine.ErrTrap) {
		t.Errorf("%v, want a trap with the misuse", err)
	}
}
