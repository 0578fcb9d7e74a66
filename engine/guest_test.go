package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// guestHost serves what testdata/wast/guest.wast imports.
type guestHost struct {
	mu      sync.Mutex
	notes   []uint32
	blocked chan context.Context // gets the context of each call of block
	fail    error                // what block fails with, if not nil, on its goroutine
}

func newGuestHost() *guestHost { return &guestHost{blocked: make(chan context.Context, 100)} }

func (h *guestHost) linker() *engine.Linker {
	const id = "test:guest/host@1.0.0"
	l := engine.NewLinker()
	l.Define(id, func() (*abi.Interface, error) {
		return &abi.Interface{ID: id, Funcs: []abi.Func{
			{Name: "block", Type: "async func()->u32", Serve: h.block},
			{Name: "note", Type: "func(n:u32)", Serve: func(c *abi.Call) {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.notes = append(h.notes, c.Args().U32(0))
			}},
		}}, nil
	})
	return l
}

// block waits until its context ends.
func (h *guestHost) block(c *abi.Call) {
	c.Go(func(ctx context.Context) func(*abi.Call) {
		if h.fail != nil {
			return func(c *abi.Call) { c.Fail(h.fail) }
		}
		h.blocked <- ctx
		<-ctx.Done()
		return func(c *abi.Call) { c.Return(1) }
	})
}

// noted returns what the guest has noted since it was last asked.
func (h *guestHost) noted() []uint32 {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.notes
	h.notes = nil
	return n
}

func readTestdata(name ...string) ([]byte, error) {
	return os.ReadFile(filepath.Join(append([]string{"testdata"}, name...)...))
}

func wasmFile(t testing.TB, name ...string) []byte {
	t.Helper()
	b, err := readTestdata(name...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, wasm []byte) *engine.Component {
	t.Helper()
	c, err := engine.Decode(wasm)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func guestComponent(t testing.TB) *engine.Component {
	t.Helper()
	return decode(t, wasmFile(t, "wast", "guest.0.wasm"))
}

// guestProgram links the guest in a runtime.
func guestProgram(t testing.TB, rt *engine.Runtime, h *guestHost) *engine.Program {
	t.Helper()
	return linked(t, h.linker(), rt, guestComponent(t))
}

// guestInstance makes an instance of the guest in a runtime of its own.
func guestInstance(t testing.TB, cfg engine.InstanceConfig) (*engine.Instance, *guestHost) {
	t.Helper()
	h := newGuestHost()
	return instance(t, guestProgram(t, newRuntime(t), h), cfg), h
}

// linked links c in what l defines.
func linked(t testing.TB, l *engine.Linker, rt *engine.Runtime, c *engine.Component) *engine.Program {
	t.Helper()
	p, err := l.Link(context.Background(), rt, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// instance makes an instance that is closed when the test is over.
func instance(t testing.TB, p *engine.Program, cfg engine.InstanceConfig) *engine.Instance {
	t.Helper()
	i, err := p.Instantiate(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeInstance(t, i) })
	return i
}

func closeInstance(t testing.TB, i *engine.Instance) {
	t.Helper()
	if err := i.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func function(t testing.TB, i *engine.Instance, name string) *engine.Func {
	t.Helper()
	iface, fn, ok := strings.Cut(name, "#")
	if !ok {
		iface, fn = "", name
	}
	f, err := i.Program().Func(iface, fn)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// call calls a function of an instance.
func call(t testing.TB, i *engine.Instance, name string, args ...any) (any, error) {
	t.Helper()
	return i.Call(context.Background(), function(t, i, name), args...)
}

// mustCall calls a function and compares its result.
func mustCall(t testing.TB, i *engine.Instance, want any, name string, args ...any) {
	t.Helper()
	if got, err := call(t, i, name, args...); err != nil || got != want {
		t.Fatalf("%s: got %v, %v; want %v", name, got, err, want)
	}
}

// wantHandles waits until the program's guests rest with n handles: they are counted then.
func wantHandles(t testing.TB, p *engine.Program, n int) {
	t.Helper()
	eventually(t, fmt.Sprintf("resting with %d handles", n), func() bool { return p.Stats().Handles == n })
}

// eventually waits for what other goroutines do.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come to pass", what)
		}
	}
}
