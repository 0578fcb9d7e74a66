package validate

import "github.com/spinhost/spin/engine/internal/types"

// shape is what the rules of names need to know of a type that package types
// does not: which definition or name it was reached by. Two equal types can have
// two shapes, of which only one was exported under a name. A type that nothing
// about names applies to, such as u32, has no shape: nil.
type shape struct {
	form  form
	parts []*shape // of value types: their parts; of functions: parameters, then the result
	// Of instance and component types: what they export and import, in the order
	// of the type's own lists.
	exports, imports []*shape
}

type form uint8

const (
	structural form = iota // needs no name itself, its parts may
	nominal                // record, variant, enum, flags: needs a name
	resource               // needs a name
	function
	instance
	component
)

// newShape is the shape of something structural, nil if its parts are.
func newShape(parts ...*shape) *shape {
	for _, p := range parts {
		if p != nil {
			return &shape{parts: parts}
		}
	}
	return nil
}

// alias is the shape of a type that is imported or exported: a new one if it
// has a name from then on.
func (sh *shape) alias() *shape {
	if sh == nil || sh.form != nominal && sh.form != resource {
		return sh
	}
	return &shape{form: sh.form, parts: sh.parts}
}

// shapeSubst replaces shapes in others.
type shapeSubst struct {
	to    map[*shape]*shape // grows while it is used
	made  map[*shape]*shape
	steps *types.Steps
}

func newShapeSubst(steps *types.Steps) *shapeSubst {
	return &shapeSubst{to: map[*shape]*shape{}, made: map[*shape]*shape{}, steps: steps}
}

func (u *shapeSubst) shape(sh *shape) *shape {
	if sh == nil {
		return nil
	}
	if t, ok := u.to[sh]; ok {
		return t
	}
	if len(sh.parts)+len(sh.exports)+len(sh.imports) == 0 {
		return sh
	}
	if t, ok := u.made[sh]; ok {
		return t
	}
	t := &shape{form: sh.form}
	p, e, i := false, false, false
	t.parts, p = u.list(sh.parts)
	t.exports, e = u.list(sh.exports)
	t.imports, i = u.list(sh.imports)
	if !p && !e && !i {
		t = sh
	}
	u.made[sh] = t
	return t
}

// list replaces in a list and reports whether anything has changed.
func (u *shapeSubst) list(list []*shape) ([]*shape, bool) {
	var out []*shape
	u.steps.Take(len(list))
	for i, sh := range list {
		t := u.shape(sh)
		if out == nil && t != sh {
			out = append(make([]*shape, 0, len(list)), list[:i]...)
		}
		if out != nil {
			out = append(out, t)
		}
	}
	if out == nil {
		return list, false
	}
	return out, true
}

// open gives every resource that a list of exports introduces a shape of its own.
func (u *shapeSubst) open(externs []types.Extern, shapes []*shape) {
	for i, sh := range shapes {
		switch {
		case sh == nil:
		case sh.form == resource && externs[i].Type.Kind == types.TypeExtern:
			u.to[sh] = &shape{form: resource}
		case externs[i].Type.Kind == types.InstanceExtern:
			u.open(externs[i].Type.Instance.Exports, sh.exports)
		}
	}
}

// bind makes the types of an import stand for those of its argument.
func (u *shapeSubst) bind(imported, given types.ExternType, from, to *shape) {
	switch imported.Kind {
	case types.TypeExtern:
		if from != nil {
			u.to[from] = to
		}
	case types.InstanceExtern:
		for i, e := range imported.Instance.Exports {
			if j, ok := given.Instance.Index(e.Name); ok {
				u.bind(e.Type, given.Instance.Exports[j].Type, from.exports[i], to.exports[j])
			}
		}
	}
}
