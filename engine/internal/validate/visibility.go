package validate

import "github.com/spinhost/spin/engine/internal/types"

// namedShapes are the shapes that have a name on one side of a component
// (Explainer, "External Visibility of Types"): those that were imported or
// exported, and those all of whose parts have names.
type namedShapes struct {
	set   map[*shape]bool
	outer *namedShapes // names that count here as well
	steps *types.Steps
}

func (n *namedShapes) add(sh *shape) {
	if n.set == nil {
		n.set = map[*shape]bool{}
	}
	n.set[sh] = true // names are never taken away
}

func (n *namedShapes) contains(sh *shape) bool {
	for ; n != nil; n = n.outer {
		if n.set[sh] {
			return true
		}
	}
	return false
}

// has reports whether sh may be used: it, or everything in it, has a name.
func (n *namedShapes) has(sh *shape) bool {
	switch {
	case sh == nil || n.contains(sh):
		return true
	case sh.form == nominal || sh.form == resource || !n.parts(sh):
		return false
	}
	n.add(sh)
	return true
}

func (n *namedShapes) parts(sh *shape) bool {
	n.steps.Take(len(sh.parts))
	for _, p := range sh.parts {
		if !n.has(p) {
			return false
		}
	}
	return true
}

// admit reports whether something of type t may be imported or exported, and
// gives names to the types that thereby have one.
func (n *namedShapes) admit(t types.ExternType, sh *shape) bool {
	switch t.Kind {
	case types.FuncExtern:
		return n.has(sh)
	case types.InstanceExtern:
		return n.admitAll(t.Instance, sh)
	case types.TypeExtern:
		return n.admitType(t.Bound.Def(), sh)
	}
	return true // modules and components are closed
}

func (n *namedShapes) admitAll(t *types.Instance, sh *shape) bool {
	if !n.steps.Take(len(t.Exports)) {
		return true // the component is refused for that
	}
	for i, e := range t.Exports {
		if !n.admit(e.Type, sh.exports[i]) {
			return false
		}
	}
	return true
}

// admitType is admit for a type: what it refers to must have names, it has one now.
func (n *namedShapes) admitType(d types.Def, sh *shape) bool {
	switch d := d.(type) {
	case *types.Val, *types.Func, *types.Resource:
		if sh == nil {
			return true
		}
		if !n.parts(sh) {
			return false
		}
		n.add(sh)
	case *types.Instance:
		// Nobody exports its types yet: they have names for each other only.
		inner := &namedShapes{outer: n, steps: n.steps}
		return inner.admitAll(d, sh)
	}
	return true
}

// visible applies the rule to an import or export. Instance types defer it to
// where they are used.
func (s *scope) visible(pos int, x *side, name string, it item) error {
	if s.kind == instanceTypeScope {
		return nil
	}
	if !x.named.admit(it.Type, it.shape) {
		return s.fail(pos, RuleVisibility, "%s %q: the %s uses a type that has no name there: "+
			"resources, records, variants, enums and flags must be %sed before they are used",
			x.what, name, it.Type.Kind, x.what)
	}
	if x == &s.imports { // exports may use what is imported
		s.exports.named.admit(it.Type, it.shape)
	}
	return s.exhausted(pos)
}
