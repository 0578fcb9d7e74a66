package engine_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// worldText is a component type as wit-component encodes it: a component that exports a type.
func worldText(world string) string {
	return `(component
	(type (component (type (component ` + world + `)) (export "test:mod/w" (component (type 0)))))
	(export "w" (type 0))
	(@custom "wit-component-encoding" "\04\00"))`
}

// typed appends component types to a core module.
func typed(t testing.TB, module string, worlds ...string) []byte {
	t.Helper()
	wasm := wat(t, module)
	for i, w := range worlds {
		wasm = custom(wasm, fmt.Sprintf("component-type:%d", i), wat(t, worldText(w)))
	}
	return wasm
}

func wat(t testing.TB, text string) []byte {
	t.Helper()
	wasm, err := wasmtimego.Wat2Wasm(text)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// custom appends a custom section.
func custom(wasm []byte, name string, data []byte) []byte {
	body := append(append(binary.AppendUvarint(nil, uint64(len(name))), name...), data...)
	return append(binary.AppendUvarint(append(wasm[:len(wasm):len(wasm)], 0), uint64(len(body))), body...)
}

var modules = &engine.Modules{
	Direct: []string{"direct"},
	Worlds: []engine.ModuleWorld{{
		Export:  "old-greet",
		Imports: []engine.ModuleInterface{{Module: "old-host", ID: "test:mod/host@1.0.0", Funcs: []engine.ModuleFunc{{Core: "old-shout", Name: "shout", Type: "func(s:string)->string"}}}},
		Exports: []engine.ModuleInterface{{ID: "test:mod/greeter@1.0.0", Funcs: []engine.ModuleFunc{{Core: "old-greet", Name: "greet", Type: "func(name:string)->string"}}}},
	}, {
		Export:  "_start",
		Exports: []engine.ModuleInterface{{ID: "test:mod/run@1.0.0", Funcs: []engine.ModuleFunc{{Core: "_start", Name: "run", Type: "func()->result", Void: true}}}},
	}},
}

func decodeModule(wasm []byte) (*engine.Component, error) {
	return engine.DecodeWith(wasm, engine.DecodeConfig{Modules: modules})
}

// hostLinker provides what the modules here import. What they note is added to notes.
func hostLinker(notes *[]uint32) *engine.Linker {
	l := engine.NewLinker()
	define := func(i *abi.Interface) { l.Define(i.ID, func() (*abi.Interface, error) { return i, nil }) }
	note := func(c *abi.Call) { *notes = append(*notes, c.Args().U32(0)) }
	define(&abi.Interface{ID: "test:mod/host@1.2.0", Resources: []string{"thing"}, Funcs: []abi.Func{
		{Name: "shout", Type: "func(s:string)->string", Serve: func(c *abi.Call) {
			s := c.String(c.Args().U32(0), c.Args().U32(1))
			at := c.Result(8, 4)
			c.StoreString(at, strings.ToUpper(s)+"!")
		}},
		{Name: "note", Type: "func(n:u32)", Serve: note},
		{Name: "unused", Type: "func(n:string)", Serve: note},
	}})
	define(&abi.Interface{ID: "direct", Funcs: []abi.Func{
		{Name: "sum", Type: "func(a:u32,b:u32)->u64", Serve: func(c *abi.Call) {
			sum := uint64(0)
			for _, b := range c.View(c.Args().U32(0), c.Args().U32(1)) {
				sum += uint64(b)
			}
			if !c.Failed() {
				c.Return(sum)
			}
		}},
		{Name: "note", Type: "func(a:u32)", Serve: note},
	}})
	return l
}

// startModule links and instantiates a module, and closes all of it with the test.
func startModule(t *testing.T, wasm []byte, notes *[]uint32) *engine.Instance {
	t.Helper()
	c, err := decodeModule(wasm)
	if err != nil {
		t.Fatal(err)
	}
	p, err := hostLinker(notes).Link(context.Background(), newRuntime(t), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return i
}

// allocator is an allocator that only grows, with the memory.
const allocator = `
	(memory (export "memory") 1)
	(global $next (mut i32) (i32.const 1024))
	(func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
		global.get $next
		(global.set $next (i32.add (global.get $next) (i32.and (i32.add (local.get 3) (i32.const 7)) (i32.const -8)))))`

// greeterWorld imports and exports functions of strings; what it imports has more than is used.
const greeterWorld = `
	(type (instance
		(export "thing" (type (sub resource)))
		(type (func (param "s" string) (result string))) (export "shout" (func (type 1)))
		(type (func (param "n" u32))) (export "note" (func (type 2)))
		(type (func (param "n" string))) (export "unused" (func (type 3)))))
	(import "test:mod/host@1.0.0" (instance (type 0)))
	(type (instance (type (func)) (export "f" (func (type 0)))))
	(import "test:mod/nobody-uses-it" (instance (type 1)))
	(type (instance (type (func (param "name" string) (result string))) (export "greet" (func (type 0)))))
	(export "test:mod/greeter@1.0.0" (instance (type 2)))
	(type (func (result u32)))
	(export "freed" (func (type 3)))`

// greeter is a module of that world: greet shouts, and frees its result.
const greeter = `(module
	(import "test:mod/host@1.0.0" "shout" (func $shout (param i32 i32 i32)))
	(import "test:mod/host@1.0.0" "note" (func $note (param i32)))
	` + allocator + `
	(func (export "_initialize") (call $note (i32.const 1)))
	(func (export "test:mod/greeter@1.0.0#greet") (param i32 i32) (result i32)
		(call $shout (local.get 0) (local.get 1) (i32.const 16))
		i32.const 16)
	(global $freed (mut i32) (i32.const 0))
	(func (export "freed") (result i32) global.get $freed)
	(func (export "cabi_post_test:mod/greeter@1.0.0#greet") (param i32)
		(global.set $freed (i32.add (global.get $freed) (i32.const 1)))))`

func TestAModuleIsLinkedByItsComponentType(t *testing.T) {
	var notes []uint32
	i := startModule(t, typed(t, greeter, greeterWorld), &notes)
	if len(notes) != 1 || notes[0] != 1 {
		t.Errorf("instantiating noted %v: _initialize was not called once", notes)
	}
	mustCall(t, i, "HELLO!", "test:mod/greeter@1.0.0#greet", "hello")
	mustCall(t, i, strings.Repeat("É", 300)+"!", "test:mod/greeter@1.0.0#greet", strings.Repeat("é", 300))
	mustCall(t, i, uint32(2), "freed")
	c, _ := decodeModule(typed(t, greeter, greeterWorld))
	var items []string
	for _, x := range c.Imports() {
		items = append(items, x.Name)
		for _, f := range x.Items {
			items = append(items, f.Name)
		}
	}
	if got := strings.Join(items, " "); got != "test:mod/host@1.0.0 thing shout note" {
		t.Errorf("the component imports %s", got)
	}
	if !c.HasExport("test:mod/greeter@1.0.0") || len(c.Exports()) != 2 {
		t.Errorf("the component exports %v", c.Exports())
	}
}

// wit-bindgen up to 0.2x wrote a version, an encoding and the world's name before a component
// that has all of a package.
func TestAModuleMayHaveTheFormerComponentType(t *testing.T) {
	pkg := wat(t, `(component
		(type (component (type (instance)) (export "test:mod/other" (instance (type 0)))))
		(export "other" (type 0))
		(type (component (type (component `+greeterWorld+`)) (export "test:mod/wanted" (component (type 0)))))
		(export "wanted" (type 2)))`)
	section := append([]byte("\x03\x00\x06wanted"), pkg...)
	var notes []uint32
	i := startModule(t, custom(wat(t, greeter), "component-type:wanted", section), &notes)
	mustCall(t, i, "HI!", "test:mod/greeter@1.0.0#greet", "hi")
	for cut := range 9 {
		if _, err := decodeModule(custom(wat(t, greeter), "component-type:wanted", section[:cut])); err == nil {
			t.Errorf("a component type of %d bytes was accepted", cut)
		}
	}
}

// Each part of a program that uses wit-bindgen adds a component type of its own.
func TestAModuleMayHaveSeveralComponentTypes(t *testing.T) {
	var notes []uint32
	i := startModule(t, typed(t, `(module
		(import "test:mod/host@1.0.0" "note" (func $note (param i32)))
		(import "test:mod/host@1.0.0" "[resource-drop]thing" (func $drop (param i32)))
		(import "test:mod/host@1.1.0" "note" (func $newer (param i32)))
		(import "direct" "note" (func $direct (param i32)))
		(func (export "go") (param i32) (result i32)
			(call $note (local.get 0)) (call $newer (local.get 0)) (call $direct (local.get 0))
			(i32.add (local.get 0) (i32.const 1))))`,
		`(type (instance (export "thing" (type (sub resource))) (type (func (param "n" u32))) (export "note" (func (type 1)))))
		 (import "test:mod/host@1.0.0" (instance (type 0)))`,
		`(type (instance (export "thing" (type (sub resource))) (type (func (param "n" u32))) (export "note" (func (type 1)))))
		 (import "test:mod/host@1.0.0" (instance (type 0)))
		 (type (func (param "n" u32) (result u32)))
		 (export "go" (func (type 1)))`,
	), &notes)
	mustCall(t, i, uint32(8), "go", uint32(7))
	if fmt.Sprint(notes) != "[7 7 7]" {
		t.Errorf("noted %v", notes)
	}
}

func TestAModuleWithoutComponentTypeIsKnownByAnExport(t *testing.T) {
	var notes []uint32
	i := startModule(t, wat(t, `(module
		(import "old-host" "old-shout" (func $shout (param i32 i32 i32)))
		`+strings.ReplaceAll(allocator, "cabi_realloc", "canonical_abi_realloc")+`
		(func (export "old-greet") (param i32 i32) (result i32)
			(call $shout (local.get 0) (local.get 1) (i32.const 16))
			i32.const 16))`), &notes)
	mustCall(t, i, "OLD!", "test:mod/greeter@1.0.0#greet", "old")

	i = startModule(t, wat(t, `(module
		(import "direct" "note" (func $note (param i32)))
		(import "direct" "sum" (func $sum (param i32 i32) (result i64)))
		(memory (export "memory") 1) (data (i32.const 65532) "abcd")
		(func (export "_initialize") (call $note (i32.const 99)))
		(func (export "_start")
			(call $note (i32.wrap_i64 (call $sum (i32.const 65532) (i32.const 4))))))`), &notes)
	if _, err := call(t, i, "test:mod/run@1.0.0#run"); err != nil {
		t.Error(err)
	}
	if want := fmt.Sprint([]uint32{'a' + 'b' + 'c' + 'd'}); fmt.Sprint(notes) != want {
		t.Errorf("noted %v, want %v: a program is started by its _start alone", notes, want)
	}
}

// Functions of the host are given addresses, which they check.
func TestFunctionsThatAreImportedAsTheyAreTrapOutOfBounds(t *testing.T) {
	for _, at := range []string{"65533", "-1", "-4"} {
		var notes []uint32
		i := startModule(t, wat(t, `(module
			(import "direct" "sum" (func $sum (param i32 i32) (result i64)))
			(memory (export "memory") 1)
			(func (export "_start") (drop (call $sum (i32.const `+at+`) (i32.const 4)))))`), &notes)
		if _, err := call(t, i, "test:mod/run@1.0.0#run"); !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), "out of bounds") {
			t.Errorf("address %s: %v", at, err)
		}
	}
}

