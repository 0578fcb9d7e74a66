package engine_test

import (
	"context"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/benchapi"
)

// generatedAPI implements what witgen makes of the host interface of testdata/bench.wat.
type generatedAPI struct{ out []byte }

func (generatedAPI) Nop(_ context.Context, a uint32) (uint32, error)    { return a + 1, nil }
func (generatedAPI) Take(context.Context, []byte) error                 { return nil }
func (generatedAPI) Text(context.Context, string) error                 { return nil }
func (a generatedAPI) Give(_ context.Context, n uint32) ([]byte, error) { return a.out[:n], nil }

// wrappedAPI is i with something around each call.
func wrappedAPI(i *abi.Interface) *abi.Interface {
	calls := 0
	done := func(abi.Outcome) { calls++ }
	for k, f := range i.Funcs {
		i.Funcs[k] = abi.Intercept(f, func(context.Context) (context.Context, func(abi.Outcome), error) { return nil, done, nil })
	}
	return i
}

// What generated code costs beside code that is written by hand, and middleware beside none.
func BenchmarkGenerated(b *testing.B) {
	generated := func() (*abi.Interface, error) { return benchapi.ServeAPI(generatedAPI{make([]byte, 1<<10)}), nil }
	for _, of := range []struct {
		name  string
		serve func() (*abi.Interface, error)
	}{
		{"by-hand", benchAPI(1 << 10)},
		{"generated", generated},
		{"wrapped", func() (*abi.Interface, error) { i, err := generated(); return wrappedAPI(i), err }},
	} {
		l := engine.NewLinker()
		l.Define("bench:host/api", of.serve)
		p := linkFile(b, l, "bench.wasm")
		b.Run("call/"+of.name, func(b *testing.B) { guestLoop(b, p, "loop-nop", -1) })
		b.Run("text/"+of.name, func(b *testing.B) { guestLoop(b, p, "loop-text", 100) })
		b.Run("give/"+of.name, func(b *testing.B) { guestLoop(b, p, "loop-give", 1<<10) })
	}
}
