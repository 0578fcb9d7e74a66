package componentize

import (
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
	"github.com/spinhost/spin/internal/corewasm"
)

// Config says what modules may be and import.
type Config struct {
	Limits   limits.Limits
	Features validate.Features
	// Direct are names of core modules whose functions the host provides as they are: the
	// component imports an instance of that name, with functions of numbers.
	Direct []string
	// Worlds are those of modules without a component type.
	Worlds []World
}

// World is what modules mean that export a function by a certain name.
type World struct {
	Export  string // the name
	Imports []Interface
	Exports []Interface
}

// Interface is an interface as core modules name it and as components do.
type Interface struct {
	Core  string // the core module of the imports; of no meaning for exports
	Name  string // of the component's import or export
	Funcs []Func
}

// Func is a function of an Interface.
//
// Type must not have resources.
type Func struct {
	Core string // name of the core import or export
	Name string
	Type string // in the form of types.ParseFunc
	// Void says that the core function has no result where Type has one that is a result without
	// values: if it returns, that is ok.
	Void bool
}

// Module reads a core module and makes a component of it. Errors are *Error, and those of
// packages binary and validate.
func Module(wasm []byte, cfg Config) (*binary.Component, error) {
	max := cfg.Limits.WithDefaults()
	if len(wasm) > max.Size {
		return nil, binary.TooMuch("Size", len(wasm), max.Size, -1, "")
	}
	info, err := corewasm.ParseWithLimits(wasm, max.Core())
	if err != nil {
		return nil, binary.CoreError(err, 0, "")
	}
	if info.CodeBytes > uint64(max.CodeBytes) {
		return nil, binary.TooMuch("CodeBytes", int(info.CodeBytes), max.CodeBytes, -1, "")
	}
	m := &maker{
		cfg: cfg, info: info, arena: &types.Arena{MaxTypeSize: max.TypeSize},
		body: &binary.CoreBody{Module: &binary.CoreModule{Bytes: wasm, Info: info, Type: types.NewModule(info.Imports, info.Exports)}},
	}
	return m.component(wasm)
}

// maker is the work of making a component.
type maker struct {
	cfg    Config
	info   *corewasm.Module
	arena  *types.Arena // of types that no section has
	worlds []*world
	body   *binary.CoreBody
	opts   exportedOptions
	found  []found // by core import
	starts bool    // an export initialises the module
}

func (m *maker) component(wasm []byte) (*binary.Component, error) {
	steps := []func() error{
		func() error { return m.readWorlds(wasm) },
		m.findOptions, m.addDirect, m.findImports, m.findExports, m.addStart,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c := &binary.Component{Size: len(wasm)}
	c.Imports = m.place()
	for _, d := range c.Imports {
		c.Defs = append(c.Defs, d)
	}
	c.Defs = append(c.Defs, m.body.Module)
	for _, x := range m.body.Extra {
		c.Defs = append(c.Defs, x)
	}
	c.Defs = append(c.Defs, m.body)
	var exports []types.Extern
	for _, e := range m.body.Exports {
		exports = append(exports, e.Extern)
	}
	c.Type = types.NewComponent(merged(c.Imports), exports)
	return c, nil
}

// merged lists imports, those of one name as one: several worlds may import parts of an
// instance.
func merged(imports []*binary.Import) (all []types.Extern) {
	for _, d := range imports {
		k := slices.IndexFunc(all, func(e types.Extern) bool { return e.Name == d.Name })
		if k < 0 {
			all = append(all, types.Extern{Name: d.Name, Attrs: d.Attrs, Type: d.Type})
			continue
		}
		old := all[k].Type.Instance
		if old == nil || d.Type.Instance == nil {
			continue
		}
		union := slices.Clone(old.Exports)
		for _, e := range d.Type.Instance.Exports {
			if _, ok := old.Export(e.Name); !ok {
				union = append(union, e)
			}
		}
		all[k].Type.Instance = types.NewInstance(union)
	}
	return all
}
