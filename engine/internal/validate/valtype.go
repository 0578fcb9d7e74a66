package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// valExpr is the value type that e describes.
func (s *scope) valExpr(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	var v *types.Val
	var sh *shape
	var err error
	switch {
	case e.Kind.Primitive():
		return s.valRef(pos, &binary.ValRef{Prim: e.Kind})
	case e.Kind == types.Own || e.Kind == types.Borrow:
		return s.handle(pos, e)
	case e.Kind == types.Record || e.Kind == types.Tuple:
		v, sh, err = s.fields(pos, e)
	case e.Kind == types.Variant:
		v, sh, err = s.variant(pos, e)
	case e.Kind == types.Flags || e.Kind == types.Enum:
		v, sh, err = s.labels(pos, e)
	default:
		v, sh, err = s.generic(pos, e)
	}
	if _, ok := err.(*types.Error); ok {
		err = s.wrap(pos, RuleType, err)
	}
	return v, sh, err
}

func (s *scope) handle(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	r, rsh, err := s.resource(pos, e.Index)
	if err != nil {
		return nil, nil, err
	}
	if e.Kind == types.Own {
		return s.v.arena.Own(r), newShape(rsh), nil
	}
	return s.v.arena.Borrow(r), newShape(rsh), nil
}

func (s *scope) fields(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	var unique uniqueNames
	fields := make([]types.Field, len(e.Parts))
	parts := make([]*shape, len(e.Parts))
	vals := make([]*types.Val, len(e.Parts))
	for i, p := range e.Parts {
		if e.Kind == types.Record {
			if err := s.label(pos, &unique, "record field", p.Label); err != nil {
				return nil, nil, err
			}
		}
		t, sh, err := s.valRef(pos, p.Type)
		if err != nil {
			return nil, nil, err
		}
		fields[i], parts[i], vals[i] = types.Field{Label: p.Label, Type: t}, sh, t
	}
	if e.Kind == types.Tuple {
		v, err := s.v.arena.Tuple(vals...)
		return v, newShape(parts...), err
	}
	v, err := s.v.arena.Record(fields)
	return v, &shape{form: nominal, parts: parts}, err
}

func (s *scope) variant(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	var unique uniqueNames
	cases := make([]types.Case, len(e.Parts))
	parts := make([]*shape, len(e.Parts))
	for i, p := range e.Parts {
		if err := s.label(pos, &unique, "variant case", p.Label); err != nil {
			return nil, nil, err
		}
		t, sh, err := s.optional(pos, p.Type)
		if err != nil {
			return nil, nil, err
		}
		cases[i], parts[i] = types.Case{Label: p.Label, Type: t}, sh
	}
	v, err := s.v.arena.Variant(cases)
	return v, &shape{form: nominal, parts: parts}, err
}

func (s *scope) labels(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	what, build := "flag", s.v.arena.Flags
	if e.Kind == types.Enum {
		what, build = "enum case", s.v.arena.Enum
	}
	var unique uniqueNames
	for _, l := range e.Labels {
		if err := s.label(pos, &unique, what, l); err != nil {
			return nil, nil, err
		}
	}
	v, err := build(e.Labels)
	return v, &shape{form: nominal}, err
}

// generic is a type that is made of one or two others.
func (s *scope) generic(pos int, e *binary.ValExpr) (*types.Val, *shape, error) {
	elem, sh, err := s.optional(pos, e.Elem)
	if err != nil {
		return nil, nil, err
	}
	other, otherShape, err := s.optional(pos, e.Other)
	if err != nil {
		return nil, nil, err
	}
	a := s.v.arena
	var v *types.Val
	switch e.Kind {
	case types.List:
		v, err = a.List(elem)
	case types.FixedList:
		if !s.v.features.FixedLists {
			return nil, nil, s.unsupported(pos, "a list of fixed length")
		}
		v, err = a.FixedList(elem, e.Len)
	case types.Option:
		v, err = a.Option(elem)
	case types.Map:
		v, err = a.Map(elem, other)
	case types.Result:
		v, err = a.Result(elem, other)
	case types.Stream:
		v, err = a.Stream(elem)
	case types.Future:
		v, err = a.Future(elem)
	default:
		err = s.fail(pos, RuleSort, "this type does not belong here")
	}
	return v, newShape(sh, otherShape), err
}
