package engine

import (
	"os"
	"path/filepath"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"
)

// FuzzDecodeModule does with core modules what FuzzDecodeInstantiate does with components: what
// they say that they are, in sections and by the names of their imports and exports, may be
// anything.
func FuzzDecodeModule(f *testing.F) {
	paths, err := filepath.Glob("../testdata/guests/rust/*.wasm")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		if wasm, err := os.ReadFile(p); err == nil && isCoreModule(wasm) {
			f.Add(wasm)
		}
	}
	for _, text := range []string{
		`(module (import "direct" "f" (func (param i32) (result i64))) (memory (export "memory") 1) (func (export "_start")) (func (export "_initialize")))`,
		`(module (import "old" "f" (func (param i32 i32 i32))) (memory (export "memory") 1)
			(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 8)
			(func (export "go") (param i32 i32) (result i32) i32.const 8))`,
		`(module (@custom "component-type:w" "\03\00\01w\00asm\0d\00\01\00") (func (export "_start")))`,
	} {
		wasm, err := wasmtimego.Wat2Wasm(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(wasm)
	}
	modules := &Modules{
		Direct: []string{"direct", "wasi_snapshot_preview1"},
		Worlds: []ModuleWorld{{
			Export:  "_start",
			Exports: []ModuleInterface{{ID: "a:b/run", Funcs: []ModuleFunc{{Core: "_start", Name: "run", Type: "func()->result", Void: true}}}},
		}, {
			Export:  "go",
			Imports: []ModuleInterface{{Module: "old", ID: "a:b/old", Funcs: []ModuleFunc{{Core: "f", Name: "f", Type: "func(s:string)->list<u8>"}}}},
			Exports: []ModuleInterface{{ID: "a:b/new", Funcs: []ModuleFunc{{Core: "go", Name: "go", Type: "func(s:string)->string"}}}},
		}},
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		rt, err := fuzzRuntime()
		if err != nil {
			t.Fatal(err)
		}
		runHostile(t, rt, wasm, DecodeConfig{Modules: modules})
	})
}
