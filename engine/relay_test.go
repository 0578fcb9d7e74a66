package engine_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/value"
)

// relayed is an instance of a component that only exports what it imports of h.
func relayed(t testing.TB, h *anyHost) *engine.Instance {
	return instance(t, linked(t, h.linker(), newRuntime(t), decode(t, wasmFile(t, "relay.wasm"))), engine.InstanceConfig{Meter: true})
}

func again(t testing.TB, i *engine.Instance, name string, args ...any) (any, error) {
	t.Helper()
	f, err := i.Program().Func("again", name)
	if err != nil {
		t.Fatal(err)
	}
	return i.Call(t.Context(), f, args...)
}

// The host can call its own functions, which a component exports again, with values of all sorts.
func TestFunctionsThatAreOnlyPassedOn(t *testing.T) {
	long := strings.Repeat("x", 100_000) // beyond the first page
	h := &anyHost{answers: map[string]any{
		"swap": func(args []any) any {
			names := args[0].([]any)
			return value.OK(value.Record{
				{Name: "left", Value: names[1].(string) + names[0].(string)},
				{Name: "right", Value: []any{uint16(len(names)), uint16(args[1].(value.Option).Value.(uint64))}},
			})
		},
		"many":    func(args []any) any { return args[15].(uint64) + uint64(len(args[16].(string))) },
		"later":   func(_ context.Context, args []any) any { return strings.ToUpper(args[0].(string)) },
		"nothing": nil,
	}}
	i := relayed(t, h)
	many := make([]any, 17)
	for k := range 16 {
		many[k] = uint64(k)
	}
	many[16] = long
	for _, c := range []struct {
		function string
		args     []any
		want     any
	}{
		{"swap", []any{[]any{"a", long, "c"}, value.Some(uint64(7))}, value.OK(value.Record{{Name: "left", Value: long + "a"}, {Name: "right", Value: []any{uint16(3), uint16(7)}}})},
		{"many", many, uint64(15 + len(long))},
		{"later", []any{long}, strings.ToUpper(long)},
		{"nothing", nil, nil},
	} {
		for range 50 { // the memory does not run out
			got, err := again(t, i, c.function, c.args...)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Fatalf("%s: %.100v, %v", c.function, got, err)
			}
		}
	}
	if n := i.Usage().PeakMemory; n > 8<<20 {
		t.Errorf("%d bytes of memory", n)
	}
}

// Resources of the host pass through, and none is left behind.
func TestResourcesThatAreOnlyPassedOn(t *testing.T) {
	var made []*counter
	h := &anyHost{answers: map[string]any{
		"[constructor]counter": func(args []any) any {
			c := &counter{n: args[0].(uint32)}
			made = append(made, c)
			return c
		},
		"[method]counter.next": func(args []any) any {
			c := args[0].(*counter)
			c.n += uint32(args[1].(float64))
			return c.n
		},
		"[method]counter.merge": func(args []any) any {
			c := args[1].(*counter)
			c.n += args[0].(*counter).n
			return c
		},
	}}
	i := relayed(t, h)
	for n := range uint32(3) {
		if got, err := again(t, i, "[constructor]counter", n); err != nil || got != made[n] {
			t.Fatalf("%v, %v", got, err)
		}
	}
	for range 3 {
		if _, err := again(t, i, "[method]counter.next", made[1], 10.0); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := again(t, i, "[method]counter.merge", made[1], made[2]); err != nil || got != made[2] || made[2].n != 33 {
		t.Errorf("%v, %v", got, err)
	}
	wantHandles(t, i.Program(), 0)
}

// What borrows within other values cannot be called by the host, and says so.
func TestFunctionsThatCannotBePassedOn(t *testing.T) {
	i := relayed(t, &anyHost{})
	if _, err := i.Program().Func("again", "sum"); !errors.Is(err, engine.ErrUnsupported) || !strings.Contains(err.Error(), `"again#sum"`) {
		t.Errorf("got %v", err)
	}
}

// A function of the host that fails is a trap for the host too.
func TestFailureOfAFunctionThatIsOnlyPassedOn(t *testing.T) {
	own := errors.New("no more")
	i := relayed(t, &anyHost{answers: map[string]any{"nothing": own}})
	if _, err := again(t, i, "nothing"); !errors.Is(err, own) || !errors.Is(err, engine.ErrTrap) {
		t.Errorf("got %v", err)
	}
}
