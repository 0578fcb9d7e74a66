package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// nodes returns the components of testdata/wast/graph.wast by name.
var nodes = sync.OnceValue(func() map[string]*engine.Component {
	var script struct{ Commands []wastCommand }
	b, err := readTestdata("wast", "graph.json")
	if err == nil {
		err = json.Unmarshal(b, &script)
	}
	m := map[string]*engine.Component{}
	for _, c := range script.Commands {
		if err == nil && c.Type == "module_definition" {
			if b, err = readTestdata("wast", c.Filename); err == nil {
				m[c.Name], err = engine.Decode(b)
			}
		}
	}
	if err != nil {
		panic(err)
	}
	return m
})

// keyID is an interface of the host whose key differs from node to node.
const keyID = "test:graph/key@1.0.0"

// keyed is an import scope with that key.
func keyed(key uint32) *engine.Linker {
	l := wastHost()
	l.Define(keyID, func() (*abi.Interface, error) {
		return &abi.Interface{ID: keyID, Funcs: []abi.Func{
			{Name: "key", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(uint64(key)) }},
		}}, nil
	})
	return l
}

// graphProgram links a graph in a runtime of its own.
func graphProgram(t testing.TB, g *engine.Graph, root string) *engine.Program {
	t.Helper()
	p, err := g.Link(context.Background(), newRuntime(t), root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// diamond has two sides of one component, both of which count with the same counter. The
// top asks for one of them by another version.
func diamond() *engine.Graph {
	var g engine.Graph
	g.Add("top", nodes()["top"], nil)
	g.Add("left", nodes()["side"], nil)
	g.Add("right", nodes()["side"], nil)
	g.Add("counter", nodes()["counter"], nil)
	g.Connect("top", "left", "left", "test:graph/side@1.2.0")
	g.Connect("top", "test:graph/side@1.0.0", "right", "")
	g.Connect("left", "test:graph/counter@1.0.0", "counter", "")
	g.Connect("right", "test:graph/counter@1.0.0", "counter", "")
	return &g
}

func TestDiamond(t *testing.T) {
	p := graphProgram(t, diamond(), "top")
	a, b := instance(t, p, engine.InstanceConfig{}), instance(t, p, engine.InstanceConfig{})
	mustCall(t, a, uint32(11_012), "both") // each side's own count in tens, and the shared one
	mustCall(t, a, uint32(23_024), "both")
	mustCall(t, b, uint32(11_012), "both")
}

// things is a graph in which a resource is made in one node, used in another and dropped in
// a third.
func things(maker2 string) *engine.Graph {
	var g engine.Graph
	g.Add("maker", nodes()["maker"], nil)
	g.Add("sink", nodes()["sink"], nil)
	g.Add("user", nodes()["user"], nil)
	g.Connect("user", "test:graph/things@1.1.0", "maker", "")
	g.Connect("user", "test:graph/sink@1.0.0", "sink", "")
	if maker2 != "maker" {
		g.Add(maker2, nodes()["maker"], nil)
	}
	g.Connect("sink", "test:graph/things@1.0.0", maker2, "")
	return &g
}

func TestResourceOfOneNodeInOthers(t *testing.T) {
	p := graphProgram(t, things("maker"), "user")
	i := instance(t, p, engine.InstanceConfig{})
	for x := uint32(1); x < 5; x++ {
		mustCall(t, i, 10_000+101*x, "run", x)
		mustCall(t, i, uint32(0), "live")
	}
	mustCall(t, i, nil, "keep", uint32(1))
	mustCall(t, i, uint32(1), "live")
	wantHandles(t, p, 1)
}

// A resource type that two instances of one component define is two.
func TestResourcesOfTwoInstancesDiffer(t *testing.T) {
	_, err := things("other").Link(context.Background(), newRuntime(t), "user")
	var imp *engine.ImportError
	if !errors.As(err, &imp) || imp.Node != "user" || imp.From != "sink" || imp.Import != "test:graph/sink@1.0.0" {
		t.Fatalf("got %#v", err)
	}
	for _, want := range []string{`export "look": parameter "x": `, "two different ones named"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want one with %q", err, want)
		}
	}
}

// A node imports from its own host, from that of a node that passes it on, and from another
// node that makes resources of the host; their type is the same under two versions.
func TestEachNodeHasItsOwnHost(t *testing.T) {
	for _, tt := range []struct {
		name    string
		connect bool
		want    uint32
	}{{"of the host", false, 7}, {"of a node that passes on its own", true, 8}} {
		t.Run(tt.name, func(t *testing.T) {
			var g engine.Graph
			g.Add("asker", nodes()["asker"], keyed(7))
			g.Add("maker", nodes()["host-maker"], wastHost())
			g.Connect("asker", "make", "maker", "make")
			if tt.connect {
				l := keyed(8)
				l.DefineTrap("greet", errors.New("no greeting"))
				g.Add("relay", nodes()["relay"], l)
				g.Connect("asker", keyID, "relay", "")
			}
			i := instance(t, graphProgram(t, &g, "asker"), engine.InstanceConfig{})
			mustCall(t, i, tt.want, "ask")
			mustCall(t, i, uint32(42), "have", uint32(41))
		})
	}
}

// A node can be denied what another may use.
func TestNodeIsDenied(t *testing.T) {
	denied := wastHost()
	denied.DefineTrap(keyID, errors.New("keys are not for you"))
	var g engine.Graph
	g.Add("asker", nodes()["asker"], denied)
	g.Add("maker", nodes()["host-maker"], wastHost())
	g.Connect("asker", "make", "maker", "make")
	i := instance(t, graphProgram(t, &g, "asker"), engine.InstanceConfig{})
	mustCall(t, i, uint32(42), "have", uint32(41))
	if _, err := call(t, i, "ask"); !errors.Is(err, engine.ErrTrap) || !strings.Contains(fmt.Sprint(err), "keys are not for you") {
		t.Errorf("got %v", err)
	}
}

// A host function that serves several nodes knows which one calls.
func TestHostKnowsTheCaller(t *testing.T) {
	var mu sync.Mutex
	var callers []string
	l := engine.NewLinker()
	l.DefineFunc(&abi.Func{Name: "make", Type: "func()", Serve: func(c *abi.Call) {}})
	l.Define(keyID, func() (*abi.Interface, error) {
		return &abi.Interface{ID: keyID, Funcs: []abi.Func{{Name: "key", Type: "func()->u32", Serve: func(c *abi.Call) {
			mu.Lock()
			callers = append(callers, c.Caller().Instance)
			mu.Unlock()
			c.Go(func(context.Context) func(*abi.Call) {
				return func(c *abi.Call) { c.Return(uint64(len(c.Caller().Instance))) }
			})
		}}}}, nil
	})
	g := chain(l, l, l)
	i := instance(t, graphProgram(t, g, "mw0"), engine.InstanceConfig{})
	if got := handle(t, i, "aa"); got != "ss7" { // three characters for each of three nodes, back and forth
		t.Errorf("got %q", got)
	}
	if len(callers) == 0 || callers[0] != "mw0" {
		t.Errorf("called by %q", callers)
	}
}
