package binary

import "github.com/spinhost/spin/internal/corewasm"

// Limits bound what Decode accepts. A field that is 0 stands for its default.
type Limits struct {
	Depth       int // of components and types within each other: 100
	Components  int // nested ones, at all depths: 10,000
	Modules     int // core modules, at all depths: 1,000
	Definitions int // and declarations in types, at all depths: 500,000
	Parts       int // fields, cases, labels, parameters, arguments, inline exports, options: 1,000,000
	NameBytes   int // length of one name: 100,000

	Core *corewasm.ParseLimits // of each core module
}

func (l Limits) withDefaults() Limits {
	def := func(p *int, n int) {
		if *p == 0 {
			*p = n
		}
	}
	def(&l.Depth, 100)
	def(&l.Components, 10_000)
	def(&l.Modules, 1_000)
	def(&l.Definitions, 500_000)
	def(&l.Parts, 1_000_000)
	def(&l.NameBytes, 100_000)
	if l.Core == nil {
		core := corewasm.DefaultParseLimits()
		l.Core = &core
	}
	return l
}

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
	d := &decoder{max: limits.withDefaults()}
	r := &reader{b: wasm, end: len(wasm), max: &d.max}
	d.rootPreamble(r)
	return d.component(r, nil, 0), nil
}

// decoder counts what it has met against the limits.
type decoder struct {
	max                                     Limits
	components, modules, definitions, parts int
}

// take counts n more of something.
func (d *decoder) take(r *reader, counter *int, n, limit int, what string) {
	if n > limit-*counter {
		r.fail(RuleLimit, "more than %d %s", limit, what)
	}
	*counter += n
}

// count reads the length of a vector of parts, each at least one byte long.
func (d *decoder) count(r *reader, what string) int {
	return d.vector(r, &d.parts, d.max.Parts, what)
}

// defs reads the length of a vector of definitions.
func (d *decoder) defs(r *reader, what string) int {
	return d.vector(r, &d.definitions, d.max.Definitions, what)
}

func (d *decoder) vector(r *reader, counter *int, limit int, what string) int {
	n := r.u32()
	if uint64(n) > uint64(r.left()) {
		r.fail(RuleEnd, "unexpected end: %d %s in %d bytes", n, what, r.left())
	}
	d.take(r, counter, int(n), limit, what)
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
		r.fail(RuleLimit, "components are nested more than %d levels deep", d.max.Depth)
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
