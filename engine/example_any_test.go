package engine_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// Serve an interface without generated code, whatever its functions are: to record calls, to
// deny them, or to stand in for a service in a test.
func ExampleLinker_DefineAny() {
	ctx := context.Background()
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	component, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	rt, err := engine.NewRuntime(engine.Config{Instances: 10})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(ctx)
	linker := engine.NewLinker()
	linker.DefineAny("example:calc/log@1.0.0", func(function string) func(*abi.Call) {
		return func(c *abi.Call) {
			fmt.Println(function, c.DynamicArgs())
			c.DynamicReturn(nil) // the function has no result
		}
	})
	program, err := linker.Link(ctx, rt, component)
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	instance, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer instance.Close(ctx)
	divide, err := program.Func("example:calc/ops@1.0.0", "divide")
	if err != nil {
		log.Fatal(err)
	}
	result, err := instance.Call(ctx, divide, uint32(1), uint32(0))
	fmt.Println(result, err)
	// Output:
	// write [division by zero]
	// {false division by zero} <nil>
}

// Begin a call with Go values, and do something else until it is over.
func ExampleFunc_Invocation() {
	ctx := context.Background()
	program, closeAll := calculator()
	defer closeAll()
	instance, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer instance.Close(ctx)
	divide := mustFunc(program, "example:calc/ops@1.0.0", "divide")
	var result any
	invocation, err := divide.Invocation([]any{uint32(42), uint32(6)}, &result)
	if err != nil {
		log.Fatal(err)
	}
	call := instance.Start(ctx, divide, invocation, nil)
	<-call.Done()
	fmt.Println(result, call.Err())
	// Output: {true 7} <nil>
}

// Let components of a release candidate and of the release pass each other resources, when the
// same code serves both.
func ExampleLinker_SameResources() {
	linker := engine.NewLinker()
	for _, id := range []string{"example:files/types@1.0.0", "example:files/types@1.0.0-rc1"} {
		linker.Define(id, func() (*abi.Interface, error) {
			return &abi.Interface{ID: id, Resources: []string{"file"}}, nil
		})
	}
	linker.SameResources("example:files/types@1.0.0-rc1", "example:files/types@1.0.0")
	fmt.Println(linker.IDs())
	// Output: [example:files/types@1.0.0 example:files/types@1.0.0-rc1]
}
