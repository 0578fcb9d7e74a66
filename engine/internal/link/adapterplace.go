package link

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/corewasm"
)

// An instance of adapters must come after all that it imports and before the first core
// instance that calls one of its adapters. As few instances as possible are made, in most
// programs one: each takes a module, and time to instantiate.

// adapterSet is an instance of adapters, to be made before core instance at.
type adapterSet struct {
	at    int
	calls []*adapted
}

// Instances that are still to be added go by these numbers.
const controlInstance = -1

func setInstance(k int) int { return -2 - k }

// addAdapters adds core instances of adapters to the program, and lets those who import the
// trampolines import adapters.
func (l *linker) addAdapters() error {
	sets := l.adapterSets()
	if len(sets) == 0 || len(l.p.Instances)+len(sets)+1 > l.limits.Instances {
		return nil
	}
	var save, restore int32 = canon.None, canon.None
	var added []CoreInstance
	direct := map[int32]CoreItem{}
	for k := range sets {
		calls := make([]adapter.Call, len(sets[k].calls))
		for i, a := range sets[k].calls {
			a.call.Fault = l.faultTrampoline(a)
			calls[i] = a.call
			direct[a.tr] = CoreItem{Trampoline: canon.None, Instance: setInstance(k), Name: adapter.ExportName(i)}
		}
		m := adapter.Build(calls)
		in, err := l.adapterInstance(m, calls[0].Callee.Instance, func(x adapter.Import) CoreItem {
			switch x.Kind {
			case adapter.CoreFunc:
				return l.p.Funcs[x.N]
			case adapter.Memory:
				return l.p.Memories[x.N]
			case adapter.Control:
				return CoreItem{Trampoline: canon.None, Instance: controlInstance, Name: adapter.ControlExport}
			case adapter.SaveContext:
				return CoreItem{Trampoline: l.once(&save, canon.SaveContext, adapter.SaveType())}
			case adapter.RestoreContext:
				return CoreItem{Trampoline: l.once(&restore, canon.RestoreContext, adapter.RestoreType())}
			}
			return CoreItem{Trampoline: x.N}
		})
		if err != nil {
			return err
		}
		added = append(added, in)
	}
	l.redirect(direct)
	return l.insert(sets, added)
}

// adapterSets decides which adapters there are, and where. It looks for the fewest places
// that lie between what each adapter needs and who needs it.
func (l *linker) adapterSets() (sets []adapterSet) {
	type use struct {
		*adapted
		ready, first int
	}
	var uses []use
	first := l.firstUses()
	for tr, a := range l.adapts {
		at, used := first[tr]
		if r := l.ready(a); used && r < at && l.fits(a) {
			uses = append(uses, use{a, r, at})
		}
	}
	slices.SortFunc(uses, func(a, b use) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.tr, b.tr)) })
	for len(uses) > 0 && len(sets) < maxAdapterSets {
		set := adapterSet{at: uses[0].first}
		memories := map[int32]bool{}
		later := uses[:0:0]
		for _, u := range uses {
			n := 0
			for _, m := range []int32{u.call.Caller.Memory, u.call.Callee.Memory} {
				if !memories[m] {
					n++
				}
			}
			if u.ready >= set.at || len(memories)+n > adapter.MaxMemories {
				later = append(later, u)
				continue
			}
			memories[u.call.Caller.Memory], memories[u.call.Callee.Memory] = true, true
			set.calls = append(set.calls, u.adapted)
		}
		sets, uses = append(sets, set), later
	}
	return sets
}

// firstUses tells for each trampoline of an adapter which core instance imports it first.
func (l *linker) firstUses() map[int32]int {
	first := map[int32]int{}
	for i := range l.p.Instances {
		for _, x := range l.p.Instances[i].Imports {
			if _, ok := first[x.Trampoline]; x.Trampoline != canon.None && !ok {
				first[x.Trampoline] = i
			}
		}
	}
	return first
}

func (l *linker) faultTrampoline(a *adapted) int32 {
	t := &l.p.Canon.Trampolines[a.tr]
	return l.trampoline(canon.Trampoline{
		Op: canon.AdapterFault, Instance: t.Instance, Opts: t.Opts, Callee: t.Callee, Name: t.Name,
	}, adapter.FaultType()).Trampoline
}

// once adds a trampoline the first time.
func (l *linker) once(n *int32, op canon.Builtin, t corewasm.FuncType) int32 {
	if *n == canon.None {
		*n = l.trampoline(canon.Trampoline{Op: op, Opts: noOptions}, t).Trampoline
	}
	return *n
}

func (l *linker) adapterInstance(m *adapter.Module, owner int32, item func(adapter.Import) CoreItem) (CoreInstance, error) {
	n, err := l.generated(m.Wasm)
	in := CoreInstance{Module: n, Owner: owner}
	for _, x := range m.Imports {
		in.Imports = append(in.Imports, item(x))
	}
	return in, err
}

// generated adds a module that is no part of the component.
func (l *linker) generated(wasm []byte) (int, error) {
	info, err := corewasm.Parse(wasm)
	if err != nil {
		return 0, fmt.Errorf("generated core module: %w", err)
	}
	return l.module(&binary.CoreModule{Bytes: wasm, Info: info}), nil
}

// redirect replaces trampolines that core instances import.
func (l *linker) redirect(direct map[int32]CoreItem) {
	for i := range l.p.Instances {
		for k, x := range l.p.Instances[i].Imports {
			if y, ok := direct[x.Trampoline]; ok && x.Trampoline != canon.None {
				l.p.Instances[i].Imports[k] = y
			}
		}
	}
}

// insert adds the instance with the control memory, first of all, and those of the sets, each
// in its place.
func (l *linker) insert(sets []adapterSet, added []CoreInstance) error {
	n, err := l.generated(adapter.ControlModule())
	if err != nil {
		return err
	}
	control := CoreInstance{Module: n, Owner: added[0].Owner}
	all := []CoreInstance{control}
	renumber := make([]int, len(l.p.Instances))
	places := make([]int, len(sets))
	for i, in := range l.p.Instances {
		for k := range sets {
			if sets[k].at == i {
				places[k] = len(all)
				all = append(all, added[k])
			}
		}
		renumber[i] = len(all)
		all = append(all, in)
	}
	l.p.Instances = all
	l.renumber(func(n int) int {
		switch {
		case n == controlInstance:
			return 0
		case n < 0:
			return places[-2-n]
		}
		return renumber[n]
	})
	l.p.Memories = append(l.p.Memories, CoreItem{Trampoline: canon.None, Name: adapter.ControlExport})
	l.sortMemories()
	l.p.Control = 0 // the first instance's
	return nil
}
