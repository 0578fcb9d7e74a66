package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

type scopeKind uint8

const (
	componentScope scopeKind = iota
	componentTypeScope
	instanceTypeScope
)

// item is an entry of a component-level index space: its type, and its shape for
// the rules of names. A type is bound by eq.
type item struct {
	Type  types.ExternType
	shape *shape
}

// coreType is an entry of the core type space. Both fields are nil for types
// that only core modules can use.
type coreType struct {
	fn     *corewasm.FuncType
	module *types.Module
}

// scope is a component, a component type or an instance type with its index
// spaces as far as they are defined.
type scope struct {
	v      *validator
	kind   scopeKind
	parent *scope
	path   string

	coreFuncs     []*corewasm.FuncType
	coreTables    []corewasm.TableType
	coreMemories  []corewasm.Limits
	coreGlobals   []corewasm.GlobalType
	coreTags      []*corewasm.FuncType
	coreTypes     []coreType
	coreInstances []*types.Module // their exports

	items [types.InstanceExtern + 1][]item // by kind

	local    map[*types.Resource]corewasm.ValType // resources defined here, with their representation
	slotType corewasm.ValType                     // of context.get and context.set, 0 before the first

	imports, exports side
}

// side is the imports or the exports of a scope.
type side struct {
	what    string // import or export
	externs []types.Extern
	shapes  []*shape
	unique  uniqueNames
	named   namedShapes // types that may be used on this side, since they have a name there

	resources     map[*shape]string // resources of this side by shape, with their names
	resourceNames map[string]bool
}

func (x *side) addResource(sh *shape, name string) {
	if x.resources == nil {
		x.resources, x.resourceNames = map[*shape]string{}, map[string]bool{}
	}
	x.resources[sh] = name
	x.resourceNames[name] = true
}

func newScope(v *validator, kind scopeKind, parent *scope) *scope {
	s := &scope{v: v, kind: kind, parent: parent}
	s.imports = side{what: "import", named: namedShapes{steps: v.compared}}
	s.exports = side{what: "export", named: namedShapes{steps: v.compared}}
	if parent != nil {
		s.path = parent.path
	}
	return s
}

// add appends an item to the space of its kind.
func (s *scope) add(it item) {
	k := it.Type.Kind
	s.items[k] = append(s.items[k], it)
}

// item finds an item by kind and index.
func (s *scope) item(pos int, k types.ExternKind, index uint32) (item, error) {
	space := s.items[k]
	if uint64(index) >= uint64(len(space)) {
		return item{}, s.outOfBounds(pos, k.String(), index, len(space))
	}
	return space[index], nil
}

// sorted finds an item by sort and index.
func (s *scope) sorted(pos int, sort binary.Sort, index uint32) (item, error) {
	k := sort.Kind()
	if k == 0 {
		return item{}, s.fail(pos, RuleSort, "a %s cannot be used here", sort)
	}
	return s.item(pos, k, index)
}

func (s *scope) outOfBounds(pos int, what string, index uint32, n int) error {
	return s.fail(pos, RuleIndex, "%s index out of bounds: index %d of %d", what, index, n)
}

// at is the entry with an index of a core space.
func at[T any](s *scope, pos int, space []T, index uint32, what string) (T, error) {
	if uint64(index) >= uint64(len(space)) {
		var none T
		return none, s.outOfBounds(pos, what, index, len(space))
	}
	return space[index], nil
}

// resource is the resource type with an index, with its shape.
func (s *scope) resource(pos int, index uint32) (*types.Resource, *shape, error) {
	it, err := s.item(pos, types.TypeExtern, index)
	if err != nil {
		return nil, nil, err
	}
	r := it.Type.Bound.Resource()
	if r == nil {
		return nil, nil, s.fail(pos, RuleType, "type index %d is not a resource type", index)
	}
	return r, it.shape, nil
}

// valType is the value type with an index, with its shape.
func (s *scope) valType(pos int, index uint32) (*types.Val, *shape, error) {
	it, err := s.item(pos, types.TypeExtern, index)
	if err != nil {
		return nil, nil, err
	}
	v, ok := it.Type.Bound.Def().(*types.Val)
	if !ok {
		return nil, nil, s.fail(pos, RuleType, "type index %d is not a defined type", index)
	}
	return v, it.shape, nil
}

// valRef is the value type that r refers to.
func (s *scope) valRef(pos int, r *binary.ValRef) (*types.Val, *shape, error) {
	if r.Prim == 0 {
		return s.valType(pos, r.Index)
	}
	if r.Prim == types.ErrorContext && !s.v.features.ErrorContext {
		return nil, nil, s.unsupported(pos, "the type error-context")
	}
	return s.v.arena.Primitive(r.Prim), nil, nil
}

// optional is valRef for a type that may be absent.
func (s *scope) optional(pos int, r *binary.ValRef) (*types.Val, *shape, error) {
	if r == nil {
		return nil, nil, nil
	}
	return s.valRef(pos, r)
}

// funcType is the function type with an index, with its shape.
func (s *scope) funcType(pos int, index uint32) (*types.Func, *shape, error) {
	it, err := s.item(pos, types.TypeExtern, index)
	if err != nil {
		return nil, nil, err
	}
	f, ok := it.Type.Bound.Def().(*types.Func)
	if !ok {
		return nil, nil, s.fail(pos, RuleType, "type index %d is not a function type", index)
	}
	return f, it.shape, nil
}

// checkDepth bounds how deep instance and component types lie within each other.
func (s *scope) checkDepth(pos int, d types.Def) error {
	if types.Depth(d) > maxTypeDepth {
		return s.fail(pos, RuleLimit, "instance and component types are nested more than %d levels deep", maxTypeDepth)
	}
	return nil
}
