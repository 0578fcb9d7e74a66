package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/spinhost/spin/engine"
)

// Who keeps instances for later calls lets others have the room when they need it: those that do
// nothing by Reclaim, those that become free later because the runtime is crowded.
func ExampleRuntime_Crowded() {
	kept := make(chan *engine.Instance, 1)
	rt, program, closeAll := calculatorIn(engine.Config{Instances: 1, Reclaim: func() bool {
		select {
		case i := <-kept:
			i.Kill(errors.New("its room was needed"))
			return true
		default:
			return false
		}
	}})
	defer closeAll()
	ctx := context.Background()
	for n := range 3 {
		i, err := program.Instantiate(ctx, engine.InstanceConfig{})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("instance", n)
		if rt.Crowded() {
			i.Close(ctx)
		} else {
			kept <- i
		}
	}
	fmt.Println(rt.Stats().Instances, "is kept")
	// Output:
	// instance 0
	// instance 1
	// instance 2
	// 1 is kept
}
