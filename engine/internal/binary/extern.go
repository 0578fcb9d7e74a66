package binary

import "github.com/spinhost/spin/engine/internal/types"

func (d *decoder) importDef(r *reader) Def {
	i := &Import{Loc: Loc{r.pos}}
	i.Name, i.Attrs = d.externName(r)
	i.Desc = externDesc(r)
	return i
}

func (d *decoder) exportDef(r *reader) Def {
	e := &Export{Loc: Loc{r.pos}}
	e.Name, e.Attrs = d.externName(r)
	e.Sort = r.sort("an export")
	e.Index = r.u32()
	if r.flag("ascribed type of an export") {
		desc := externDesc(r)
		e.Ascribed = &desc
	}
	return e
}

// externName reads a name with its attributes.
func (d *decoder) externName(r *reader) (string, types.Attributes) {
	var a types.Attributes
	form := r.byte()
	if form > 0x02 {
		r.pos--
		r.badByte(form, "name of an import or export")
	}
	name := r.name()
	if form < 0x02 {
		return name, a
	}
	var seen [3]bool
	for n := d.count(r, "attributes"); n > 0; n-- {
		at := r.pos
		c := r.byte()
		if int(c) >= len(seen) {
			r.pos--
			r.badByte(c, "attribute of a name")
		}
		if seen[c] {
			r.pos = at
			r.fail(RuleAttribute, "attribute %s occurs twice on %q", attributeNames[c], name)
		}
		seen[c] = true
		switch v := r.name(); c {
		case 0x00:
			if v == "" {
				r.fail(RuleAttribute, "an implements attribute must name an interface")
			}
			a.Implements = v
		case 0x01:
			a.VersionSuffix = v
		case 0x02:
			a.ExternalID = &v
		}
	}
	return name, a
}

var attributeNames = [...]string{"implements", "versionsuffix", "external-id"}

// externDesc reads the type of an import or export.
func externDesc(r *reader) ExternDesc {
	switch c := r.byte(); c {
	case 0x00:
		r.mustByte(byte(coreModuleSort), "core sort of an import or export type")
		return ExternDesc{Kind: types.ModuleExtern, Index: r.u32()}
	case 0x01:
		return ExternDesc{Kind: types.FuncExtern, Index: r.u32()}
	case 0x02:
		r.unsupported("an imported or exported value")
	case 0x03:
		switch b := r.byte(); b {
		case 0x00:
			return ExternDesc{Kind: types.TypeExtern, Index: r.u32()}
		case 0x01:
			return ExternDesc{Kind: types.TypeExtern, Sub: true}
		default:
			r.pos--
			r.badByte(b, "type bound")
		}
	case 0x04:
		return ExternDesc{Kind: types.ComponentExtern, Index: r.u32()}
	case 0x05:
		return ExternDesc{Kind: types.InstanceExtern, Index: r.u32()}
	default:
		r.pos--
		r.badByte(c, "type of an import or export")
	}
	return ExternDesc{}
}
