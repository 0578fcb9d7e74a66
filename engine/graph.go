package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/semver"
)

// Graph composes components: what one imports, another exports. The zero value is an empty
// graph. Add components as nodes, Connect them, and Link the graph to a [Program], which is
// like that of one component. A Graph is not safe for concurrent use.
//
// All nodes of an instance share a store, with its limits and its handles' budget, and their
// fate: what traps in one ends all of them (Canonical ABI, "Component Instance State"). Their
// memories and handle tables are their own.
type Graph struct {
	nodes   []graphNode
	edges   []edge
	exports []export
}

type graphNode struct {
	name string
	c    *Component
	l    *Linker
}

// edge gives an import of a node what another exports.
type edge struct{ to, imp, from, export string }

// export is something that the program exports.
type export struct{ name, node, export string }

// Add adds a component as a node. Its name, which must be its own, stands in errors and is
// in the abi.Caller of its host calls, as the first part of Instance. A component may be added several times:
// each node is an instance of its own.
//
// l is what the host provides for the node, which may be nothing, nil. So a node can be
// denied what others may use: by leaving it out of l, which fails to link; with
// [Linker.DefineTrap]; or by an interface of the same name that answers with an error. The
// resource types of the host are the same for all nodes.
func (g *Graph) Add(name string, c *Component, l *Linker) {
	if l == nil {
		l = NewLinker()
	}
	g.nodes = append(g.nodes, graphNode{name, c, l})
}

// Connect satisfies an import of a node, which the host then need not provide, with what the
// node named from exports as export; "" means by the same name. Functions, instances and
// whatever else components can exchange can be connected.
//
// Names that are not found exactly match in compatible versions, as for [Linker.Define]: imp
// may be several imports of the node, export is the greatest version of those that from has.
// Types are compared by [Graph.Link].
func (g *Graph) Connect(node, imp, from, export string) {
	g.edges = append(g.edges, edge{node, imp, from, export})
}

// Export makes the program export, under a name, what a node exports, in place of what the
// root exports by that name.
func (g *Graph) Export(name, node, exp string) {
	g.exports = append(g.exports, export{name, node, exp})
}

// Link links all nodes to a program that exports what the root does, and what [Graph.Export]
// says; with "" for the root only that. Every node must be needed by the root or an export,
// directly or through others.
//
// Imports that nobody provides and types that differ are an *ImportError, nodes that need
// each other a *CycleError, and for compiling the same holds as in [Linker.Link]. All mistakes
// in names are reported at once. The graph is not needed after that, and may be changed and
// linked again.
func (g *Graph) Link(ctx context.Context, rt *Runtime, root string) (*Program, error) {
	p := newPlan(g)
	p.connect()
	p.order(root)
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	lp, err := link.LinkGraph(p.linked, p.root, p.exports, linkOptions(rt, p.linkers...))
	if err != nil {
		return nil, err
	}
	return newProgram(ctx, rt, lp, p.res, p.components...)
}

// CycleError says that components cannot be linked since each of them needs the next to be
// there first.
type CycleError struct {
	Nodes []string // the first again at the end
}

func (e *CycleError) Error() string {
	return fmt.Sprintf("graph has a cycle: %s; a component can only import from those that do not need it",
		strings.Join(e.Nodes, " imports from "))
}

// matching lists those of a component's imports or exports that a name means: the one of
// exactly that name, or else all that are compatible.
func matching(of []types.Extern, name string) []string {
	track := semver.TrackOf(name)
	var names []string
	for _, e := range of {
		if e.Name == name {
			return []string{name}
		}
		if track != name && semver.TrackOf(e.Name) == track {
			names = append(names, e.Name)
		}
	}
	return names
}

// greatest returns the greatest version among compatible names.
func greatest(names []string) string {
	best := ""
	for _, n := range names {
		if best == "" || semver.Newer(n, best) {
			best = n
		}
	}
	return best
}

func namesOf(es []types.Extern) []string {
	names := make([]string, len(es))
	for i, e := range es {
		names[i] = e.Name
	}
	return names
}
