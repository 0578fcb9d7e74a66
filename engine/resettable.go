package engine

import (
	"slices"

	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/wasmtime"
)

// maxResetMemory bounds the memories that a reset looks through, in bytes.
const maxResetMemory = 256 << 20

// sources returns the program's modules as they are to be compiled: with exports for their
// memories, so that the engine can see how large they are, and if their stores can be reset, for
// the globals that have to be written back.
func (p *Program) sources() []wasmtime.Source {
	list := make([]wasmtime.Source, len(p.link.Modules))
	names := make([][]string, len(list))
	all := true
	for i, m := range p.link.Modules {
		list[i] = p.rt.source(m.Bytes, m.Info)
		if all = all && list[i].Resettable; all {
			for _, g := range m.Info.MutableGlobals() {
				names[i] = append(names[i], g.Name)
			}
		}
	}
	if all && p.rt.pagemap != nil && p.hasAllMemories() {
		p.globals, p.spares.on = names, true
	}
	return list
}

// source decides whether a module can be reset. To read all of its code for that takes longer
// than to load what has been compiled of it: the code cache remembers the answer.
func (r *Runtime) source(wasm []byte, m *corewasm.Module) wasmtime.Source {
	src := wasmtime.Source{Wasm: wasm, Info: m, Exports: m.HiddenMemories()}
	if r.cache.Dir != "" {
		src.Sum()
	}
	reset := src
	reset.Resettable = true
	reset.Exports = slices.Concat(src.Exports, m.HiddenGlobals())
	if r.cache.Has(r.engine, &reset) {
		return reset
	}
	if _, err := m.WithExports(reset.Exports); err != nil || r.cache.Has(r.engine, &src) {
		return src
	}
	if err := corewasm.Resettable(wasm, m); err != nil {
		return src
	}
	return reset
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
