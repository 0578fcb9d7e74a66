package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// alias gives an export of an instance a place in the space of its sort.
func (s *scope) alias(d *binary.Alias) error {
	inst, err := s.item(d.Offset, types.InstanceExtern, d.Instance)
	if err != nil {
		return err
	}
	i, ok := inst.Type.Instance.Index(d.Name)
	if !ok {
		return s.fail(d.Offset, RuleMissing, "instance %d has no export named %q", d.Instance, d.Name)
	}
	it := item{inst.Type.Instance.Exports[i].Type, inst.shape.exports[i]}
	if it.Type.Kind != d.Sort.Kind() {
		return s.fail(d.Offset, RuleSort, "export %q of instance %d: expected %s, found %s", d.Name, d.Instance, d.Sort.Kind(), it.Type.Kind)
	}
	if it.Type.Kind == types.TypeExtern {
		it.Type = types.EqType(it.Type.Bound.Def())
	}
	d.Type = it.Type
	s.add(it)
	return nil
}

// outerAlias gives a definition of an enclosing scope a place here.
func (s *scope) outerAlias(d *binary.OuterAlias) error {
	from, crossed, err := s.outer(d.Offset, d.Count)
	if err != nil {
		return err
	}
	if d.Sort == binary.SortCoreType {
		t, err := at(from, d.Offset, from.coreTypes, d.Index, "core type")
		if err != nil {
			return err
		}
		s.coreTypes = append(s.coreTypes, t)
		return nil
	}
	it, err := from.sorted(d.Offset, d.Sort, d.Index)
	if err != nil {
		return err
	}
	if crossed {
		if r := types.FreeResource(it.def(), s.v.compared); r != nil {
			return s.fail(d.Offset, RuleOuterAlias, "an outer alias into a component refers to a %s that transitively refers to resources: %s",
				d.Sort, r)
		}
	}
	s.add(it)
	return nil
}

// def is the type of the item as a definition, nil for core modules.
func (it item) def() types.Def {
	switch {
	case it.Type.Bound != nil:
		return it.Type.Bound.Def()
	case it.Type.Component != nil:
		return it.Type.Component
	}
	return nil
}

// outer is the scope count scopes outward, and whether a component lies between.
func (s *scope) outer(pos int, count uint32) (from *scope, crossed bool, err error) {
	from = s
	for n := count; n > 0; n-- {
		if from.parent == nil {
			return nil, false, s.fail(pos, RuleOuterAlias, "invalid outer alias count of %d: there are %d enclosing scopes", count, count-n)
		}
		crossed = crossed || from.kind == componentScope
		from = from.parent
	}
	return from, crossed, nil
}
