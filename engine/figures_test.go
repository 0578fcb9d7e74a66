package engine_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// thing is a host resource without anything in it.
type thing struct{}

// gate is a pollable that becomes ready for all who wait for it at once.
type gate struct {
	mu   sync.Mutex
	open bool
	wake []func()
}

func (g *gate) Ready() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

func (g *gate) Arm(wake func()) func() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wake = append(g.wake, wake)
	return nil
}

func (g *gate) Open() {
	g.mu.Lock()
	g.open = true
	wake := g.wake
	g.mu.Unlock()
	for _, w := range wake {
		w()
	}
}

// figuresProgram is testdata/figures.wat, whose function wait waits for g.
func figuresProgram(b testing.TB, rt *engine.Runtime, g *gate) *engine.Program {
	b.Helper()
	wasm, err := os.ReadFile(filepath.Join("testdata", "figures.wasm"))
	if err != nil {
		b.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		b.Fatal(err)
	}
	l := engine.NewLinker()
	l.Define("figures:host/api", func() (*abi.Interface, error) {
		return &abi.Interface{ID: "figures:host/api", Resources: []string{"thing"}, Funcs: []abi.Func{
			{Name: "[constructor]thing", Type: "func()->own<figures:host/api#thing>", Serve: func(c *abi.Call) {
				c.Return(uint64(c.LowerOwn(thing{}, 0)))
			}},
			{Name: "sum", Type: "func(r:record{a:u32,b:u32,c:u32,d:u32,e:u32,f:u32,g:u32,h:u32,i:u32,j:u32})->u32", Serve: func(c *abi.Call) {
				sum, args := uint32(0), c.Args()
				for i := range 10 {
					sum += args.U32(i)
				}
				c.Return(uint64(sum))
			}},
			{Name: "wait", Type: "func()", Serve: func(c *abi.Call) {
				if !g.Ready() {
					c.Fail(abi.WaitFor(g))
				}
			}},
		}}, nil
	})
	p, err := l.Link(context.Background(), rt, c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	return p
}

func figuresFunc(b testing.TB, p *engine.Program, name string) *engine.Func {
	b.Helper()
	f, err := p.Func("", name)
	if err != nil {
		b.Fatal(err)
	}
	return f
}

func benchFigure(b *testing.B, name string) {
	p := figuresProgram(b, newRuntime(b), new(gate))
	i, f := instantiate(b, p), figuresFunc(b, p, name)
	b.ReportAllocs()
	b.ResetTimer()
	if err := i.Do(context.Background(), f, &loopCall{args: []uint32{uint32(b.N)}}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkHostRecord10(b *testing.B)   { benchFigure(b, "loop-sum") }
func BenchmarkHostResource(b *testing.B)   { benchFigure(b, "loop-thing") }
func BenchmarkStreamChunk64K(b *testing.B) { benchPour(b, 64<<10) }
func BenchmarkStreamChunk16(b *testing.B)  { benchPour(b, 16) }

// BenchmarkCallbackTask is an async function that returns at once.
func BenchmarkCallbackTask(b *testing.B) {
	p := figuresProgram(b, newRuntime(b), new(gate))
	i, f := instantiate(b, p), figuresFunc(b, p, "soon")
	call := &loopCall{}
	b.ReportAllocs()
	for b.Loop() {
		if err := i.Do(context.Background(), f, call); err != nil {
			b.Fatal(err)
		}
	}
}

// pour is a call of the function pour, with the stream that it returns.
type pour struct {
	n, size uint32
	stream  *abi.ByteReader
}

func (c *pour) Lower(_ *abi.Guest, flat abi.Flat) {
	flat.Set(0, uint64(c.n))
	flat.Set(1, uint64(c.size))
}

func (c *pour) Lift(v *abi.Values) { c.stream = v.ByteStream(v.Args().U32(0), 0) }

// benchPour measures one chunk of a stream from a guest to a reader that wants nothing.
func benchPour(b *testing.B, size int) {
	p := figuresProgram(b, newRuntime(b), new(gate))
	i, f := instantiate(b, p), figuresFunc(b, p, "pour")
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; {
		n := min(left, 1<<30/size)
		left -= n
		c := &pour{n: uint32(n * size), size: uint32(size)}
		if err := i.Start(context.Background(), f, c, nil).Wait(context.Background()); err != nil {
			b.Fatal(err)
		}
		if got, err := c.stream.WriteTo(io.Discard); err != nil || got != int64(n*size) {
			b.Fatalf("%d bytes of %d, %v", got, n*size, err)
		}
	}
}

// Guests that wait hold a memory and a stack, but no thread.
func TestManySuspended(t *testing.T) {
	n := 1_000
	if testing.Short() {
		n = 200
	}
	suspend(t, n, func() {})
}

// BenchmarkSuspended has 10,000 guests wait at once, and reports what they take.
func BenchmarkSuspended(b *testing.B) {
	const n = 10_000
	for b.Loop() {
		var before, after status
		before.read(b)
		suspend(b, n, func() { after.read(b) })
		b.ReportMetric(float64(after.threads), "threads")
		b.ReportMetric(float64(after.maps-before.maps)/n, "maps/guest")
		b.ReportMetric(float64(after.resident-before.resident)/n, "B-resident/guest")
	}
}

// suspend has n instances wait in a host function, calls f, and lets them go on.
func suspend(b testing.TB, n int, f func()) {
	rt, err := engine.NewRuntime(engine.Config{Instances: n})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := rt.Close(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	var g gate
	p := figuresProgram(b, rt, &g)
	wait := figuresFunc(b, p, "wait")
	calls := make([]*engine.Call, n)
	list := make([]*engine.Instance, n)
	for k := range calls {
		ctx, cancel := context.WithTimeoutCause(context.Background(), time.Minute, errors.New("no room"))
		i, err := p.Instantiate(ctx, engine.InstanceConfig{})
		cancel()
		if err != nil {
			b.Fatalf("instance %d: %v", k, err)
		}
		list[k], calls[k] = i, i.Start(context.Background(), wait, &loopCall{}, nil)
	}
	for _, c := range calls {
		select {
		case <-c.Done():
			b.Fatalf("a call did not wait: %v", c.Err())
		default:
		}
	}
	if threads := pprof.Lookup("threadcreate").Count(); threads > 100 {
		b.Errorf("%d guests that wait take %d threads", n, threads)
	}
	f()
	g.Open()
	for k, c := range calls {
		if err := c.Wait(context.Background()); err != nil {
			b.Fatal(err)
		}
		if err := list[k].Close(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}

// status is what the system says of this process.
type status struct{ threads, maps, resident int }

func (s *status) read(b testing.TB) {
	runtime.GC()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		k, v, _ := strings.Cut(line, ":")
		switch n := atoi(v); k {
		case "Threads":
			s.threads = n
		case "VmRSS":
			s.resident = n << 10
		}
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		b.Skip(err)
	}
	s.maps = strings.Count(string(maps), "\n")
}

// atoi reads the number at the beginning of a text, with spaces before it.
func atoi(s string) (n int) {
	for _, c := range strings.TrimSpace(s) {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + int(c-'0')
	}
	return n
}
