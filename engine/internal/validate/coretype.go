package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

func (s *scope) coreTypeDef(d *binary.CoreTypeDef) error {
	t := coreType{fn: d.Func}
	if d.Module != nil {
		m, err := s.moduleType(d)
		if err != nil {
			return err
		}
		d.Type, t.module = m, m
	}
	s.coreTypes = append(s.coreTypes, t)
	return nil
}

// moduleType is the type that a module type's declarations describe.
func (s *scope) moduleType(d *binary.CoreTypeDef) (*types.Module, error) {
	b := moduleBuilder{s: s}
	for _, decl := range d.Module.Decls {
		if err := b.decl(decl); err != nil {
			return nil, err
		}
	}
	if err := s.uniqueCoreImports(d.Offset, b.imports); err != nil {
		return nil, err
	}
	return types.NewModule(b.imports, b.exports), nil
}

// moduleBuilder collects a module type. Its type space holds no module types.
type moduleBuilder struct {
	s       *scope // encloses the module type
	types   []coreType
	imports []corewasm.Import
	exports []corewasm.Export
	names   map[string]bool
}

func (b *moduleBuilder) decl(d binary.Def) error {
	switch d := d.(type) {
	case *binary.CoreTypeDef:
		b.types = append(b.types, coreType{fn: d.Func})
	case *binary.CoreOuterAlias:
		t, err := b.outer(d)
		if err != nil {
			return err
		}
		b.types = append(b.types, t)
	case *binary.CoreImportDecl:
		t, err := b.extern(d.Offset, d.Desc)
		if err != nil {
			return err
		}
		b.imports = append(b.imports, corewasm.Import{Module: d.Module, Name: d.Name, Type: t})
	case *binary.CoreExportDecl:
		t, err := b.extern(d.Offset, d.Desc)
		if err != nil {
			return err
		}
		if b.names[d.Name] {
			return b.s.fail(d.Offset, RuleUnique, "export name %q of a module type is already defined", d.Name)
		}
		if b.names == nil {
			b.names = map[string]bool{}
		}
		b.names[d.Name] = true
		b.exports = append(b.exports, corewasm.Export{Name: d.Name, Type: t})
	}
	return nil
}

// outer is the core type that an alias names; the module type itself is the
// scope of count 0.
func (b *moduleBuilder) outer(d *binary.CoreOuterAlias) (coreType, error) {
	space := b.types
	if d.Count > 0 {
		s, _, err := b.s.outer(d.Offset, d.Count-1)
		if err != nil {
			return coreType{}, err
		}
		space = s.coreTypes
	}
	t, err := at(b.s, d.Offset, space, d.Index, "core type")
	if err == nil && t.module != nil {
		err = b.s.fail(d.Offset, RuleOuterAlias, "a module type cannot be aliased into a module type")
	}
	return t, err
}

// extern completes the type of an import or export.
func (b *moduleBuilder) extern(pos int, d binary.CoreDesc) (corewasm.ExternType, error) {
	t := d.Type
	if t.Kind != corewasm.Func && t.Kind != corewasm.Tag {
		return t, nil
	}
	ct, err := at(b.s, pos, b.types, d.Index, "core type")
	if err != nil {
		return t, err
	}
	if ct.fn == nil {
		return t, b.s.fail(pos, RuleType, "core type index %d is not a function type", d.Index)
	}
	if t.Kind == corewasm.Func {
		t.Func = ct.fn
	} else {
		t.Tag = ct.fn
	}
	return t, nil
}
