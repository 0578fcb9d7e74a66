package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

func (s *scope) componentExpr(pos int, e *binary.ComponentExpr) (*types.Component, *shape, error) {
	in := newScope(s.v, componentTypeScope, s)
	if err := in.decls(e.Decls); err != nil {
		return nil, nil, err
	}
	c := types.NewComponent(in.imports.externs, in.exports.externs)
	sh := &shape{form: component, imports: in.imports.shapes, exports: in.exports.shapes}
	return c, sh, s.checkDepth(pos, c)
}

func (s *scope) instanceExpr(pos int, e *binary.InstanceExpr) (*types.Instance, *shape, error) {
	in := newScope(s.v, instanceTypeScope, s)
	if err := in.decls(e.Decls); err != nil {
		return nil, nil, err
	}
	i := types.NewInstance(in.exports.externs)
	return i, &shape{form: instance, exports: in.exports.shapes}, s.checkDepth(pos, i)
}

// decls validates the declarations of a component or instance type, which has
// index spaces of its own.
func (s *scope) decls(decls []binary.Def) error {
	for _, d := range decls {
		if err := s.decl(d); err != nil {
			return err
		}
		if err := s.exhausted(d.Pos()); err != nil {
			return err
		}
	}
	return nil
}

func (s *scope) decl(d binary.Def) error {
	switch d := d.(type) {
	case *binary.CoreTypeDef:
		return s.coreTypeDef(d)
	case *binary.TypeDef:
		return s.typeDef(d)
	case *binary.Alias:
		if d.Sort != binary.SortType && d.Sort != binary.SortInstance {
			return s.fail(d.Offset, RuleSort, "an alias within a type may only refer to types or instances, not to a %s", d.Sort)
		}
		return s.alias(d)
	case *binary.OuterAlias:
		if d.Sort != binary.SortType && d.Sort != binary.SortCoreType {
			return s.fail(d.Offset, RuleSort, "an outer alias within a type may only refer to types or core types, not to a %s", d.Sort)
		}
		return s.outerAlias(d)
	case *binary.ImportDecl:
		it, err := s.desc(d.Offset, d.Desc, d.Name)
		if err != nil {
			return err
		}
		return s.enter(&s.imports, named{d.Offset, d.Name, d.Attrs}, it)
	case *binary.ExportDecl:
		it, err := s.desc(d.Offset, d.Desc, d.Name)
		if err != nil {
			return err
		}
		return s.enter(&s.exports, named{d.Offset, d.Name, d.Attrs}, it)
	}
	return s.fail(d.Pos(), RuleSort, "this declaration does not belong here")
}
