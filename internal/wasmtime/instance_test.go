package wasmtime

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/corewasm"
)

// Two modules linked by hand: memory, table, global, functions and host functions.
func TestInstantiateWith(t *testing.T) {
	for _, c := range []Config{{}, {Pool: smallPool}} {
		e := newEngine(t, c)
		lib := compile(t, e, `(module (import "" "h" (func $h (param i32) (result i32)))
		 (memory (export "memory") 1) (table (export "table") 2 funcref) (global (export "global") (mut i32) (i32.const 5))
		 (func (export "twice") (param i32) (result i32) (i32.mul (i32.const 2) (call $h (local.get 0))))
		 (export "h" (func $h)))`)
		app := compile(t, e, `(module (import "env" "global" (global $g (mut i32))) (import "env" "twice" (func $t (param i32) (result i32)))
		 (import "env" "memory" (memory 1)) (import "host" "h2" (func $h2 (param i32 i32) (result i32)))
		 (import "env" "table" (table 2 funcref)) (import "env" "h" (func $h (param i32) (result i32)))
		 (elem (i32.const 0) $t $h2)
		 (func (export "run") (param i32) (result i32)
		  (i32.store (i32.const 8) (i32.const 1234))
		  (global.set $g (i32.add (global.get $g) (i32.const 1)))
		  (call $h2 (call $t (call $h (local.get 0))) (global.get $g))))`)
		h := &fake{}
		s := newStore(t, e, h, StoreConfig{})
		li, err := s.InstantiateWith(lib, []Extern{s.HostFunc(HostFunc{Type: unary, Op: opEcho})})
		if err != nil {
			t.Fatal(err)
		}
		var xs []Extern
		for _, im := range app.Info().Imports {
			if im.Module == "host" {
				xs = append(xs, s.HostFunc(HostFunc{Type: binaryOp, Op: opAdd}))
				continue
			}
			x, err := s.Export(li, lib, im.Name)
			if err != nil {
				t.Fatal(err)
			}
			if x.Type().Kind != im.Type.Kind {
				t.Error(x.Type())
			}
			xs = append(xs, x)
		}
		ai, err := s.InstantiateWith(app, xs)
		if err != nil {
			t.Fatal(err)
		}
		mem, err := s.AddMemory(xs[2])
		if err != nil || mem != 0 {
			t.Fatal(mem, err)
		}
		x, err := s.Export(ai, app, "run")
		if err != nil {
			t.Fatal(err)
		}
		fn, err := s.AddFunc(x)
		if err != nil {
			t.Fatal(err)
		}
		s.Args().SetU32(0, 10)
		if err := s.Call(fn, 1); err != nil || s.Args().U32(0) != 26 {
			t.Error(s.Args().U32(0), err)
		}
		if b := s.Memory(mem); len(b) != 65536 || b[8] != 1234&255 || b[9] != 1234>>8 {
			t.Error(len(b))
		}
		if s.MemoryBytes() != 65536 {
			t.Error(s.MemoryBytes())
		}

		// What does not fit is refused and leaves the store usable.
		bad := append([]Extern{}, xs...)
		bad[0], bad[1] = bad[1], bad[0]
		if _, err := s.InstantiateWith(app, bad); err == nil || !strings.Contains(err.Error(), "incompatible import type") {
			t.Error(err)
		}
		if _, err := s.InstantiateWith(app, xs[1:]); err == nil {
			t.Error("too few imports")
		}
		bad[0] = Extern{}
		if _, err := s.InstantiateWith(app, bad); !errors.Is(err, ErrForeign) {
			t.Error(err)
		}
		bad[0] = s.HostFunc(HostFunc{Type: corewasm.FuncType{Params: []corewasm.ValType{corewasm.FuncRef}}})
		if _, err := s.InstantiateWith(app, bad); err == nil || !strings.Contains(err.Error(), "references") {
			t.Error(err)
		}
		other := newStore(t, e, h, StoreConfig{})
		if _, err := other.InstantiateWith(app, xs); !errors.Is(err, ErrForeign) {
			t.Error(err)
		}
		if _, err := other.AddFunc(x); !errors.Is(err, ErrForeign) {
			t.Error(err)
		}
		if _, err := other.AddMemory(xs[2]); !errors.Is(err, ErrForeign) {
			t.Error(err)
		}
		if _, err := other.Export(li, lib, "twice"); !errors.Is(err, ErrForeign) {
			t.Error(err)
		}
		if _, err := s.AddFunc(xs[2]); err == nil {
			t.Error("a memory is no function")
		}
		if _, err := s.AddFunc(xs[3]); err == nil {
			t.Error("host functions cannot be registered")
		}
		if _, err := s.AddMemory(x); err == nil {
			t.Error("a function is no memory")
		}
		if _, err := s.Export(li, lib, "nothing"); err == nil {
			t.Error("no such export")
		}
		if _, err := s.Export(li, app, "run"); err == nil {
			t.Error("export of another module")
		}
		if err := s.Call(fn, 1); err != nil {
			t.Error(err)
		}
	}
}

