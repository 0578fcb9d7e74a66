package binary

import (
	"github.com/spinhost/spin/internal/corewasm"
)

// Section ids.
const (
	secCustom       = 0
	secCoreModule   = 1
	secCoreInstance = 2
	secCoreType     = 3
	secComponent    = 4
	secInstance     = 5
	secAlias        = 6
	secType         = 7
	secCanon        = 8
	secStart        = 9
	secImport       = 10
	secExport       = 11
	secValue        = 12
)

// section reads one section. Sections come in any order, and any may repeat.
func (d *decoder) section(r *reader, c *Component, nested *int) {
	start := r.pos
	id := r.byte()
	if id > secValue {
		r.pos = start
		r.fail(RuleSection, "malformed section id %d", id)
	}
	s := r.within(r.u32())
	switch id {
	case secCustom:
		custom(s, c)
		return // what follows the name is its own affair
	case secCoreModule:
		c.Defs = append(c.Defs, d.coreModule(s, c))
	case secComponent:
		c.Defs = append(c.Defs, d.nestedComponent(s, c, *nested))
		*nested++
	case secCoreInstance:
		d.each(s, c, "core instances", d.counted(&d.instances, d.max.Instances, "Instances", d.coreInstance))
	case secCoreType:
		d.coreTypes(s, &c.Defs)
	case secInstance:
		d.each(s, c, "instances", d.counted(&d.instances, d.max.Instances, "Instances", d.instance))
	case secAlias:
		d.each(s, c, "aliases", d.alias)
	case secType:
		d.each(s, c, "types", func(r *reader) Def { return d.typeDef(r, 0) })
	case secCanon:
		d.each(s, c, "canonical definitions", d.canon)
	case secImport:
		d.each(s, c, "imports", d.counted(&d.imports, d.max.Imports, "Imports", d.importDef))
	case secExport:
		d.each(s, c, "exports", d.exportDef)
	case secStart, secValue:
		r.pos = start
		r.unsupported("a component start function or a value")
	}
	s.done("the section")
}

// each reads a vector of definitions and appends them to c.
func (d *decoder) each(r *reader, c *Component, what string, read func(*reader) Def) {
	for n := d.defs(r, what); n > 0; n-- {
		def := read(r)
		c.Defs = append(c.Defs, def)
		switch def := def.(type) {
		case *Import:
			c.Imports = append(c.Imports, def)
		case *Export:
			c.Exports = append(c.Exports, def)
		}
	}
}

// counted is read for definitions that have a limit of their own.
func (d *decoder) counted(c *counter, max int, limit string, read func(*reader) Def) func(*reader) Def {
	return func(r *reader) Def {
		d.take(r, c, 1, max, limit)
		return read(r)
	}
}

// coreModule reads a core module, the whole of r.
func (d *decoder) coreModule(r *reader, c *Component) Def {
	d.take(r, &d.definitions, 1, d.max.Definitions, "Definitions")
	d.take(r, &d.modules, 1, d.max.Modules, "Modules")
	m := &CoreModule{Loc: Loc{r.pos}, Bytes: r.b[r.pos:r.end:r.end]}
	info, err := corewasm.ParseWithLimits(m.Bytes, d.core)
	if err != nil {
		panic(CoreError(err, r.pos, r.path))
	}
	m.Info = info
	d.sum(r, info)
	r.pos = r.end
	return m
}

// nestedComponent reads a component, the whole of r.
func (d *decoder) nestedComponent(r *reader, c *Component, index int) Def {
	d.take(r, &d.definitions, 1, d.max.Definitions, "Definitions")
	d.take(r, &d.components, 1, d.max.Components, "Components")
	def := &ComponentDef{Loc: Loc{r.pos}}
	r.path = nestedPath(c, index)
	def.Component = d.component(r, c, index)
	return def
}

// custom reads the name of a custom section and keeps a name section.
func custom(r *reader, c *Component) {
	if r.name() == nameSectionCustom && c.Names == nil {
		c.Names = &Names{b: r.b[r.pos:r.end]}
	}
}

// sum adds up what there is of code in all core modules.
func (d *decoder) sum(r *reader, m *corewasm.Module) {
	if m.CodeBytes > uint64(d.max.CodeBytes-d.code) {
		panic(TooMuch("CodeBytes", d.code+int(m.CodeBytes), d.max.CodeBytes, r.pos, r.path))
	}
	d.code += int(m.CodeBytes)
	defined := int(m.NumFuncs - m.NumImportedFuncs)
	if d.functions += defined; d.functions > d.max.Functions {
		panic(TooMuch("Functions", d.functions, d.max.Functions, r.pos, r.path))
	}
}
