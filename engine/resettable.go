package engine

import (
	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/wasmtime"
)

// maxResetCode bounds the code that is read to learn whether a program can be reset. Larger
// programs are language runtimes that take far longer to answer than to instantiate.
const maxResetCode = 2 << 20

// maxResetMemory bounds the memories that are read for the same purpose, in bytes.
const maxResetMemory = 256 << 20

// resettable decides whether stores of the program can be reset, and returns its modules as
// they are to be compiled: with an export for each global that has to be written back.
func (p *Program) resettable() []wasmtime.Source {
	modules := make([]wasmtime.Source, len(p.link.Modules))
	for i, m := range p.link.Modules {
		modules[i] = wasmtime.Source{Wasm: m.Bytes, Info: m.Info}
	}
	if p.rt.pagemap == nil {
		return modules
	}
	exported := make([]wasmtime.Source, len(modules))
	names := make([][]string, len(modules))
	for _, m := range modules {
		if m.Info.CodeBytes > maxResetCode {
			return modules
		}
	}
	for i, m := range modules {
		globals, err := corewasm.Resettable(m.Wasm, m.Info)
		if err != nil {
			return modules
		}
		for _, g := range globals {
			names[i] = append(names[i], g.Name)
		}
		if exported[i].Wasm, exported[i].Info, err = corewasm.ExportGlobals(m.Wasm, m.Info); err != nil {
			return modules
		}
	}
	if !p.hasAllMemories() {
		return modules
	}
	p.globals, p.spares.on = names, true
	return exported
}

// hasAllMemories reports whether the engine knows every memory of the program, and so can
// reset it: those that canonical options name. None is too large to be read.
func (p *Program) hasAllMemories() bool {
	defined := 0
	for _, in := range p.link.Instances {
		for _, m := range p.link.Modules[in.Module].Info.Memories {
			if n, ok := m.MinBytes(); !ok || n > maxResetMemory {
				return false
			}
			defined++
		}
	}
	type memory struct {
		instance int
		index    uint32
	}
	known := map[memory]bool{}
	for _, m := range p.link.Memories {
		info := p.link.Modules[p.link.Instances[m.Instance].Module].Info
		if e, ok := info.Export(m.Name); ok && e.Index >= info.NumImportedMemories() {
			known[memory{m.Instance, e.Index}] = true
		}
	}
	return len(known) == defined
}
