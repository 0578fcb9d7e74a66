package composition

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/manifest"
)

// Host is what all programs of an app share. It is safe for concurrent use once its fields are
// set, and must not be copied then.
type Host struct {
	Runtime *engine.Runtime
	APIs    hostapi.Registry
	Usage   *capability.Usage // of host interfaces that carry a capability
	Logger  *slog.Logger      // is told which calls were denied

	once   sync.Once
	byName map[string][]hostapi.Interface // without version
	bind   sync.Mutex                     // while functions of the embedder are called
}

// Spec says what a program is made of.
type Spec struct {
	Component *manifest.Component
	// Around is placed before the component, from the outermost inwards. Each exports Interface,
	// and imports it from the next. The interface is named without version.
	Around    []*manifest.Dependency
	Interface string
	// Decode returns the code of a dependency, or that of the component itself for nil. Its
	// errors are told as they are.
	Decode func(context.Context, *manifest.Dependency) (*engine.Component, error)
	// Scope returns what the host interfaces of a part are bound to. It is called for one part
	// of the app at a time.
	Scope func(*Part) *hostapi.Scope
}

// Program is a linked program. Its caller closes it.
type Program struct {
	*engine.Program
	host     *Host
	spec     Spec
	main     *Part
	around   []*Part // from the outermost inwards
	standIns []string
}

// Compose reads, connects and links all parts of a program. All faults are joined: those of what
// the manifest says are [*fault.Error], others concern the code of the component.
func (h *Host) Compose(ctx context.Context, s Spec) (*Program, error) {
	p := &Program{host: h, spec: s}
	var errs []error
	if p.main, errs = p.newPart(ctx, nil, nil, ""); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if errs = p.placeAround(ctx); len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	var err error
	if p.Program, err = p.link(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// link links the component with all that it depends on, and all that is around it.
func (p *Program) link(ctx context.Context) (*engine.Program, error) {
	if len(p.main.deps)+len(p.around) == 0 {
		p.main.makeLinker()
		program, err := p.main.linker.Link(ctx, p.host.Runtime, p.main.code)
		if err != nil {
			return nil, p.sourceFault(err)
		}
		return program, nil
	}
	var g engine.Graph
	p.main.addTo(&g)
	program, err := g.Link(ctx, p.host.Runtime, p.connectAround(&g).node())
	if err != nil {
		return nil, p.linkFault(err)
	}
	return program, nil
}

// addTo adds the part and its dependencies to a graph.
func (p *Part) addTo(g *engine.Graph) {
	p.makeLinker()
	g.Add(p.node(), p.code, p.linker)
	for _, d := range p.deps {
		d.addTo(g)
	}
	for imp, from := range p.given {
		g.Connect(p.node(), imp, from.node(), from.dep.Export)
	}
}

// linkFault gives an error about a part the place of that in the manifest.
func (p *Program) linkFault(err error) error {
	var e *engine.ImportError
	if errors.As(err, &e) {
		at := e.Node
		if e.From != "" {
			at = e.From
		}
		for _, x := range append(slices.Clone(p.around), p.main) {
			if x = x.find(at); x != nil && x.dep != nil {
				return x.fault("%w", err)
			}
		}
	}
	return p.sourceFault(err)
}

func (p *Program) sourceFault(err error) error {
	return fmt.Errorf("source %q: %w", p.spec.Component.Source, err)
}

// StandIns lists the host interfaces that parts import and that are known but not provided, by the
// names of the imports, some of them several times.
func (p *Program) StandIns() []string { return p.standIns }