// resourceWorld exports a resource type.
const resourceWorld = `
	(type (instance
		(export "counter" (type (sub resource)))
		(type (own 0)) (type (func (param "n" u32) (result 1))) (export "[constructor]counter" (func (type 2)))
		(type (borrow 0)) (type (func (param "self" 3) (result u32))) (export "[method]counter.get" (func (type 4)))
		(type (func (param "c" 1))) (export "[static]counter.end" (func (type 5)))))
	(export "test:mod/counters" (instance (type 0)))`

const resourceModule = `(module
	(import "[export]test:mod/counters" "[resource-new]counter" (func $new (param i32) (result i32)))
	(import "[export]test:mod/counters" "[resource-drop]counter" (func $drop (param i32)))
	(import "[export]test:mod/counters" "[resource-rep]counter" (func $rep (param i32) (result i32)))
	(import "direct" "note" (func $note (param i32)))
	(func (export "test:mod/counters#[constructor]counter") (param i32) (result i32) (call $new (local.get 0)))
	(func (export "test:mod/counters#[method]counter.get") (param i32) (result i32) (local.get 0))
	(func (export "test:mod/counters#[static]counter.end") (param i32)
		(if (i32.ne (call $rep (local.get 0)) (i32.const 41)) (then unreachable))
		(call $drop (local.get 0)))
	(func (export "test:mod/counters#[dtor]counter") (param i32) (call $note (local.get 0))))`

