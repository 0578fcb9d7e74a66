package types

import "errors"

// Binding says which supplied resource each resource stands for that a required
// type introduces.
type Binding map[*Resource]*Resource

// Resolve returns what stands for r, r itself if nothing does.
func (b Binding) Resolve(r *Resource) *Resource {
	if s, ok := b[r]; ok {
		return s
	}
	return r
}

// Match checks that something of type supplied may be given where required is
// wanted (Component model, "Type Checking"): value, function and resource types
// must be equal, instances and components may export more and import less, core
// modules are matched by core import matching. Resources that required
// introduces are added to b, which must not be nil, and stand for the supplied
// ones in everything after. The resources of supplied are taken as they are.
//
// The types may belong to different arenas. The error is a [*MatchError]; b is
// then useless.
func Match(required, supplied ExternType, b Binding) error {
	return MatchSteps(required, supplied, b, NewSteps(maxMatchSteps))
}

const maxMatchSteps = 10_000_000

// ErrTooComplex is why a comparison fails that takes too many steps.
var ErrTooComplex = errors.New("types are too complex to compare")

// MatchSteps is Match with a bound of the caller's.
func MatchSteps(required, supplied ExternType, b Binding, steps *Steps) error {
	m := &matcher{req: &env{bound: b}, sup: &env{bound: Binding{}}, steps: steps}
	return m.extern(required, supplied)
}

// env says what the resources of one side stand for. Scopes nest: a component
// type within a type introduces resources of its own, and the same type can
// occur in several places.
type env struct {
	bound  Binding
	parent *env
}

func (e *env) resolve(r *Resource) *Resource {
	for ; e != nil; e = e.parent {
		if s, ok := e.bound[r]; ok {
			return s
		}
	}
	return r
}

func (e *env) nested() *env { return &env{bound: Binding{}, parent: e} }

// matcher compares required types with supplied ones in one scope.
type matcher struct {
	req, sup *env
	steps    *Steps
	equal    map[[2]*Val]bool // pairs found equal; what a bound resource stands for never changes
}

// nested is a matcher for a scope within.
func (m *matcher) nested() *matcher {
	return &matcher{req: m.req.nested(), sup: m.sup.nested(), steps: m.steps}
}

// swapped asks for the opposite direction in the same scope.
func (m *matcher) swapped() *matcher {
	return &matcher{req: m.sup, sup: m.req, steps: m.steps}
}

func (m *matcher) step() error {
	if !m.steps.Take(1) {
		return &MatchError{Msg: ErrTooComplex.Error(), Err: ErrTooComplex}
	}
	return nil
}

func (m *matcher) extern(req, sup ExternType) error {
	if err := m.step(); err != nil {
		return err
	}
	if req.Kind != sup.Kind {
		return mismatch("expected %s, found %s", req.Kind, sup.Kind)
	}
	switch req.Kind {
	case FuncExtern:
		return m.function(req.Func, sup.Func)
	case InstanceExtern:
		return m.instance(req.Instance, sup.Instance)
	case ComponentExtern:
		return m.component(req.Component, sup.Component)
	case ModuleExtern:
		return matchModule(req.Module, sup.Module)
	case TypeExtern:
		return m.bound(req.Bound, sup.Bound)
	}
	return mismatch("a %s cannot be imported or exported", req.Kind)
}

func (m *matcher) instance(req, sup *Instance) error {
	return m.exports(req.Exports, sup.Export)
}

func (m *matcher) exports(req []Extern, sup func(string) (Extern, bool)) error {
	for _, e := range req {
		s, ok := sup(e.Name)
		if !ok {
			return mismatch("export %q is missing", e.Name)
		}
		if err := m.extern(e.Type, s.Type); err != nil {
			return ofItem(err, "export", e.Name)
		}
	}
	return nil
}

// component matches component types: what required imports must do for supplied,
// and what supplied then exports for required. Both sides' resources are given
// new stand-ins, since the types may be the same one.
func (m *matcher) component(req, sup *Component) error {
	n := m.nested()
	n.req.open(req.Imports)
	want := n.swapped()
	for _, i := range sup.Imports {
		given, ok := req.Import(i.Name)
		if !ok {
			return mismatch("it imports %q, which would not be there", i.Name)
		}
		if err := want.extern(i.Type, given.Type); err != nil {
			return ofItem(err, "import", i.Name)
		}
	}
	n.sup.open(sup.Exports)
	return n.exports(req.Exports, sup.Export)
}

// open makes stand-ins for the resources that es introduce.
func (e *env) open(es []Extern) {
	for i := range es {
		switch t := &es[i].Type; {
		case t.Bound != nil && t.Bound.Sub != nil:
			e.bound[t.Bound.Sub] = &Resource{Name: t.Bound.Sub.Name}
		case t.Instance != nil && t.Instance.facts.resource:
			e.open(t.Instance.Exports)
		}
	}
}

func (m *matcher) bound(req, sup *Bound) error {
	if req.Sub == nil {
		return m.def(req.Eq, sup.Def())
	}
	r := sup.Resource()
	if r == nil {
		return mismatch("expected a resource, found %s", describe(sup.Eq))
	}
	m.req.bound[req.Sub] = m.sup.resolve(r)
	return nil
}

// def checks that two types are equal.
func (m *matcher) def(req, sup Def) error {
	switch req := req.(type) {
	case *Val:
		if sup, ok := sup.(*Val); ok {
			return m.val(req, sup)
		}
	case *Func:
		if sup, ok := sup.(*Func); ok {
			return m.function(req, sup)
		}
	case *Resource:
		if sup, ok := sup.(*Resource); ok {
			return m.resource(req, sup)
		}
	case *Instance:
		if sup, ok := sup.(*Instance); ok {
			if err := m.instanceType(req, sup); err != nil {
				return err
			}
			return m.swapped().instanceType(sup, req)
		}
	case *Component:
		if sup, ok := sup.(*Component); ok {
			if err := m.component(req, sup); err != nil {
				return err
			}
			return m.swapped().component(sup, req)
		}
	}
	return mismatch("expected %s, found %s", describe(req), describe(sup))
}

// instanceType is instance for a type that no instance has yet: its resources
// stand for nothing so far.
func (m *matcher) instanceType(req, sup *Instance) error {
	n := m.nested()
	n.sup.open(sup.Exports)
	return n.instance(req, sup)
}

func (m *matcher) resource(req, sup *Resource) error {
	r, s := m.req.resolve(req), m.sup.resolve(sup)
	if r == s {
		return nil
	}
	if r.String() == s.String() {
		return mismatch("resource types are not the same: these are two different ones named %s", r)
	}
	return mismatch("resource types are not the same: expected %s, found %s", r, s)
}

func matchModule(req, sup *Module) error {
	for _, i := range sup.Imports {
		given, ok := req.Import(i.Module, i.Name)
		if !ok {
			return mismatch("it imports %q from %q, which would not be there", i.Name, i.Module)
		}
		if !given.Type.Matches(i.Type) {
			return ofItem(mismatch("expected %s, found %s", i.Type, given.Type), "core import", i.Module+":"+i.Name)
		}
	}
	for _, e := range req.Exports {
		s, ok := sup.Export(e.Name)
		if !ok {
			return mismatch("core export %q is missing", e.Name)
		}
		if !s.Type.Matches(e.Type) {
			return ofItem(mismatch("expected %s, found %s", e.Type, s.Type), "core export", e.Name)
		}
	}
	return nil
}
