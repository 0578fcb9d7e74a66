package values

import (
	"context"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/witgen/internal/abitest"
)

// Functions of scalars, and of records and errors of scalars, are served without allocating.
func TestAllocations(t *testing.T) {
	all := imports(t)
	for _, test := range []struct {
		name string
		args []any
	}{
		{"scalars.echo-bool", []any{true}},
		{"scalars.echo-s64", []any{int64(-1)}},
		{"scalars.echo-f64", []any{abitest.Bits(0)}},
		{"scalars.echo-char", []any{'x'}},
		{"scalars.nothing", nil},
		{"scalars.inline", []any{uint64(300)}},
		{"scalars.inline async", []any{uint64(300)}},
		{"compounds.echo-large", []any{abitest.Case{Index: 256}}},
		{"compounds.echo-flags", []any{uint64(1), uint64(2), uint64(3), uint64(4)}},
		{"compounds.echo-tuple8", []any{[]any{uint64(1), uint64(2), uint64(3), uint64(4), uint64(5), uint64(6), uint64(7), uint64(8)}}},
		{"compounds.echo-options", []any{abitest.Case{Index: 1, Value: abitest.Case{Index: 1, Value: abitest.Case{}}}}},
		{"errors.fail-code", []any{abitest.Case{Index: 0, Value: uint64(1)}}},
		{"errors.fail-code", []any{abitest.Case{Index: 1, Value: abitest.Case{Index: 1}}}},
		{"errors.fail-only", []any{abitest.Case{Index: 1}}},
		{"handles.[method]counter.value", []any{&counter{1}}},
	} {
		i := find(t, all, test.name)
		e := newEnv()
		args, refs := e.Args(i, test.args...), e.Refs(i.Func)
		slots := append(args.Slots, abi.Slot{})
		first := slots[0]
		var c abi.Call
		var lenders abi.Lenders
		n := testing.AllocsPerRun(100, func() {
			slots[0] = first
			c.Reset(e, abitest.Options, refs, &lenders, nil)
			c.Setup(context.Background(), slots, args.Spilled, args.Ret)
			i.Serve(&c)
			lenders.Release(e.Handles())
		})
		if c.Err() != nil {
			t.Errorf("%s: %v", test.name, c.Err())
		}
		if n != 0 {
			t.Errorf("%s allocates %v times", test.name, n)
		}
	}
}