func TestAModuleExportsResources(t *testing.T) {
	var notes []uint32
	i := startModule(t, typed(t, resourceModule, resourceWorld), &notes)
	v, err := call(t, i, "test:mod/counters#[constructor]counter", uint32(41))
	if err != nil {
		t.Fatal(err)
	}
	mustCall(t, i, uint32(41), "test:mod/counters#[method]counter.get", v)
	if _, err := call(t, i, "test:mod/counters#[static]counter.end", v); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(notes) != "[41]" {
		t.Errorf("noted %v: the destructor did not run", notes)
	}
}

// A module can be what another component, here one that is a module too, depends on.
func TestModulesDependOnEachOther(t *testing.T) {
	var notes []uint32
	user := typed(t, `(module
		(import "test:mod/counters" "[constructor]counter" (func $new (param i32) (result i32)))
		(import "test:mod/counters" "[method]counter.get" (func $get (param i32) (result i32)))
		(import "test:mod/counters" "[resource-drop]counter" (func $drop (param i32)))
		(func (export "twice") (param i32) (result i32) (local $c i32)
			(local.set $c (call $new (local.get 0)))
			(i32.mul (i32.const 2) (call $get (local.get $c)))
			(call $drop (local.get $c))))`,
		strings.Replace(resourceWorld, `(export "test:mod/counters"`, `(import "test:mod/counters"`, 1)+`
		(type (func (param "n" u32) (result u32))) (export "twice" (func (type 1)))`)
	a, err := decodeModule(user)
	if err != nil {
		t.Fatal(err)
	}
	b, err := decodeModule(typed(t, resourceModule, resourceWorld))
	if err != nil {
		t.Fatal(err)
	}
	var g engine.Graph
	g.Add("user", a, hostLinker(&notes))
	g.Add("counters", b, hostLinker(&notes))
	g.Connect("user", "test:mod/counters", "counters", "")
	p, err := g.Link(context.Background(), newRuntime(t), "user")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { i.Close(context.Background()) }()
	mustCall(t, i, uint32(42), "twice", uint32(21))
	if fmt.Sprint(notes) != "[21]" {
		t.Errorf("noted %v", notes)
	}
}
