package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
)

// Component is a decoded and validated component. It is immutable.
type Component struct {
	c    *binary.Component
	size int
}

// Decode decodes and validates a component, without compiling it. The bytes are kept and
// must not change. The error is ErrCoreModule or ErrNotComponent for bytes that are
// something else, else it names the offset, the rule and the path to the fault.
func Decode(wasm []byte) (*Component, error) {
	c, err := binary.Decode(wasm, binary.Limits{})
	if err != nil {
		return nil, decodeError(err)
	}
	if err := validate.Component(c, validate.DefaultFeatures()); err != nil {
		return nil, err
	}
	return &Component{c: c, size: len(wasm)}, nil
}

// Size returns the length of the component in bytes.
func (c *Component) Size() int { return c.size }

// Extern describes an import or an export.
type Extern struct {
	Name  string
	Kind  string   // "function", "instance", "component", "core module", "type"
	Items []Extern // of an instance
	Type  string   // of a function, in the text form of WIT types
}

// Imports lists what the component imports.
func (c *Component) Imports() []Extern { return externs(c.c.Type.Imports) }

// Exports lists what the component exports.
func (c *Component) Exports() []Extern { return externs(c.c.Type.Exports) }

// HasExport reports whether the component exports name.
func (c *Component) HasExport(name string) bool {
	return slices.ContainsFunc(c.c.Type.Exports, func(e types.Extern) bool { return e.Name == name })
}

func externs(es []types.Extern) []Extern {
	out := make([]Extern, len(es))
	for i, e := range es {
		out[i] = Extern{Name: e.Name, Kind: e.Type.Kind.String()}
		switch e.Type.Kind {
		case types.FuncExtern:
			out[i].Type = e.Type.Func.String()
		case types.InstanceExtern:
			out[i].Items = externs(e.Type.Instance.Exports)
		}
	}
	return out
}

// compile compiles the core modules of a program, or loads them from the cache.
func (p *Program) compile(ctx context.Context) error {
	for i, m := range p.link.Modules {
		mod, _, err := p.rt.cache.Module(ctx, p.rt.engine, m.Bytes)
		if err != nil {
			return fmt.Errorf("core module %d at offset %#x: %w", i, m.Offset, err)
		}
		p.modules = append(p.modules, mod)
	}
	return nil
}
