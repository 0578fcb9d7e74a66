package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// typeDef gives a type definition its type and appends it to the type space.
func (s *scope) typeDef(d *binary.TypeDef) error {
	t, sh, err := s.typeExpr(d)
	if err != nil {
		return err
	}
	d.Type = t
	s.add(item{types.EqType(t), sh})
	return nil
}

func (s *scope) typeExpr(d *binary.TypeDef) (types.Def, *shape, error) {
	switch e := d.Expr.(type) {
	case *binary.ValExpr:
		return def(s.valExpr(d.Offset, e))
	case *binary.FuncExpr:
		return def(s.funcExpr(d.Offset, e))
	case *binary.ComponentExpr:
		return def(s.componentExpr(d.Offset, e))
	case *binary.InstanceExpr:
		return def(s.instanceExpr(d.Offset, e))
	case *binary.ResourceExpr:
		return def(s.resourceExpr(d.Offset, e))
	}
	return nil, nil, s.fail(d.Offset, RuleSort, "this type does not belong here")
}

func def[T types.Def](t T, sh *shape, err error) (types.Def, *shape, error) { return t, sh, err }

func (s *scope) funcExpr(pos int, e *binary.FuncExpr) (*types.Func, *shape, error) {
	var unique uniqueNames
	params := make([]types.Param, len(e.Params))
	parts := make([]*shape, len(e.Params)+1)
	for i, p := range e.Params {
		if err := s.label(pos, &unique, "function parameter", p.Label); err != nil {
			return nil, nil, err
		}
		t, sh, err := s.valRef(pos, p.Type)
		if err != nil {
			return nil, nil, err
		}
		params[i], parts[i] = types.Param{Name: p.Label, Type: t}, sh
	}
	result, sh, err := s.optional(pos, e.Result)
	if err != nil {
		return nil, nil, err
	}
	parts[len(e.Params)] = sh
	f, err := s.v.arena.Func(params, result, e.Async)
	if err != nil {
		return nil, nil, s.wrap(pos, RuleType, err)
	}
	return f, &shape{form: function, parts: parts}, nil
}

// resourceExpr defines a resource. Each instance of the component has its own.
func (s *scope) resourceExpr(pos int, e *binary.ResourceExpr) (*types.Resource, *shape, error) {
	if s.kind != componentScope {
		return nil, nil, s.fail(pos, RuleResource, "resources can only be defined within a concrete component")
	}
	if e.Rep == corewasm.I64 { // which a borrow, an i32, could not carry to its implementor
		return nil, nil, s.unsupported(pos, "a resource represented by an i64")
	}
	if e.Dtor != nil {
		f, err := at(s, pos, s.coreFuncs, *e.Dtor, "core func")
		if err != nil {
			return nil, nil, err
		}
		if want := (corewasm.FuncType{Params: []corewasm.ValType{e.Rep}}); !f.Equal(want) {
			return nil, nil, s.fail(pos, RuleSignature, "wrong signature for a destructor: expected %s, found %s", want, f)
		}
	}
	if s.local == nil {
		s.local = map[*types.Resource]corewasm.ValType{}
	}
	r := &types.Resource{}
	s.local[r] = e.Rep
	return r, &shape{form: resource}, nil
}

// label checks a label's grammar and that it is unique in its type.
func (s *scope) label(pos int, unique *uniqueNames, what, l string) error {
	switch {
	case l == "":
		return s.fail(pos, RuleName, "%s name cannot be empty", what)
	case !isLabel(l):
		return s.fail(pos, RuleName, "%s name %q is not in kebab case", what, l)
	}
	if old, ok := unique.add(l); !ok {
		return s.fail(pos, RuleUnique, "%s name %q conflicts with previous name %q", what, l, old)
	}
	return nil
}
