package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/spinhost/spin/engine"
)

// A server that takes components from anybody may want to take smaller ones than the defaults
// let through.
func ExampleDecodeWith() {
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	_, err = engine.DecodeWith(wasm, engine.DecodeConfig{Limits: engine.Limits{Size: 100}})
	var over *engine.StaticLimitError
	if errors.As(err, &over) {
		fmt.Println(over.Limit, over.Value == uint64(len(wasm)), over.Max)
	}
	// Output: Size true 100
}

func ExampleStaticLimitError() {
	// (component (core module (func (local i32 i64))))
	wasm := []byte("\x00asm\x0d\x00\x01\x00" + "\x01\x1c\x00asm\x01\x00\x00\x00" +
		"\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x0a\x08\x01\x06\x02\x01\x7f\x01\x7e\x0b")
	_, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: engine.Limits{Locals: 1}})
	fmt.Println(err)
	// Output: component exceeds a limit: Locals of 2, at most 1 are allowed (at byte 0x20)
}

func ExampleValidationError() {
	// (component (component (export "f" (func 0))))
	wasm := []byte("\x00asm\x0d\x00\x01\x00" + "\x04\x11\x00asm\x0d\x00\x01\x00" + "\x0b\x07\x01\x00\x01f\x01\x00\x00")
	_, err := engine.Decode(wasm)
	var invalid *engine.ValidationError
	if errors.As(err, &invalid) {
		fmt.Printf("%s, in %s at byte %d: %s\n", invalid.Rule, invalid.Path, invalid.Offset, invalid.Reason)
	}
	// Output: index out of bounds, in component 0 at byte 21: function index out of bounds: index 0 of 0
}

// The host may give core modules to components, which instantiate them as often as they like.
func ExampleLinker_DefineModule() {
	// (component (import "m" (core module)) (core instance (instantiate 0)) (export "again" (core module 0)))
	wasm := []byte("\x00asm\x0d\x00\x01\x00" + "\x03\x03\x01\x50\x00" + "\x0a\x07\x01\x00\x01m\x00\x11\x00" +
		"\x02\x04\x01\x00\x00\x00" + "\x0b\x0c\x01\x00\x05again\x00\x11\x00\x00")
	c, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	m, err := engine.DecodeModule([]byte("\x00asm\x01\x00\x00\x00"), engine.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	linker := engine.NewLinker()
	linker.DefineModule("m", "", m)
	rt, err := engine.NewRuntime(engine.Config{Instances: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(context.Background())
	program, err := linker.Link(context.Background(), rt, c)
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	_, err = program.Module("", "again")
	fmt.Println("exported:", err == nil)
	// Output: exported: true
}
