package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
)

// Component is a decoded and validated component. It is immutable and safe for concurrent
// use, and may be linked any number of times, in several runtimes too.
type Component struct {
	c    *binary.Component
	size int
}

// Decode decodes and validates a component, without compiling it: the code of its core
// modules is checked when they are compiled, by [Linker.Link]. The bytes are kept and must
// not change.
//
// The error is ErrCoreModule or ErrNotComponent for bytes that are something else. Else it
// says which rule is broken (Component Model, Binary.md and Explainer.md) and at which
// offset in bytes. Components may be hostile: what they make Decode allocate is bounded by
// their length.
func Decode(wasm []byte) (*Component, error) {
	return DecodeWith(wasm, Features{})
}

// Features are parts of the component model that components use only when the host says so:
// no released toolchain needs them.
type Features struct {
	// Threads are the built-ins of explicit threads, such as thread.new-indirect. Each thread
	// that has begun holds a stack (see InstanceConfig.Stacks).
	Threads bool
}

// DecodeWith is Decode for a component that may use further features.
func DecodeWith(wasm []byte, f Features) (*Component, error) {
	c, err := binary.Decode(wasm, binary.Limits{})
	if err != nil {
		return nil, decodeError(err)
	}
	features := validate.DefaultFeatures()
	features.Threads = f.Threads
	if err := validate.Component(c, features); err != nil {
		return nil, err
	}
	return &Component{c: c, size: len(wasm)}, nil
}

// Size returns the length of the component in bytes.
func (c *Component) Size() int { return c.size }

// Extern describes an import or an export.
type Extern struct {
	Name  string   // in full, with the version
	Kind  string   // "function", "instance", "component", "core module" or "type"
	Items []Extern // what an instance exports; else nil
	Type  string   // of a function, in the text form of WIT types, such as "async func(a:u32)->string"; else ""
}

// Imports lists what the component imports, in its order. The list is the caller's.
func (c *Component) Imports() []Extern { return externs(c.c.Type.Imports) }

// Exports lists what the component exports, in its order. The list is the caller's.
func (c *Component) Exports() []Extern { return externs(c.c.Type.Exports) }

// HasExport reports whether the component exports something by exactly that name, which for
// an interface includes the version.
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
	p.spares.p = p
	for i, wasm := range p.resettable() {
		mod, _, err := p.rt.cache.Module(ctx, p.rt.engine, wasm)
		if err != nil {
			return fmt.Errorf("core module %d at offset %#x: %w", i, p.link.Modules[i].Offset, err)
		}
		p.modules = append(p.modules, mod)
	}
	if p.spares.on {
		p.rt.know(p)
	}
	return nil
}
