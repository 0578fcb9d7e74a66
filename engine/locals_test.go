package engine_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// lines is what a host interface keeps for one instance: closed when that ends.
type lines struct {
	n    int
	over func(int)
}

func (l *lines) Close() error { l.over(l.n); return nil }

// counting links a component to a host that counts how often each instance calls it.
func counting(over func(int)) *engine.Linker {
	type key struct{}
	linker := engine.NewLinker()
	linker.Define("example:calc/log@1.0.0", func() (*abi.Interface, error) {
		return &abi.Interface{ID: "example:calc/log@1.0.0", Funcs: []abi.Func{{
			Name: "write", Type: "func(line:string)",
			Serve: func(c *abi.Call) {
				if own, ok := abi.LocalsOf(c.Context()); ok {
					own.Get(key{}, func() any { return &lines{over: over} }).(*lines).n++
				}
			},
		}}}, nil
	})
	return linker
}

// A host interface keeps something for each instance, until that ends.
func ExampleLinker_perInstance() {
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
	linker := counting(func(n int) { fmt.Println(n, "lines") })
	program, err := linker.Link(ctx, rt, component)
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	divide, err := program.Func("example:calc/ops@1.0.0", "divide")
	if err != nil {
		log.Fatal(err)
	}
	for _, calls := range []int{2, 1} {
		instance, err := program.Instantiate(ctx, engine.InstanceConfig{})
		if err != nil {
			log.Fatal(err)
		}
		for range calls {
			if _, err := instance.Call(ctx, divide, uint32(1), uint32(0)); err != nil { // which it logs
				log.Fatal(err)
			}
		}
		instance.Close(ctx)
	}
	// Output:
	// 2 lines
	// 1 lines
}