// A host function that an instance exports can be called like any other.
func TestReexportedHostFunction(t *testing.T) {
	e := newEngine(t, Config{})
	m := compile(t, e, `(module (import "" "h" (func $h (param i32) (result i32))) (import "" "s" (func $s (param i32) (result i32)))
	 (import "" "get" (func $get (result i32))) (import "" "set" (func $set (param i32)))
	 (export "h" (func $h)) (export "s" (func $s)) (export "get" (func $get)) (export "set" (func $set)))`)
	pre := prelink(t, e, m, []HostFunc{
		{Type: unary, Op: opEcho}, {Type: unary, Op: opSleep},
		{Type: getter, Op: 1, Kind: ContextGet}, {Type: setter, Op: 1, Kind: ContextSet},
	})
	h := &fake{}
	s := newStore(t, e, h, StoreConfig{})
	in, err := s.Instantiate(pre)
	if err != nil {
		t.Fatal(err)
	}
	fns := map[string]FuncID{}
	for _, n := range []string{"h", "s", "get", "set"} {
		x, err := s.Export(in, m, n)
		if err != nil {
			t.Fatal(err)
		}
		if fns[n], err = s.AddFunc(x); err != nil {
			t.Fatal(err)
		}
	}
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if r, err := run(f, fns["h"], 5); r != 5 || err != nil {
		t.Error(r, err)
	}
	if o := start(f, fns["s"], 6); o != Suspended || f.CallArgs().U32(0) != 6 {
		t.Error(o)
	}
	f.CallArgs().SetU32(0, 7)
	if r, err := finish(f, Suspended); r != 7 || err != nil {
		t.Error(r, err)
	}
	if _, err := run(f, fns["set"], 8); err != nil || f.Context()[1] != 8 {
		t.Error(err, f.Context())
	}
	if r, err := run(f, fns["get"], 0); r != 8 || err != nil {
		t.Error(r, err)
	}
	s.Args().SetU32(0, 9)
	if err := s.Call(fns["h"], 1); err != nil || s.Args().U32(0) != 9 {
		t.Error(err)
	}
	h.sleep = func(*Fiber, Slots) Status { panic("boom") }
	if _, err := run(f, fns["s"], 1); err == nil {
		t.Error("no trap")
	}
}

// A guest that has used up nearly all its stack can still call, suspend, grow
// its memory and trap: what wasmtime needs of a fiber's stack comes on top.
func TestDeepGuest(t *testing.T) {
	for name, c := range map[string]Config{
		"default": {}, "small": {MaxWasmStack: 64 << 10, AsyncStack: 320 << 10}, "pooled": {Pool: smallPool},
	} {
		e := newEngine(t, c)
		m := compile(t, e, `(module (import "" "s" (func $s (param i32) (result i32))) (memory 1 1000)
		 (func $down (export "down") (param $n i32) (result i32) (local $r i32)
		  (if (result i32) (local.get $n)
		   (then (local.set $r (call $down (i32.sub (local.get $n) (i32.const 1)))) (i32.add (local.get $r) (i32.const 1)))
		   (else (drop (memory.grow (i32.const 1))) (drop (call $s (i32.const 0))) (call $trap (i32.load (i32.const 0))) (i32.const 0))))
		 (func $trap (param i32) (if (local.get 0) (then unreachable))))`)
		pre := prelink(t, e, m, []HostFunc{{Type: unary, Op: opSleep}})
		deepest := func(n uint32) bool {
			s := newStore(t, e, &fake{}, StoreConfig{})
			in, err := s.Instantiate(pre)
			if err != nil {
				t.Fatal(err)
			}
			x, _ := s.Export(in, m, "down")
			fn, err := s.AddFunc(x)
			if err != nil {
				t.Fatal(err)
			}
			f, err := s.NewFiber()
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			r, err := run(f, fn, n)
			if err == nil && r != n {
				t.Fatal(name, r, n)
			}
			return err == nil
		}
		lo, hi := uint32(100), uint32(1<<20)
		for hi-lo > 1 {
			if mid := (lo + hi) / 2; deepest(mid) {
				lo = mid
			} else {
				hi = mid
			}
		}
		if lo < 500 || lo > 100_000 {
			t.Error(name, lo)
		}
	}
}
