package spin_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44"
)

// typedModule is a core module with a component type.
func typedModule(t *testing.T, module, world string) []byte {
	t.Helper()
	assemble := func(text string) []byte {
		wasm, err := wasmtimego.Wat2Wasm(text)
		if err != nil {
			t.Fatal(err)
		}
		return wasm
	}
	const name = "component-type:test"
	data := assemble(`(component (type (component (type (component ` + world + `)) (export "test:deny/w" (component (type 0))))) (export "w" (type 0)) (@custom "wit-component-encoding" "\04\00"))`)
	section := append(append(binary.AppendUvarint(nil, uint64(len(name))), name...), data...)
	return append(binary.AppendUvarint(append(assemble(module), 0), uint64(len(section))), section...)
}

// A dependency that is a module sees the component's variables only if it inherits them.
func TestVariablesOfPreview1AreInherited(t *testing.T) {
	const iface = `(type (instance (type (func (result u32))) (export "count" (func (type 0)))))`
	dep := typedModule(t, `(module
		(import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
		(memory (export "memory") 1)
		(func (export "acme:env/count#count") (result i32)
			(if (call $sizes (i32.const 8) (i32.const 12)) (then unreachable))
			(i32.load (i32.const 8))))`, iface+`(export "acme:env/count" (instance (type 0)))`)
	main := typedModule(t, `(module
		(import "acme:env/count" "count" (func $count (result i32)))
		(func (export "count") (result i32) (call $count)))`,
		iface+`(import "acme:env/count" (instance (type 0))) (type (func (result u32))) (export "count" (func (type 1)))`)
	for inherit, want := range map[string]uint32{"false": 0, "true": 2, `["environment"]`: 2, `["files"]`: 0} {
		text := strings.Replace(minimal, "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"guest\"\n", "[trigger]\n", 1) +
			"environment = { A = \"1\", B = \"2\" }\n[component.guest.dependencies]\n" +
			fmt.Sprintf("\"acme:env/count\" = { path = \"dep.wasm\", inherit_configuration = %s }\n", inherit)
		app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": main, "dep.wasm": dep}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := app.Invoke(t.Context(), "guest", "count"); err != nil || n != want {
			t.Errorf("inherit_configuration = %s: %v variables, %v", inherit, n, err)
		}
	}
}
