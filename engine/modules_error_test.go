package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

func TestModulesThatAreNoComponents(t *testing.T) {
	const (
		takesString = `(type (func (param "s" string))) (export "f" (func (type 0)))`
		importsNote = `(type (instance (type (func (param "n" u32))) (export "note" (func (type 0))))) (import "test:mod/host@1.0.0" (instance (type 0)))`
	)
	for name, test := range map[string]struct {
		module string
		world  string // "" for none
		want   string // in the error
	}{
		"nothing says what it is": {`(module)`, "", "not a WebAssembly component"},
		"an export is missing":    {`(module)`, `(type (func)) (export "f" (func (type 0)))`, `has no function of that name`},
		"an export of another type": {`(module (func (export "f") (param i64)))`, `(type (func (param "n" u32))) (export "f" (func (type 0)))`,
			`core export "f" should be a function of type (i32) -> ()`},
		"no memory":    {`(module (func (export "f") (param i32 i32)))`, takesString, `no export "memory"`},
		"no allocator": {`(module (memory (export "memory") 1) (func (export "f") (param i32 i32)))`, takesString, `no export "cabi_realloc"`},
		"an allocator of another type": {`(module (memory (export "memory") 1) (func (export "cabi_realloc")) (func (export "f") (param i32 i32)))`, takesString,
			`core export "cabi_realloc" should be`},
		"post-return of another type": {`(module (func (export "f")) (func (export "cabi_post_f") (param i32)))`, `(type (func)) (export "f" (func (type 0)))`,
			`core export "cabi_post_f" should be`},
		"an initializer of another type": {`(module (func (export "_initialize") (param i32)) (func (export "f")))`, `(type (func)) (export "f" (func (type 0)))`,
			`core export "_initialize" should be`},
		"an unknown import":         {`(module (import "env" "abort" (func)))`, importsNote, `core import "abort" of "env"`},
		"an unknown function":       {`(module (import "test:mod/host@1.0.0" "nope" (func)))`, importsNote, `core import "nope"`},
		"an incompatible version":   {`(module (import "test:mod/host@2.0.0" "note" (func (param i32))))`, importsNote, `core import "note"`},
		"an import of another type": {`(module (import "test:mod/host@1.0.0" "note" (func (param i64))))`, importsNote, `should be a function of type (i32) -> ()`},
		"a memory of the host":      {`(module (import "direct" "memory" (memory 1)) (func (export "_start")))`, "", `core import "memory" of "direct"`},
		"a vector for the host":     {`(module (import "direct" "f" (func (param v128))) (func (export "_start")))`, "", `no values of type v128`},
		"asynchronous functions": {`(module (import "test:mod/host@1.0.0" "[async-lower]note" (func (param i32) (result i32))))`, importsNote,
			`asynchronous functions`},
		"a large memory":      {`(module (memory (export "memory") i64 1) (func (export "_start")))`, "", `the core module's memory`},
		"a resource it lacks": {`(module (import "[export]x" "[resource-new]r" (func (param i32) (result i32))))`, importsNote, `core import "[resource-new]r"`},
	} {
		t.Run(name, func(t *testing.T) {
			wasm := wat(t, test.module)
			if test.world != "" {
				wasm = typed(t, test.module, test.world)
			}
			_, err := decodeModule(wasm)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
			if async := name == "asynchronous functions" || name == "a large memory"; errors.Is(err, engine.ErrUnsupported) != async {
				t.Errorf("ErrUnsupported: %v", !async)
			}
		})
	}
}

func TestBrokenComponentTypesNameTheirSection(t *testing.T) {
	start := wat(t, `(module (func (export "_start")))`)
	for name, data := range map[string][]byte{
		"empty":            {},
		"text":             []byte("no wasm"),
		"a core module":    start,
		"an empty package": append([]byte("\x03\x00\x01w"), wat(t, "(component)")...),
		"no encoding":      wat(t, `(component (type (component (type (component)) (export "test:mod/w" (component (type 0))))) (export "w" (type 0)))`),
		"a new encoding":   wat(t, strings.Replace(worldText(""), `\04\00`, `\05\00`, 1)),
		"a long name":      []byte("\x03\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01w"),
		"a bad encoding":   append([]byte("\x03\x07\x01w"), wat(t, `(component (type (component (type (component)) (export "test:mod/w" (component (type 0))))) (export "w" (type 0)))`)...),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := decodeModule(custom(start, "component-type:broken", data)); err == nil {
				t.Error("it was accepted")
			}
		})
	}
	wasm := custom(start, "component-type:broken", append(wat(t, worldText("")), 0xff))
	var invalid *engine.ValidationError
	if _, err := decodeModule(wasm); !errors.As(err, &invalid) || invalid.Offset != len(wasm)-1 || !strings.Contains(invalid.Path, "component-type:broken") {
		t.Errorf("%v at %+v, want the last of %d bytes", err, invalid, len(wasm))
	}
}

func TestModulesKeepLimits(t *testing.T) {
	wasm := typed(t, greeter, greeterWorld)
	for limit, l := range map[string]engine.Limits{
		"Size": {Size: len(wasm) - 1}, "CodeBytes": {CodeBytes: 10}, "Functions": {Functions: 1}, "Types": {Types: 2},
	} {
		_, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: l, Modules: modules})
		var e *engine.StaticLimitError
		if !errors.As(err, &e) || e.Limit != limit {
			t.Errorf("%s: %v", limit, err)
		}
	}
	c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: engine.Limits{Instances: 1}, Modules: modules})
	if err != nil {
		t.Fatal(err)
	}
	var notes []uint32
	var e *engine.StaticLimitError
	if _, err := hostLinker(&notes).Link(context.Background(), newRuntime(t), c); !errors.As(err, &e) || e.Limit != "Instances" {
		t.Error(err)
	}
	for n := range 70 {
		wasm = custom(wasm, "component-type", wat(t, worldText("")))
		if _, err := decodeModule(wasm); (err == nil) != (n < 63) {
			t.Fatalf("%d component types: %v", n+2, err)
		}
	}
}

func TestCoreModulesAreRefusedUnlessSomebodySaysWhatTheyAre(t *testing.T) {
	if _, err := engine.Decode(typed(t, greeter, greeterWorld)); !errors.Is(err, engine.ErrCoreModule) {
		t.Error(err)
	}
	if _, err := decodeModule(wat(t, `(module)`)); !errors.Is(err, engine.ErrCoreModule) {
		t.Error(err)
	}
}
