package engine_test

import (
	"context"
	"testing"

	"github.com/spinhost/spin/engine"
)

// eachWay runs a benchmark with adapters between components and without.
func eachWay(b *testing.B, f func(b *testing.B, l *engine.Linker)) {
	b.Run("Adapters", func(b *testing.B) { f(b, engine.NewLinker()) })
	b.Run("WithoutAdapters", func(b *testing.B) {
		l := engine.NewLinker()
		l.WithoutAdapters()
		f(b, l)
	})
}

// BenchmarkComponentCall measures calls from one component instance into another.
func BenchmarkComponentCall(b *testing.B) {
	for _, c := range []struct {
		name, loop string
		size       int
	}{
		{"Scalars", "loop-add", -1}, {"String100", "loop-text", 100}, {"List64K", "loop-bytes", 64 << 10},
		{"Record10", "loop-record", -1}, {"MakeAndTakeOwn", "loop-own", -1},
	} {
		b.Run(c.name, func(b *testing.B) {
			eachWay(b, func(b *testing.B, l *engine.Linker) { guestLoop(b, linkFile(b, l, "benchcalls.wasm"), c.loop, c.size) })
		})
	}
}

// BenchmarkLinkPair measures what linking two components takes, with the compiling of their
// core modules: six functions that one calls of the other, for four of which there are
// adapters.
func BenchmarkLinkPair(b *testing.B) {
	eachWay(b, func(b *testing.B, l *engine.Linker) {
		rt, c := newRuntime(b), decode(b, wasmFile(b, "benchcalls.wasm"))
		for b.Loop() {
			p, err := l.Link(context.Background(), rt, c)
			if err != nil {
				b.Fatal(err)
			}
			p.Close()
		}
	})
}

// BenchmarkInstantiatePair measures instances of them, each the first of its store.
func BenchmarkInstantiatePair(b *testing.B) {
	eachWay(b, func(b *testing.B, l *engine.Linker) {
		p := linkFile(b, l, "benchcalls.wasm")
		b.ReportAllocs()
		for b.Loop() {
			i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
			if err != nil {
				b.Fatal(err)
			}
			i.Close(context.Background())
		}
	})
}
