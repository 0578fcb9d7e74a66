package validate

import "github.com/spinhost/spin/engine/internal/types"

// close is the component that s has come to be, as seen from outside: a resource
// that it defines is introduced by its first export, and equal to that one in
// every later export.
func (s *scope) close(pos int) (item, error) {
	o := outside{introduced: map[*types.Resource]bool{}, steps: s.v.made}
	o.imports(s.imports.externs)
	c := types.NewComponent(s.imports.externs, o.exports(s.exports.externs))
	sh := &shape{form: component, imports: s.imports.shapes, exports: s.exports.shapes}
	it := item{types.ExternType{Kind: types.ComponentExtern, Component: c}, sh}
	if err := s.exhausted(pos); err != nil {
		return it, err
	}
	if r := types.FreeResource(c, s.v.compared); r != nil {
		return it, s.fail(pos, RuleVisibility, "the component's type refers to resource %s, which it neither imports nor exports", r)
	}
	if err := s.exhausted(pos); err != nil {
		return it, err
	}
	return it, s.checkDepth(pos, c)
}

// outside turns the types of a component's exports into what others see.
type outside struct {
	introduced map[*types.Resource]bool
	steps      *types.Steps
}

// imports notes the resources that imports introduce.
func (o *outside) imports(es []types.Extern) {
	for i := range es {
		switch t := &es[i].Type; {
		case t.Bound != nil && t.Bound.Sub != nil:
			o.introduced[t.Bound.Sub] = true
		case t.Instance != nil && types.HasResource(t.Instance):
			o.imports(t.Instance.Exports)
		}
	}
}

func (o *outside) exports(es []types.Extern) []types.Extern {
	o.steps.Take(len(es))
	out := make([]types.Extern, len(es))
	for i, e := range es {
		out[i] = types.Extern{Name: e.Name, Attrs: e.Attrs, Type: o.export(e.Type)}
	}
	return out
}

func (o *outside) export(t types.ExternType) types.ExternType {
	switch t.Kind {
	case types.InstanceExtern:
		if types.HasResource(t.Instance) && !o.steps.Exhausted() {
			t.Instance = types.NewInstance(o.exports(t.Instance.Exports))
		}
	case types.TypeExtern:
		r := t.Bound.Resource()
		switch {
		case r == nil:
		case o.introduced[r]:
			return types.EqType(r)
		default:
			o.introduced[r] = true
			return types.SubType(r)
		}
	}
	return t
}
