package binary

// alias reads an alias: sort, target, and what the target needs.
func (d *decoder) alias(r *reader) Def {
	loc := Loc{r.pos}
	at := r.pos
	c := r.byte()
	core := CoreSort(0xff)
	if c == 0x00 {
		core = CoreSort(r.byte())
	}
	switch target := r.byte(); target {
	case 0x00:
		return &Alias{Loc: loc, Sort: exportSort(r, at), Instance: r.u32(), Name: r.name()}
	case 0x01:
		if c != 0x00 || core > CoreTag {
			r.pos = at
			r.fail(RuleByte, "only core functions, tables, memories, globals and tags can be aliased from a core instance")
		}
		return &CoreAlias{Loc: loc, Sort: core, Instance: r.u32(), Name: r.name()}
	case 0x02:
		return &OuterAlias{Loc: loc, Sort: outerSort(r, at), Count: r.u32(), Index: r.u32()}
	default:
		r.pos--
		r.badByte(target, "alias target")
		return nil
	}
}

// exportSort is the sort at an offset that was passed already.
func exportSort(r *reader, at int) Sort {
	s := *r
	s.pos = at
	return s.sort("an alias")
}

// outerSort is the sort at an offset that was passed already.
func outerSort(r *reader, at int) Sort {
	s := *r
	s.pos = at
	switch c := s.byte(); Sort(c) {
	case SortType, SortComponent:
		return Sort(c)
	case 0:
		switch k := CoreSort(s.byte()); k {
		case coreTypeSort, coreModuleSort:
			return Sort(k)
		default:
			s.pos--
			s.badByte(byte(k), "core sort of an outer alias")
		}
	default:
		s.pos--
		s.badByte(c, "sort of an outer alias")
	}
	return 0
}
