package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// writeDef writes the Go type of a definition.
func (p *pkg) writeDef(c *code, d *wit.TypeDef) {
	docs := p.marks(d.Docs, d.Pos).docs
	name := p.typeName(d)
	what := func(kind string) string {
		return sentence(name, docs, fmt.Sprintf("is the %s %s.", kind, d.ID()))
	}
	way := p.ways[d]
	switch k := d.Kind.(type) {
	case *wit.Alias:
		c.comment(what("type"))
		c.line("type %s = %s\n", name, p.aliased(k.Type, way, d.Pos))
	case *wit.Record:
		c.comment(what("record"))
		p.writeRecord(c, d, k, way)
	case *wit.Enum:
		c.comment(what("enum"))
		p.writeEnum(c, name, name, k.Cases)
		if p.isError(d) {
			c.line("// Error returns the name of the case in WIT.")
			c.line("func (x %s) Error() string { return x.String() }\n", name)
		}
	case *wit.Flags:
		c.comment(what("set of flags"))
		p.writeFlags(c, name, k)
	case *wit.Variant:
		c.comment(what("variant"))
		p.writeVariant(c, d, k, way)
	case *wit.Resource:
		c.comment(what("resource"))
		p.writeResource(c, d, k)
	}
}

// aliased is the Go type that an alias stands for.
func (p *pkg) aliased(t wit.Type, d dir, pos wit.Position) string {
	if def, ok := t.(*wit.TypeDef); ok {
		return p.goType(def, pos) // may be a resource, which is no value type
	}
	return p.typ(t, d, pos).goty
}

func (p *pkg) writeRecord(c *code, d *wit.TypeDef, k *wit.Record, way dir) {
	c.line("type %s struct {", p.typeName(d))
	for _, f := range k.Fields {
		m := p.marks(f.Docs, f.Pos)
		if m.docs != "" {
			c.comment(m.docs)
		}
		c.line("%s %s", p.memberName(f.Name, f.Docs, f.Pos), p.typ(f.Type, way, f.Pos).goty)
	}
	c.line("}\n")
	if p.isError(d) {
		p.writeRecordError(c, d, k, way)
	}
}

// writeRecordError makes a record an error. Handles have no text.
func (p *pkg) writeRecordError(c *code, d *wit.TypeDef, k *wit.Record, way dir) {
	var names, values []string
	for _, f := range k.Fields {
		if p.typ(f.Type, way, f.Pos).refs == 0 {
			names = append(names, fmt.Sprintf("%q", f.Name))
			values = append(values, "x."+p.memberName(f.Name, f.Docs, f.Pos))
		}
	}
	c.line("// Error lists the fields.")
	c.line("func (x %s) Error() string {", p.typeName(d))
	c.line("return abi.RecordString(%q, []string{%s}, %s)", d.Name, strings.Join(names, ", "), strings.Join(values, ", "))
	c.line("}\n")
}

// writeEnum writes a type with a constant for each label, which are the cases of type of.
func (p *pkg) writeEnum(c *code, name, of string, cases []wit.Label) {
	c.line("type %s uint%d\n", name, 8*discSize(len(cases)))
	c.line("// The cases of %s.", of)
	c.line("const (")
	for i, l := range cases {
		if docs := p.marks(l.Docs, l.Pos).docs; docs != "" {
			c.comment(docs)
		}
		typ := ""
		if i == 0 {
			typ = " " + name + " = iota"
		}
		c.line("%s%s%s", name, p.memberName(l.Name, l.Docs, l.Pos), typ)
	}
	c.line(")\n")
	p.writeLabels(c, name, cases)
	c.line("// String returns the name of the case in WIT.")
	c.line("func (x %s) String() string { return abi.EnumString(%s[:], uint32(x)) }\n", name, p.labelsVar(name))
}

// writeLabels writes the names of labels as an array.
func (p *pkg) writeLabels(c *code, name string, labels []wit.Label) {
	c.line("var %s = [...]string{", p.labelsVar(name))
	for _, l := range labels {
		c.line("%q,", l.Name)
	}
	c.line("}\n")
}

// labelsVar is the name of that array.
func (p *pkg) labelsVar(name string) string {
	v, _ := p.helpers.name(&p.scope, "labels "+name, lowerFirst(name)+"Labels")
	return v
}

// writeFlags writes a bit set with a constant for each flag.
func (p *pkg) writeFlags(c *code, name string, k *wit.Flags) {
	c.line("type %s uint%d\n", name, 8*flagsSize(len(k.Flags)))
	c.line("// The flags of %s.", name)
	c.line("const (")
	for i, l := range k.Flags {
		if docs := p.marks(l.Docs, l.Pos).docs; docs != "" {
			c.comment(docs)
		}
		typ := ""
		if i == 0 {
			typ = " " + name + " = 1 << iota"
		}
		c.line("%s%s%s", name, p.memberName(l.Name, l.Docs, l.Pos), typ)
	}
	c.line(")\n")
	p.writeLabels(c, name, k.Flags)
	c.line("// Has reports whether all flags of f are set in x.")
	c.line("func (x %s) Has(f %s) bool { return x&f == f }\n", name, name)
	c.line("// String lists the names of the flags that are set, in WIT.")
	c.line("func (x %s) String() string { return abi.FlagsString(%s[:], uint32(x)) }\n", name, p.labelsVar(name))
}
