package spin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/manifest"
)

// part is a piece of code in a component's program: the component itself, or a dependency,
// which is an instance of its own with an import scope of its own.
type part struct {
	c       *component
	dep     *manifest.Dependency // nil for the component itself
	subject capability.Subject
	decoded *engine.Component
	linker  *engine.Linker
	deps    []*part
	given   map[string]*part // imports of this part that dependencies provide, by name
}

// newPart reads and decodes a piece of code with everything that it depends on. All faults are
// joined.
func (c *component) newPart(ctx context.Context, parent *part, dep *manifest.Dependency, name string) (*part, error) {
	p := &part{c: c, dep: dep, subject: capability.Subject{Component: c.m.ID, Pos: c.m.Pos}, given: map[string]*part{}}
	source, deps := c.m.Source, c.m.Dependencies
	if dep != nil {
		source, deps = dep.Source, dep.Dependencies
		p.subject.Path = append(append([]capability.Dependency(nil), parent.subject.Path...), subjectOf(dep, name))
	}
	errs := p.checkInherit()
	var err error
	if p.decoded, err = p.decode(ctx, source); err != nil {
		errs = append(errs, &Error{Component: c.m.ID, Pos: p.sourcePos(source, err), Err: err})
	}
	for _, d := range deps {
		child, err := c.newPart(ctx, p, d, d.Name.String())
		if err != nil {
			errs = append(errs, split(err)...)
		}
		p.deps = append(p.deps, child)
	}
	if len(errs) == 0 {
		errs = p.match()
	}
	return p, errors.Join(errs...)
}

// subjectOf is a dependency as decisions about it name it.
func subjectOf(d *manifest.Dependency, name string) capability.Dependency {
	return capability.Dependency{Name: name, Pos: d.Pos, Inherit: d.Inherit, Bare: d.Bare}
}

// checkInherit finds capability sets that nobody knows in what the dependency inherits.
func (p *part) checkInherit() []error {
	if p.dep == nil {
		return nil
	}
	known := capability.Sets()
	for _, i := range p.c.a.cfg.HostAPIs.Interfaces() {
		if i.Capability != "" {
			known = append(known, i.Capability)
		}
	}
	var faults capability.InheritErrors
	var errs []error
	errors.As(p.subject.Path[len(p.subject.Path)-1].Inherit.Check(compacted(known)), &faults)
	for _, f := range faults {
		errs = append(errs, &Error{Component: p.c.m.ID, Pos: f.Name.Pos, Err: &reworded{f.Detail(), f}})
	}
	return errs
}

// path names the dependencies from the component inwards.
func (p *part) path() []string {
	var names []string
	for _, d := range p.subject.Path {
		names = append(names, d.Name)
	}
	return names
}

// name is how the manifest names the part.
func (p *part) name() string {
	if p.dep == nil {
		return p.c.m.ID
	}
	return p.subject.Path[len(p.subject.Path)-1].Name
}

// node is the part's name among those of the program.
func (p *part) node() string {
	return strings.Join(append([]string{p.c.m.ID}, p.path()...), "/")
}

// link makes the program of a component with all that it depends on, and all that is around it.
func (c *component) link(ctx context.Context) (*engine.Program, error) {
	p := c.part
	if len(p.deps)+len(c.around) == 0 {
		p.makeLinker()
		program, err := p.linker.Link(ctx, c.a.rt.e, p.decoded)
		if err != nil {
			return nil, fmt.Errorf("source %q: %w", c.m.Source, err)
		}
		return program, nil
	}
	var g engine.Graph
	p.addTo(&g)
	program, err := g.Link(ctx, c.a.rt.e, c.connectAround(&g).node())
	if err != nil {
		return nil, c.linkFault(err)
	}
	return program, nil
}

// addTo adds the part and its dependencies to a graph.
func (p *part) addTo(g *engine.Graph) {
	p.makeLinker()
	g.Add(p.node(), p.decoded, p.linker)
	for _, d := range p.deps {
		d.addTo(g)
	}
	for imp, from := range p.given {
		g.Connect(p.node(), imp, from.node(), from.dep.Export)
	}
}

// linkFault gives an error about a part the place of that in the manifest.
func (c *component) linkFault(err error) error {
	var e *engine.ImportError
	if errors.As(err, &e) {
		at := e.Node
		if e.From != "" {
			at = e.From
		}
		for _, p := range append(c.around, c.part) {
			if p = p.find(at); p != nil && p.dep != nil {
				return p.fault("%w", err)
			}
		}
	}
	return fmt.Errorf("source %q: %w", c.m.Source, err)
}

// find returns the part that a node of the graph is.
func (p *part) find(node string) *part {
	if p.node() == node {
		return p
	}
	for _, d := range p.deps {
		if at := d.find(node); at != nil {
			return at
		}
	}
	return nil
}
