package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

// sizeError checks that err is a trap because of a limit.
func sizeError(t *testing.T, err error, want engine.SizeError) {
	t.Helper()
	var size *engine.SizeError
	if !errors.As(err, &size) || *size != want || !errors.Is(err, engine.ErrTrap) {
		t.Errorf("got %v, want the trap %v", err, &want)
	}
}

// loop calls a function of the benchmark guest once, with a value of so many bytes.
func loop(t *testing.T, cfg engine.InstanceConfig, name string, size uint32) error {
	t.Helper()
	p := benchProgram(t, 1<<16)
	i, err := p.Instantiate(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close(context.Background())
	f, err := p.Func("", name)
	if err != nil {
		t.Fatal(err)
	}
	return i.Start(context.Background(), f, &loopCall{args: []uint32{1, size}}, nil).Wait(context.Background())
}

// What a guest gives to a host function is bounded for each value and for the call.
func TestLimitOfArguments(t *testing.T) {
	for name, tt := range map[string]struct {
		fn   string
		cfg  engine.InstanceConfig
		size uint32
		want *engine.SizeError
	}{
		"no list too long":       {"loop-take", engine.InstanceConfig{ValueBytes: 1000}, 1000, nil},
		"list too long":          {"loop-take", engine.InstanceConfig{ValueBytes: 1000}, 1001, &engine.SizeError{Limit: 1000}},
		"no string too long":     {"loop-text", engine.InstanceConfig{ValueBytes: 1000}, 1000, nil},
		"string too long":        {"loop-text", engine.InstanceConfig{ValueBytes: 1000}, 1001, &engine.SizeError{Limit: 1000}},
		"no call too large":      {"loop-text", engine.InstanceConfig{CallBytes: 1000}, 1000, nil},
		"call too large":         {"loop-text", engine.InstanceConfig{CallBytes: 1000}, 1001, &engine.SizeError{Limit: 1000, Call: true}},
		"what is looked at":      {"loop-take", engine.InstanceConfig{CallBytes: 1000}, 1001, nil}, // and not copied
		"what the host gives":    {"loop-give", engine.InstanceConfig{ValueBytes: 1000, CallBytes: 1000}, 1 << 16, nil},
		"nothing by default":     {"loop-text", engine.InstanceConfig{}, 1 << 16, nil},
		"a limit of all lengths": {"loop-text", engine.InstanceConfig{ValueBytes: 1 << 40}, 1 << 16, nil},
	} {
		err := loop(t, tt.cfg, tt.fn, tt.size)
		switch {
		case tt.want != nil:
			t.Run(name, func(t *testing.T) { sizeError(t, err, *tt.want) })
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
}

// wastComponent links a component of testdata/wast.
func wastComponent(t *testing.T, rt *engine.Runtime, file string, f engine.Features) *engine.Program {
	t.Helper()
	wasm, err := os.ReadFile(filepath.Join("testdata", "wast", file))
	if err != nil {
		t.Fatal(err)
	}
	c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Features: f})
	if err != nil {
		t.Fatal(err)
	}
	return linked(t, wastHost(), rt, c)
}

// So are results, in every encoding: it is the length in the guest's memory that counts for a
// value, and that in the host's for a call.
func TestLimitOfResults(t *testing.T) {
	rt := newRuntime(t)
	p := wastComponent(t, rt, "transcode.0.wasm", engine.Features{})
	for name, tt := range map[string]struct {
		fn, arg string
		cfg     engine.InstanceConfig
		want    *engine.SizeError
	}{
		"utf8":                 {"echo8", strings.Repeat("a", 100), engine.InstanceConfig{ValueBytes: 100}, nil},
		"utf8 too long":        {"echo8", strings.Repeat("a", 101), engine.InstanceConfig{ValueBytes: 100}, &engine.SizeError{Limit: 100}},
		"utf16":                {"echo16", strings.Repeat("a", 50), engine.InstanceConfig{ValueBytes: 100}, nil},
		"utf16 too long":       {"echo16", strings.Repeat("a", 51), engine.InstanceConfig{ValueBytes: 100}, &engine.SizeError{Limit: 100}},
		"latin1":               {"echo-latin1", strings.Repeat("é", 100), engine.InstanceConfig{ValueBytes: 100}, nil},
		"latin1 too long":      {"echo-latin1", strings.Repeat("é", 101), engine.InstanceConfig{ValueBytes: 100}, &engine.SizeError{Limit: 100}},
		"call with utf16":      {"echo16", strings.Repeat("€", 20), engine.InstanceConfig{CallBytes: 92}, nil},
		"call too large":       {"echo16", strings.Repeat("€", 21), engine.InstanceConfig{CallBytes: 92}, &engine.SizeError{Limit: 92, Call: true}},
		"call with latin1":     {"echo-latin1", strings.Repeat("é", 30), engine.InstanceConfig{CallBytes: 92}, nil},
		"latin1 call too long": {"echo-latin1", strings.Repeat("é", 31), engine.InstanceConfig{CallBytes: 92}, &engine.SizeError{Limit: 92, Call: true}},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := p.Instantiate(context.Background(), tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close(context.Background())
			got, err := call(t, i, tt.fn, tt.arg)
			switch {
			case tt.want != nil:
				sizeError(t, err, *tt.want)
			case err != nil || got != tt.arg:
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// Guests with a 64-bit memory have the same limits, also for what is copied on the way.
func TestLimitsWith64BitMemory(t *testing.T) {
	rt := newRuntimeWith(t, engine.Config{Instances: 10, Features: engine.Features{Memory64: true}})
	p := wastComponent(t, rt, "memory64.0.wasm", engine.Features{Memory64: true})
	for name, tt := range map[string]struct {
		fn   string
		cfg  engine.InstanceConfig
		want *engine.SizeError
	}{
		"result":             {"string", engine.InstanceConfig{ValueBytes: 100, CallBytes: 200}, nil},
		"result too long":    {"string", engine.InstanceConfig{ValueBytes: 99}, &engine.SizeError{Limit: 99}},
		"result too large":   {"string", engine.InstanceConfig{CallBytes: 99}, &engine.SizeError{Limit: 99, Call: true}},
		"argument":           {"host", engine.InstanceConfig{ValueBytes: 100, CallBytes: 200}, nil},
		"argument too long":  {"host", engine.InstanceConfig{ValueBytes: 99}, &engine.SizeError{Limit: 99}},
		"argument too large": {"host", engine.InstanceConfig{CallBytes: 99}, &engine.SizeError{Limit: 99, Call: true}},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := p.Instantiate(context.Background(), tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer i.Close(context.Background())
			arg := strings.Repeat("x", 100)
			got, err := call(t, i, tt.fn, arg)
			switch {
			case tt.want != nil:
				sizeError(t, err, *tt.want)
			case err != nil || got != arg:
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// A component that needs what the runtime does not have is refused when it is linked.
func TestRuntimeWithout64BitMemories(t *testing.T) {
	wasm, err := os.ReadFile(filepath.Join("testdata", "wast", "memory64.0.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Decode(wasm); !errors.Is(err, engine.ErrUnsupported) || !strings.Contains(err.Error(), "64-bit memory") {
		t.Errorf("without the feature: %v", err)
	}
	c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Features: engine.Features{Memory64: true}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = wastHost().Link(context.Background(), newRuntime(t), c)
	if !errors.Is(err, engine.ErrUnsupported) || !strings.Contains(err.Error(), "64-bit memories") {
		t.Errorf("got %v", err)
	}
}
