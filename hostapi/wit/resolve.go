package wit

// A resolver turns syntax trees into a Set, in passes over all packages. Each pass reports what it can; the next one
// runs only if what it builds on is sound.
type resolver struct {
	limits    Limits
	budget    *budget
	keepGated func(Stability) bool
	errs      ErrorList

	packages map[string]*packageState
	order    []*packageState
	scopes   []*scope // every interface and world
	aliases  []aliasCheck
	types    map[*TypeDef]*typeState
	deps     map[*Interface][]*Interface
	streams  []streamElem // element types that are checked once types are complete
}

func (r *resolver) resolve(groups []*group) *Set {
	root := r.collect(groups)
	r.types = make(map[*TypeDef]*typeState)
	r.deps = make(map[*Interface][]*Interface)
	for _, p := range r.order {
		r.declarePackage(p)
	}
	for _, a := range r.aliases {
		if !r.checkAlias(a) {
			a.env.aliases[a.use.as.name] = nil // reported here, not at each use
		}
	}
	for _, s := range r.scopes {
		r.declareTypes(s)
	}
	for _, s := range r.scopes {
		r.bindUses(s, nil)
	}
	for _, s := range r.scopes {
		r.defineTypes(s)
		r.defineFuncs(s)
	}
	if len(r.errs) > 0 {
		return nil
	}
	if r.checkTypes(); len(r.errs) > 0 {
		return nil
	}
	r.checkFuncs()
	for _, s := range r.scopes {
		r.completeWorld(s, nil)
	}
	set := &Set{}
	if root != nil {
		set.Root = root.model
	}
	r.sortPackages(set)
	return set
}

// depsOf is Interface.Deps, found once.
func (r *resolver) depsOf(i *Interface) []*Interface {
	deps, ok := r.deps[i]
	if !ok {
		deps = i.Deps()
		r.deps[i] = deps
	}
	return deps
}

// keep reports whether an item is part of the result, by its gates.
func (r *resolver) keep(p *packageState, m *meta) bool {
	s := m.stability
	if s.IsZero() {
		return true
	}
	if s.Since != "" {
		switch version := p.model.Version; {
		case version == "":
			r.errs.add(m.since, ErrInvalid, "a gate gives a version, but package %s has none", p.model.ID())
		case compareSemver(s.Since, version) > 0:
			r.errs.add(m.since, ErrInvalid, "version %s is later than that of package %s", s.Since, p.model.ID())
		}
	}
	return r.keepGated == nil || r.keepGated(s)
}

// take spends an item of what resolving produces.
func (r *resolver) take(pos Position) bool {
	if r.budget.take(1) {
		return true
	}
	if r.budget.left == -1 { // report it once
		r.errs.add(pos, ErrLimit, "more than %d items in all packages together", r.limits.Items)
	}
	return false
}

// declarePackage makes the interfaces and worlds of a package known by name.
func (r *resolver) declarePackage(p *packageState) {
	for _, body := range p.bodies {
		env := &environment{pkg: p, aliases: make(map[string]*topUse)}
		for _, d := range body.interfaces {
			iface := &Interface{Name: d.name.name, Package: p.model, Docs: d.meta.docs, Stability: d.meta.stability, Pos: d.name.pos}
			s := &scope{env: env, iface: iface, uses: d.uses, types: d.types, funcs: d.funcs}
			if r.declareScope(s, d.name, &d.meta) {
				p.model.Interfaces = append(p.model.Interfaces, iface)
			}
		}
		for _, d := range body.worlds {
			world := &World{Name: d.name.name, Package: p.model, Docs: d.meta.docs, Stability: d.meta.stability, Pos: d.name.pos}
			s := &scope{env: env, world: world, uses: d.uses, types: d.types, decl: d}
			if r.declareScope(s, d.name, &d.meta) {
				p.model.Worlds = append(p.model.Worlds, world)
				r.declareExterns(s)
			}
		}
		r.declareAliases(env, body)
	}
}

// declareScope enters an interface or world into its package.
func (r *resolver) declareScope(s *scope, name ident, m *meta) bool {
	p := s.env.pkg
	if !r.keep(p, m) {
		p.gated[name.name] = true
		return false
	}
	if !r.enter(p.names, name) {
		return false
	}
	p.scopes[name.name] = s
	r.addScope(s)
	return true
}

func (r *resolver) addScope(s *scope) {
	s.defs = make(map[string]*TypeDef)
	s.names = make(nameSet)
	s.gated = make(map[string]bool)
	r.scopes = append(r.scopes, s)
}

// enter adds a name to those of its scope, or reports that it is taken.
func (r *resolver) enter(names nameSet, name ident) bool {
	earlier, ok := names.add(name)
	if !ok {
		r.errs.add(name.pos, ErrDuplicate, "%s", clash(name.name, "defined", earlier))
	}
	return ok
}

// declareExterns makes the import and export statements of a world, with scopes for the interfaces written inside.
func (r *resolver) declareExterns(s *scope) {
	for _, d := range s.decl.externs {
		if !r.keep(s.env.pkg, &d.meta) {
			continue
		}
		item := &WorldItem{Name: d.name.name, Export: d.export, Docs: d.meta.docs, Stability: d.meta.stability,
			ExternalID: d.meta.externalID, Pos: d.pos}
		s.world.Items = append(s.world.Items, item)
		s.externs = append(s.externs, d)
		if d.iface != nil {
			item.Interface = &Interface{Name: d.name.name, Package: s.world.Package, World: s.world, Pos: d.name.pos}
			r.addScope(&scope{env: s.env, iface: item.Interface, uses: d.iface.uses, types: d.iface.types, funcs: d.iface.funcs})
		}
	}
}

// declareAliases enters the use statements at the top of a file.
func (r *resolver) declareAliases(env *environment, body *fileScope) {
	own := make(nameSet)
	for _, d := range body.interfaces {
		own.add(d.name)
	}
	for _, d := range body.worlds {
		own.add(d.name)
	}
	for _, u := range body.uses {
		if !r.enter(own, u.as) {
			continue
		}
		env.aliases[u.as.name] = u
		r.aliases = append(r.aliases, aliasCheck{env, u})
	}
}
