package wit

// A worldBuilder collects the full lists of a world.
type worldBuilder struct {
	r       *resolver
	world   *World
	imports itemList
	exports itemList
}

// An itemList is the imports or exports of a world with what keeps them apart: plain names, which are strongly
// unique, and interfaces that go by their own names.
type itemList struct {
	items      []*WorldItem
	names      nameSet
	interfaces map[*Interface]*WorldItem
}

// add appends an item within the budget.
func (b *worldBuilder) add(l *itemList, it *WorldItem) {
	if b.r.take(it.Pos) {
		l.items = append(l.items, it)
	}
}

// listOf returns the list that an item belongs to, and its name in messages.
func (b *worldBuilder) listOf(it *WorldItem) (*itemList, string) {
	if it.Export {
		return &b.exports, "exported"
	}
	return &b.imports, "imported"
}

// addStated adds what an import or export statement of the world itself says.
func (b *worldBuilder) addStated(it *WorldItem) {
	l, done := b.listOf(it)
	if it.Interface != nil && !it.Export {
		b.importDeps(it.Interface)
	}
	if it.plainName() {
		b.addPlain(l, it, it.Pos)
		return
	}
	switch earlier := l.interfaces[it.Interface]; {
	case earlier == nil:
		l.interfaces[it.Interface] = it
		b.add(l, it)
	case earlier.Implicit:
		*earlier = *it
	default:
		b.r.errs.add(it.Pos, ErrDuplicate, "interface %s is %s twice", it.Name, done)
	}
}

// addPlain adds an item under a plain name.
func (b *worldBuilder) addPlain(l *itemList, it *WorldItem, pos Position) {
	if earlier, ok := l.names.add(ident{it.Name, pos}); !ok {
		_, done := b.listOf(it)
		b.r.errs.add(pos, ErrDuplicate, "%s", clash(it.Name, done, earlier))
		return
	}
	b.add(l, it)
}

// include adds an item of an included world. Plain names are told apart by renaming; the same interface is one item.
func (b *worldBuilder) include(it *WorldItem, renames renaming, pos Position) {
	l, done := b.listOf(it)
	if it.plainName() {
		renamed := *it
		renamed.Name = renames.apply(it.Name)
		earlier, ok := l.names.add(ident{renamed.Name, pos})
		if ok {
			b.add(l, &renamed)
		} else if it.Func == nil || it.Func.Resource == nil { // else the resource itself clashes
			b.r.errs.add(pos, ErrDuplicate, "%s; rename it: include ... with { %s as another-name }",
				clash(renamed.Name, done, earlier), it.Name)
		}
		return
	}
	earlier := l.interfaces[it.Interface]
	if earlier == nil {
		copied := *it
		l.interfaces[it.Interface] = &copied
		b.add(l, &copied)
	} else if !it.Implicit {
		earlier.Implicit = false
	}
}

// importImplicitly imports an interface that something needs, after those that it needs itself.
func (b *worldBuilder) importImplicitly(i *Interface) {
	if b.imports.interfaces[i] != nil {
		return
	}
	it := &WorldItem{Name: i.ID(), Interface: i, Implicit: true, Pos: b.world.Pos}
	b.imports.interfaces[i] = it
	b.importDeps(i)
	b.add(&b.imports, it)
}

func (b *worldBuilder) importDeps(i *Interface) {
	for _, dep := range b.r.depsOf(i) {
		b.importImplicitly(dep)
	}
}

// addExportDeps imports what exported interfaces use, unless it is exported as well. An import can then not use an
// export: such a world cannot be built.
func (b *worldBuilder) addExportDeps() {
	reach := make(map[*Interface]*Interface)
	for _, it := range b.exports.items {
		if it.Interface == nil {
			continue
		}
		for _, dep := range b.r.depsOf(it.Interface) {
			if b.exports.interfaces[dep] != nil {
				continue
			}
			if exported := b.reachesExport(dep, reach); exported != nil {
				b.r.errs.add(it.Pos, ErrInvalid, "export %s uses %s, which is not exported and so becomes an import, but that uses %s, which is exported; export %s too",
					it.Name, dep.ID(), exported.ID(), dep.ID())
				break
			}
			b.importImplicitly(dep)
		}
	}
}

// reachesExport returns an exported interface that i uses, directly or not, and nil if there is none. The map keeps
// what was found.
func (b *worldBuilder) reachesExport(i *Interface, found map[*Interface]*Interface) *Interface {
	if exported, ok := found[i]; ok {
		return exported
	}
	var exported *Interface
	for _, dep := range b.r.depsOf(i) {
		if b.exports.interfaces[dep] != nil {
			exported = dep
		} else if exported == nil {
			exported = b.reachesExport(dep, found)
		}
	}
	found[i] = exported
	return exported
}
