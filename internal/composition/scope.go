package composition

import (
	"context"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// makeLinker makes the part's import scope: host interfaces that it may use, bound to the
// component's configuration and the part's identity, and denying ones in place of the rest.
func (p *Part) makeLinker() {
	h, l := p.program.host, engine.NewLinker()
	s := h.scope(p)
	p.linker = l
	for _, i := range p.usable() {
		g := capability.Decide(p.subject, i.ID, i.Capability)
		switch {
		case !g.Allowed():
			l.DefineAny(i.ID, p.deny(i.ID, g))
		case i.Bind == nil:
			l.DefineTrap(i.ID, hostapi.ErrNotBuilt)
		default:
			l.Define(i.ID, func() (*abi.Interface, error) {
				b, err := h.bindTo(i, s)
				if err != nil || g.Set() == "" {
					return b, err
				}
				return p.counted(b), nil
			})
		}
		if i.Types != "" {
			l.SameResources(i.ID, i.Types)
		}
	}
	for _, imp := range p.importNames() {
		if i, ok := p.provided(imp); ok && i.Bind == nil {
			p.program.standIns = append(p.program.standIns, imp)
		}
	}
}

// scope asks for what a part's host interfaces are bound to, for one part at a time.
func (h *Host) scope(p *Part) *hostapi.Scope {
	h.bind.Lock()
	defer h.bind.Unlock()
	return p.program.spec.Scope(p)
}

// bindTo binds an interface, one at a time.
func (h *Host) bindTo(i hostapi.Interface, s *hostapi.Scope) (*abi.Interface, error) {
	h.bind.Lock()
	defer h.bind.Unlock()
	return i.Bind(s)
}

// usable returns the host interfaces that the part's imports can be bound to: a hundred others need
// not be defined for each of many dependencies. They are all if there is an import that is known by
// another name, or not at all, so that the error tells what is near.
func (p *Part) usable() []hostapi.Interface {
	h := p.program.host
	h.once.Do(h.index)
	var list []hostapi.Interface
	seen := map[string]bool{}
	for _, imp := range p.importNames() {
		name, _, _ := strings.Cut(imp, "@")
		switch found := h.byName[name]; {
		case p.given[imp] != nil || seen[name]:
		case len(found) == 0:
			return h.APIs.Interfaces()
		default:
			seen[name] = true
			list = append(list, found...)
		}
	}
	return list
}

// index finds the host interfaces by their names.
func (h *Host) index() {
	h.byName = map[string][]hostapi.Interface{}
	for _, i := range h.APIs.Interfaces() {
		h.byName[i.Name()] = append(h.byName[i.Name()], i)
	}
}

// provided finds the host interface to which an import is bound, if it is one of the host's.
func (p *Part) provided(imp string) (hostapi.Interface, bool) {
	if p.given[imp] != nil {
		return hostapi.Interface{}, false
	}
	id, _ := p.linker.Lookup(imp)
	return p.program.host.APIs.Lookup(id)
}

// counted returns an interface whose calls are counted.
func (p *Part) counted(i *abi.Interface) *abi.Interface {
	c := *i
	c.Funcs = make([]abi.Func, len(i.Funcs))
	for k, f := range i.Funcs {
		n := p.counter(i.ID, f.Name)
		c.Funcs[k] = abi.Observe(f, func(_ context.Context, o abi.Outcome) { n.Add(capability.Outcome(o)) })
	}
	return &c
}

func (p *Part) counter(id, function string) *capability.Counter {
	return p.program.host.Usage.Counter(p.subject.Component, p.Path(), id, function)
}

// MayUse reports whether the part may use what belongs to a capability set. WASI preview 1 has
// files and variables in one interface, beside what everybody may use: it is not denied, but
// bound to a scope without them.
func (p *Part) MayUse(set string) bool {
	return capability.Decide(p.subject, preview1.Module, set).Allowed()
}
