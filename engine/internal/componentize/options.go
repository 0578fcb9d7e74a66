package componentize

import (
	"errors"
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// exportedOptions are the canonical options that the module has exports for, "" for none.
type exportedOptions struct{ memory, importRealloc, exportRealloc string }

// findOptions finds the memory and the allocator of the module.
func (m *maker) findOptions() error {
	if e, ok := m.info.Export("memory"); ok && e.Type.Kind == corewasm.Memory {
		want := corewasm.ExternType{Kind: corewasm.Memory, Memory: corewasm.Limits{PageSizeLog2: 16}}
		if !e.Type.Matches(want) {
			return unsupported("the core module's memory is one of type %s", e.Type)
		}
		m.opts.memory = e.Name
	}
	realloc := corewasm.FuncType{Params: slices.Repeat([]corewasm.ValType{corewasm.I32}, 4), Results: []corewasm.ValType{corewasm.I32}}
	find := func(names ...string) (string, error) {
		for _, name := range names {
			e, ok := m.info.Export(name)
			if !ok || e.Type.Kind != corewasm.Func {
				continue
			}
			if !e.Type.Func.Equal(realloc) {
				return "", fail("core export %q should be a function of type %s, it is a %s", name, realloc, e.Type)
			}
			return name, nil
		}
		return "", nil
	}
	var err error
	if m.opts.importRealloc, err = find("cabi_import_realloc", "cabi_realloc", "canonical_abi_realloc"); err != nil {
		return err
	}
	m.opts.exportRealloc, err = find("cabi_export_realloc", "cabi_realloc", "canonical_abi_realloc")
	return err
}

var (
	errNoMemory  = errors.New("its values need the memory of the module, which has no export \"memory\"")
	errNoRealloc = errors.New("its values need an allocator, which has no export \"cabi_realloc\"")
)

// forImport are the options of a function that the module imports.
func (o *exportedOptions) forImport(f *types.Func, e binary.Encoding) (binary.BodyOptions, error) {
	read := f.ParamFlatCount > types.MaxFlatParams || f.ResultFlatCount() > types.MaxFlatResults
	for _, p := range f.Params {
		read = read || p.Type.HasPointer
	}
	return o.options(e, o.importRealloc, read, f.Result != nil && f.Result.HasPointer)
}

// forExport are the options of a function that the module exports.
func (o *exportedOptions) forExport(f *types.Func, e binary.Encoding) (binary.BodyOptions, error) {
	read := f.ResultFlatCount() > types.MaxFlatResults || f.Result != nil && f.Result.HasPointer
	written := f.ParamFlatCount > types.MaxFlatParams
	for _, p := range f.Params {
		written = written || p.Type.HasPointer
	}
	return o.options(e, o.exportRealloc, read, written)
}

// options are those of a function whose values are read from memory, or written to it.
func (o *exportedOptions) options(e binary.Encoding, realloc string, read, written bool) (binary.BodyOptions, error) {
	switch {
	case (read || written) && o.memory == "":
		return binary.BodyOptions{}, errNoMemory
	case written && realloc == "":
		return binary.BodyOptions{}, errNoRealloc
	}
	return binary.BodyOptions{Encoding: e, Memory: o.memory, Realloc: realloc}, nil
}
