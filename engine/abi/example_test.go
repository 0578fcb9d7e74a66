package abi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spinhost/spin/engine/abi"
)

// A host function that answers at once.
func ExampleFunc() {
	double := abi.Func{
		Name: "double",
		Type: "func(x:u32)->u32",
		Serve: func(c *abi.Call) {
			c.Return(2 * uint64(c.Args().U32(0)))
		},
	}
	slots := abi.Flat{{21}}
	double.Serve(newCall(newEnv(64), slots, false, -1))
	fmt.Println(double.Name, slots.U32(0))
	// Output: double 42
}

// A host function whose answer takes its time: it works on a goroutine, and lowers the result
// when it is back on the guest's driver.
func ExampleCall_Go() {
	serve := func(c *abi.Call) {
		name := c.String(c.Args().U32(0), c.Args().U32(1))
		c.Go(func(ctx context.Context) func(*abi.Call) {
			n := len(name) // what may block is done here, within ctx
			return func(c *abi.Call) { c.Return(uint64(n)) }
		})
	}
	e := newEnv(64)
	copy(e.mem[16:], "spin")
	call := newCall(e, abi.Flat{{16}, {4}}, false, -1)
	serve(call)

	// What the engine does:
	run, _ := call.Outcome()
	finish := run(context.Background())
	result := make(abi.Flat, 1)
	call.Resume(result)
	finish(call)
	fmt.Println(result.U32(0))
	// Output: 4
}

// A function that would block says what it waits for, and is called again.
func ExampleWaitFor() {
	queue, arrived := []string(nil), &pollable{}
	serve := func(c *abi.Call) {
		if len(queue) == 0 {
			c.Fail(abi.WaitFor(arrived))
			return
		}
		c.Return(uint64(len(queue[0])))
	}
	slots := abi.Flat{{}}
	call := newCall(newEnv(64), slots, false, -1)
	serve(call)
	_, wait := call.Outcome()
	fmt.Println("waits:", wait != nil)

	queue = append(queue, "message")
	call = newCall(newEnv(64), slots, false, -1)
	serve(call)
	fmt.Println("returned:", slots.U32(0))
	// Output:
	// waits: true
	// returned: 7
}

// Broken rules of the Canonical ABI end the guest.
func ExampleTrapf() {
	err := abi.Trapf("unknown flag %#x", 8)
	fmt.Println(err, errors.Is(err, abi.ErrTrap))
	// Output: unknown flag 0x8 true
}

// A function of WIT type result<u32, string> answers err("...") with an error of type Err.
func ExampleErr() {
	var err error = fmt.Errorf("lookup: %w", abi.Err[string]{Value: "no such key"})
	if e, ok := abi.AsErr[abi.Err[string]](err); ok {
		fmt.Println(e.Value)
	}
	// Output: no such key
}

func ExampleOption() {
	show := func(o abi.Option[string]) {
		if o.OK {
			fmt.Println("some", o.Value)
		} else {
			fmt.Println("none")
		}
	}
	show(abi.Some("text"))
	show(abi.Option[string]{})
	// Output:
	// some text
	// none
}

func ExampleResult() {
	ok, bad := abi.Ok[string](7), abi.Failure[int]("no")
	fmt.Println(ok.Value, ok.IsErr, bad.Err, bad.IsErr)
	// Output: 7 false no true
}

// A host gives a guest a stream of values; generated code lowers it with LowerStream.
func ExampleSlice() {
	elems := abi.Slice([]string{"a", "b"})
	defer elems.Close()
	for {
		v, err := elems.Next(context.Background())
		if err == io.EOF {
			break
		}
		fmt.Println(v)
	}
	// Output:
	// a
	// b
}

// A host gives a guest a future, and later its value.
func ExamplePromise() {
	e := newEnv(64)
	g := e.guest(nil)
	p := abi.NewPromise[uint32]()
	abi.LowerPromise(g, p, 1, storeU32) // generated code does this when a function returns p
	p.Resolve(42)
	e.source.Read(g, 16, 1) // the guest reads it
	fmt.Println(g.U32(16))
	// Output: 42
}

// A host reads the stream<u8> that a guest writes like any other reader.
func ExampleByteReader() {
	e := newEnv(64)
	copy(e.mem[16:], "hello\n")
	e.end = &end{e: e}
	g := e.guest(nil)
	r := g.ByteStream(1, 1) // generated code does this for a parameter of type stream<u8>
	defer r.Close()
	e.end.sink.Write(g, 16, 6) // the guest writes
	e.end.sink.End(nil)        // and drops its end
	if _, err := io.Copy(os.Stdout, r); err != nil {
		fmt.Println(err)
	}
	// Output: hello
}

// A host reads a guest's stream of other values one by one.
func ExampleReader_Next() {
	e := newEnv(64)
	e.mem[16], e.mem[20] = 3, 4
	e.end = &end{e: e}
	g := e.guest(nil)
	r := abi.LiftStream(g, 1, 1, 4, loadU32) // generated code does this
	defer r.Close()
	e.end.sink.Write(g, 16, 2)
	e.end.sink.End(nil)
	for {
		v, err := r.Next(context.Background())
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(v)
	}
	// Output:
	// 3
	// 4
	// EOF
}

// A host waits for the value of a guest's future.
func ExampleFuture_Get() {
	e := newEnv(64)
	e.mem[16] = 7
	e.end = &end{e: e}
	g := e.guest(nil)
	f := abi.LiftFuture(g, 1, 1, loadU32) // generated code does this
	defer f.Close()
	e.end.sink.Write(g, 16, 1)
	fmt.Println(f.Get(context.Background()))
	// Output: 7 <nil>
}

// The guest reads what an io.ReadCloser yields.
func ExampleGuest_LowerByteStream() {
	e := newEnv(64)
	g := e.guest(nil)
	body := io.NopCloser(strings.NewReader("body"))
	done := make(chan error, 1)
	g.LowerByteStream(body, 1, func(err error) { done <- err }) // generated code does this
	pump(e, g, func(p, n uint32) { fmt.Print(string(g.Mem()[p : p+n])) })
	fmt.Println(" -", <-done)
	// Output: body - <nil>
}

// A table gives out small integers; the one that became free last is used first.
func ExampleTable() {
	var t abi.Table
	a, _ := t.Add(abi.Entry{Kind: abi.KindResource})
	b, _ := t.Add(abi.Entry{Kind: abi.KindResource})
	t.Remove(a)
	c, _ := t.Add(abi.Entry{Kind: abi.KindSubtask})
	_, err := t.Get(b, abi.KindSubtask)
	fmt.Println(a, b, c, err)
	// Output: 1 2 1 handle index 2 is a resource, not a subtask
}

func ExampleFlat() {
	f := make(abi.Flat, 2)
	f.Set(0, abi.F64Bits(1.5))
	f.Set(1, 1<<40)
	fmt.Println(f.F64(0), f.U64(1), f.U32(1))
	// Output: 1.5 1099511627776 0
}
