package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// part decodes one of the components in testdata/wast/graph.wast.
func part(name string) *engine.Component {
	var script struct {
		Commands []struct{ Name, Filename string }
	}
	b, err := os.ReadFile("testdata/wast/graph.json")
	if err == nil {
		err = json.Unmarshal(b, &script)
	}
	for _, c := range script.Commands {
		if err == nil && c.Name == name {
			b, err = os.ReadFile("testdata/wast/" + c.Filename)
			break
		}
	}
	if err != nil {
		log.Fatal(err)
	}
	c, err := engine.Decode(b)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

func mustRuntime() *engine.Runtime {
	rt, err := engine.NewRuntime(engine.Config{Instances: 10})
	if err != nil {
		log.Fatal(err)
	}
	return rt
}

// What one component imports, another exports. Two nodes of one component are two instances,
// here with a counter that they share.
func ExampleGraph() {
	ctx, rt := context.Background(), mustRuntime()
	defer rt.Close(ctx)
	var g engine.Graph
	g.Add("top", part("top"), nil)
	g.Add("left", part("side"), nil)
	g.Add("right", part("side"), nil)
	g.Add("counter", part("counter"), nil)
	g.Connect("top", "left", "left", "test:graph/side@1.2.0") // under another name
	g.Connect("top", "test:graph/side@1.0.0", "right", "")    // of a compatible version
	g.Connect("left", "test:graph/counter@1.0.0", "counter", "")
	g.Connect("right", "test:graph/counter@1.0.0", "counter", "")
	g.Export("test:graph/counter@1.0.0", "counter", "test:graph/counter@1.0.0") // beside what the root exports
	program, err := g.Link(ctx, rt, "top")
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	fmt.Println(program.Funcs())
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)
	fmt.Println(i.Call(ctx, mustFunc(program, "", "both")))
	fmt.Println(i.Call(ctx, mustFunc(program, "test:graph/counter@1.0.0", "next")))
	// Output:
	// [test:graph/counter@1.0.0#next both]
	// 11012 <nil>
	// 3 <nil>
}

// scope is what a node may reach: its key is its own, or it is told that it has none.
func scope(key uint32) *engine.Linker {
	l := engine.NewLinker()
	if key == 0 {
		l.DefineTrap("test:graph/key@1.0.0", errors.New("this component may have no key"))
		return l
	}
	l.Define("test:graph/key@1.0.0", func() (*abi.Interface, error) {
		return &abi.Interface{ID: "test:graph/key@1.0.0", Funcs: []abi.Func{
			{Name: "key", Type: "func()->u32", Serve: func(c *abi.Call) {
				fmt.Println(c.Caller().Instance, "asks for its key")
				c.Return(uint64(key))
			}},
		}}, nil
	})
	return l
}

// A chain of middlewares: each imports the handler that it exports itself. A stream goes in
// at the one end and comes back, through all of them.
func ExampleGraph_Add() {
	ctx, rt := context.Background(), mustRuntime()
	defer rt.Close(ctx)
	const handler = "test:graph/handler@1.0.0"
	var g engine.Graph
	g.Add("handler", part("handler"), nil)
	g.Add("inner", part("middleware"), scope(1))
	g.Add("outer", part("middleware"), scope(2))
	g.Connect("inner", handler, "handler", "")
	g.Connect("outer", handler, "inner", "")
	program, err := g.Link(ctx, rt, "outer")
	if err != nil {
		log.Fatal(err)
	}
	defer program.Close()
	i, err := program.Instantiate(ctx, engine.InstanceConfig{})
	if err != nil {
		log.Fatal(err)
	}
	defer i.Close(ctx)

	x := newExchange(strings.NewReader("a"))
	call := i.Start(ctx, mustFunc(program, handler, "handle"), x, nil)
	<-call.Done() // the response begins
	response, err := io.ReadAll(x.res)
	fmt.Printf("%q %v\n", response, err)
	// Output:
	// outer asks for its key
	// inner asks for its key
	// inner asks for its key
	// outer asks for its key
	// inner asks for its key
	// outer asks for its key
	// "g1" <nil>
}

// All that one component exports of a package goes to another, whatever the interfaces.
func ExampleGraph_Connect() {
	var g engine.Graph
	user, maker := part("user"), part("maker")
	g.Add("user", user, nil)
	g.Add("maker", maker, nil)
	for _, i := range user.Imports() {
		if strings.HasPrefix(i.Name, "test:graph/") && maker.HasExport(i.Name) {
			g.Connect("user", i.Name, "maker", "")
		}
	}
	rt := mustRuntime()
	defer rt.Close(context.Background())
	_, err := g.Link(context.Background(), rt, "user")
	fmt.Println(err)
	var imp *engine.ImportError
	if errors.As(err, &imp) {
		fmt.Println(imp.Node, "needs", imp.Import)
	}
	// Output:
	// node "user": import "test:graph/sink@1.0.0": the host does not provide it
	// user needs test:graph/sink@1.0.0
}

// Components that need each other cannot be linked.
func ExampleCycleError() {
	const handler = "test:graph/handler@1.0.0"
	var g engine.Graph
	g.Add("auth", part("middleware"), scope(1))
	g.Add("log", part("middleware"), scope(1))
	g.Connect("auth", handler, "log", "")
	g.Connect("log", handler, "auth", "")
	rt := mustRuntime()
	defer rt.Close(context.Background())
	_, err := g.Link(context.Background(), rt, "auth")
	var cycle *engine.CycleError
	if errors.As(err, &cycle) {
		fmt.Println(cycle.Nodes)
	}
	// Output: [auth log auth]
}
