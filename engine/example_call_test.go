package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// calculator makes a program of the examples' component, and closes it with its runtime.
func calculator() (p *engine.Program, closeAll func()) {
	_, p, closeAll = calculatorIn(engine.Config{Instances: 10})
	return p, closeAll
}

// calculatorIn is calculator in a runtime of its own settings.
func calculatorIn(cfg engine.Config) (rt *engine.Runtime, p *engine.Program, closeAll func()) {
	ctx := context.Background()
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	rt, err = engine.NewRuntime(cfg)
	if err != nil {
		log.Fatal(err)
	}
	l := engine.NewLinker()
	l.Define("example:calc/log@1.0.0", calcLog)
	p, err = l.Link(ctx, rt, c)
	if err != nil {
		log.Fatal(err)
	}
	return rt, p, func() { p.Close(); rt.Close(ctx) }
}

// mustFunc finds a function that the component is known to have.
func mustFunc(p *engine.Program, iface, name string) *engine.Func {
	f, err := p.Func(iface, name)
	if err != nil {
		log.Fatal(err)
	}
	return f
}

func ExampleProgram_Instantiate() {
	program, closeAll := calculator()
	defer closeAll()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second) // to wait for room
	defer cancel()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{
		Memory:      64 << 20,
		ComputeTime: time.Second,
	})
	if errors.Is(err, engine.ErrBusy) {
		fmt.Println("come back later")
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(program.Stats().Instances, i.Busy(), i.Err())
	if err := i.Close(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(program.Stats().Instances, i.Err())
	// Output:
	// 1 false <nil>
	// 0 instance is closed
}

func ExampleProgram_Func() {
	program, closeAll := calculator()
	defer closeAll()
	fmt.Println(program.Funcs())
	add, err := program.Func("example:calc/ops@1.0.0", "add")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(add.Name(), add.Type())
	fmt.Println(add.Check("func(a:u32,b:u32)->u64"))
	_, err = program.Func("", "add")
	fmt.Println(err)
	// Output:
	// [example:calc/ops@1.0.0#add example:calc/ops@1.0.0#sum example:calc/ops@1.0.0#divide invert primes listen]
	// example:calc/ops@1.0.0#add func(a:u32,b:u32)->u32
	// exported function example:calc/ops@1.0.0#add: result: expected u64, found u32
	// component has no exported function "add"
}

// Values that are known only at run time.
func ExampleInstance_Call() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	sum := mustFunc(program, "example:calc/ops@1.0.0", "sum")
	fmt.Println(i.Call(ctx, sum, []any{uint32(1), uint32(2), uint32(3)}))
	_, err = i.Call(ctx, sum, "1, 2, 3")
	fmt.Println(err)
	// Output:
	// 6 <nil>
	// example:calc/ops@1.0.0#sum: string given for a list<u32>
}

// addition calls example:calc/ops add, as generated code would: without any allocation.
type addition struct{ a, b, sum uint32 }

func (c *addition) Lower(_ *abi.Guest, flat abi.Flat) {
	flat.Set(0, uint64(c.a))
	flat.Set(1, uint64(c.b))
}

func (c *addition) Lift(v *abi.Values) { c.sum = v.Args().U32(0) }

func ExampleInstance_Start() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	add := mustFunc(program, "example:calc/ops@1.0.0", "add")
	if err := add.Check("func(a:u32,b:u32)->u32"); err != nil {
		log.Fatal(err)
	}
	inv := &addition{a: 2, b: 3}
	call := i.Start(ctx, add, inv, func() { fmt.Println("the guest's task has ended") })
	if err := call.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(inv.sum)
	// Output:
	// the guest's task has ended
	// 5
}

// A guest that knows how can be asked to give up.
func ExampleCall_Cancel() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{Shared: true})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	call := i.Start(ctx, mustFunc(program, "", "listen"), &addition{}, nil)
	fmt.Println("begun:", call.Begun())
	call.Cancel()
	<-call.Ended()
	fmt.Println(errors.Is(call.Err(), context.Canceled))
	fmt.Println("the instance goes on:", i.Err() == nil)
	// Output:
	// begun: true
	// true
	// the instance goes on: true
}

// A trap is the end of an instance. Its error has the guest's stack.
func ExampleTrapError() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = i.Call(ctx, mustFunc(program, "", "invert"), uint32(0))
	var trap *engine.TrapError
	if errors.As(err, &trap) {
		fmt.Println(trap.Reason)
		for n, f := range trap.Frames {
			fmt.Println("  at", f.Module, f.Func)
			if file, line, ok := trap.Source(n); ok { // the guest has its line numbers
				fmt.Println("    ", file, line)
			}
		}
	}
	<-i.Ended()
	// Output:
	// unreachable executed
	//   at calc check
	//   at calc invert
}

// A guest that computes for too long is stopped.
func ExampleLimitError() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{ComputeTime: 20 * time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	_, err = i.Call(ctx, mustFunc(program, "", "primes"))
	var limit *engine.LimitError
	fmt.Println(errors.Is(err, engine.ErrTimeout), errors.As(err, &limit))
	fmt.Println(limit)
	// Output:
	// true true
	// guest has computed for more than 20ms without waiting for anything; raise engine.InstanceConfig.ComputeTime to allow more
}

// A guest that has too much going on at once is stopped: here one with a function that calls
// an import a hundred times, without waiting for any of the calls.
func ExampleCountError() {
	ctx := context.Background()
	wasm, err := os.ReadFile("testdata/wast/stackful.0.wasm")
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	rt, err := engine.NewRuntime(engine.Config{Instances: 100})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(ctx)
	program, err := engine.NewLinker().Link(ctx, rt, c)
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{Tasks: 50})
	if err != nil {
		log.Fatal(err)
	}
	_, err = i.Call(ctx, mustFunc(program, "", "hundred"))
	var count *engine.CountError
	fmt.Println(errors.Is(err, engine.ErrTrap), errors.As(err, &count))
	fmt.Println(count)
	// Output:
	// true true
	// 50 calls and threads are in progress in the instance, as many as may be; raise InstanceConfig.Tasks to allow more
}

// Killing does not wait, and says why to whoever has called.
func ExampleInstance_Kill() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{Shared: true})
	if err != nil {
		log.Fatal(err)
	}
	call := i.Start(ctx, mustFunc(program, "", "listen"), &addition{}, nil)
	i.Kill(errors.New("the server shuts down"))
	fmt.Println(call.Wait(ctx))
	<-i.Ended()
	fmt.Println(i.Err())
	// Output:
	// the server shuts down
	// the server shuts down
}

// How long the guest has computed for a call is measured, if that is asked for.
func ExampleCall_CPU() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{Meter: true})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	add := &addition{a: 20, b: 22}
	call := i.Start(ctx, mustFunc(program, "example:calc/ops@1.0.0", "add"), add, nil)
	<-call.Done()
	fmt.Println(add.sum, call.Err(), call.CPU() > 0)
	// Output: 42 <nil> true
}

// Do calls and waits.
func ExampleInstance_Do() {
	program, closeAll := calculator()
	defer closeAll()
	ctx := context.Background()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	add := &addition{a: 20, b: 22}
	if err := i.Do(ctx, mustFunc(program, "example:calc/ops@1.0.0", "add"), add); err != nil {
		log.Fatal(err)
	}
	fmt.Println(add.sum)
	// Output: 42
}
