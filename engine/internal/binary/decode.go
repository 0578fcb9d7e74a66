package binary

import (
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/internal/corewasm"
)

// Limits bound what Decode accepts. A field that is 0 stands for its default.
type Limits = limits.Limits

// IsComponent reports whether wasm begins as a component does.
func IsComponent(wasm []byte) bool {
	return len(wasm) >= 8 && string(wasm[:4]) == magic && wasm[6] == 1 && wasm[7] == 0
}

const (
	magic             = "\x00asm"
	coreVersion       = "\x01\x00\x00\x00"
	componentVersion  = "\x0d\x00\x01\x00"
	componentLayer    = "\x01\x00"
	nameSectionCustom = "component-name"
)

// Decode reads a component. It checks what can be said without types. The error
// is an [*Error]; its cause is ErrCoreModule for a core module, ErrNotWasm for
// anything that is no wasm, and ErrUnsupported for what this engine lacks.
func Decode(wasm []byte, limits Limits) (c *Component, err error) {
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(*Error)
			if !ok {
				panic(v)
			}
			c, err = nil, e
		}
	}()
	d := &decoder{max: limits.WithDefaults()}
	if len(wasm) > d.max.Size {
		return nil, TooMuch("Size", len(wasm), d.max.Size, -1, "")
	}
	d.core = d.max.Core()
	r := &reader{b: wasm, end: len(wasm), max: &d.max}
	d.rootPreamble(r)
	return d.component(r, nil, 0), nil
}

// decoder counts what it has met against the limits.
type decoder struct {
	max  Limits
	core corewasm.ParseLimits // of the next core module

	components, modules, definitions, types, imports, instances, args, parts counter

	code, functions int // of all core modules
}

// counter is how many of something there are already.
type counter int

// take counts n more of something that a limit bounds.
func (d *decoder) take(r *reader, c *counter, n, max int, limit string) {
	if n > max-int(*c) {
		panic(TooMuch(limit, int(*c)+n, max, r.pos, r.path))
	}
	*c += counter(n)
}

// TooMuch is the error that a limit is exceeded.
func TooMuch(limit string, value, max, offset int, path string) *Error {
	err := &limits.Error{Limit: limit, Value: uint64(value), Max: uint64(max), Offset: offset, Path: path}
	return &Error{Offset: offset, Path: path, Rule: RuleLimit, Msg: err.Error(), Err: err}
}

// count reads the length of a vector of parts, each at least one byte long.
func (d *decoder) count(r *reader, what string) int {
	return d.vector(r, &d.parts, d.max.Parts, what, "Parts")
}

// defs reads the length of a vector of definitions.
func (d *decoder) defs(r *reader, what string) int {
	return d.vector(r, &d.definitions, d.max.Definitions, what, "Definitions")
}

// argCount reads the length of a vector of arguments.
func (d *decoder) argCount(r *reader) int {
	n := d.count(r, "instantiation arguments")
	d.take(r, &d.args, n, d.max.Args, "Args")
	return n
}

func (d *decoder) vector(r *reader, c *counter, max int, what, limit string) int {
	n := r.u32()
	if uint64(n) > uint64(r.left()) {
		r.fail(RuleEnd, "unexpected end: %d %s in %d bytes", n, what, r.left())
	}
	d.take(r, c, int(n), max, limit)
	return int(n)
}

// rootPreamble tells what kind of file this is before component judges it.
func (d *decoder) rootPreamble(r *reader) {
	if r.left() < 8 || string(r.b[:4]) != magic {
		panic(&Error{Rule: RulePreamble, Msg: ErrNotWasm.Error(), Err: ErrNotWasm})
	}
	if string(r.b[4:8]) == coreVersion {
		panic(&Error{Offset: 4, Rule: RulePreamble, Msg: ErrCoreModule.Error(), Err: ErrCoreModule})
	}
}

// component reads a whole component, the rest of r.
func (d *decoder) component(r *reader, parent *Component, index int) *Component {
	c := &Component{Offset: r.pos, Size: r.left(), Parent: parent, Index: index}
	if parent != nil {
		c.Depth = parent.Depth + 1
	}
	if c.Depth > d.max.Depth {
		panic(TooMuch("Depth", c.Depth, d.max.Depth, r.pos, r.path))
	}
	preamble(r)
	nested := 0
	for r.left() > 0 {
		d.section(r, c, &nested)
	}
	return c
}

func preamble(r *reader) {
	start := r.pos
	if string(r.bytes(4)) != magic {
		r.pos = start
		r.fail(RulePreamble, "a component begins with \\0asm")
	}
	switch v := string(r.bytes(4)); {
	case v == componentVersion:
		return
	case v == coreVersion:
		r.pos = start + 4
		r.fail(RulePreamble, "expected the version of a component, found that of a core module")
	case v[2:] != componentLayer:
		r.pos = start + 6
		r.fail(RulePreamble, "unknown layer %x: neither a component nor a core module", v[2:])
	default:
		r.pos = start + 4
		r.fail(RulePreamble, "unknown component version %#x: this engine reads version 0xd", v[0])
	}
}
