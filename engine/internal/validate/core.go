package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

func (s *scope) coreModule(d *binary.CoreModule) error {
	if err := s.uniqueCoreImports(d.Offset, d.Info.Imports); err != nil {
		return err
	}
	d.Type = types.NewModule(d.Info.Imports, d.Info.Exports)
	s.addModule(d.Type)
	return nil
}

func (s *scope) addModule(m *types.Module) {
	s.add(item{Type: types.ExternType{Kind: types.ModuleExtern, Module: m}})
}

// uniqueCoreImports checks that no two imports have the same two names: as
// single-level imports of a component they would be the same.
func (s *scope) uniqueCoreImports(pos int, imports []corewasm.Import) error {
	seen := make(map[[2]string]bool, len(imports))
	for _, i := range imports {
		k := [2]string{i.Module, i.Name}
		if seen[k] {
			return s.fail(pos, RuleUnique, "duplicate import name %q of a core module", i.Module+":"+i.Name)
		}
		seen[k] = true
	}
	return nil
}

// coreInstantiate checks that every import of the module is given by the
// argument of its module name.
func (s *scope) coreInstantiate(d *binary.CoreInstantiate) error {
	it, err := s.item(d.Offset, types.ModuleExtern, d.Module)
	if err != nil {
		return err
	}
	m := it.Type.Module
	s.v.compared.Take(len(m.Imports) + len(d.Args))
	if err := s.exhausted(d.Offset); err != nil {
		return err
	}
	args := make(map[string]*types.Module, len(d.Args))
	for _, a := range d.Args {
		inst, err := at(s, d.Offset, s.coreInstances, a.Instance, "core instance")
		if err != nil {
			return err
		}
		if _, ok := args[a.Name]; ok {
			return s.fail(d.Offset, RuleUnique, "duplicate module instantiation argument named %q", a.Name)
		}
		args[a.Name] = inst
	}
	for _, i := range m.Imports {
		if err := s.coreImport(d.Offset, i, args); err != nil {
			return err
		}
	}
	s.coreInstances = append(s.coreInstances, m)
	return nil
}

func (s *scope) coreImport(pos int, i corewasm.Import, args map[string]*types.Module) error {
	inst, ok := args[i.Module]
	if !ok {
		return s.fail(pos, RuleMissing, "missing module instantiation argument %q", i.Module)
	}
	e, ok := inst.Export(i.Name)
	if !ok {
		return s.fail(pos, RuleMissing, "module instantiation argument %q does not export an item named %q", i.Module, i.Name)
	}
	if !e.Type.Matches(i.Type) {
		return s.fail(pos, RuleCoreMatch, "core import %q of %q: expected %s, found %s", i.Name, i.Module, i.Type, e.Type)
	}
	return nil
}

func (s *scope) coreInline(d *binary.CoreInline) error {
	exports := make([]corewasm.Export, 0, len(d.Exports))
	seen := make(map[string]bool, len(d.Exports))
	for _, e := range d.Exports {
		t, err := s.coreItem(d.Offset, e.Sort, e.Index)
		if err != nil {
			return err
		}
		if seen[e.Name] {
			return s.fail(d.Offset, RuleUnique, "export name %q of a core instance is already defined", e.Name)
		}
		seen[e.Name] = true
		exports = append(exports, corewasm.Export{Name: e.Name, Type: t})
	}
	s.coreInstances = append(s.coreInstances, types.NewModule(nil, exports))
	return nil
}

// coreItem is the type of a core item.
func (s *scope) coreItem(pos int, sort binary.CoreSort, index uint32) (t corewasm.ExternType, err error) {
	t.Kind = corewasm.Kind(sort) // the first five sorts are the kinds of the core format
	switch sort {
	case binary.CoreFunc:
		t.Func, err = at(s, pos, s.coreFuncs, index, sort.String())
	case binary.CoreTable:
		t.Table, err = at(s, pos, s.coreTables, index, sort.String())
	case binary.CoreMemory:
		t.Memory, err = at(s, pos, s.coreMemories, index, sort.String())
	case binary.CoreGlobal:
		t.Global, err = at(s, pos, s.coreGlobals, index, sort.String())
	case binary.CoreTag:
		t.Tag, err = at(s, pos, s.coreTags, index, sort.String())
	default:
		err = s.fail(pos, RuleSort, "a %s cannot be exported", sort)
	}
	return t, err
}

// coreAlias gives an export of a core instance a place in its index space.
func (s *scope) coreAlias(d *binary.CoreAlias) error {
	inst, err := at(s, d.Offset, s.coreInstances, d.Instance, "core instance")
	if err != nil {
		return err
	}
	e, ok := inst.Export(d.Name)
	if !ok {
		return s.fail(d.Offset, RuleMissing, "core instance %d has no export named %q", d.Instance, d.Name)
	}
	if want := corewasm.Kind(d.Sort); e.Type.Kind != want {
		return s.fail(d.Offset, RuleSort, "export %q of core instance %d: expected %s, found %s", d.Name, d.Instance, want, e.Type.Kind)
	}
	switch t := e.Type; d.Sort {
	case binary.CoreFunc:
		s.coreFuncs = append(s.coreFuncs, t.Func)
	case binary.CoreTable:
		s.coreTables = append(s.coreTables, t.Table)
	case binary.CoreMemory:
		s.coreMemories = append(s.coreMemories, t.Memory)
	case binary.CoreGlobal:
		s.coreGlobals = append(s.coreGlobals, t.Global)
	case binary.CoreTag:
		s.coreTags = append(s.coreTags, t.Tag)
	}
	return nil
}
