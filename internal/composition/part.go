package composition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
)

// Part is a piece of code in a program: the component itself, or a dependency, which is an instance
// of its own with an import scope of its own.
type Part struct {
	program *Program
	dep     *manifest.Dependency // nil for the component itself
	subject capability.Subject
	code    *engine.Component
	linker  *engine.Linker
	deps    []*Part
	given   map[string]*Part // imports of this part that dependencies provide, by name
}

// newPart reads and decodes a piece of code with everything that it depends on.
func (pr *Program) newPart(ctx context.Context, parent *Part, dep *manifest.Dependency, name string) (*Part, []error) {
	c := pr.spec.Component
	p := &Part{program: pr, dep: dep, subject: capability.Subject{Component: c.ID, Pos: c.Pos}, given: map[string]*Part{}}
	deps := c.Dependencies
	if dep != nil {
		deps = dep.Dependencies
		p.subject.Path = append(slices.Clone(parent.subject.Path), subjectOf(dep, name))
	}
	errs := p.checkInherit()
	var err error
	if p.code, err = pr.spec.Decode(ctx, dep); err != nil {
		errs = append(errs, err)
	}
	for _, d := range deps {
		child, faults := pr.newPart(ctx, p, d, d.Name.String())
		errs = append(errs, faults...)
		p.deps = append(p.deps, child)
	}
	if len(errs) == 0 {
		errs = p.match()
	}
	return p, errs
}

// subjectOf is a dependency as decisions about it name it.
func subjectOf(d *manifest.Dependency, name string) capability.Dependency {
	return capability.Dependency{Name: name, Pos: d.Pos, Inherit: d.Inherit, Bare: d.Bare}
}

// checkInherit finds capability sets that nobody knows in what the dependency inherits.
func (p *Part) checkInherit() []error {
	if p.dep == nil {
		return nil
	}
	known := append(capability.Sets(), p.program.host.APIs.Capabilities()...)
	slices.Sort(known)
	var faults capability.InheritErrors
	errors.As(p.dep.Inherit.Check(slices.Compact(known)), &faults)
	var errs []error
	for _, f := range faults {
		errs = append(errs, fault.At(f.Name.Pos, fault.Reword(f, f.Detail())))
	}
	return errs
}

// Path names the dependencies from the component inwards; it is empty for the component itself.
func (p *Part) Path() []string {
	var names []string
	for _, d := range p.subject.Path {
		names = append(names, d.Name)
	}
	return names
}

// name is how the manifest names the part.
func (p *Part) name() string {
	if p.dep == nil {
		return p.subject.Component
	}
	return p.subject.Path[len(p.subject.Path)-1].Name
}

// node is the part's name among those of the program.
func (p *Part) node() string {
	return strings.Join(append([]string{p.subject.Component}, p.Path()...), "/")
}

// find returns the part that a node of the graph is.
func (p *Part) find(node string) *Part {
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

// fault is one of the line that names the dependency.
func (p *Part) fault(format string, args ...any) error {
	return fault.At(p.dep.Pos, fmt.Errorf("dependency %q: "+format, append([]any{p.name()}, args...)...))
}

func (p *Part) exportNames() []string { return names(p.code.Exports()) }
func (p *Part) importNames() []string { return names(p.code.Imports()) }

func names(list []engine.Extern) []string {
	var names []string
	for _, e := range list {
		names = append(names, e.Name)
	}
	return names
}
