package gen

import "github.com/spinhost/spin/hostapi/wit"

// named returns the typ of a definition that is no resource.
func (p *pkg) named(def *wit.TypeDef, d dir, pos wit.Position) *typ {
	if alias, ok := def.Kind.(*wit.Alias); ok {
		t := *p.typ(alias.Type, d, def.Pos)
		t.goty = p.goType(def, pos)
		p.noteWay(def, &t, d, pos)
		return &t
	}
	key := def.ID()
	if d == out {
		key += " out"
	}
	t := p.types[key]
	if t == nil {
		t = p.define(def, d)
		t.def, t.key = def, def.ID()
		p.types[key] = t
	}
	c := *t
	c.name, c.goty = p.helperName(def, pos), p.goType(def, pos)
	p.noteWay(def, &c, d, pos)
	return &c
}

// noteWay remembers which way a definition with streams or futures goes, since that decides
// its Go form.
func (p *pkg) noteWay(def *wit.TypeDef, t *typ, d dir, pos wit.Position) {
	if !t.channels {
		return
	}
	if p.foreign(def) != nil {
		p.add(pos, ErrUnsupported, "%s has streams or futures and is defined in another Go package; define it here", def.ID())
		return
	}
	if old, ok := p.ways[def]; ok && old != d {
		p.add(pos, ErrUnsupported, "%s has streams or futures, so it cannot both come from guests and go to them; define one type for each", def.ID())
		return
	}
	p.ways[def] = d
}

// define computes what a definition is made of.
func (p *pkg) define(def *wit.TypeDef, d dir) *typ {
	switch k := def.Kind.(type) {
	case *wit.Record:
		t := &typ{kind: kindRecord}
		for _, f := range k.Fields {
			t.fields = append(t.fields, field{goName: p.memberName(f.Name, f.Docs, f.Pos), typ: p.typ(f.Type, d, f.Pos)})
		}
		t.layFields()
		return t
	case *wit.Variant:
		t := &typ{kind: kindVariant}
		for _, c := range k.Cases {
			t.cases = append(t.cases, variantCase{goName: p.memberName(c.Name, c.Docs, c.Pos), typ: p.optional(c.Type, d, c.Pos)})
		}
		t.layCases()
		t.host, t.hostAlign, t.boxed = 3*word, word, 0
		for _, c := range t.cases {
			if c.typ != nil {
				t.boxed = max(t.boxed, c.typ.host+c.typ.boxed)
			}
		}
		return t
	case *wit.Enum:
		t := &typ{kind: kindEnum}
		for _, c := range k.Cases {
			t.cases = append(t.cases, variantCase{goName: p.memberName(c.Name, c.Docs, c.Pos)})
		}
		t.layCases()
		t.host, t.hostAlign = uint64(t.disc), uint64(t.disc)
		return t
	case *wit.Flags:
		n := flagsSize(len(k.Flags))
		return &typ{kind: kindFlags, labels: len(k.Flags), size: n, align: n, flat: 1,
			host: uint64(n), hostAlign: uint64(n), comparable: true}
	}
	panic("witgen: resource " + def.ID() + " where a value type is needed") // package wit resolves those to handles
}

// memberName is the Go name of a field or case.
func (p *pkg) memberName(label, docs string, pos wit.Position) string {
	if m := p.marks(docs, pos); m.goName != "" {
		return m.goName
	}
	return exported(label)
}

// typeName is the Go name of a definition, in the package that has it.
func (p *pkg) typeName(def *wit.TypeDef) string {
	if m := p.marks(def.Docs, def.Pos); m.goName != "" {
		return m.goName
	}
	return exported(def.Name)
}

// goType is the Go type of a definition as this package writes it.
func (p *pkg) goType(def *wit.TypeDef, pos wit.Position) string {
	if f := p.foreignFor(def, pos); f != nil {
		return f.alias + "." + p.typeName(def)
	}
	return p.typeName(def)
}

// helperName is the part of a helper's name that stands for a definition.
func (p *pkg) helperName(def *wit.TypeDef, pos wit.Position) string {
	if f := p.foreignFor(def, pos); f != nil {
		return upperFirst(f.alias) + p.typeName(def)
	}
	return p.typeName(def)
}

// interfaceName is the Go name of an interface.
func (p *pkg) interfaceName(i *wit.Interface) string {
	if m := p.marks(i.Docs, i.Pos); m.goName != "" {
		return m.goName
	}
	return exported(i.Name)
}

// funcName is the name of the Go method that a function becomes.
func (p *pkg) funcName(f *wit.Func) string {
	if m := p.funcMarks(f); m.goName != "" {
		return m.goName
	}
	switch f.Kind {
	case wit.Constructor:
		return "New" + p.typeName(f.Resource)
	case wit.StaticFunc:
		return p.typeName(f.Resource) + exported(f.Name)
	}
	return exported(f.Name)
}

// callName is the name of the Go type of a call of a guest's function.
func (p *pkg) callName(f *wit.Func) string { return p.interfaceName(f.Interface) + p.funcName(f) }

// paramField is the name of the field for a parameter of a call of a guest.
func paramField(label string) string {
	switch s := exported(label); s {
	case "Result", "Err", "Lower", "Lift":
		return s + "Arg"
	default:
		return s
	}
}
