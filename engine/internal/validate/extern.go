package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// named says under which name an item is imported or exported.
type named struct {
	pos   int
	name  string
	attrs types.Attributes
}

func (s *scope) importDef(d *binary.Import) error {
	it, err := s.desc(d.Offset, d.Desc, d.Name)
	if err != nil {
		return err
	}
	d.Type = it.Type
	return s.enter(&s.imports, named{d.Offset, d.Name, d.Attrs}, it)
}

func (s *scope) exportDef(d *binary.Export) error {
	it, err := s.sorted(d.Offset, d.Sort, d.Index)
	if err != nil {
		return err
	}
	if d.Ascribed != nil {
		if it, err = s.ascribe(d, it); err != nil {
			return err
		}
	} else if it.Type.Kind == types.TypeExtern {
		it.shape = it.shape.alias()
	}
	d.Type = it.Type
	if r := it.resource(); r != nil && r.Name == "" {
		r.Name = d.Name
	}
	return s.enter(&s.exports, named{d.Offset, d.Name, d.Attrs}, it)
}

// resource is the resource that the item is, nil if it is none.
func (it item) resource() *types.Resource {
	if it.Type.Kind != types.TypeExtern {
		return nil
	}
	return it.Type.Bound.Resource()
}

// ascribe gives an exported item the type that is written with the export, which
// must be a supertype of its own.
func (s *scope) ascribe(d *binary.Export, it item) (item, error) {
	want, err := s.desc(d.Offset, *d.Ascribed, d.Name)
	if err != nil {
		return item{}, err
	}
	if err := types.MatchSteps(want.Type, it.Type, types.Binding{}, s.v.compared); err != nil {
		return item{}, &Error{Offset: d.Offset, Path: s.path, Rule: RuleMatch, Err: err,
			Msg: "the ascribed type of export \"" + d.Name + "\" is not compatible with what is exported: " + err.Error()}
	}
	return want, nil
}

// enter applies the rules for the names of imports and exports, and appends the
// item to its space.
func (s *scope) enter(x *side, n named, it item) error {
	if err := s.checkName(x, n, it); err != nil {
		return err
	}
	if err := s.visible(n.pos, x, n.name, it); err != nil {
		return err
	}
	x.externs = append(x.externs, types.Extern{Name: n.name, Attrs: n.attrs, Type: it.Type})
	x.shapes = append(x.shapes, it.shape)
	if it.Type.Kind == types.TypeExtern { // what is introduced is known by now
		it.Type = types.EqType(it.Type.Bound.Def())
	}
	s.add(it)
	return nil
}

// desc is an item of the type that is written: instances have resources of their
// own, named after name.
func (s *scope) desc(pos int, d binary.ExternDesc, name string) (item, error) {
	switch d.Kind {
	case types.ModuleExtern:
		t, err := at(s, pos, s.coreTypes, d.Index, "core type")
		if err != nil {
			return item{}, err
		}
		if t.module == nil {
			return item{}, s.fail(pos, RuleType, "core type index %d is not a module type", d.Index)
		}
		return item{Type: types.ExternType{Kind: d.Kind, Module: t.module}}, nil
	case types.FuncExtern:
		f, sh, err := s.funcType(pos, d.Index)
		return item{types.ExternType{Kind: d.Kind, Func: f}, sh}, err
	case types.TypeExtern:
		if d.Sub {
			return item{types.SubType(&types.Resource{Name: name}), &shape{form: resource}}, nil
		}
		it, err := s.item(pos, d.Kind, d.Index)
		it.shape = it.shape.alias()
		return it, err
	}
	it, err := s.item(pos, types.TypeExtern, d.Index)
	if err != nil {
		return item{}, err
	}
	switch t := it.Type.Bound.Def().(type) {
	case *types.Component:
		if d.Kind == types.ComponentExtern {
			return item{types.ExternType{Kind: d.Kind, Component: t}, it.shape}, nil
		}
	case *types.Instance:
		if d.Kind == types.InstanceExtern {
			return s.open(pos, t, it.shape, name)
		}
	}
	return item{}, s.fail(pos, RuleType, "type index %d is not a type of %ss", d.Index, d.Kind)
}

// open is an instance of type t with resources of its own.
func (s *scope) open(pos int, t *types.Instance, sh *shape, name string) (item, error) {
	if types.HasResource(t) {
		sub := &types.Subst{Arena: s.v.arena, Steps: s.v.made}
		opened := sub.Open(t, fresh(name))
		if err := s.exhausted(pos); err != nil {
			return item{}, err
		}
		u := newShapeSubst(s.v.made)
		u.open(t.Exports, sh.exports)
		t, sh = opened, u.shape(sh)
	}
	return item{types.ExternType{Kind: types.InstanceExtern, Instance: t}, sh}, s.exhausted(pos)
}

// fresh makes resources that are named after where they come from.
func fresh(owner string) func(*types.Resource) *types.Resource {
	return func(r *types.Resource) *types.Resource {
		if owner == "" {
			return &types.Resource{Name: r.Name}
		}
		return &types.Resource{Name: owner + "#" + baseName(r.Name)}
	}
}

// baseName is a resource's name without where it comes from.
func baseName(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '#' {
			return s[i+1:]
		}
	}
	return s
}
