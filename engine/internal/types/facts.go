package types

// facts sum up a list of externs, so that walks can skip what does not matter to them.
type facts struct {
	resource bool   // a resource is introduced or referred to
	mixed    bool   // types of several arenas
	arena    *Arena // of all value and function types, nil if there are none but primitives
	depth    int    // of instance and component types within each other
}

func (f *facts) add(g facts) {
	f.resource = f.resource || g.resource
	switch {
	case f.arena == nil:
		f.arena = g.arena
	case g.arena != nil && g.arena != f.arena:
		f.mixed = true
	}
	f.mixed = f.mixed || g.mixed
	f.depth = max(f.depth, g.depth)
}

// in reports whether everything was made by a.
func (f facts) in(a *Arena) bool { return !f.mixed && (f.arena == nil || f.arena == a) }

func externFacts(es []Extern) (f facts) {
	for i := range es {
		f.add(es[i].Type.facts())
	}
	return f
}

// typeFacts are the facts of an instance or component type with the given externs.
func typeFacts(lists ...[]Extern) (f facts) {
	for _, es := range lists {
		f.add(externFacts(es))
	}
	f.depth++
	return f
}

func (t *ExternType) facts() facts {
	switch {
	case t.Func != nil:
		return defFacts(t.Func)
	case t.Instance != nil:
		return defFacts(t.Instance)
	case t.Component != nil:
		return defFacts(t.Component)
	case t.Bound != nil:
		return defFacts(t.Bound.Def())
	}
	return facts{}
}

func defFacts(d Def) facts {
	switch d := d.(type) {
	case *Val:
		return facts{resource: d.hasResource, arena: d.arena}
	case *Func:
		return facts{resource: d.hasResource, arena: d.arena}
	case *Instance:
		return d.facts
	case *Component:
		return d.facts
	case *Resource:
		return facts{resource: true}
	}
	return facts{}
}

// HasResource reports whether d introduces a resource or refers to one.
func HasResource(d Def) bool { return defFacts(d).resource }

// Depth is how many instance and component types lie within each other in d,
// d included. Functions of this package recurse that deep.
func Depth(d Def) int { return defFacts(d).depth }

// FreeResource returns a resource that d refers to without introducing it, nil
// if there is none. Walking d counts against steps.
func FreeResource(d Def, steps *Steps) *Resource {
	w := freeWalk{steps: steps, seen: map[Def]bool{}, bound: map[*Resource]bool{}}
	return w.def(d)
}

type freeWalk struct {
	steps *Steps
	seen  map[Def]bool // found closed under the resources bound then
	bound map[*Resource]bool
}

func (w *freeWalk) def(d Def) *Resource {
	if !HasResource(d) || w.seen[d] || !w.steps.Take(1) {
		return nil
	}
	var r *Resource
	switch d := d.(type) {
	case *Resource:
		if !w.bound[d] {
			return d
		}
	case *Val:
		if d.Resource != nil && !w.bound[d.Resource] {
			return d.Resource
		}
		d.each(func(e *Val) { r = either(r, w, e) })
	case *Func:
		d.each(func(e *Val) { r = either(r, w, e) })
	case *Instance:
		r = w.externs(d.Exports)
	case *Component:
		if r = w.externs(d.Imports); r == nil {
			r = w.externs(d.Exports)
		}
	}
	w.seen[d] = true
	return r
}

func either(r *Resource, w *freeWalk, d Def) *Resource {
	if r != nil {
		return r
	}
	return w.def(d)
}

// externs walks es in order; what they introduce is bound from there on.
func (w *freeWalk) externs(es []Extern) *Resource {
	for i := range es {
		t := &es[i].Type
		var r *Resource
		switch {
		case t.Func != nil:
			r = w.def(t.Func)
		case t.Instance != nil:
			r = w.def(t.Instance)
		case t.Component != nil:
			r = w.def(t.Component)
		case t.Bound != nil && t.Bound.Sub != nil:
			w.bound[t.Bound.Sub] = true
		case t.Bound != nil:
			r = w.def(t.Bound.Eq)
		}
		if r != nil {
			return r
		}
	}
	return nil
}
