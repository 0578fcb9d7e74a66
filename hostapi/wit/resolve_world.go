package wit

import "strings"

// completeWorld resolves the includes of a world and builds its full lists of imports and exports.
func (r *resolver) completeWorld(s *scope, path []string) {
	if s.world == nil || s.whole != unvisited || r.budget.left < 0 {
		return
	}
	s.whole = visiting
	path = append(path, s.world.ID())
	b := &worldBuilder{r: r, world: s.world,
		imports: itemList{names: make(nameSet), interfaces: make(map[*Interface]*WorldItem)},
		exports: itemList{names: make(nameSet), interfaces: make(map[*Interface]*WorldItem)}}
	b.addOwn(r, s)
	for _, d := range s.decl.includes {
		if r.keep(s.env.pkg, &d.meta) {
			r.include(s, d, b, path)
		}
	}
	b.addExportDeps()
	s.world.Imports, s.world.Exports = b.imports.items, b.exports.items
	s.whole = visited
}

// include resolves an include statement and adds the other world.
func (r *resolver) include(s *scope, d *includeDecl, b *worldBuilder, path []string) {
	other := r.findWorld(s.env, d.path)
	if other == nil {
		return
	}
	if other.whole == visiting {
		r.cycle(d.path.name.pos, "world %s includes itself: %s", path, other.world.ID())
		return
	}
	r.completeWorld(other, path)
	inc := &Include{World: other.world, Docs: d.meta.docs, Stability: d.meta.stability, Pos: d.path.name.pos}
	renames := make(renaming)
	for _, n := range d.with {
		inc.With = append(inc.With, Rename{From: n.member.name, To: n.as.name, Pos: n.member.pos})
		if renames[n.member.name] != nil {
			r.errs.add(n.member.pos, ErrDuplicate, "%s is renamed twice", n.member.name)
		}
		renames[n.member.name] = &rename{to: n.as.name}
	}
	s.world.Includes = append(s.world.Includes, inc)
	for _, it := range other.world.Imports {
		b.include(it, renames, inc.Pos)
	}
	for _, it := range other.world.Exports {
		b.include(it, renames, inc.Pos)
	}
	for _, n := range d.with {
		if !renames[n.member.name].used {
			r.errs.add(n.member.pos, ErrUndefined, "world %s neither imports nor exports %s under a plain name; only plain names can be changed",
				other.world.Name, n.member.name)
		}
	}
}

// A renaming is the with clause of an include statement.
type renaming map[string]*rename

type rename struct {
	to   string
	used bool
}

// apply renames a plain name, which for a function of a resource holds the name of the resource.
func (n renaming) apply(name string) string {
	prefix, label, suffix := "", name, ""
	if end := strings.IndexByte(name, ']'); end >= 0 {
		prefix, label = name[:end+1], name[end+1:]
		if dot := strings.IndexByte(label, '.'); dot >= 0 {
			label, suffix = label[:dot], label[dot:]
		}
	}
	to := n[label]
	if to == nil {
		return name
	}
	to.used = true
	return prefix + to.to + suffix
}

// addOwn adds what the text of a world states: first the types, then imports and exports.
func (b *worldBuilder) addOwn(r *resolver, s *scope) {
	w := s.world
	for _, u := range w.Uses {
		b.importImplicitly(u.From)
		b.addPlain(&b.imports, &WorldItem{Name: u.Name, Type: u.Type, Docs: u.Docs, Stability: u.Stability, Pos: u.Pos}, u.Pos)
	}
	for _, def := range w.Types {
		b.addPlain(&b.imports, &WorldItem{Name: def.Name, Type: def, Docs: def.Docs, Stability: def.Stability,
			ExternalID: def.ExternalID, Pos: def.Pos}, def.Pos)
		res, ok := def.Kind.(*Resource)
		if !ok {
			continue
		}
		for _, f := range res.Funcs {
			b.addPlain(&b.imports, &WorldItem{Name: f.WireName(), Func: f, Docs: f.Docs, Stability: f.Stability,
				ExternalID: f.ExternalID, Pos: f.Pos}, f.Pos)
		}
	}
	for i, it := range w.Items {
		if path := s.externs[i].path; path != nil {
			target := r.findInterface(s.env, *path)
			if target == nil {
				continue
			}
			it.Interface = target.iface
			if it.Name == "" {
				it.Name = target.iface.ID()
			}
		}
		b.addStated(it)
	}
}
