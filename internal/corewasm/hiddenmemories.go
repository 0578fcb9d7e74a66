package corewasm

import "fmt"

// MemoryExports are the names under which a module exports the memories that it
// defines, in the order of their indices: for each the first, "" for one that it
// does not export.
func (m *Module) MemoryExports() []string {
	names := make([]string, len(m.Memories))
	first := m.NumImportedMemories()
	for _, e := range m.Exports {
		if e.Type.Kind == Memory && e.Index >= first && names[e.Index-first] == "" {
			names[e.Index-first] = e.Name
		}
	}
	return names
}

// NumImportedMemories is how many memories the module imports.
func (m *Module) NumImportedMemories() (n uint32) {
	for _, im := range m.Imports {
		if im.Type.Kind == Memory {
			n++
		}
	}
	return n
}

// HiddenMemories are exports for the memories that a module defines and does not
// export.
func (m *Module) HiddenMemories() (list []Export) {
	for i, name := range m.MemoryExports() {
		if name == "" {
			e := Export{Index: m.NumImportedMemories() + uint32(i), Type: ExternType{Kind: Memory, Memory: m.Memories[i]}}
			e.Name = m.freeName(fmt.Sprint("spin:memory:", e.Index))
			list = append(list, e)
		}
	}
	return list
}
