package composition

import (
	"context"
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine"
)

// placeAround makes the parts that are placed around the component.
func (p *Program) placeAround(ctx context.Context) []error {
	var errs []error
	seen := map[string]int{}
	for _, d := range p.spec.Around {
		name := d.Component
		if name == "" {
			name = d.Source.String()
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		x, faults := p.newPart(ctx, p.main, d, name)
		errs = append(errs, faults...)
		p.around = append(p.around, x)
	}
	if len(errs) == 0 {
		errs = p.checkChain()
	}
	return errs
}

// chain are the parts in the order in which they call each other.
func (p *Program) chain() []*Part { return append(slices.Clone(p.around), p.main) }

// checkChain finds parts that cannot be placed where they are.
func (p *Program) checkChain() []error {
	if len(p.around) == 0 {
		return nil
	}
	iface := p.spec.Interface
	var errs []error
	for _, x := range p.chain() {
		if versionOf(iface, x.exportNames()) == "" {
			err := fmt.Errorf("source %q does not export %s, without which nothing can be placed before it", p.spec.Component.Source, iface)
			if x != p.main {
				err = x.fault("it does not export %s, which is what it is placed there for", iface)
			}
			errs = append(errs, err)
		}
		if x != p.main && versionOf(iface, x.importNames()) == "" {
			errs = append(errs, x.fault("it does not import %s, by which it would call what it is placed before", iface))
		}
	}
	return errs
}

// connectAround connects the chain, and returns its outermost part.
func (p *Program) connectAround(g *engine.Graph) *Part {
	chain := p.chain()
	for k, x := range p.around {
		x.addTo(g)
		next := chain[k+1]
		g.Connect(x.node(), versionOf(p.spec.Interface, x.importNames()), next.node(), versionOf(p.spec.Interface, next.exportNames()))
	}
	return chain[0]
}
