package link

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/corewasm"
)

// Components that toolchains make from one core module contain two more. The canon lower
// of an import needs the main module's memory, but the main module needs the lowered
// functions to be instantiated. So it is given those of a shim, which call through a table,
// and a fix-up module fills the table afterwards. Here trampolines find memories when they
// are called: the main module can have them directly, and, its imports then all being the
// host's, be prepared for instantiation in advance.

// maxShimBytes bounds the modules that are examined: real shims take a few hundred bytes.
const maxShimBytes = 64 << 10

// maxShims bounds how many shims are looked for: finding out who uses one means a look at all
// imports. Components have one for each that toolchains have made them of.
const maxShims = 100

// dropShims gives trampolines that come through a shim directly to whoever imports them,
// and drops shims and fix-ups that nobody needs any more. What does not look exactly like
// one is left alone.
func (l *linker) dropShims() {
	found := 0
	for i := range l.p.Instances {
		if found == maxShims {
			break
		}
		if l.shim(i) != nil {
			found++
			l.bypass(i)
		}
	}
	l.dropUnused()
}

// shim reads instance i's module as a shim.
func (l *linker) shim(i int) *shimModule {
	m := l.p.Modules[l.p.Instances[i].Module]
	if len(m.Bytes) > maxShimBytes || len(m.Info.Imports) > 0 || m.Info.HasStart {
		return nil
	}
	return readShim(m)
}

// bypass resolves references to the exports of shim i.
func (l *linker) bypass(i int) {
	sh := l.shim(i)
	fix, targets := l.fixup(i, sh)
	if fix < 0 || l.starts(i, fix) {
		return
	}
	direct := func(x *CoreItem, by int) {
		if x.Trampoline != canon.None || x.Instance != i {
			return
		}
		k, ok := sh.slots[x.Name]
		if !ok || int(k) >= len(targets) || targets[k].Trampoline == canon.None {
			return
		}
		if a := l.adapts[targets[k].Trampoline]; a != nil && by >= 0 && l.ready(a) >= by {
			return // an adapter can only come after it: calling that through the shim is faster than the trampoline
		}
		*x = targets[k]
	}
	for j := range l.p.Instances {
		if j == fix {
			continue
		}
		for k := range l.p.Instances[j].Imports {
			direct(&l.p.Instances[j].Imports[k], j)
		}
	}
	for k := range l.p.Funcs {
		direct(&l.p.Funcs[k], -1)
	}
	if !l.used(i, fix) {
		l.dropped[i], l.dropped[fix] = true, true
	}
}

// starts reports whether code may run while the table of shim i is not filled: start functions
// of instances that are made before fix. What they call through the shim must trap.
func (l *linker) starts(i, fix int) bool {
	for _, in := range l.p.Instances[i:fix] {
		if l.p.Modules[in.Module].Info.HasStart {
			return true
		}
	}
	return false
}

// fixup finds the one instance that fills shim i's table, and what it fills in.
func (l *linker) fixup(i int, sh *shimModule) (fix int, targets []CoreItem) {
	fix = -1
	for j := range l.p.Instances {
		in := &l.p.Instances[j]
		at := -1
		for k, x := range in.Imports {
			if x.Trampoline == canon.None && x.Instance == i && x.Name == sh.table {
				at = k
			}
		}
		if at < 0 {
			continue
		}
		m := l.p.Modules[in.Module]
		if fix >= 0 || at != len(in.Imports)-1 || !isFixup(m) {
			return -1, nil
		}
		fix, targets = j, in.Imports[:at]
	}
	for k, x := range targets { // the table's functions must have the types of the stubs
		if k >= len(sh.types) || !sh.types[k].Equal(l.funcType(x)) {
			return -1, nil
		}
	}
	return fix, targets
}

// used reports whether anything but instance fix refers to instance i.
func (l *linker) used(i, fix int) bool {
	refers := func(x CoreItem) bool { return x.Trampoline == canon.None && x.Instance == i }
	for j := range l.p.Instances {
		if j == fix || l.dropped[j] {
			continue
		}
		for _, x := range l.p.Instances[j].Imports {
			if refers(x) {
				return true
			}
		}
	}
	for _, x := range l.p.Funcs {
		if refers(x) {
			return true
		}
	}
	for _, x := range l.p.Memories {
		if refers(x) {
			return true
		}
	}
	for _, x := range l.p.Tables {
		if refers(x) {
			return true
		}
	}
	return false
}

// dropUnused removes the dropped instances and renumbers the others.
func (l *linker) dropUnused() {
	if len(l.dropped) == 0 {
		return
	}
	renumber := make([]int, len(l.p.Instances))
	var kept []CoreInstance
	for i, in := range l.p.Instances {
		if renumber[i] = len(kept); !l.dropped[i] {
			kept = append(kept, in)
		}
	}
	l.p.Instances = kept
	l.renumber(func(n int) int { return renumber[n] })
	l.dropModules()
}

// dropModules removes the modules of which there is no instance any more.
func (l *linker) dropModules() {
	renumber := map[int]int{}
	var kept []*binary.CoreModule
	for i := range l.p.Instances {
		old := l.p.Instances[i].Module
		n, ok := renumber[old]
		if !ok {
			n = len(kept)
			renumber[old] = n
			kept = append(kept, l.p.Modules[old])
		}
		l.p.Instances[i].Module = n
	}
	l.p.Modules = kept
}

// shimModule is a module that only calls through its table.
type shimModule struct {
	table string              // name of the exported table
	slots map[string]uint32   // exported functions: the slot that they call
	types []corewasm.FuncType // by slot
}
