package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// benchAPI is the host interface of testdata/bench.wat, as generated code would serve it.
func benchAPI(size int) func() (*abi.Interface, error) {
	out := make([]byte, size)
	buf := make([]byte, size)
	return func() (*abi.Interface, error) {
		return &abi.Interface{ID: "bench:host/api", Funcs: []abi.Func{
			{Name: "nop", Type: "func(a:u32)->u32", Serve: func(c *abi.Call) { c.Return(uint64(c.Args().U32(0) + 1)) }},
			{Name: "take", Type: "func(b:list<u8>)", Serve: func(c *abi.Call) { copy(buf, c.View(c.Args().U32(0), c.Args().U32(1))) }},
			{Name: "text", Type: "func(s:string)", Serve: func(c *abi.Call) { _ = c.String(c.Args().U32(0), c.Args().U32(1)) }},
			{Name: "give", Type: "func(n:u32)->list<u8>", Serve: func(c *abi.Call) {
				n := min(int(c.Args().U32(0)), len(out))
				c.StoreBytes(c.Result(8, 4), out[:n])
			}},
		}}, nil
	}
}

func benchProgram(b testing.TB, size int) *engine.Program {
	b.Helper()
	l := engine.NewLinker()
	l.Define("bench:host/api", benchAPI(size))
	return linkFile(b, l, "bench.wasm")
}

func linkFile(b testing.TB, l *engine.Linker, name string) *engine.Program {
	b.Helper()
	wasm, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		b.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		b.Fatal(err)
	}
	p, err := l.Link(context.Background(), newRuntime(b), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	return p
}

func instantiate(b testing.TB, p *engine.Program) *engine.Instance {
	b.Helper()
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { i.Close(context.Background()) })
	return i
}

// loopCall calls a function of the benchmark guest with u32 arguments, without allocating.
type loopCall struct{ args []uint32 }

func (c *loopCall) Lower(_ *abi.Guest, flat abi.Flat) {
	for i, a := range c.args {
		flat.Set(i, uint64(a))
	}
}
func (c *loopCall) Lift(*abi.Values) {}

// benchLoop measures one turn of a loop in the guest.
func benchLoop(b *testing.B, name string, size int) {
	guestLoop(b, benchProgram(b, size), name, size)
}

// guestLoop measures one turn of a loop in a guest. With size -1 the guest is told only how many
// turns.
func guestLoop(b *testing.B, p *engine.Program, name string, size int) {
	i := instantiate(b, p)
	f, err := p.Func("", name)
	if err != nil {
		b.Fatal(err)
	}
	call := &loopCall{args: []uint32{uint32(b.N), uint32(size)}}
	if size < 0 {
		call.args = call.args[:1]
	}
	if size > 1 {
		b.SetBytes(int64(size))
	}
	b.ReportAllocs()
	b.ResetTimer()
	if err := i.Start(context.Background(), f, call, nil).Wait(context.Background()); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkHostCall(b *testing.B)      { guestLoop(b, benchProgram(b, 1), "loop-nop", -1) }
func BenchmarkHostString100(b *testing.B) { benchLoop(b, "loop-text", 100) }
func BenchmarkListIn64K(b *testing.B)     { benchLoop(b, "loop-take", 64<<10) }
func BenchmarkListOut64K(b *testing.B)    { benchLoop(b, "loop-give", 64<<10) }

func BenchmarkGuestCall(b *testing.B)        { benchGuestCall(b, engine.InstanceConfig{}) }
func BenchmarkGuestCallMetered(b *testing.B) { benchGuestCall(b, engine.InstanceConfig{Meter: true}) }

func benchGuestCall(b *testing.B, cfg engine.InstanceConfig) {
	p := benchProgram(b, 1)
	i, err := p.Instantiate(context.Background(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { i.Close(context.Background()) })
	f, err := p.Func("", "id")
	if err != nil {
		b.Fatal(err)
	}
	call := &loopCall{args: []uint32{7}}
	b.ReportAllocs()
	for b.Loop() {
		if err := i.Do(context.Background(), f, call); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInstantiate(b *testing.B) { benchInstantiate(b, benchProgram(b, 1)) }

// BenchmarkInstantiateRust is a component of 180 kB that Rust's tools have made for WASI 0.2.
func BenchmarkInstantiateRust(b *testing.B) {
	wasm, err := os.ReadFile("../testdata/guests/rust/hello-p2.wasm")
	if err != nil {
		b.Fatal(err)
	}
	c := decode(b, wasm)
	l := engine.NewLinker()
	for _, i := range c.Imports() {
		l.DefineTrap(i.Name, errors.New("not called"))
	}
	benchInstantiate(b, linked(b, l, newRuntime(b), c))
}

func benchInstantiate(b *testing.B, p *engine.Program) {
	b.ReportAllocs()
	for b.Loop() {
		i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
		if err != nil {
			b.Fatal(err)
		}
		i.Close(context.Background())
	}
}
