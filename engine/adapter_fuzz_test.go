package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44" // for its text format alone

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// The memories of the guests: the first bytes are for what they note, then come the core
// arguments or the core result, the value whose address is passed, what it points to, and what
// the allocator gives out.
const (
	imageSlots = 1024
	imageValue = 8192
	imageData  = 16384
	imageEnd   = 40000
)

// pairWat is a component that calls a function of another, "run", with what lies in its
// memory. The other notes its arguments and answers with what lies in its own.
const pairWat = `(component
  (component $B
    (core module $M %[1]s
      (func (export "f") (param %[3]s) (result %[4]s)
        %[5]s
        (i32.store (i32.const 8) (i32.add (i32.const 1) (i32.load (i32.const 8))))
        %[6]s)
      (func (export "post") (param %[4]s)
        (i32.store (i32.const 12) (i32.add (i32.const 1) (i32.load (i32.const 12))))))
    (core instance $m (instantiate $M))
    (alias core export $m "memory" (core memory $memory))
    (alias core export $m "realloc" (core func $realloc))
    (alias core export $m "seed-at" (core func $seed-at))
    (alias core export $m "post" (core func $post))
    %[7]s
    (func (export "f") %[8]s (canon lift (core func $m "f") (memory $memory) (realloc $realloc) %[9]s))
    (func (export "seed") (param "b" (list u8)) (canon lift (core func $m "seed") (memory $memory) (realloc $seed-at)))
    (func (export "dump") (result (list u8)) (canon lift (core func $m "dump") (memory $memory))))
  (component $A
    (import "b" (instance $b
      %[10]s
      (export "f" (func %[8]s))))
    (core module $Mem %[1]s)
    (core instance $m (instantiate $Mem))
    (alias core export $m "memory" (core memory $memory))
    (alias core export $m "realloc" (core func $realloc))
    (alias core export $m "seed-at" (core func $seed-at))
    (core func $f (canon lower (func $b "f") (memory $memory) (realloc $realloc)))
    (core module $Main
      (import "" "memory" (memory 1))
      (import "" "f" (func $f (param %[11]s) (result %[12]s)))
      (func (export "run") %[13]s))
    (core instance $main (instantiate $Main (with "" (instance (export "memory" (memory $memory)) (export "f" (func $f))))))
    (func (export "run") (canon lift (core func $main "run")))
    (func (export "seed") (param "b" (list u8)) (canon lift (core func $m "seed") (memory $memory) (realloc $seed-at)))
    (func (export "dump") (result (list u8)) (canon lift (core func $m "dump") (memory $memory))))
  (instance $b (instantiate $B))
  (instance $a (instantiate $A (with "b" (instance $b))))
  (export "run" (func $a "run"))
  (export "seed-a" (func $a "seed")) (export "dump-a" (func $a "dump"))
  (export "seed-b" (func $b "seed")) (export "dump-b" (func $b "dump")))`

// memoryWat is a guest's memory. Byte 4 of it says how the allocator misbehaves: 1, what it
// gives is not aligned; 2, it is out of bounds; 3, the memory grows each time.
const memoryWat = `
      (memory (export "memory") 1 3)
      (global $next (mut i32) (i32.const 40000))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
        (local.set $p (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get 2))))
        (global.set $next (i32.add (local.get $p) (local.get 3)))
        (if (i32.eq (i32.load8_u (i32.const 4)) (i32.const 1)) (then (return (i32.add (local.get $p) (i32.const 1)))))
        (if (i32.eq (i32.load8_u (i32.const 4)) (i32.const 2)) (then (return (i32.const -16))))
        (if (i32.eq (i32.load8_u (i32.const 4)) (i32.const 3)) (then
          (drop (memory.grow (i32.const 1)))
          (if (i32.eq (memory.size) (i32.const 2)) (then (return (i32.const 65536))))))
        (local.get $p))
      (func (export "seed-at") (param i32 i32 i32 i32) (result i32) (i32.const 0))
      (func (export "seed") (param i32 i32))
      (func (export "dump") (result i32)
        (i32.store (i32.const 65528) (i32.const 0)) (i32.store (i32.const 65532) (i32.const 65528)) (i32.const 65528))`

func pairComponent(ft *types.Func, post bool) string {
	lift, lower := ft.LiftSignature(types.SignatureOptions{}), ft.LowerSignature(types.SignatureOptions{})
	var store, answer, call strings.Builder
	for i, t := range lift.Params {
		fmt.Fprintf(&store, "(%s.store (i32.const %d) (local.get %d))", t, imageSlots+8*i, i)
	}
	if len(lift.Results) > 0 {
		fmt.Fprintf(&answer, "(%s.load (i32.const 2048))", lift.Results[0])
	}
	for i, t := range lower.Params {
		fmt.Fprintf(&call, "(%s.load (i32.const %d))", t, imageSlots+8*i)
	}
	run := "(call $f " + call.String() + ")"
	if len(lower.Results) > 0 {
		run = fmt.Sprintf("(%s.store (i32.const 3072) %s)", lower.Results[0], run)
	}
	exports, imports := &watTypes{names: map[*types.Val]string{}}, &watTypes{names: map[*types.Val]string{}, imports: true}
	text := exports.function(ft)
	imports.function(ft)
	postReturn := ""
	if post {
		postReturn = "(post-return $post)"
	}
	return fmt.Sprintf(pairWat, memoryWat, "", list(lift.Params), list(lift.Results), store.String(), answer.String(),
		exports.b.String(), text, postReturn, imports.b.String(), list(lower.Params), list(lower.Results), run)
}

