package engine_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spinhost/spin/engine"
)

type requestsKey struct{}

// Keep something for an instance for as long as it runs, where the host functions that it calls
// find it too, by abi.LocalsOf.
func ExampleInstance_Locals() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	requests := i.Locals().Get(requestsKey{}, func() any { return new(int) }).(*int)
	*requests++
	fmt.Println(*i.Locals().Lookup(requestsKey{}).(*int))
	// Output: 1
}
