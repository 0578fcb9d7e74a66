package wit

// A typeState is a definition while it is resolved.
type typeState struct {
	scope *scope
	decl  *typeDecl

	resource *TypeDef   // the resource that the definition is or is an alias of, nil if none
	heading  visitState // of resource

	measure measure
	state   visitState // of measure
}

// A streamElem is the element type of a stream or future, kept with its place until it can be checked.
type streamElem struct {
	typ    Type
	stream bool
	pos    Position
}

// declareTypes makes the types that a scope defines known by name.
func (r *resolver) declareTypes(s *scope) {
	for _, d := range s.types {
		if !r.keep(s.env.pkg, &d.meta) {
			s.gated[d.name.name] = true
			continue
		}
		if !r.enter(s.names, d.name) {
			continue
		}
		def := &TypeDef{Name: d.name.name, Interface: s.iface, World: s.world, Docs: d.meta.docs,
			Stability: d.meta.stability, ExternalID: d.meta.externalID, Pos: d.name.pos}
		s.defs[def.Name] = def
		r.types[def] = &typeState{scope: s, decl: d}
		if s.world != nil {
			s.world.Types = append(s.world.Types, def)
		} else {
			s.iface.Types = append(s.iface.Types, def)
		}
	}
}

// ownTypes returns the definitions of a scope.
func (s *scope) ownTypes() []*TypeDef {
	if s.world != nil {
		return s.world.Types
	}
	return s.iface.Types
}

// defineTypes fills the definitions of a scope. Functions of resources follow with defineFuncs.
func (r *resolver) defineTypes(s *scope) {
	for _, def := range s.ownTypes() {
		d := r.types[def].decl
		switch d.kind {
		case "record":
			def.Kind = &Record{Fields: r.fields(s, d)}
		case "variant":
			def.Kind = &Variant{Cases: r.cases(s, d)}
		case "enum":
			def.Kind = &Enum{Cases: r.labels(d)}
		case "flags":
			def.Kind = &Flags{Flags: r.labels(d)}
			if len(d.fields) > 32 {
				r.errs.add(d.fields[32].name.pos, ErrInvalid, "flags %s has %d members; 32 is the most", def.Name, len(d.fields))
			}
		case "resource":
			def.Kind = &Resource{}
		case "type":
			def.Kind = &Alias{Type: r.aliased(s, d.alias)}
		}
	}
}

// fields, cases and labels check that the names of members are distinct.

func (r *resolver) fields(s *scope, d *typeDecl) []Field {
	r.checkMembers(d)
	out := make([]Field, len(d.fields))
	for i, f := range d.fields {
		out[i] = Field{Name: f.name.name, Type: r.typ(s, f.typ), Docs: f.docs, Pos: f.name.pos}
	}
	return out
}

func (r *resolver) cases(s *scope, d *typeDecl) []Case {
	r.checkMembers(d)
	out := make([]Case, len(d.fields))
	for i, f := range d.fields {
		out[i] = Case{Name: f.name.name, Type: r.typ(s, f.typ), Docs: f.docs, Pos: f.name.pos}
	}
	return out
}

func (r *resolver) labels(d *typeDecl) []Label {
	r.checkMembers(d)
	out := make([]Label, len(d.fields))
	for i, f := range d.fields {
		out[i] = Label{Name: f.name.name, Docs: f.docs, Pos: f.name.pos}
	}
	return out
}

func (r *resolver) checkMembers(d *typeDecl) {
	names := make(nameSet)
	for _, f := range d.fields {
		r.enter(names, f.name)
	}
}

// aliased resolves the right side of a type statement, where the bare name of a resource means the resource itself.
func (r *resolver) aliased(s *scope, e *typeExpr) Type {
	if !e.builtin {
		if def := s.defs[e.name]; def != nil {
			return def
		}
	}
	return r.typ(s, e)
}

// typ resolves a type expression, nil for nil and after a reported fault.
func (r *resolver) typ(s *scope, e *typeExpr) Type {
	switch {
	case e == nil:
		return nil
	case !e.builtin:
		return r.named(s, e)
	}
	if p, ok := primitiveByName(e.name); ok {
		return p
	}
	switch e.name {
	case "own":
		if def, res := r.resourceNamed(s, e.args[0]); res != nil {
			return &Own{Resource: res, Named: def}
		}
		return nil
	case "borrow":
		if def, res := r.resourceNamed(s, e.args[0]); res != nil {
			return &Borrow{Resource: res, Named: def}
		}
		return nil
	}
	args := [2]Type{}
	var all []Type
	for i, a := range e.args {
		t := r.typ(s, a)
		if i < len(args) {
			args[i] = t
		}
		all = append(all, t)
	}
	return r.constructed(s, e, args, all)
}

// constructed makes the type that a keyword makes of its arguments.
func (r *resolver) constructed(s *scope, e *typeExpr, args [2]Type, all []Type) Type {
	switch e.name {
	case "list":
		if e.len > 0 {
			s.env.pkg.flag(FixedLengthLists, e.pos)
		}
		return &List{Elem: args[0], Len: e.len}
	case "option":
		return &Option{Elem: args[0]}
	case "result":
		return &Result{OK: args[0], Err: args[1]}
	case "tuple":
		return &Tuple{Types: all}
	case "map":
		return &Map{Key: args[0], Value: args[1]}
	case "stream":
		r.streams = append(r.streams, streamElem{args[0], true, e.pos})
		return &Stream{Elem: args[0]}
	default:
		r.streams = append(r.streams, streamElem{args[0], false, e.pos})
		return &Future{Elem: args[0]}
	}
}

// named resolves a name: of a type, of a resource, which means a handle that owns it, or error-context.
func (r *resolver) named(s *scope, e *typeExpr) Type {
	def := s.defs[e.name]
	if def == nil && e.name == ErrorContext.String() && !e.escaped {
		s.env.pkg.flag(ErrorContexts, e.pos)
		return ErrorContext
	}
	if def == nil {
		r.undefinedType(s, ident{e.name, e.pos}, primitiveNames[Bool:]...)
		return nil
	}
	if res := r.resourceOf(def); res != nil {
		return &Own{Resource: res, Named: def}
	}
	return def
}

// resourceNamed resolves the argument of own and borrow.
func (r *resolver) resourceNamed(s *scope, e *typeExpr) (def, res *TypeDef) {
	if def = s.defs[e.name]; def == nil {
		r.undefinedType(s, ident{e.name, e.pos})
		return nil, nil
	}
	if res = r.resourceOf(def); res == nil {
		r.errs.add(e.pos, ErrInvalid, "type %s is not a resource", e.name)
	}
	return def, res
}

// resourceOf returns the resource that def is or is an alias of, nil if there is none.
func (r *resolver) resourceOf(def *TypeDef) *TypeDef {
	t := r.types[def]
	if t.heading != unvisited { // while visiting, aliases form a cycle, which checkTypes reports
		return t.resource
	}
	t.heading = visiting
	switch {
	case t.decl.kind == "resource":
		t.resource = def
	case t.decl.alias != nil && !t.decl.alias.builtin:
		if target := t.scope.defs[t.decl.alias.name]; target != nil {
			t.resource = r.resourceOf(target)
		}
	}
	t.heading = visited
	return t.resource
}
