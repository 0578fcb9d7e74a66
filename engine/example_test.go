package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// The component of these examples imports example:calc/log@1.0.0, with the function
//
//	write: func(line: string);
//
// and exports example:calc/ops@1.0.0, with
//
//	add: func(a: u32, b: u32) -> u32;
//	sum: func(numbers: list<u32>) -> u64;
//	divide: func(a: u32, b: u32) -> result<u32, string>;
const calcPath = "testdata/wast/example.0.wasm"

// calcLog is example:calc/log@1.0.0 as generated code would provide it.
func calcLog() (*abi.Interface, error) {
	return &abi.Interface{ID: "example:calc/log@1.0.0", Funcs: []abi.Func{{
		Name: "write", Type: "func(line:string)",
		Serve: func(c *abi.Call) {
			args := c.Args()
			fmt.Println("guest:", c.String(args.U32(0), args.U32(1)))
		},
	}}}, nil
}

// A component, from its bytes to the results of its functions.
func Example() {
	ctx := context.Background()
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	component, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	rt, err := engine.NewRuntime(engine.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(ctx)
	linker := engine.NewLinker()
	linker.Define("example:calc/log@1.0.0", calcLog)
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
	for _, by := range []uint32{4, 0} {
		answer, err := instance.Call(ctx, divide, uint32(20), by)
		if err != nil {
			log.Fatal(err)
		}
		r := answer.(value.Result)
		fmt.Println(r.OK, r.Value)
	}
	// Output:
	// true 5
	// guest: division by zero
	// false division by zero
}

// The usual mistakes have names.
func ExampleDecode() {
	for _, wasm := range []string{"(component)", "\x00asm\x01\x00\x00\x00", "\x00asm\x0d\x00\x01\x00\x07\x03\x01"} {
		_, err := engine.Decode([]byte(wasm))
		switch {
		case errors.Is(err, engine.ErrCoreModule):
			fmt.Println("a core module: make a component of it with wasm-tools component new")
		case errors.Is(err, engine.ErrNotComponent):
			fmt.Println("something else")
		default:
			fmt.Println(err)
		}
	}
	// Output:
	// something else
	// a core module: make a component of it with wasm-tools component new
	// malformed component: unexpected end: 3 bytes are announced, 1 are left (at byte 0xa)
}

// What a component wants and offers can be seen before anything is compiled.
func ExampleComponent() {
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	for _, i := range c.Imports() {
		fmt.Println("imports", i.Kind, i.Name)
	}
	for _, e := range c.Exports() {
		fmt.Println("exports", e.Kind, e.Name)
		if e.Type != "" {
			fmt.Println("  ", e.Type)
		}
		for _, f := range e.Items {
			fmt.Println("  ", f.Name, f.Type)
		}
	}
	fmt.Println(c.HasExport("wasi:http/handler@0.3.0"), c.Size() > 0)
	// Output:
	// imports instance example:calc/log@1.0.0
	// exports instance example:calc/ops@1.0.0
	//    add func(a:u32,b:u32)->u32
	//    sum func(numbers:list<u32>)->u64
	//    divide func(a:u32,b:u32)->result<u32,string>
	// exports function invert
	//    func(x:u32)->u32
	// exports function primes
	//    func()
	// exports function listen
	//    async func()
	// false true
}

// One runtime serves a whole process. Compiled code is kept for the next one.
func ExampleNewRuntime() {
	dir, err := os.MkdirTemp("", "spin")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	rt, err := engine.NewRuntime(engine.Config{
		Instances:    100,
		CacheDir:     dir + "/compiled",
		OnCacheError: func(err error) { log.Println("the cache does not work:", err) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(context.Background())
	if ok, err := rt.Pooled(); !ok {
		log.Println("instances will be slow to make:", err)
	}
	fmt.Println(rt.Stats().Instances, "instances")
	// Output: 0 instances
}

// A linker offers interfaces by name. Compatible versions stand for each other.
func ExampleLinker() {
	l := engine.NewLinker()
	l.Define("example:calc/log@1.0.0", calcLog)
	l.DefineTrap("example:calc/mail@1.0.0", errors.New("mail is not built yet"))
	l.DefineFunc(&abi.Func{Name: "now", Type: "func()->u64", Serve: func(c *abi.Call) { c.Return(1_000_000) }})
	fmt.Println(l.IDs())
	fmt.Println(l.Lookup("example:calc/log@1.3.0"))
	fmt.Println(l.Lookup("example:calc/log@2.0.0"))
	// Output:
	// [example:calc/log@1.0.0 example:calc/mail@1.0.0 now]
	// example:calc/log@1.0.0 true
	//  false
}

// Linking fails with the name of what is missing, and with what may have been meant.
func ExampleLinker_Link() {
	ctx := context.Background()
	wasm, err := os.ReadFile(calcPath)
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.Decode(wasm)
	if err != nil {
		log.Fatal(err)
	}
	rt, err := engine.NewRuntime(engine.Config{Instances: 10})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(ctx)
	l := engine.NewLinker()
	l.Define("example:calc/logs@1.0.0", calcLog)
	_, err = l.Link(ctx, rt, c)
	var missing *engine.ImportError
	if errors.As(err, &missing) {
		fmt.Println(missing.Import)
	}
	fmt.Println(err)
	// Output:
	// example:calc/log@1.0.0
	// import "example:calc/log@1.0.0": the host does not provide it; did you mean "example:calc/logs@1.0.0"?
}
