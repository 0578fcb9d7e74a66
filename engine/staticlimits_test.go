package engine_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

// compileHostile links a component in a new runtime, whose cache is off.
func compileHostile(t testing.TB, rt *engine.Runtime, wasm []byte, l engine.Limits) error {
	t.Helper()
	c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: l})
	if err != nil {
		return err
	}
	p, err := engine.NewLinker().Link(context.Background(), rt, c)
	if err == nil {
		p.Close()
	}
	return err
}

// most is the greatest number for which a hostile component stays within the default limits.
// Nothing is compiled to find it.
func most(t testing.TB, from int, component func(n int) []byte) int {
	t.Helper()
	ok := func(n int) bool {
		err := scan(component(n))
		var over *engine.StaticLimitError
		if err != nil && !errors.As(err, &over) {
			t.Fatal(err)
		}
		return err == nil
	}
	top := from
	for ok(top) {
		top *= 2
	}
	return sort.Search(top, func(n int) bool { return n >= from && !ok(n) }) - 1
}

// scan does what is done before a component is compiled.
func scan(wasm []byte) error {
	c, err := engine.Decode(wasm)
	if err != nil {
		return err
	}
	return engine.CheckCode(c)
}

// BenchmarkHostileCompile compiles what the default limits let through of each shape: one
// function that is as costly as one may be, and a component of as many as there may be.
// It reports the processor time, which wall-clock time is less than where there are several
// processors, and the most memory that the process has taken so far.
func BenchmarkHostileCompile(b *testing.B) {
	rt := newRuntime(b)
	for _, s := range shapes {
		for _, locals := range []int{1, 100, 10_000} {
			if scan(hostileComponent(s.function(1, locals), 1)) != nil {
				continue // this shape has too many edges for as many locals
			}
			steps := most(b, 1, func(n int) []byte { return hostileComponent(s.function(n, locals), 1) })
			function := s.function(steps, locals)
			b.Run(fmt.Sprintf("%s/%d locals/one function", s.name, locals), func(b *testing.B) {
				benchHostile(b, rt, hostileComponent(function, 1))
			})
			b.Run(fmt.Sprintf("%s/%d locals/all", s.name, locals), func(b *testing.B) {
				many := most(b, 1, func(n int) []byte { return hostileComponent(function, n) })
				benchHostile(b, rt, hostileComponent(function, many))
			})
		}
	}
}

func benchHostile(b *testing.B, rt *engine.Runtime, wasm []byte) {
	reportCPU(b, func() {
		for b.Loop() {
			if err := compileHostile(b, rt, wasm, engine.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(len(wasm))/(1<<20), "MiB-wasm")
}

// TestStaticLimits lowers one limit after the other until a component is refused: the least
// value that lets it through is what it has of that.
func TestStaticLimits(t *testing.T) {
	wasm := wasmFile(t, "wast", "limits.0.wasm")
	rt := newRuntime(t)
	load := func(field string, value int64) error {
		var l engine.Limits
		reflect.ValueOf(&l).Elem().FieldByName(field).SetInt(value)
		c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: l})
		if err != nil {
			return err
		}
		p, err := wastHost().Link(context.Background(), rt, c)
		if err == nil {
			p.Close()
		}
		return err
	}
	for field, want := range map[string]int64{
		"Size": int64(len(wasm)), "Depth": 2, "Components": 3, "Modules": 2, "Definitions": 26, "Types": 7,
		"TypeSize": 5, "Imports": 3, "Instances": 5, "Args": 1, "Parts": 9, "NameBytes": 22,
		"CodeBytes": 33, "Functions": 3, "FunctionBytes": 22, "Locals": 3, "BranchTargets": 3,
		"FunctionCost": 25, "Cost": 25, "Memories": 2, "Tables": 2, "TableElements": 14,
	} {
		have := int64(1)
		for load(field, have) != nil && have < 1<<20 {
			have++
		}
		if have != want {
			t.Errorf("%s: a limit of %d is kept, want %d", field, have, want)
			continue
		}
		if have == 1 {
			continue // a limit of 0 is the default
		}
		var over *engine.StaticLimitError
		err := load(field, have-1)
		if !errors.As(err, &over) || over.Limit != field || over.Value < uint64(have) || over.Max != uint64(have-1) ||
			over.Offset < -1 || over.Offset >= len(wasm) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v: %+v", field, err, over)
		}
	}
	if fields := reflect.TypeOf(engine.Limits{}).NumField(); fields != 22 {
		t.Errorf("%d of %d limits are tested", 22, fields)
	}
}
