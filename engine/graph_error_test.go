package engine_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

// What is wrong with a graph is said with the names of the nodes.
func TestGraphErrors(t *testing.T) {
	const counter, side = "test:graph/counter@1.0.0", "test:graph/side@1.2.0"
	rt := newRuntime(t)
	for name, tt := range map[string]struct {
		build func(g *engine.Graph)
		root  string
		want  []string // lines
	}{
		"nothing in it": {func(*engine.Graph) {}, "", []string{"graph: it exports nothing"}},
		"unknown root": {func(g *engine.Graph) { g.Add("counter", nodes()["counter"], nil) }, "conter",
			[]string{`graph: there is no node "conter"; did you mean "counter"?`}},
		"names": {func(g *engine.Graph) {
			g.Add("", nodes()["counter"], nil)
			g.Add("a", nodes()["counter"], nil)
			g.Add("a", nodes()["side"], nil)
		}, "a", []string{"graph: a node has no name", `graph: two nodes are named "a"`}},
		"edges": {func(g *engine.Graph) {
			g.Add("a", nodes()["side"], nil)
			g.Add("b", nodes()["counter"], nil)
			g.Connect("a", "test:graph/conter@1.0.0", "b", "")
			g.Connect("a", "test:graph/counter@2.0.0", "b", "")
			g.Connect("a", counter, "b", "test:graph/other@1.0.0")
			g.Connect("a", counter, "c", "")
			g.Connect("c", counter, "b", "")
			g.Export("x", "b", "y")
		}, "a", []string{
			`graph: node "a" has no import "test:graph/conter@1.0.0"; did you mean "test:graph/counter@1.0.0"?`,
			`graph: node "a" has no import "test:graph/counter@2.0.0"; did you mean "test:graph/counter@1.0.0"?`,
			`graph: node "b" does not export "test:graph/other@1.0.0"`,
			`graph: there is no node "c"`,
			`graph: there is no node "c"`,
			`graph: node "b" does not export "y"`,
		}},
		"twice": {func(g *engine.Graph) {
			g.Add("a", nodes()["side"], nil)
			g.Add("b", nodes()["counter"], nil)
			g.Add("c", nodes()["counter"], nil)
			g.Connect("a", counter, "b", "")
			g.Connect("a", "test:graph/counter@1.7.0", "c", "")
			g.Export("x", "b", counter)
			g.Export("x", "c", counter)
		}, "a", []string{`graph: import "test:graph/counter@1.0.0" of node "a" is connected twice`, `graph: two exports are named "x"`}},
		"not needed": {func(g *engine.Graph) {
			g.Add("a", nodes()["counter"], nil)
			g.Add("b", nodes()["side"], nil)
			g.Connect("b", counter, "a", "")
		}, "a", []string{`graph: node "b" is not needed: connect an import to it, or leave it out`}},
		"not provided": {func(g *engine.Graph) {
			g.Add("a", nodes()["top"], nil)
			g.Add("b", nodes()["side"], nil)
			g.Connect("a", "left", "b", side)
			g.Connect("a", side, "b", "")
		}, "a", []string{`node "b": import "test:graph/counter@1.0.0": the host does not provide it`}},
		"other type": {func(g *engine.Graph) {
			g.Add("front", nodes()["middleware"], keyed(1))
			g.Add("back", nodes()["no-handler"], nil)
			g.Connect("front", handlerID, "back", "")
		}, "front", []string{`node "front": import "test:graph/handler@1.0.0" from node "back": export "handle": expected an async function, found one that is not`}},
		"other type under another name": {func(g *engine.Graph) {
			g.Add("top", nodes()["top"], nil)
			g.Add("b", nodes()["counter"], nil)
			g.Connect("top", "left", "b", counter)
		}, "top", []string{`node "top": import "left" from node "b": export "test:graph/counter@1.0.0": export "get" is missing`}},
	} {
		t.Run(name, func(t *testing.T) {
			var g engine.Graph
			tt.build(&g)
			_, err := g.Link(context.Background(), rt, tt.root)
			if err == nil {
				t.Fatal("linked")
			}
			got := strings.Split(err.Error(), "\n")
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Components that need each other cannot be linked, be they as many as they will.
func TestGraphCycle(t *testing.T) {
	rt := newRuntime(t)
	for _, want := range [][]string{{"a", "a"}, {"a", "b", "a"}, {"b", "c", "d", "b"}} {
		var g engine.Graph
		for _, name := range []string{"a", "b", "c", "d"} {
			g.Add(name, nodes()["middleware"], keyed(1))
		}
		if want[0] != "a" {
			g.Connect("a", handlerID, "b", "")
		}
		for i, name := range want[:len(want)-1] {
			g.Connect(name, handlerID, want[i+1], "")
		}
		_, err := g.Link(context.Background(), rt, "a")
		var cycle *engine.CycleError
		if !errors.As(err, &cycle) || !reflect.DeepEqual(cycle.Nodes, want) {
			t.Errorf("got %v, want a cycle %v", err, want)
		}
		if text := strings.Join(want, " imports from "); err != nil && !strings.Contains(err.Error(), text) {
			t.Errorf("got %v, want %q", err, text)
		}
	}
}

// A program can export what several nodes do, under names of its own.
func TestGraphExports(t *testing.T) {
	g := diamond()
	g.Export("test:graph/counter@1.0.0", "counter", "test:graph/counter@1.0.0")
	g.Export("left", "left", "test:graph/side@1.0.0")
	p := graphProgram(t, g, "top")
	if got, want := p.Funcs(), []string{"test:graph/counter@1.0.0#next", "left#get", "both"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	i := instance(t, p, engine.InstanceConfig{})
	mustCall(t, i, uint32(11_012), "both")
	f, err := p.Func("test:graph/counter@1.0.0", "next")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := i.Call(context.Background(), f); got != uint32(3) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	// Without a root there is nothing else.
	var only engine.Graph
	only.Add("a", nodes()["counter"], nil)
	only.Export("c", "a", "test:graph/counter@1.2.0")
	if got, want := graphProgram(t, &only, "").Funcs(), []string{"c#next"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
