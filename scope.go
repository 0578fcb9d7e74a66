package spin

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// makeLinker makes the part's import scope: host interfaces that it may use, bound to the
// component's configuration and the part's identity, and denying ones in place of the rest.
func (p *part) makeLinker() {
	l, s := engine.NewLinker(), p.scope()
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
				b, err := p.c.a.bindTo(i, s)
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
	for _, imp := range p.decoded.Imports() {
		if i, ok := p.provided(imp.Name); ok && i.Bind == nil {
			p.c.standIns = append(p.c.standIns, imp.Name)
		}
	}
}

// usable returns the host interfaces that the part's imports can be bound to: a hundred others need
// not be defined for each of many dependencies. They are all if there is an import that is known by
// another name, or not at all, so that the error tells what is near.
func (p *part) usable() []hostapi.Interface {
	byName := p.c.a.apis()
	var list []hostapi.Interface
	seen := map[string]bool{}
	for _, imp := range p.decoded.Imports() {
		name, _, _ := strings.Cut(imp.Name, "@")
		switch found := byName[name]; {
		case p.given[imp.Name] != nil || seen[name]:
		case len(found) == 0:
			return p.c.a.cfg.HostAPIs.Interfaces()
		default:
			seen[name] = true
			list = append(list, found...)
		}
	}
	return list
}

// interfacesByName returns the host interfaces by their names without versions.
func (a *App) interfacesByName() map[string][]hostapi.Interface {
	m := map[string][]hostapi.Interface{}
	for _, i := range a.cfg.HostAPIs.Interfaces() {
		m[i.Name()] = append(m[i.Name()], i)
	}
	return m
}

// provided finds the host interface to which an import is bound, if it is one of the host's.
func (p *part) provided(imp string) (hostapi.Interface, bool) {
	if p.given[imp] != nil {
		return hostapi.Interface{}, false
	}
	id, _ := p.linker.Lookup(imp)
	return p.c.a.cfg.HostAPIs.Lookup(id)
}

// bindTo binds an interface, one at a time.
func (a *App) bindTo(i hostapi.Interface, s *hostapi.Scope) (*abi.Interface, error) {
	a.bind.Lock()
	defer a.bind.Unlock()
	return i.Bind(s)
}

// counted returns an interface whose calls are counted.
func (p *part) counted(i *abi.Interface) *abi.Interface {
	c := *i
	c.Funcs = make([]abi.Func, len(i.Funcs))
	for k, f := range i.Funcs {
		n := p.counter(i.ID, f.Name)
		c.Funcs[k] = abi.Observe(f, func(_ context.Context, o abi.Outcome) { n.Add(capability.Outcome(o)) })
	}
	return &c
}

func (p *part) counter(id, function string) *capability.Counter {
	return p.c.a.usage.Counter(p.c.m.ID, p.path(), id, function)
}

// mayUse reports whether the part may use what belongs to a capability set. WASI preview 1 has
// files and variables in one interface, beside what everybody may use: it is not denied, but
// bound to a scope without them.
func (p *part) mayUse(set string) bool {
	return capability.Decide(p.subject, preview1.Module, set).Allowed()
}

func (p *part) scope() *hostapi.Scope {
	c, cfg := p.c, &p.c.a.cfg
	c.a.bind.Lock()
	defer c.a.bind.Unlock()
	printed := c.a.outputs(c)
	s := &hostapi.Scope{
		App: c.a.Name(), Component: c.m.ID, Path: p.path(), Hosts: c.hosts, HTTP: c.a.httpFor(Origin{c.a.Name(), c.m.ID, p.path()}), Blocked: cfg.BlockNetworks,
		Logger: c.a.log.With("component", c.m.ID),
		Stdout: printed.stdout, Stderr: printed.stderr,
	}
	if c.templated != nil {
		s.InstanceHosts = c.templated.of
	}
	if p.dep != nil {
		s.Logger = s.Logger.With("dependency", strings.Join(s.Path, "/"))
	}
	c.a.provide(s, c.m)
	if p.mayUse(capability.Files) {
		c.a.provideFiles(s, c.m)
	}
	if !p.mayUse(capability.Environment) {
		return s
	}
	env := map[string]string{}
	maps.Copy(env, c.m.Environment)
	maps.Copy(env, cfg.Env)
	for k, v := range env {
		s.Environment = append(s.Environment, hostapi.EnvVar{Name: k, Value: v})
	}
	slices.SortFunc(s.Environment, func(a, b hostapi.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	return s
}
