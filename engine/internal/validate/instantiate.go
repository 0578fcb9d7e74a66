package validate

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// instantiate checks the arguments against the component's imports. Each
// resource that is supplied stands for the imported one from then on, and the
// instance's own resources are new ones.
func (s *scope) instantiate(d *binary.Instantiate) error {
	comp, err := s.item(d.Offset, types.ComponentExtern, d.Component)
	if err != nil {
		return err
	}
	args, err := s.args(d)
	if err != nil {
		return err
	}
	c := comp.Type.Component
	binding := types.Binding{}
	shapes := newShapeSubst(s.v.made)
	for i, imp := range c.Imports {
		arg, ok := args[imp.Name]
		if !ok {
			return s.fail(d.Offset, RuleMissing, "missing import named %q", imp.Name)
		}
		if err := types.MatchSteps(imp.Type, arg.Type, binding, s.v.compared); err != nil {
			return s.mismatch(d.Offset, imp.Name, err)
		}
		shapes.bind(imp.Type, arg.Type, comp.shape.imports[i], arg.shape)
	}
	sub := &types.Subst{Arena: s.v.arena, Replace: binding.Resolve, Steps: s.v.made}
	result := sub.OpenExports(c.Exports, fresh(""))
	if err := s.exhausted(d.Offset); err != nil {
		return err
	}
	shapes.open(c.Exports, comp.shape.exports)
	exports, _ := shapes.list(comp.shape.exports)
	d.Result = result
	s.addInstance(result, exports)
	return s.checkDepth(d.Offset, result)
}

// mismatch is the error that an argument does not match an import.
func (s *scope) mismatch(pos int, name string, err error) error {
	var e *types.MatchError
	if errors.As(err, &e) {
		err = e.Of(fmt.Sprintf("import %q", name))
	}
	return s.wrap(pos, RuleMatch, err)
}

func (s *scope) addInstance(t *types.Instance, exports []*shape) {
	s.add(item{types.ExternType{Kind: types.InstanceExtern, Instance: t}, &shape{form: instance, exports: exports}})
}

// args finds the arguments by name and fills in their types.
func (s *scope) args(d *binary.Instantiate) (map[string]item, error) {
	args := make(map[string]item, len(d.Args))
	for i := range d.Args {
		a := &d.Args[i]
		it, err := s.sorted(d.Offset, a.Sort, a.Index)
		if err != nil {
			return nil, err
		}
		if _, ok := args[a.Name]; ok {
			return nil, s.fail(d.Offset, RuleUnique, "instantiation argument %q conflicts with previous argument %q", a.Name, a.Name)
		}
		a.Type = it.Type
		args[a.Name] = it
	}
	return args, nil
}

// inlineInstance makes an instance of items. Its types need no names until it is
// exported.
func (s *scope) inlineInstance(d *binary.InlineInstance) error {
	x := side{what: "export"}
	for _, e := range d.Exports {
		it, err := s.sorted(d.Offset, e.Sort, e.Index)
		if err != nil {
			return err
		}
		if it.resource() != nil {
			it.shape = it.shape.alias()
		}
		if err := s.checkName(&x, named{d.Offset, e.Name, e.Attrs}, it); err != nil {
			return err
		}
		x.externs = append(x.externs, types.Extern{Name: e.Name, Attrs: e.Attrs, Type: it.Type})
		x.shapes = append(x.shapes, it.shape)
	}
	d.Result = types.NewInstance(x.externs)
	s.addInstance(d.Result, x.shapes)
	return s.checkDepth(d.Offset, d.Result)
}
