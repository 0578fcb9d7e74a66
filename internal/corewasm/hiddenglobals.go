package corewasm

import "fmt"

// MutableGlobal is a mutable global that a module defines.
type MutableGlobal struct {
	Index uint32 // in the index space of globals, imports counted first
	Type  ValType

	// Name is the name of the first export of the global, or else, if Hidden,
	// the one that HiddenGlobals gives it.
	Name   string
	Hidden bool // the module does not export it
}

// MutableGlobals lists the mutable globals that a module defines, in the order
// of their indices.
func (m *Module) MutableGlobals() []MutableGlobal {
	exported := map[uint32]string{}
	for _, e := range m.Exports {
		if _, ok := exported[e.Index]; e.Type.Kind == Global && !ok {
			exported[e.Index] = e.Name
		}
	}
	var list []MutableGlobal
	for i, t := range m.Globals {
		if !t.Mutable {
			continue
		}
		g := MutableGlobal{Index: m.NumImportedGlobals + uint32(i), Type: t.Type}
		name, ok := exported[g.Index]
		if !ok {
			g.Hidden, name = true, m.freeName(fmt.Sprint("spin:global:", g.Index))
		}
		g.Name = name
		list = append(list, g)
	}
	return list
}

// freeName is a name that no export has: base, or base with a number.
func (m *Module) freeName(base string) string {
	name := base
	for n := 1; ; n++ {
		if _, taken := m.exports[name]; !taken {
			return name
		}
		name = fmt.Sprint(base, ":", n)
	}
}

// HiddenGlobals are exports for the mutable globals that a module defines and
// does not export: those that MutableGlobals calls Hidden, under their names
// there.
func (m *Module) HiddenGlobals() (list []Export) {
	for _, g := range m.MutableGlobals() {
		if g.Hidden {
			list = append(list, Export{Name: g.Name, Index: g.Index, Type: ExternType{Kind: Global, Global: GlobalType{g.Type, true}}})
		}
	}
	return list
}
