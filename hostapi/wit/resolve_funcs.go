package wit

// defineFuncs resolves the functions of a scope: those of its resources and its own.
func (r *resolver) defineFuncs(s *scope) {
	for _, def := range s.ownTypes() {
		res, ok := def.Kind.(*Resource)
		if !ok {
			continue
		}
		for _, d := range r.types[def].decl.funcs {
			if f := r.function(s, d, def); f != nil {
				res.Funcs = append(res.Funcs, f)
				s.addFunc(f)
			}
		}
	}
	for _, d := range s.funcs {
		if f := r.function(s, d, nil); f != nil {
			s.addFunc(f)
		}
	}
	for i, d := range s.externs {
		if d.fn != nil {
			s.world.Items[i].Func = r.externFunc(s, d)
		}
	}
}

// addFunc enters a function into its interface. A world finds those of its resources through its types.
func (s *scope) addFunc(f *Func) {
	if s.iface != nil {
		s.iface.Funcs = append(s.iface.Funcs, f)
	}
}

// function resolves a function of an interface or of a resource, nil if it is left out or its name is taken.
func (r *resolver) function(s *scope, d *funcDecl, resource *TypeDef) *Func {
	if !r.keep(s.env.pkg, &d.meta) {
		return nil
	}
	f := r.signature(s, d, resource)
	if !r.enter(s.names, ident{f.WireName(), d.name.pos}) {
		return nil
	}
	return f
}

// externFunc resolves the function of an import or export statement; completeWorld checks its name.
func (r *resolver) externFunc(s *scope, d *externDecl) *Func {
	f := r.signature(s, d.fn, nil)
	f.Docs, f.Stability, f.ExternalID = d.meta.docs, d.meta.stability, d.meta.externalID
	return f
}

// signature resolves parameters and result, with what methods and constructors leave unsaid.
func (r *resolver) signature(s *scope, d *funcDecl, resource *TypeDef) *Func {
	f := &Func{Name: d.name.name, Kind: d.kind, Async: d.async, Resource: resource, Interface: s.iface, World: s.world,
		Docs: d.meta.docs, Stability: d.meta.stability, ExternalID: d.meta.externalID, Pos: d.name.pos}
	names := make(nameSet)
	if d.kind == Method {
		names.add(ident{"self", d.name.pos})
		f.Params = append(f.Params, Param{Name: "self", Type: &Borrow{Resource: resource, Named: resource}, Pos: d.name.pos})
	}
	for _, p := range d.params {
		r.enter(names, p.name)
		f.Params = append(f.Params, Param{Name: p.name.name, Type: r.typ(s, p.typ), Pos: p.name.pos})
	}
	f.Result = r.typ(s, d.result)
	if d.kind == Constructor {
		r.constructor(f, d)
	}
	return f
}

// constructor completes a constructor, whose result is the resource unless it is written as a result of it.
func (r *resolver) constructor(f *Func, d *funcDecl) {
	f.Name = f.Resource.Name
	if d.result == nil {
		f.Result = &Own{Resource: f.Resource, Named: f.Resource}
		return
	}
	if f.Result == nil {
		return // a fault that is reported
	}
	if result, ok := f.Result.(*Result); ok {
		if own, ok := result.OK.(*Own); ok && own.Resource == f.Resource {
			return
		}
	}
	r.errs.add(d.result.pos, ErrInvalid, "a constructor returns result<%s> or result<%s, ...>, or leaves its result out", f.Name, f.Name)
}

// checkFuncs checks what can be told only once all types are known to be sound.
func (r *resolver) checkFuncs() {
	for _, s := range r.scopes {
		if s.iface != nil {
			for _, f := range s.iface.Funcs {
				r.checkFunc(f)
			}
			continue
		}
		for _, def := range s.world.Types {
			if res, ok := def.Kind.(*Resource); ok {
				for _, f := range res.Funcs {
					r.checkFunc(f)
				}
			}
		}
		for _, item := range s.world.Items {
			if item.Func != nil {
				r.checkFunc(item.Func)
			}
		}
	}
}

// checkFunc measures a function and looks for borrows in its result, which nobody could give back.
func (r *resolver) checkFunc(f *Func) {
	total := measure{size: 1}
	for _, p := range f.Params {
		total.include(r.measure(p.Type, nil), r.limits.TypeSize)
	}
	result := r.measureOptional(f.Result, nil)
	total.include(result, r.limits.TypeSize)
	total.depth-- // the parameter list is no level of its types
	r.checkMeasure(total, "function "+f.Name, f.Pos)
	if result.borrows {
		r.errs.add(f.Pos, ErrInvalid, "the result of function %s contains a borrow; results carry owned handles only", f.WireName())
	}
}
