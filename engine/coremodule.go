package engine

import (
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// CoreModule is a core module that the host gives to components, which may import and export
// core modules and instantiate them themselves. It is immutable and safe for concurrent use.
type CoreModule struct{ m *binary.CoreModule }

// DecodeModule reads a core module within the given limits. Its code is checked when a
// component that instantiates it is linked. The bytes are kept and must not change.
func DecodeModule(wasm []byte, l Limits) (*CoreModule, error) {
	max := limits.Limits(l).WithDefaults()
	if len(wasm) > max.Size {
		return nil, &StaticLimitError{Limit: "Size", Value: uint64(len(wasm)), Max: uint64(max.Size), Offset: -1}
	}
	info, err := corewasm.ParseWithLimits(wasm, max.Core())
	if err != nil {
		return nil, moduleError(err)
	}
	if info.CodeBytes > uint64(max.CodeBytes) {
		return nil, &StaticLimitError{Limit: "CodeBytes", Value: info.CodeBytes, Max: uint64(max.CodeBytes), Offset: -1}
	}
	return &CoreModule{&binary.CoreModule{Bytes: wasm, Info: info, Type: types.NewModule(info.Imports, info.Exports)}}, nil
}

// DefineModule provides a core module: as the import iface itself if name is "", otherwise as
// what the instance that is imported as iface exports by that name. The names are taken as
// they are, without regard to versions.
func (l *Linker) DefineModule(iface, name string, m *CoreModule) {
	if l.modules == nil {
		l.modules = map[string]map[string]*binary.CoreModule{}
	}
	if l.modules[iface] == nil {
		l.modules[iface] = map[string]*binary.CoreModule{}
	}
	l.modules[iface][name] = m.m
}

// Module finds an exported core module by its name in the component: of the exported instance
// iface, or, if that is "", of the component itself.
func (p *Program) Module(iface, name string) (*CoreModule, error) {
	x := p.link.Exports
	if iface != "" {
		if x = x.Instances[iface]; x == nil {
			return nil, fmt.Errorf("component has no exported instance %q", iface)
		}
	}
	m := x.Modules[name]
	if m == nil {
		return nil, fmt.Errorf("component has no exported core module %q", name)
	}
	return &CoreModule{m}, nil
}
