package link

import (
	"errors"
	"fmt"
	"math"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
)

// Node is one of the components that are linked to one program. Each has imports of its own.
type Node struct {
	Name      string // for messages; "" for a component on its own
	Component *binary.Component
	Host      Resolver
	Args      map[string]Arg // by the name of the import; the rest comes from Host
	Limits    limits.Limits  // those that only show when the component is instantiated; see addLimits
}

// Arg is what another node gives for an import: something that it exports.
type Arg struct {
	Node   int // before the node that imports
	Export string
}

// Export is something that a program exports.
type Export struct {
	Name string
	Arg
}

// LinkGraph links components that have been validated. Those that give something to others
// come first. What the root exports, if it is not negative, is what the program exports, but
// for exports, which take the place of the root's of the same name.
//
// The nodes become instances side by side, as if a component around them had instantiated
// them.
func LinkGraph(nodes []Node, root int, exports []Export, o Options) (*Program, error) {
	l := newLinker(o)
	for i := range nodes {
		addLimits(&l.limits, nodes[i].Limits.WithDefaults())
	}
	g := &graph{linker: l, nodes: nodes}
	for i := range nodes {
		if err := g.link(&nodes[i]); err != nil {
			return nil, err
		}
	}
	l.p.hostRes = l.hostRes
	all := newInstance()
	for _, e := range exports {
		all.add(e.Name, g.scopes[e.Node].exports.items[e.Export])
	}
	if root >= 0 {
		for _, name := range g.scopes[root].exports.names {
			if _, ok := all.items[name]; !ok {
				all.add(name, g.scopes[root].exports.items[name])
			}
		}
	}
	return l.finish(all)
}

// addLimits gives all nodes together the room that each would have on its own.
func addLimits(sum *limits.Limits, l limits.Limits) {
	for _, f := range []struct {
		sum *int
		n   int
	}{{&sum.Instances, l.Instances}, {&sum.Memories, l.Memories}, {&sum.Tables, l.Tables}, {&sum.TableElements, l.TableElements}} {
		*f.sum = min(*f.sum, math.MaxInt-f.n) + f.n
	}
}

// graph is the work of linking several components.
type graph struct {
	*linker
	nodes  []Node
	scopes []*scope // of the nodes that are linked
}

func (g *graph) link(n *Node) error {
	s, err := g.newScope(n.Component, nil, canon.None, n.Name)
	if err != nil {
		return err
	}
	s.host = &hostTypes{l: g.linker, resolver: n.Host, named: map[string]*types.Resource{}}
	s.imports = func(d *binary.Import) (item, error) {
		x, err := g.importItem(s, n, d)
		return x, ofNode(n, err)
	}
	if _, err := s.link(); err != nil {
		return inNode(n, err)
	}
	g.scopes = append(g.scopes, s)
	return nil
}

// importItem finds what a node's import stands for.
func (g *graph) importItem(s *scope, n *Node, d *binary.Import) (item, error) {
	if d.Type.Kind == types.TypeExtern && d.Type.Bound.Sub == nil {
		// It is the type that it is equal to: there is nothing to provide.
		return typeItem{s.resource(d.Type.Bound.Resource())}, nil
	}
	if a, ok := n.Args[d.Name]; ok {
		return g.arg(s, a, d)
	}
	if d.Type.Kind == types.ComponentExtern {
		return nil, fmt.Errorf("import %q of a component by the root component: %w", d.Name, ErrUnsupported)
	}
	h, err := n.Host.Import(d.Name, d.Attrs)
	if err != nil {
		return nil, &ImportError{Import: d.Name, Err: err}
	}
	return g.hostItem(s, h, d.Name, d.Type)
}

// arg checks that what another node exports is what an import wants, and binds the resource
// types that the import introduces.
func (g *graph) arg(s *scope, a Arg, d *binary.Import) (item, error) {
	from := g.scopes[a.Node]
	fail := func(err error) error {
		if errors.Is(err, types.ErrTooComplex) || g.steps.Exhausted() {
			return errTooComplex
		}
		e := &ImportError{Import: d.Name, From: g.nodes[a.Node].Name, Err: err}
		if a.Export != d.Name {
			e.Item = fmt.Sprintf("export %q", a.Export)
		}
		return e
	}
	x, ok := from.exports.items[a.Export]
	if !ok {
		return nil, fail(errors.New("it has no such export"))
	}
	have, err := from.exportType(a.Export)
	if err != nil {
		return nil, err
	}
	if err := types.MatchSteps(d.Type, have, types.Binding(s.env), g.steps); err != nil {
		return nil, fail(err)
	}
	return x, nil
}

// exportType is the type of what a node exports, with the resource types of the program.
func (s *scope) exportType(name string) (types.ExternType, error) {
	var t types.ExternType
	for _, e := range s.c.Type.Exports {
		if e.Name == name {
			t = e.Type
		}
	}
	sub := &types.Subst{Arena: s.l.arena, Replace: s.resource, Steps: s.l.steps}
	t = sub.Extern(t)
	if s.l.steps.Exhausted() {
		return t, errTooComplex
	}
	return t, nil
}

// ofNode says in whose import the fault is.
func ofNode(n *Node, err error) error {
	if e, ok := err.(*ImportError); ok {
		e.Node = n.Name
	}
	return err
}

// inNode says in which node the fault is, unless the error does.
func inNode(n *Node, err error) error {
	if _, ok := err.(*ImportError); ok || n.Name == "" {
		return err
	}
	return fmt.Errorf("node %q: %w", n.Name, err)
}
