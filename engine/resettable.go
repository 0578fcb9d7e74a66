package engine

import "github.com/spinhost/spin/internal/corewasm"

// maxResetCode bounds the code that is read to learn whether a program can be reset. Larger
// programs are language runtimes that take far longer to answer than to instantiate.
const maxResetCode = 2 << 20

// resettable decides whether stores of the program can be reset, and returns its modules as
// they are to be compiled: with an export for each global that has to be written back.
func (p *Program) resettable() [][]byte {
	modules := make([][]byte, len(p.link.Modules))
	for i, m := range p.link.Modules {
		modules[i] = m.Bytes
	}
	if p.rt.pagemap == nil {
		return modules
	}
	infos := make([]*corewasm.Module, len(modules))
	exported := make([][]byte, len(modules))
	names := make([][]string, len(modules))
	for i, wasm := range modules {
		info, err := corewasm.Parse(wasm)
		if err != nil || info.CodeBytes > maxResetCode {
			return modules
		}
		globals, err := corewasm.Resettable(wasm, info)
		if err != nil {
			return modules
		}
		for _, g := range globals {
			names[i] = append(names[i], g.Name)
		}
		if exported[i], err = corewasm.ExportGlobals(wasm, info); err != nil {
			return modules
		}
		infos[i] = info
	}
	if !p.hasAllMemories(infos) {
		return modules
	}
	p.globals, p.spares.on = names, true
	return exported
}

// hasAllMemories reports whether the engine knows every memory of the program, and so can
// reset it: those that canonical options name.
func (p *Program) hasAllMemories(infos []*corewasm.Module) bool {
	defined := 0
	for _, in := range p.link.Instances {
		defined += len(infos[in.Module].Memories)
	}
	type memory struct {
		instance int
		index    uint32
	}
	known := map[memory]bool{}
	for _, m := range p.link.Memories {
		info := infos[p.link.Instances[m.Instance].Module]
		if e, ok := info.Export(m.Name); ok && int(e.Index) >= importedMemories(info) {
			known[memory{m.Instance, e.Index}] = true
		}
	}
	return len(known) == defined
}

func importedMemories(m *corewasm.Module) (n int) {
	for _, im := range m.Imports {
		if im.Type.Kind == corewasm.Memory {
			n++
		}
	}
	return n
}
