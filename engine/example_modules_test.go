package engine_test

import (
	"fmt"
	"log"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"

	"github.com/spinhost/spin/engine"
)

// A core module that exports "main" is taken for a component that exports an interface, and what
// it imports from "env" is left to the host.
func ExampleDecodeWith_modules() {
	wasm, err := wasmtimego.Wat2Wasm(`(module (import "env" "log" (func (param i32 i32))) (func (export "main")))`)
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.DecodeWith(wasm, engine.DecodeConfig{Modules: &engine.Modules{
		Direct: []string{"env"},
		Worlds: []engine.ModuleWorld{{
			Export:  "main",
			Exports: []engine.ModuleInterface{{ID: "example:program/run", Funcs: []engine.ModuleFunc{{Core: "main", Name: "run", Type: "func()->result", Void: true}}}},
		}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, x := range append(c.Imports(), c.Exports()...) {
		fmt.Println(x.Name, x.Items[0].Name, x.Items[0].Type)
	}
	// Output:
	// env log func(a:u32,b:u32)
	// example:program/run run func()->result
}
