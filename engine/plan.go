package engine

import (
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/engine/internal/types"
)

// plan is what a graph comes to: its nodes in the order in which they are linked, those that
// give something to others first.
type plan struct {
	g     *Graph
	errs  []error
	index map[string]int // of nodes in the graph, by name
	needs []map[string]given

	linked     []link.Node
	components []*Component // of linked, each once
	linkers    []*Linker    // of linked
	place      []int        // of nodes in linked; see visit
	root       int
	exports    []link.Export
	res        hostResources
}

// given is what satisfies an import: an export of another node of the graph.
type given struct {
	node   int
	export string
}

func newPlan(g *Graph) *plan {
	p := &plan{g: g, index: map[string]int{}, needs: make([]map[string]given, len(g.nodes)), place: make([]int, len(g.nodes)), root: -1, res: hostResources{}}
	for i, n := range g.nodes {
		p.needs[i] = map[string]given{}
		switch _, twice := p.index[n.name]; {
		case n.name == "":
			p.failf("a node has no name")
		case twice:
			p.failf("two nodes are named %q", n.name)
		}
		p.index[n.name] = i
	}
	return p
}

func (p *plan) failf(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("graph: "+format, args...))
}

// node finds a node by its name.
func (p *plan) node(name string) (i int, ok bool) {
	if i, ok = p.index[name]; !ok {
		var names []string
		for _, n := range p.g.nodes {
			names = append(names, n.name)
		}
		p.failf("there is no node %q%s", name, suggest(name, names))
	}
	return i, ok
}

// connect finds what the graph's edges and exports mean.
func (p *plan) connect() {
	for _, e := range p.g.edges {
		to, ok := p.node(e.to)
		from, ok2 := p.node(e.from)
		if ok && ok2 {
			p.edge(e, to, from)
		}
	}
	for _, e := range p.g.exports {
		from, ok := p.node(e.node)
		if !ok {
			continue
		}
		if name := p.export(from, e.export); name != "" {
			p.exports = append(p.exports, link.Export{Name: e.name, Arg: link.Arg{Node: from, Export: name}})
		}
	}
	for i, e := range p.exports {
		if slices.ContainsFunc(p.exports[:i], func(x link.Export) bool { return x.Name == e.Name }) {
			p.failf("two exports are named %q", e.Name)
		}
	}
}

func (p *plan) edge(e edge, to, from int) {
	imports := p.g.nodes[to].c.c.Type.Imports
	names := matching(imports, e.imp)
	if len(names) == 0 {
		p.failf("node %q has no import %q%s", e.to, e.imp, suggest(e.imp, namesOf(imports)))
	}
	for _, name := range names {
		if _, twice := p.needs[to][name]; twice {
			p.failf("import %q of node %q is connected twice", name, e.to)
			continue
		}
		want := e.export
		if want == "" {
			want = exportFor(imports, name, p.g.nodes[from].c.c.Type.Exports)
		}
		if export := p.export(from, want); export != "" {
			p.needs[to][name] = given{from, export}
		}
	}
}

// exportFor is the name by which a node is asked for what another imports.
func exportFor(imports []types.Extern, name string, exports []types.Extern) string {
	for _, i := range imports {
		if i.Name == name && i.Attrs.Implements != "" && len(matching(exports, name)) == 0 {
			return i.Attrs.Implements
		}
	}
	return name
}

// export finds the export of a node that a name means, "" if it has none.
func (p *plan) export(node int, name string) string {
	n := p.g.nodes[node]
	names := matching(n.c.c.Type.Exports, name)
	if len(names) == 0 {
		p.failf("node %q does not export %q%s", n.name, name, suggest(name, namesOf(n.c.c.Type.Exports)))
	}
	return greatest(names)
}

// order puts the nodes in order that the root and the exports need.
func (p *plan) order(root string) {
	if root == "" && len(p.g.exports) == 0 {
		p.failf("it exports nothing: name a root, or say with Export what the program exports")
	}
	if root != "" {
		if i, ok := p.node(root); ok {
			p.root = p.visit(i, nil)
		}
	}
	for i := range p.exports {
		x := &p.exports[i].Arg
		x.Node = p.visit(x.Node, nil)
	}
	if len(p.errs) > 0 {
		return
	}
	for i, n := range p.g.nodes {
		if p.place[i] == 0 {
			p.failf("node %q is not needed: connect an import to it, or leave it out", n.name)
		}
	}
}

// visit links a node after those that it needs, and returns its place. path are the nodes that
// need it.
func (p *plan) visit(i int, path []int) int {
	if k := slices.Index(path, i); k >= 0 {
		p.cycle(append(path[k:], i))
		return 0
	}
	if p.place[i] == 0 {
		n := p.g.nodes[i]
		args := map[string]link.Arg{}
		for _, imp := range n.c.c.Type.Imports {
			if x, ok := p.needs[i][imp.Name]; ok {
				args[imp.Name] = link.Arg{Node: p.visit(x.node, append(path, i)), Export: x.export}
			}
		}
		p.linked = append(p.linked, link.Node{
			Name: n.name, Component: n.c.c, Host: resolver{n.l, p.res}, Args: args, Limits: limits.Limits(n.c.limits),
		})
		p.linkers = append(p.linkers, n.l)
		if !slices.Contains(p.components, n.c) {
			p.components = append(p.components, n.c)
		}
		p.place[i] = len(p.linked)
	}
	return p.place[i] - 1
}

func (p *plan) cycle(nodes []int) {
	e := &CycleError{}
	for _, i := range nodes {
		e.Nodes = append(e.Nodes, p.g.nodes[i].name)
	}
	p.errs = append(p.errs, e)
}
