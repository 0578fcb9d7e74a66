package wit

import (
	"maps"
	"slices"
)

// An environment is the scope of a file or nested package, in which names of interfaces and worlds are looked up.
type environment struct {
	pkg     *packageState
	aliases map[string]*topUse // nil for one that leads nowhere
}

// An aliasCheck is a use statement at the top of a file whose target has to exist even if nothing uses it.
type aliasCheck struct {
	env *environment
	use *topUse
}

// A scope is an interface or world while it is resolved: what its text declares and the types it knows by name.
type scope struct {
	env   *environment
	iface *Interface // either this
	world *World     // or this is set

	uses    []*useDecl
	types   []*typeDecl
	funcs   []*funcDecl   // of an interface
	decl    *worldDecl    // of a world
	externs []*externDecl // of a world, one for each of its Items

	defs  map[string]*TypeDef
	names nameSet // the types, uses and functions of an interface; the types and uses of a world
	gated map[string]bool
	holed bool       // a use statement failed, so that names may be missing
	bind  visitState // of its use statements
	whole visitState // of a world's full lists
}

// describe names the scope in messages.
func (s *scope) describe() string {
	switch {
	case s.world != nil:
		return "world " + s.world.Name
	case s.iface.World != nil:
		return "interface " + s.iface.Name + " of world " + s.iface.World.Name
	}
	return "interface " + s.iface.Name
}

// find looks up the interface or world that a path names; nil after a reported fault.
func (r *resolver) find(env *environment, path usePath) *scope {
	if path.pkg != nil {
		return r.findQualified(env, path)
	}
	if u, ok := env.aliases[path.name.name]; ok {
		return r.findAlias(env, u)
	}
	return r.findIn(env.pkg, env.pkg, path.name)
}

// findAlias looks up what a use statement at the top of a file names: something of another package or, in the short
// form, of this one.
func (r *resolver) findAlias(env *environment, u *topUse) *scope {
	switch {
	case u == nil:
		return nil
	case u.path.pkg == nil:
		return r.findIn(env.pkg, env.pkg, u.path.name)
	}
	return r.findQualified(env, u.path)
}

// checkAlias reports whether a use statement at the top of a file leads to an interface.
func (r *resolver) checkAlias(a aliasCheck) bool {
	s := r.findAlias(a.env, a.use)
	if s != nil && s.iface == nil {
		r.errs.add(a.use.path.name.pos, ErrInvalid, "%s is a world; use statements name interfaces", a.use.path.name.name)
	}
	return s != nil && s.iface != nil
}

// findQualified looks up a path that names a package.
func (r *resolver) findQualified(env *environment, path usePath) *scope {
	p := r.packages[path.pkg.id()]
	if p == nil {
		r.unknownPackage(path.pkg)
		return nil
	}
	env.pkg.refer(p, path.pkg.pos)
	return r.findIn(p, env.pkg, path.name)
}

// findIn looks up a name in a package on behalf of another.
func (r *resolver) findIn(p, from *packageState, name ident) *scope {
	if s := p.scopes[name.name]; s != nil {
		return s
	}
	where := "package " + p.model.ID()
	if p == from {
		where = "this package"
	}
	switch {
	case r.errs.full():
	case p.gated[name.name]:
		r.errs.add(name.pos, ErrUndefined, "%s of %s is left out by its feature gate", name.name, where)
	default:
		r.errs.add(name.pos, ErrUndefined, "interface or world %s is not defined in %s%s", name.name, where,
			suggestion(name.name, slices.Collect(maps.Keys(p.scopes))))
	}
	return nil
}

// unknownPackage reports a package that no source defines, with what is known under its name.
func (r *resolver) unknownPackage(name *packageName) {
	if r.errs.full() {
		return
	}
	var ids []string
	var versions []*Package
	for _, p := range r.order {
		ids = append(ids, p.model.ID())
		if p.model.Namespace == name.namespace && p.model.Name == name.name {
			versions = append(versions, p.model)
		}
	}
	hint := suggestion(name.id(), ids)
	if len(versions) > 0 {
		slices.SortFunc(versions, func(a, b *Package) int { return compareSemver(a.Version, b.Version) })
		hint = "; there is " + versions[0].ID()
		for _, p := range versions[1:min(len(versions), 10)] {
			hint += ", " + p.ID()
		}
	}
	r.errs.add(name.pos, ErrUndefined, "package %s is not among the sources%s", name.id(), hint)
}

// findInterface looks up a path that must name an interface.
func (r *resolver) findInterface(env *environment, path usePath) *scope {
	s := r.find(env, path)
	if s != nil && s.iface == nil {
		r.errs.add(path.name.pos, ErrInvalid, "%s is a world; an interface is needed here", path.name.name)
		return nil
	}
	return s
}

// findWorld looks up a path that must name a world.
func (r *resolver) findWorld(env *environment, path usePath) *scope {
	s := r.find(env, path)
	if s != nil && s.world == nil {
		r.errs.add(path.name.pos, ErrInvalid, "%s is an interface; a world is needed here", path.name.name)
		return nil
	}
	return s
}

// bindUses resolves the use statements of a scope, those of the interfaces it names first.
func (r *resolver) bindUses(s *scope, path []string) {
	if s.bind != unvisited {
		return
	}
	s.bind = visiting
	if s.iface != nil {
		path = append(path, s.iface.ID())
	}
	for _, u := range s.uses {
		if !r.keep(s.env.pkg, &u.meta) {
			for _, n := range u.names {
				s.gated[n.as.name] = true
			}
			continue
		}
		from := r.findInterface(s.env, u.path)
		if from == nil {
			s.holed = true
			continue
		}
		if from.bind == visiting {
			s.holed = true
			r.cycle(u.path.name.pos, "interface %s depends on itself: %s", path, from.iface.ID())
			continue
		}
		r.bindUses(from, path)
		for _, n := range u.names {
			r.bindUse(s, from, u, n)
		}
	}
	s.bind = visited
}

// bindUse enters one name of a use statement.
func (r *resolver) bindUse(s, from *scope, u *useDecl, n useName) {
	def := from.defs[n.member.name]
	if def == nil {
		s.holed = true
		r.undefinedType(from, n.member)
		return
	}
	if !r.enter(s.names, n.as) {
		return
	}
	s.defs[n.as.name] = def
	use := &Use{Name: n.as.name, From: from.iface, Member: n.member.name, Type: def,
		Docs: u.meta.docs, Stability: u.meta.stability, Pos: n.member.pos}
	if s.world != nil {
		s.world.Uses = append(s.world.Uses, use)
	} else {
		s.iface.Uses = append(s.iface.Uses, use)
	}
}

// undefinedType reports a name that is no type of a scope; others are names that would do there as well.
func (r *resolver) undefinedType(s *scope, name ident, others ...string) {
	switch {
	case s.holed || r.errs.full(): // an earlier fault explains it
	case s.gated[name.name]:
		r.errs.add(name.pos, ErrUndefined, "type %s of %s is left out by its feature gate", name.name, s.describe())
	default:
		r.errs.add(name.pos, ErrUndefined, "type %s is not defined in %s%s", name.name, s.describe(),
			suggestion(name.name, slices.AppendSeq(slices.Clone(others), maps.Keys(s.defs))))
	}
}
