package corewasm

import (
	stdbinary "encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

// MutableGlobal is a mutable global that a module defines.
type MutableGlobal struct {
	Index uint32 // in the index space of globals, imports counted first
	Type  ValType

	// Name is the name of the first export of the global, or else, if Hidden,
	// the one that ExportGlobals gives it.
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

// ExportGlobals returns the module with an export for each mutable global that
// it defines and does not export: those that MutableGlobals calls Hidden, under
// their names there. Nothing is renumbered, and all bytes outside the export
// section stay as they are. If there is nothing to add it returns wasm and m
// themselves, otherwise a copy and what Parse would make of it, but for the names.
//
// m is the result of Parse for the same bytes. It fails if the module would
// have more exports than Parse accepts.
func ExportGlobals(wasm []byte, m *Module) (_ []byte, _ *Module, err error) {
	defer catch(&err)
	var hidden []Export
	for _, g := range m.MutableGlobals() {
		if g.Hidden {
			hidden = append(hidden, Export{Name: g.Name, Index: g.Index, Type: ExternType{Kind: Global, Global: GlobalType{g.Type, true}}})
		}
	}
	return addExports(wasm, m, hidden)
}

// addExports adds exports to a module.
func addExports(wasm []byte, m *Module, list []Export) ([]byte, *Module, error) {
	if len(list) == 0 {
		return wasm, m, nil
	}
	n := len(m.Exports) + len(list)
	if limit := DefaultParseLimits().Exports; n > limit {
		return nil, nil, fmt.Errorf("exporting what the core module hides gives it %d exports, above the limit of %d", n, limit)
	}
	var entries []byte
	with := m.withExports()
	for _, e := range list {
		entries = stdbinary.AppendUvarint(entries, uint64(len(e.Name)))
		entries = append(append(entries, e.Name...), byte(e.Type.Kind))
		entries = stdbinary.AppendUvarint(entries, uint64(e.Index))
		with.addExport(e)
	}
	from, to, old := exportSection(wasm)
	out, err := withExports(wasm, from, to, n, old, entries)
	if err != nil {
		return nil, nil, err
	}
	if with.codeAt > from { // the code comes after the exports
		with.codeAt += len(out) - len(wasm)
	}
	return out, with, nil
}

// withExports is a copy of m to which exports can be added.
func (m *Module) withExports() *Module {
	c := *m
	c.Names = nil
	c.Exports = slices.Clone(m.Exports)
	c.exports = maps.Clone(m.exports)
	return &c
}

func (m *Module) addExport(e Export) {
	m.exports[e.Name] = len(m.Exports)
	m.Exports = append(m.Exports, e)
}

// exportSection finds the export section: where it stands and its exports
// without their number. If there is none it stands, empty, where it would
// belong: next after the sections of memories and globals.
func exportSection(wasm []byte) (from, to int, exports []byte) {
	r := sectionsOf(wasm)
	for r.left() > 0 {
		switch s := r.frame(); s.id {
		case secMemory, secTag, secGlobal:
			from, to = s.end, s.end
		case secExport:
			e := &reader{b: wasm, pos: s.body, end: s.end, name: "export section"}
			e.u32()
			return s.start, s.end, wasm[e.pos:e.end]
		}
	}
	return from, to, nil
}

// withExports puts an export section of n exports in the place of wasm[from:to].
func withExports(wasm []byte, from, to, n int, old, added []byte) ([]byte, error) {
	count := stdbinary.AppendUvarint(nil, uint64(n))
	size := uint64(len(count)) + uint64(len(old)) + uint64(len(added))
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("exporting what the core module hides gives it an export section of %d bytes", size)
	}
	head := stdbinary.AppendUvarint([]byte{secExport}, size)
	out := make([]byte, 0, len(wasm)-(to-from)+len(head)+int(size))
	for _, part := range [][]byte{wasm[:from], head, count, old, added, wasm[to:]} {
		out = append(out, part...)
	}
	return out, nil
}
