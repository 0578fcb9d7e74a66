package wasmtime

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// loopOn runs a guest loop of b.N host calls.
func loopOn(b *testing.B, name string, onFiber bool) {
	w := newWorld(b, Config{Pool: smallPool})
	g := w.guest(b, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	fn := g.fn(name)
	b.ReportAllocs()
	b.ResetTimer()
	var err error
	if onFiber {
		_, err = run(f, fn, uint32(b.N))
	} else {
		_, err = g.call(fn, uint32(b.N))
	}
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkHostCall(b *testing.B)         { loopOn(b, "loop", true) }
func BenchmarkHostCallWithView(b *testing.B) { loopOn(b, "actloop", true) }
func BenchmarkHostCallOffFiber(b *testing.B) { loopOn(b, "loop", false) }
func BenchmarkSuspendResume(b *testing.B)    { loopOn(b, "sleeps", true) }

func BenchmarkGuestCall(b *testing.B) {
	w := newWorld(b, Config{Pool: smallPool})
	g := w.guest(b, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	fn := g.fn("nop")
	b.ReportAllocs()
	for b.Loop() {
		f.Slots().SetU32(0, 1)
		if f.Start(fn, false) != Idle {
			b.Fatal(f.Err())
		}
	}
}

func BenchmarkNextJob(b *testing.B) {
	w := newWorld(b, Config{Pool: smallPool})
	g := w.guest(b, StoreConfig{})
	defer g.close()
	f := g.fiber()
	defer g.closeFiber(f)
	fn := g.fn("nop")
	n := b.N
	g.next = func(f *Fiber) (FuncID, bool) {
		n--
		f.Slots().SetU32(0, 1)
		return fn, n > 0
	}
	b.ReportAllocs()
	b.ResetTimer()
	if f.Start(fn, true) != Idle {
		b.Fatal(f.Err())
	}
}

func BenchmarkCallOffFiber(b *testing.B) {
	w := newWorld(b, Config{Pool: smallPool})
	g := w.guest(b, StoreConfig{})
	defer g.close()
	fn := g.fn("nop")
	b.ReportAllocs()
	for b.Loop() {
		g.s.Args().SetU32(0, 1)
		if err := g.s.Call(fn, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInstantiate(b *testing.B) {
	w := newWorld(b, Config{Pool: smallPool})
	for _, fibers := range []int{0, 1} {
		b.Run(fmt.Sprintf("jobs=%d", fibers), func(b *testing.B) {
			b.ReportAllocs()
			var h fake
			for b.Loop() {
				s, err := w.e.NewStore(&h, StoreConfig{})
				if err != nil {
					b.Fatal(err)
				}
				in, err := s.Instantiate(w.pre)
				if err != nil {
					b.Fatal(err)
				}
				if fibers > 0 {
					x, _ := s.Export(in, w.m, "nop")
					fn, _ := s.AddFunc(x)
					f, err := s.NewFiber()
					if err != nil {
						b.Fatal(err)
					}
					if f.Start(fn, false) != Idle {
						b.Fatal(f.Err())
					}
					f.Close()
				}
				s.Close()
			}
		})
	}
}

// importing is a module with n imports and a memory.
func importing(n int) string {
	var t strings.Builder
	t.WriteString("(module")
	for i := range n {
		fmt.Fprintf(&t, `(import "m" "f%d" (func (param i32) (result i32)))`, i)
	}
	t.WriteString(`(memory (export "memory") 2))`)
	return t.String()
}

func BenchmarkInstantiateImports(b *testing.B) {
	for _, n := range []int{60, 550} {
		e := newEngine(b, Config{Pool: smallPool})
		m, err := e.Compile(context.Background(), Source{Wasm: wat(b, importing(n))})
		if err != nil {
			b.Fatal(err)
		}
		defer m.Close()
		hs := make([]HostFunc, n)
		for i := range hs {
			hs[i] = HostFunc{Type: unary, Op: uint32(i)}
		}
		pre, err := e.Prelink(m, hs)
		if err != nil {
			b.Fatal(err)
		}
		defer pre.Close()
		var h fake
		b.Run(fmt.Sprintf("prelinked=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, _ := e.NewStore(&h, StoreConfig{})
				if _, err := s.Instantiate(pre); err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
		b.Run(fmt.Sprintf("with=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			xs := make([]Extern, n)
			for b.Loop() {
				s, _ := e.NewStore(&h, StoreConfig{})
				for i := range xs {
					xs[i] = s.HostFunc(hs[i])
				}
				if _, err := s.InstantiateWith(m, xs); err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}
