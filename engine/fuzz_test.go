package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/wasmtime"
)

// fuzzRuntime is the runtime of a fuzzing process: a pool takes long to make.
var fuzzRuntime = sync.OnceValues(func() (*Runtime, error) { return NewRuntime(Config{Instances: 8}) })

// fuzzCompiled bounds, in bytes, what the fuzzer compiles. Larger components are decoded,
// validated and linked: compiling them would take the time that many small ones need.
const fuzzCompiled = 8 << 10

// fuzzPatience is longer than whatever runs under the fuzzer's limits may take.
const fuzzPatience = 8 * time.Second

// FuzzDecodeInstantiate runs bytes that may be anything: they are decoded, validated, linked
// with stand-ins for all that they import, compiled and instantiated, and what they export is
// called as far as it takes no arguments. The engine answers with errors, in time, and keeps
// nothing.
func FuzzDecodeInstantiate(f *testing.F) {
	for _, pattern := range []string{
		"testdata/wast/*.wasm", "testdata/*.wasm", "../testdata/guests/rust/hello-*.wasm",
	} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no seeds like %s", pattern)
		}
		for _, p := range paths {
			wasm, err := os.ReadFile(p)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(wasm)
		}
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		rt, err := fuzzRuntime()
		if err != nil {
			t.Fatal(err)
		}
		runHostile(t, rt, wasm, DecodeConfig{})
	})
}

// runHostile does with a component whatever can be done without knowing it.
func runHostile(t *testing.T, rt *Runtime, wasm []byte, cfg DecodeConfig) {
	t.Helper()
	c, err := DecodeWith(wasm, cfg)
	if err != nil {
		return
	}
	c.Exports()
	l := NewLinker()
	for _, x := range c.Imports() {
		l.DefineTrap(x.Name, errors.New("nobody is here"))
	}
	if len(wasm) > fuzzCompiled {
		_, _ = link.Link(c.c, resolver{l, hostResources{}}, limits.Limits{}, link.Options{})
		return
	}
	p, err := l.Link(context.Background(), rt, c)
	if err != nil {
		return
	}
	defer p.Close()
	// Each function gets an instance of its own: one that has trapped takes no more calls.
	funcs := argless(p)
	hostileCall(t, p, nil)
	for _, fn := range funcs {
		hostileCall(t, p, fn)
	}
	if s := rt.Stats(); s != (Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

// argless returns the exported functions without parameters, of many the first few.
func argless(p *Program) (fs []*Func) {
	for _, name := range p.Funcs() {
		iface, fn, ok := strings.Cut(name, "#")
		if !ok {
			iface, fn = "", name
		}
		f, err := p.Func(iface, fn)
		if err == nil && len(fs) < 10 && strings.HasPrefix(strings.TrimPrefix(f.Type(), "async "), "func()") {
			fs = append(fs, f)
		}
	}
	return fs
}

// hostileCall makes an instance and calls f, if there is one, and once more if that works.
func hostileCall(t *testing.T, p *Program, f *Func) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), fuzzPatience)
	defer cancel()
	i, err := p.Instantiate(ctx, InstanceConfig{
		Memory: 8 << 20, ComputeTime: 20 * time.Millisecond, Handles: 1000, HostCalls: 4,
	})
	if err != nil {
		notOurs(t, ctx, "instantiate", err)
		return
	}
	for n := 0; n < 2 && f != nil && err == nil; n++ {
		_, err = i.Call(ctx, f)
		notOurs(t, ctx, "call", err)
	}
	if err := i.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

// notOurs checks that an error is a fault of the component and not of the engine.
func notOurs(t *testing.T, ctx context.Context, what string, err error) {
	t.Helper()
	var inHost *canon.HostPanic
	var inCall *wasmtime.PanicError
	switch {
	case errors.As(err, &inHost):
		t.Errorf("%s: %v\n%s", what, err, inHost.Stack)
	case errors.As(err, &inCall):
		t.Errorf("%s: %v\n%s", what, err, inCall.Stack)
	case ctx.Err() != nil:
		t.Errorf("%s: still not over after %v: %v", what, fuzzPatience, err)
	}
}
