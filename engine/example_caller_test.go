package engine_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

type userKey struct{}

// A host function learns for whom it works and which component asks: from the call, and from
// the context wherever that is passed on to.
func Example_caller() {
	record := func(ctx context.Context, line string) {
		if caller, ok := abi.CallerOf(ctx); ok {
			fmt.Printf("%s, for %v: %s\n", caller, ctx.Value(userKey{}), line)
		}
	}
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
	linker.Define("example:calc/log@1.0.0", func() (*abi.Interface, error) {
		return &abi.Interface{ID: "example:calc/log@1.0.0", Funcs: []abi.Func{{
			Name: "write", Type: "func(line:string)",
			Serve: func(c *abi.Call) {
				args := c.Args()
				fmt.Println("called by", c.Caller().Component)
				record(c.Context(), c.String(args.U32(0), args.U32(1)))
			},
		}}}, nil
	})
	program, err := linker.Link(ctx, rt, component)
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	instance, err := program.Instantiate(ctx, engine.InstanceConfig{Name: "calculator"})
	if err != nil {
		log.Fatal(err)
	}
	defer instance.Close(ctx)
	divide, err := program.Func("example:calc/ops@1.0.0", "divide")
	if err != nil {
		log.Fatal(err)
	}
	for _, user := range []string{"ada", "grace"} {
		if _, err := instance.Call(context.WithValue(ctx, userKey{}, user), divide, uint32(1), uint32(0)); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// called by calculator
	// calculator, for ada: division by zero
	// called by calculator
	// calculator, for grace: division by zero
}
