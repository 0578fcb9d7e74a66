package engine_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spinhost/spin/engine"
)

// What an instance has taken is known while it runs and afterwards.
func ExampleInstance_Usage() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{Name: "calculator", Meter: true})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := i.Call(ctx, mustFunc(program, "example:calc/ops@1.0.0", "add"), uint32(1), uint32(2)); err != nil {
		log.Fatal(err)
	}
	u := i.Usage()
	fmt.Println(u.CPU > 0, u.Memory, len(u.Instances))
	if err := i.Close(ctx); err != nil {
		log.Fatal(err)
	}
	u = i.Usage()
	fmt.Println(u.CPU > 0, u.Memory, u.PeakMemory)
	// Output:
	// true 65536 1
	// true 0 65536
}
