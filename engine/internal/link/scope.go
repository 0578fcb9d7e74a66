package link

import (
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

type coreType = corewasm.FuncType

// scope is one component instance while it is linked: its index spaces, and what its
// resource types stand for.
type scope struct {
	l       *linker
	c       *binary.Component
	outer   *scope // in which the component is defined
	path    string
	number  int32 // component instance; that of the parent if it has no core code
	env     map[*types.Resource]*types.Resource
	subst   *types.Subst
	imports func(*binary.Import) (item, error)
	host    *hostTypes // of a node; nil within
	exports *instanceItem

	coreModules   []*binary.CoreModule
	coreInstances []*coreInstanceItem
	core          [5][]CoreItem // by binary.CoreSort: func, table, memory, global, tag
	funcs         []*funcItem
	types         []typeItem
	components    []*componentItem
	instances     []*instanceItem
}

// newScope begins an instance of c. parent is the component instance around it.
func (l *linker) newScope(c *binary.Component, outer *scope, parent int32, path string) (*scope, error) {
	s := &scope{l: l, c: c, outer: outer, path: path, number: parent, env: map[*types.Resource]*types.Resource{}, exports: newInstance()}
	s.subst = &types.Subst{Arena: l.arena, Replace: s.resource}
	if hasCode(c) || parent == canon.None {
		if err := l.room(len(l.p.Canon.Instances), c.Offset, c.Path()); err != nil {
			return nil, err
		}
		s.number = int32(len(l.p.Canon.Instances))
		l.p.Canon.Instances = append(l.p.Canon.Instances, canon.InstanceDef{Name: path, Parent: parent})
	}
	return s, nil
}

// hasCode reports whether instances of c need state of their own: they have if the
// component defines core functions or resources. Those that only regroup do not.
func hasCode(c *binary.Component) bool {
	for _, d := range c.Defs {
		switch d := d.(type) {
		case *binary.Lift, *binary.Lower, *binary.Builtin, *binary.CoreInstantiate, *binary.CoreBody:
			return true
		case *binary.TypeDef:
			if _, ok := d.Type.(*types.Resource); ok {
				return true
			}
		}
	}
	return false
}

// resource returns what a resource type of the component stands for in this instance.
func (s *scope) resource(r *types.Resource) *types.Resource {
	if x := s.env[r]; x != nil {
		return x
	}
	return r
}

// link evaluates the definitions in the order of the file.
func (s *scope) link() (*instanceItem, error) {
	for _, d := range s.c.Defs {
		if !s.l.steps.Take(s.steps(d)) {
			return nil, errTooComplex
		}
		if err := s.def(d); err != nil {
			return nil, err
		}
	}
	return s.exports, nil
}

// steps is about how much work a definition is, without what it instantiates.
func (s *scope) steps(d binary.Def) int {
	switch d := d.(type) {
	case *binary.CoreInstantiate:
		return 1 + len(d.Args) + len(s.coreModules[d.Module].Info.Imports)
	case *binary.CoreInline:
		return 1 + len(d.Exports)
	case *binary.CoreBody:
		return 1 + len(d.Imports) + len(d.Exports)
	case *binary.InlineInstance:
		return 1 + len(d.Exports)
	case *binary.Instantiate:
		return 10 + len(d.Args) // a scope has a dozen maps and slices
	}
	return 1
}

func (s *scope) def(d binary.Def) error {
	switch d := d.(type) {
	case *binary.CoreModule:
		s.coreModules = append(s.coreModules, d)
	case *binary.CoreInstantiate:
		return s.coreInstantiate(d)
	case *binary.CoreInline:
		return s.coreInline(d)
	case *binary.CoreBody:
		return s.body(d)
	case *binary.CoreAlias:
		x, ok := s.coreInstances[d.Instance].export(d.Name)
		if !ok {
			return s.internal(d, "no core export %q", d.Name)
		}
		s.core[d.Sort] = append(s.core[d.Sort], x)
	case *binary.ComponentDef:
		s.components = append(s.components, &componentItem{d.Component, s})
	case *binary.Instantiate:
		return s.instantiate(d)
	case *binary.InlineInstance:
		i := newInstance()
		for _, e := range d.Exports {
			i.add(e.Name, s.item(e.Sort, e.Index))
		}
		s.instances = append(s.instances, i)
	case *binary.Alias:
		return s.add(d, d.Sort, s.instances[d.Instance].items[d.Name])
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
		x := s.item(d.Sort, d.Index)
		s.bind(d.Type, x)
		s.exports.add(d.Name, x)
		return s.add(d, d.Sort, x)
	}
	return nil
}

func (s *scope) importDef(d *binary.Import) error {
	x, err := s.imports(d)
	if err != nil {
		return err
	}
	s.bind(d.Type, x)
	return s.addKind(d, d.Type.Kind, x)
}

// item returns what an index stands for.
func (s *scope) item(sort binary.Sort, i uint32) item {
	switch sort {
	case binary.SortFunc:
		return s.funcs[i]
	case binary.SortType:
		return s.types[i]
	case binary.SortComponent:
		return s.components[i]
	case binary.SortInstance:
		return s.instances[i]
	case binary.SortCoreModule:
		return &moduleItem{s.coreModules[i]}
	}
	return nil
}

// add appends x to the index space of its sort.
func (s *scope) add(d binary.Def, sort binary.Sort, x item) error {
	return s.addKind(d, sort.Kind(), x)
}

func (s *scope) addKind(d binary.Def, k types.ExternKind, x item) error {
	switch x := x.(type) {
	case *funcItem:
		s.funcs = append(s.funcs, x)
	case typeItem:
		s.types = append(s.types, x)
	case *componentItem:
		s.components = append(s.components, x)
	case *instanceItem:
		s.instances = append(s.instances, x)
	case *moduleItem:
		s.coreModules = append(s.coreModules, x.m)
	default:
		if k != 0 {
			return s.internal(d, "a %s is missing", k)
		}
	}
	return nil
}

// internal reports what validation should have made impossible.
func (s *scope) internal(d binary.Def, format string, args ...any) error {
	return fmt.Errorf("component at offset %#x was not validated: %s", d.Pos(), fmt.Sprintf(format, args...))
}

// bind notes which resource types of the program those stand for that t introduces.
func (s *scope) bind(t types.ExternType, x item) {
	switch t.Kind {
	case types.TypeExtern:
		if v, ok := x.(typeItem); ok && t.Bound.Sub != nil && v.res != nil {
			s.env[t.Bound.Sub] = v.res
		}
	case types.InstanceExtern:
		i, ok := x.(*instanceItem)
		if !ok || !types.HasResource(t.Instance) || !s.l.steps.Take(len(t.Instance.Exports)) {
			return
		}
		for _, e := range t.Instance.Exports {
			s.bind(e.Type, i.items[e.Name])
		}
	}
}

func (s *scope) outerAlias(d *binary.OuterAlias) error {
	o := s
	for range d.Count {
		o = o.outer
	}
	if d.Sort == binary.SortCoreType {
		return nil
	}
	return s.add(d, d.Sort, o.item(d.Sort, d.Index))
}

func (s *scope) typeDef(d *binary.TypeDef) error {
	r, ok := d.Type.(*types.Resource)
	if !ok {
		s.types = append(s.types, typeItem{})
		return nil
	}
	e := d.Expr.(*binary.ResourceExpr)
	res := s.l.newResource(r.Name, nil)
	s.env[r] = res
	g := GuestResource{Index: res.Index, Instance: s.number, Name: r.Name}
	if e.Dtor != nil {
		g.Dtor = s.dtor(s.core[binary.CoreFunc][*e.Dtor], r.Name)
	}
	s.l.p.Resources = append(s.l.p.Resources, g)
	s.types = append(s.types, typeItem{res})
	return nil
}

// instantiate makes an instance of a nested component.
func (s *scope) instantiate(d *binary.Instantiate) error {
	c := s.components[d.Component]
	args := make(map[string]item, len(d.Args))
	for _, a := range d.Args {
		args[a.Name] = s.item(a.Sort, a.Index)
	}
	child, err := s.l.newScope(c.c, c.outer, s.number, s.pathOf(c.c))
	if err != nil {
		return err
	}
	child.imports = func(i *binary.Import) (item, error) {
		x, ok := args[i.Name]
		if !ok {
			return nil, s.internal(d, "argument %q is missing", i.Name)
		}
		return x, nil
	}
	exports, err := child.link()
	if err != nil {
		return err
	}
	s.bind(types.ExternType{Kind: types.InstanceExtern, Instance: d.Result}, exports)
	s.instances = append(s.instances, exports)
	return nil
}