func list(ts []corewasm.ValType) string {
	var s []string
	for _, t := range ts {
		s = append(s, t.String())
	}
	return strings.Join(s, " ")
}

// pairImages makes what lies in the memories of the two.
func pairImages(r *rand.Rand, ft *types.Func) (a, b []byte) {
	image := func() *imageMaker {
		m := &imageMaker{Rand: r, mem: make([]byte, 65536), next: imageData}
		if r.IntN(15) == 0 {
			m.mem[4] = byte(1 + r.IntN(3))
		}
		return m
	}
	ma, mb := image(), image()
	lower := ft.LowerSignature(types.SignatureOptions{})
	var slots []uint64
	if ft.ParamFlatCount > types.MaxFlatParams {
		slots = append(slots, imageValue)
		for _, p := range ft.Params {
			ma.store(p.Type, imageValue+p.Offset)
		}
	} else {
		for _, p := range ft.Params {
			slots = append(slots, ma.flat(p.Type)...)
		}
	}
	for len(slots) < len(lower.Params) { // the address for the result
		slots = append(slots, imageValue)
	}
	if r.IntN(40) == 0 && len(slots) > 0 {
		slots[len(slots)-1] = uint64(r.Uint32() >> r.IntN(32))
	}
	for i, s := range slots {
		ma.put(uint32(imageSlots+8*i), 8, s)
	}
	if v := ft.Result; v != nil && v.FlatCount > types.MaxFlatResults {
		mb.put(2048, 4, imageValue)
		if r.IntN(40) == 0 {
			mb.put(2048, 4, uint64(r.Uint32()>>r.IntN(32)))
		}
		mb.store(v, imageValue)
	} else if v != nil {
		mb.put(2048, 8, mb.flat(v)[0])
	}
	return ma.mem, mb.mem
}

// outcomeOf runs the pair and returns what became of the memories, or how it trapped.
func outcomeOf(t *testing.T, p *engine.Program, a, b []byte) (string, []byte) {
	t.Helper()
	i := must(p.Instantiate(context.Background(), engine.InstanceConfig{}))
	defer i.Close(context.Background())
	seed := func(name string, image []byte) {
		if _, err := call(t, i, name, image); err != nil {
			t.Fatal(name, err)
		}
	}
	seed("seed-a", a[:imageEnd])
	seed("seed-b", b[:imageEnd])
	if _, err := call(t, i, "run"); err != nil {
		var trap *engine.TrapError
		if !errors.As(err, &trap) {
			t.Fatal(err)
		}
		return trap.Reason, nil
	}
	var all []byte
	for _, name := range []string{"dump-a", "dump-b"} {
		v, err := call(t, i, name)
		if err != nil {
			t.Fatal(name, err)
		}
		all = append(all, v.([]byte)...)
	}
	return "", all
}

// comparePair makes a function type, and calls a function of that type with and without an
// adapter. It reports whether the call was one that traps.
func comparePair(t *testing.T, rt *engine.Runtime, seed uint64) (trapped bool) {
	r := rand.New(rand.NewPCG(seed, 0))
	m := &typeMaker{Rand: r, left: 30}
	var params []types.Param
	for i := range r.IntN(5) {
		params = append(params, types.Param{Name: fmt.Sprintf("p%d", i), Type: m.val(3)})
	}
	var result *types.Val
	if r.IntN(5) > 0 {
		result = m.val(3)
	}
	ft, err := m.Func(params, result, false)
	if err != nil {
		return false
	}
	wasm, err := wasmtimego.Wat2Wasm(pairComponent(ft, result != nil && r.IntN(2) == 0))
	if err != nil {
		t.Fatalf("%.300s: %v", ft, err)
	}
	c := decode(t, wasm)
	link := func(l *engine.Linker) *engine.Program {
		p, err := l.Link(context.Background(), rt, c)
		if err != nil {
			t.Fatalf("%.300s: %v", ft, err)
		}
		return p
	}
	plain := engine.NewLinker()
	plain.WithoutAdapters()
	with, without := link(engine.NewLinker()), link(plain)
	defer with.Close()
	defer without.Close()
	if !with.HasAdapters() || without.HasAdapters() {
		t.Fatalf("%.300s: adapters %v and %v", ft, with.HasAdapters(), without.HasAdapters())
	}
	a, b := pairImages(r, ft)
	got, gotMem := outcomeOf(t, with, a, b)
	want, wantMem := outcomeOf(t, without, a, b)
	if got != want {
		t.Errorf("%.300s: with an adapter %q, without %q", ft, got, want)
	} else if !slices.Equal(gotMem, wantMem) {
		at := 0
		for gotMem[at] == wantMem[at] {
			at++
		}
		t.Errorf("%.300s: with an adapter byte %d of %d is %#x, without %#x", ft, at, len(wantMem), gotMem[at], wantMem[at])
	}
	return want != ""
}

// FuzzAdapters compares calls that generated code makes with those that the engine makes.
func FuzzAdapters(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	rt := newRuntime(f)
	f.Fuzz(func(t *testing.T, seed uint64) { comparePair(t, rt, seed) })
}
