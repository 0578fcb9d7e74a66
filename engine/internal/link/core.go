package link

import (
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
)

// coreInstantiate resolves the imports of a core module: by the names of its arguments,
// which are local to this instantiation, and by nothing else.
func (s *scope) coreInstantiate(d *binary.CoreInstantiate) error {
	m := s.coreModules[d.Module]
	args := make(map[string]*coreInstanceItem, len(d.Args))
	for _, a := range d.Args {
		args[a.Name] = s.coreInstances[a.Instance]
	}
	ci := CoreInstance{Module: s.l.module(m), Owner: s.number, Imports: make([]CoreItem, len(m.Info.Imports))}
	for i, imp := range m.Info.Imports {
		from := args[imp.Module]
		if from == nil {
			return s.internal(d, "no core instance %q", imp.Module)
		}
		x, ok := from.export(imp.Name)
		if !ok {
			return s.internal(d, "no core item %q %q", imp.Module, imp.Name)
		}
		ci.Imports[i] = x
	}
	if err := s.l.room(len(s.l.p.Instances), d.Offset, s.c.Path()); err != nil {
		return err
	}
	s.coreInstances = append(s.coreInstances, &coreInstanceItem{number: len(s.l.p.Instances)})
	s.l.p.Instances = append(s.l.p.Instances, ci)
	return nil
}

func (s *scope) coreInline(d *binary.CoreInline) error {
	c := &coreInstanceItem{inline: make(map[string]CoreItem, len(d.Exports))}
	for _, e := range d.Exports {
		c.inline[e.Name] = s.core[e.Sort][e.Index]
	}
	s.coreInstances = append(s.coreInstances, c)
	return nil
}

// sortMemories numbers the memories in the order in which their instances are made, so that
// the runtime can register them as they come.
func (l *linker) sortMemories() {
	order := make([]int32, len(l.p.Memories))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return l.p.Memories[a].Instance - l.p.Memories[b].Instance
	})
	renumber := make([]int32, len(order))
	sorted := make([]CoreItem, len(order))
	for to, from := range order {
		renumber[from], sorted[to] = int32(to), l.p.Memories[from]
	}
	l.p.Memories = sorted
	move := func(o *canon.Options) {
		if o.Memory != canon.None {
			o.Memory = renumber[o.Memory]
		}
	}
	for i := range l.p.Canon.Trampolines {
		move(&l.p.Canon.Trampolines[i].Opts)
	}
	for _, f := range l.lifts {
		move(&f.Opts)
	}
}
