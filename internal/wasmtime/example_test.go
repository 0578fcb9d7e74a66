package wasmtime_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	wasmtimego "github.com/bytecodealliance/wasmtime-go/v44" // for its text format alone

	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/wasmtime"
)

// fetch is a host function (i32) -> i32 that takes its time, so it answers
// Pending where the guest can be suspended.
const opFetch = 0

var fetch = wasmtime.HostFunc{
	Type: corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}, Results: []corewasm.ValType{corewasm.I32}},
	Op:   opFetch,
}

type host struct{ jobs int }

func (h *host) HostCall(f *wasmtime.Fiber, op uint32, args wasmtime.Slots) wasmtime.Status {
	if f != nil {
		return wasmtime.Pending
	}
	args.SetU32(0, 0) // nothing can be fetched without waiting
	return wasmtime.Done
}

func (h *host) NextJob(f *wasmtime.Fiber) (wasmtime.FuncID, bool) {
	h.jobs--
	return 0, h.jobs > 0 // once more with the result
}

const guest = `(module
  (import "host" "fetch" (func $fetch (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "run") (param $n i32) (result i32)
    (i32.add (call $fetch (local.get $n)) (i32.const 1)))
  (func (export "fail") (param i32) unreachable))`

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return v
}

func Example() {
	engine := must(wasmtime.NewEngine(wasmtime.Config{}))
	defer engine.Close()
	module := must(engine.Compile(context.Background(), wasmtime.Source{Wasm: must(wasmtimego.Wat2Wasm(guest))}))
	defer module.Close()
	pre := must(engine.Prelink(module, []wasmtime.HostFunc{fetch}))
	defer pre.Close()

	store := must(engine.NewStore(&host{}, wasmtime.StoreConfig{}))
	defer store.Close()
	instance := must(store.Instantiate(pre))
	run := must(store.AddFunc(must(store.Export(instance, module, "run"))))

	// On the thread's own stack.
	store.Args().SetU32(0, 20)
	if err := store.Call(run, 1); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("call:", store.Args().U32(0))

	// On a fiber, where the guest waits for what it fetches.
	fiber := must(store.NewFiber())
	defer fiber.Close()
	fiber.Slots().SetU32(0, 20)
	outcome := fiber.Start(run, false)
	fmt.Println(outcome, "in fetch of", fiber.CallArgs().U32(0))
	fiber.CallArgs().SetU32(0, 41)
	fiber.Answer(wasmtime.Done)
	outcome = fiber.Resume()
	fmt.Println(outcome, "with", fiber.Slots().U32(0))
	// Output:
	// call: 1
	// suspended in fetch of 20
	// idle with 42
}

// A job with loop goes on with what NextJob says.
func ExampleHost() {
	engine := must(wasmtime.NewEngine(wasmtime.Config{Pool: &wasmtime.Pool{Memories: 10, Stacks: 10}}))
	defer engine.Close()
	module := must(engine.Compile(context.Background(), wasmtime.Source{Wasm: must(wasmtimego.Wat2Wasm(
		`(module (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))`))}))
	defer module.Close()
	store := must(engine.NewStore(&host{jobs: 5}, wasmtime.StoreConfig{}))
	defer store.Close()
	instance := must(store.InstantiateWith(module, nil))
	double := must(store.AddFunc(must(store.Export(instance, module, "double"))))
	fiber := must(store.NewFiber())
	defer fiber.Close()
	fiber.Slots().SetU32(0, 1)
	fmt.Println(fiber.Start(double, true), fiber.Slots().U32(0))
	// Output: idle 32
}

// A trap kills the store.
func ExampleTrapError() {
	engine := must(wasmtime.NewEngine(wasmtime.Config{}))
	defer engine.Close()
	module := must(engine.Compile(context.Background(), wasmtime.Source{Wasm: must(wasmtimego.Wat2Wasm(guest))}))
	defer module.Close()
	store := must(engine.NewStore(&host{}, wasmtime.StoreConfig{}))
	defer store.Close()
	instance := must(store.InstantiateWith(module, []wasmtime.Extern{store.HostFunc(fetch)}))
	fail := must(store.AddFunc(must(store.Export(instance, module, "fail"))))

	err := store.Call(fail, 1)
	var trap *wasmtime.TrapError
	fmt.Println(errors.As(err, &trap), trap.Code == wasmtime.TrapUnreachable)
	fmt.Println(err)
	fmt.Println(errors.Is(store.Call(fail, 1), wasmtime.ErrDead))
	// Output:
	// true true
	// guest trapped: unreachable executed in function 2
	// true
}

// Registered memories are viewed without a call into C.
func ExampleStore_Memory() {
	engine := must(wasmtime.NewEngine(wasmtime.Config{}))
	defer engine.Close()
	module := must(engine.Compile(context.Background(), wasmtime.Source{Wasm: must(wasmtimego.Wat2Wasm(
		`(module (memory (export "memory") 1) (data (i32.const 3) "hello"))`))}))
	defer module.Close()
	store := must(engine.NewStore(&host{}, wasmtime.StoreConfig{Limits: wasmtime.StoreLimits{MemoryBytes: 1 << 20}}))
	defer store.Close()
	instance := must(store.InstantiateWith(module, nil))
	memory := must(store.AddMemory(must(store.Export(instance, module, "memory"))))
	fmt.Printf("%d bytes, %q\n", store.MemoryBytes(), store.Memory(memory)[3:8])
	// Output: 65536 bytes, "hello"
}

// A start function on a fiber can be preempted, and be killed.
func ExampleFiber_Instantiate() {
	engine := must(wasmtime.NewEngine(wasmtime.Config{}))
	defer engine.Close()
	module := must(engine.Compile(context.Background(), wasmtime.Source{Wasm: must(wasmtimego.Wat2Wasm(
		`(module (func $start (loop $l (br $l))) (start $start))`))}))
	defer module.Close()
	pre := must(engine.Prelink(module, nil))
	defer pre.Close()
	store := must(engine.NewStore(&host{}, wasmtime.StoreConfig{}))
	defer store.Close()
	fiber := must(store.NewFiber())
	engine.IncrementEpoch() // a ticker's work
	fmt.Println(fiber.Instantiate(pre))
	fmt.Println(fiber.Close())
	// Output:
	// preempted
	// <nil>
}

func ExampleCache() {
	dir := must(os.MkdirTemp("", "cache"))
	defer os.RemoveAll(dir)
	engine := must(wasmtime.NewEngine(wasmtime.Config{}))
	defer engine.Close()
	cache := &wasmtime.Cache{Dir: dir}
	wasm := must(wasmtimego.Wat2Wasm(guest))
	for range 2 {
		module, hit, err := cache.Module(context.Background(), engine, wasmtime.Source{Wasm: wasm})
		fmt.Println(hit, err)
		module.Close()
	}
	// Output:
	// false <nil>
	// true <nil>
}
