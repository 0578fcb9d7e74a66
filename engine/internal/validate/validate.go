package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
)

// Bounds on the work for one root component. Types are graphs whose expanded
// form can be exponentially larger than the input: what a component makes
// others of, by instantiating and importing, is counted, and so are comparisons.
const (
	maxMade      = 500_000
	maxCompared  = 5_000_000
	maxTypeDepth = 100 // instance and component types within each other
)

// Component validates a root component that binary.Decode has returned, and
// everything nested in it, and fills in the types of all definitions. A
// component must not be validated twice. The error is an [*Error].
//
// All filled types are interned in one arena: within the component, equal types
// have equal pointers.
func Component(c *binary.Component, f Features) error { return Limited(c, f, limits.Limits{}) }

// Limited is Component with limits of the caller's.
func Limited(c *binary.Component, f Features, l limits.Limits) error {
	v := &validator{
		arena:    &types.Arena{MaxTypeSize: l.WithDefaults().TypeSize},
		features: f,
		made:     types.NewSteps(maxMade),
		compared: types.NewSteps(maxCompared),
	}
	_, err := v.component(c, nil)
	return err
}

type validator struct {
	arena          *types.Arena
	features       Features
	made, compared *types.Steps
}

// component validates c and returns it as an item of the component space.
func (v *validator) component(c *binary.Component, parent *scope) (item, error) {
	s := newScope(v, componentScope, parent)
	s.path = c.Path()
	for _, d := range c.Defs {
		if err := s.define(d); err != nil {
			return item{}, err
		}
		if err := s.exhausted(d.Pos()); err != nil {
			return item{}, err
		}
	}
	it, err := s.close(c.Offset)
	c.Type = it.Type.Component
	return it, err
}

// exhausted fails if the work for the component has become too much. It must be
// asked before results of counted work are relied on.
func (s *scope) exhausted(pos int) error {
	if s.v.made.Exhausted() || s.v.compared.Exhausted() {
		return s.fail(pos, RuleLimit, "the component's types are too complex")
	}
	return nil
}

// define validates one definition of a component and appends it to its index space.
func (s *scope) define(d binary.Def) error {
	switch d := d.(type) {
	case *binary.CoreModule:
		return s.coreModule(d)
	case *binary.CoreInstantiate:
		return s.coreInstantiate(d)
	case *binary.CoreInline:
		return s.coreInline(d)
	case *binary.CoreTypeDef:
		return s.coreTypeDef(d)
	case *binary.CoreAlias:
		return s.coreAlias(d)
	case *binary.ComponentDef:
		it, err := s.v.component(d.Component, s)
		if err != nil {
			return err
		}
		s.add(it)
		return nil
	case *binary.Instantiate:
		return s.instantiate(d)
	case *binary.InlineInstance:
		return s.inlineInstance(d)
	case *binary.Alias:
		return s.alias(d)
	case *binary.OuterAlias:
		return s.outerAlias(d)
	case *binary.TypeDef:
		return s.typeDef(d)
	case *binary.Lift:
		return s.lift(d)
	case *binary.Lower:
		return s.lower(d)
	case *binary.Builtin:
		return s.builtin(d)
	case *binary.Import:
		return s.importDef(d)
	case *binary.Export:
		return s.exportDef(d)
	}
	return s.fail(d.Pos(), RuleSort, "this definition does not belong here")
}
