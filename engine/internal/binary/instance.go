package binary

func (d *decoder) coreInstance(r *reader) Def {
	loc := Loc{r.pos}
	switch c := r.byte(); c {
	case 0x00:
		i := &CoreInstantiate{Loc: loc, Module: r.u32()}
		for n := d.argCount(r); n > 0; n-- {
			a := CoreArg{Name: r.name()}
			r.mustByte(byte(coreInstanceSort), "sort of a core instantiation argument")
			a.Instance = r.u32()
			i.Args = append(i.Args, a)
		}
		return i
	case 0x01:
		i := &CoreInline{Loc: loc}
		for n := d.count(r, "inline exports"); n > 0; n-- {
			i.Exports = append(i.Exports, CoreExport{Name: r.name(), Sort: r.coreSort("a core export"), Index: r.u32()})
		}
		return i
	default:
		r.pos--
		r.badByte(c, "core instance")
		return nil
	}
}

func (d *decoder) instance(r *reader) Def {
	loc := Loc{r.pos}
	switch c := r.byte(); c {
	case 0x00:
		i := &Instantiate{Loc: loc, Component: r.u32()}
		for n := d.argCount(r); n > 0; n-- {
			i.Args = append(i.Args, Arg{Name: r.name(), Sort: r.sort("an instantiation argument"), Index: r.u32()})
		}
		return i
	case 0x01:
		i := &InlineInstance{Loc: loc}
		for n := d.count(r, "inline exports"); n > 0; n-- {
			var e InlineExport
			e.Name, e.Attrs = d.externName(r)
			e.Sort = r.sort("an inline export")
			e.Index = r.u32()
			i.Exports = append(i.Exports, e)
		}
		return i
	default:
		r.pos--
		r.badByte(c, "instance")
		return nil
	}
}
