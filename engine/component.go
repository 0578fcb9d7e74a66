package engine

import (
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
)

// Component is a decoded and validated component. It is immutable and safe for concurrent
// use, and may be linked any number of times, in several runtimes too.
type Component struct {
	c      *binary.Component
	size   int
	limits Limits
}

// DecodeConfig says what DecodeWith accepts. The zero value is what Decode accepts.
type DecodeConfig struct {
	Limits   Limits // those that only show later hold for linking the component
	Features Features
	Modules  *Modules // what core modules are; nil: they are refused with ErrCoreModule
}

// Decode decodes and validates a component, without compiling it: the code of its core
// modules is checked when it is linked, by [Linker.Link]. The bytes are kept and must not
// change.
//
// The error is ErrCoreModule or ErrNotComponent for bytes that are something else. Else it is
// a [*ValidationError] that says which rule is broken and where, or which of the [Limits] is
// exceeded, a [*StaticLimitError]. Components may be hostile: what they make Decode allocate
// is bounded by their length.
func Decode(wasm []byte) (*Component, error) { return DecodeWith(wasm, DecodeConfig{}) }

// DecodeWith is Decode with limits and features of the caller's.
func DecodeWith(wasm []byte, cfg DecodeConfig) (*Component, error) {
	if cfg.Modules != nil && isCoreModule(wasm) {
		return cfg.decodeModule(wasm)
	}
	c, err := binary.Decode(wasm, limits.Limits(cfg.Limits))
	if err == nil {
		err = validate.Limited(c, cfg.Features.component(), limits.Limits(cfg.Limits))
	}
	if err != nil {
		return nil, decodeError(err)
	}
	return &Component{c: c, size: len(wasm), limits: cfg.Limits}, nil
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
