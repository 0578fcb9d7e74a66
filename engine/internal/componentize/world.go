package componentize

import (
	"bytes"
	stdbinary "encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
	"github.com/spinhost/spin/internal/corewasm"
)

// sectionPrefix begins the names of the sections with component types.
const sectionPrefix = "component-type"

// maxSections bounds those sections: each use of wit-bindgen in a module makes one.
const maxSections = 64

// world is what the module imports and exports as a component, or a part of it.
type world struct {
	imports  []types.Extern
	exports  []types.Extern
	core     map[string]int // interfaces among imports by other names, those of core modules
	encoding binary.Encoding
	known    *World // of the host; nil for one that a section has

	names map[string]int // of imports
	used  []use          // by import
}

// use says what the module uses of an import.
type use struct {
	funcs map[string]bool
	any   bool // funcs, or the resources
	place uint32
}

func newWorld(imports, exports []types.Extern) *world {
	w := &world{imports: imports, exports: exports, names: map[string]int{}, used: make([]use, len(imports))}
	for i, e := range imports {
		if _, ok := w.names[e.Name]; !ok {
			w.names[e.Name] = i
		}
	}
	return w
}

// readWorlds finds out what the module is as a component.
func (m *maker) readWorlds(wasm []byte) error {
	sections := corewasm.CustomSections(wasm, sectionPrefix)
	if len(sections) > maxSections {
		return fail("the module has %d component types, at most %d are allowed", len(sections), maxSections)
	}
	for _, s := range sections {
		w, err := m.section(s)
		if err != nil {
			return inSection(s, err)
		}
		m.worlds = append(m.worlds, w)
	}
	known := 0
	for i := range m.cfg.Worlds {
		if _, ok := m.info.Export(m.cfg.Worlds[i].Export); !ok || len(sections) > 0 && m.exporting() {
			continue
		}
		w, err := m.knownWorld(&m.cfg.Worlds[i])
		if err != nil {
			return err
		}
		m.worlds = append(m.worlds, w)
		known++
		break
	}
	if len(sections)+known == 0 {
		return ErrUnknown
	}
	return nil
}

// exporting reports whether a world has exports.
func (m *maker) exporting() bool {
	for _, w := range m.worlds {
		if len(w.exports) > 0 {
			return true
		}
	}
	return false
}

// inSection says in which section an error is: its offset is that in the module.
func inSection(s corewasm.CustomSection, err error) error {
	var b *binary.Error
	var v *validate.Error
	path := "custom section " + quoted(s.Name)
	switch {
	case errors.As(err, &b):
		x := *b
		x.Offset += s.At
		x.Path = joined(path, b.Path)
		return &x
	case errors.As(err, &v):
		x := *v
		x.Offset += s.At
		x.Path = joined(path, v.Path)
		return &x
	}
	return err
}

func joined(path, inner string) string {
	if inner == "" {
		return path
	}
	return path + " / " + inner
}

// section decodes a component type. Its form is that of wit-component: a component that exports
// the type, or, as it was until 2024, the byte 3, the string encoding, the name of the world and
// a component that exports all of a WIT package: a type for each part of it, or, until late in 2023,
// one of all parts.
func (m *maker) section(s corewasm.CustomSection) (*world, error) {
	data, name, encoding := s.Data, "", uint8(0)
	at := 0
	if len(data) > 0 && data[0] == 3 {
		n, size := stdbinary.Uvarint(data[min(2, len(data)):])
		if at = 2 + size; size <= 0 || n > uint64(len(data)-at) {
			return nil, fail("the component type ends too early")
		}
		encoding, name = data[1], string(data[at:at+int(n)])
		at += int(n)
	}
	c, err := binary.Decode(data[at:], m.cfg.Limits)
	if err == nil {
		err = validate.Limited(c, m.cfg.Features, m.cfg.Limits)
	}
	if err != nil {
		return nil, inSection(corewasm.CustomSection{Name: s.Name, At: at}, err)
	}
	if at == 0 {
		if encoding, err = encodingOf(data); err != nil {
			return nil, err
		}
	}
	if encoding > uint8(binary.Latin1UTF16) {
		return nil, fail("unknown string encoding %d", encoding)
	}
	t, err := worldType(c.Type.Exports, name)
	if err != nil {
		return nil, err
	}
	w := newWorld(t.Imports, t.Exports)
	w.encoding = binary.Encoding(encoding)
	return w, nil
}

// encodingOf finds the string encoding of a component type, in a section of its own.
func encodingOf(data []byte) (uint8, error) {
	const section, version = "wit-component-encoding", 4
	for _, s := range corewasm.CustomSections(data, section) {
		if s.Name == section && len(s.Data) == 2 && s.Data[0] == version {
			return s.Data[1], nil
		}
		if s.Name == section {
			return 0, unsupported("the component type has a form that is not known here: % x", s.Data[:min(4, len(s.Data))])
		}
	}
	return 0, fail("the component type has no section %q", section)
}

// worldType finds the type of the world, or of the one with the given name: within a type that is
// exported, it is one of a component.
func worldType(exports []types.Extern, name string) (*types.Component, error) {
	for _, e := range exports {
		if e.Type.Kind != types.TypeExtern {
			continue
		}
		outer, ok := e.Type.Bound.Def().(*types.Component)
		if !ok {
			continue
		}
		for _, x := range outer.Exports {
			if x.Type.Kind == types.ComponentExtern && (name == "" || within(x.Name) == name) {
				return x.Type.Component, nil
			}
		}
	}
	return nil, fail("the component type does not export a world")
}

// within returns the name that an interface or world has in its package.
func within(id string) string {
	_, name, _ := strings.Cut(id, "/")
	name, _, _ = strings.Cut(name, "@")
	return name
}

// quoted is a name of a guest's choice, fit to be printed.
func quoted(name string) string {
	const longest = 100
	if len(name) > longest || !utf8.ValidString(name) {
		name = string(bytes.ToValidUTF8([]byte(name[:min(len(name), longest)]), []byte("?"))) + "…"
	}
	return `"` + name + `"`
}

// knownWorld makes a world of one that the host has described.
func (m *maker) knownWorld(known *World) (*world, error) {
	imports, err := m.interfaces(known.Imports)
	if err != nil {
		return nil, err
	}
	exports, err := m.interfaces(known.Exports)
	if err != nil {
		return nil, err
	}
	w := newWorld(imports, exports)
	w.known, w.core = known, map[string]int{}
	for i, x := range known.Imports {
		w.core[x.Core] = i
	}
	return w, nil
}

func (m *maker) interfaces(list []Interface) ([]types.Extern, error) {
	var out []types.Extern
	for _, x := range list {
		var funcs []types.Extern
		for _, f := range x.Funcs {
			t, err := m.arena.ParseFunc(f.Type, nil)
			if err != nil {
				return nil, err
			}
			funcs = append(funcs, types.Extern{Name: f.Name, Type: types.ExternType{Kind: types.FuncExtern, Func: t}})
		}
		out = append(out, types.Extern{Name: x.Name, Type: types.ExternType{Kind: types.InstanceExtern, Instance: types.NewInstance(funcs)}})
	}
	return out, nil
}
