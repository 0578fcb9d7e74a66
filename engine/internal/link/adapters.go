package link

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/corewasm"
)

// Calls from one component instance into another can be carried out by core modules that
// package adapter generates. Which calls are is decided here: those of functions that are not
// async and cannot block. Their callee runs on its caller's stack and as a part of its
// caller's task, which is right only if its code has no way to notice.

// Bounds of what is generated for one program; what is beyond is left to the engine.
const (
	maxAdapters     = 500
	maxAdapterTypes = 5000 // adapter.Size of the functions
	maxAdapterSets  = 32   // core instances of adapters
)

// adapted is a call that an adapter may make.
type adapted struct {
	call adapter.Call
	tr   int32 // the trampoline that it stands in for
}

// findAdapters finds the calls that adapters may make.
func (l *linker) findAdapters() {
	trs := l.p.Canon.Trampolines
	if !l.adapters || len(l.p.Canon.Instances) > adapter.MaxInstances {
		return
	}
	var traits []instanceTraits
	size := 0
	for i := range trs {
		t := &trs[i]
		if t.Op != canon.LowerGuest {
			continue
		}
		if traits == nil {
			traits = l.instanceTraits()
		}
		if !l.adaptable(t, traits) || !l.steps.Take(1) {
			continue
		}
		if size += adapter.Size(t.Type); size > maxAdapterTypes || len(l.adapts) >= maxAdapters {
			return
		}
		l.adapts[int32(i)] = l.adapted(int32(i), traits)
	}
}

// instanceTraits is what matters of a component instance for calls of it.
type instanceTraits struct {
	task    bool // its code has built-ins that look at the running task, or may block
	context bool // context.get or context.set
}

func (l *linker) instanceTraits() []instanceTraits {
	all := make([]instanceTraits, len(l.p.Canon.Instances))
	for i := range l.p.Canon.Trampolines {
		t := &l.p.Canon.Trampolines[i]
		x := &all[t.Instance]
		switch t.Op {
		case canon.ContextGet, canon.ContextSet:
			x.context = true
		case canon.LowerHost, canon.LowerGuest:
			x.task = x.task || t.Async || t.Type.Async
		case canon.ResourceNew, canon.ResourceDrop, canon.ResourceRep, canon.BackpressureInc, canon.BackpressureDec:
		default:
			x.task = true
		}
	}
	return all
}

func (l *linker) adaptable(t *canon.Trampoline, traits []instanceTraits) bool {
	f := t.Callee
	for _, o := range []*canon.Options{&t.Opts, &f.Opts} {
		if o.Async || o.Encoding != abi.UTF8 || o.Memory64 {
			return false
		}
	}
	return f.Opts.Callback == canon.None &&
		!traits[f.Instance].task && adapter.Supported(t.Type) &&
		!l.encloses(f.Instance, t.Instance) && !l.encloses(t.Instance, f.Instance)
}

// encloses reports whether component instance i is c or an ancestor of c.
func (l *linker) encloses(i, c int32) bool {
	for c != canon.None && c != i {
		c = l.p.Canon.Instances[c].Parent
	}
	return c == i
}

func (l *linker) adapted(tr int32, traits []instanceTraits) *adapted {
	t := &l.p.Canon.Trampolines[tr]
	f := t.Callee
	side := func(i int32, o canon.Options) adapter.Side {
		return adapter.Side{Instance: i, Memory: o.Memory, Realloc: o.Realloc, Context: traits[i].context}
	}
	c := adapter.Call{
		Name: f.Name, Type: t.Type, Caller: side(t.Instance, t.Opts), Callee: side(f.Instance, f.Opts),
		Core: f.Core, PostReturn: f.Opts.PostReturn, Plan: tr,
	}
	for i := f.Instance; i != canon.None && !l.encloses(i, t.Instance); i = l.p.Canon.Instances[i].Parent {
		c.Enters = append(c.Enters, i)
	}
	return &adapted{call: c, tr: tr}
}

// ready returns the last core instance that must be there before the adapter can be made, -1 if
// it needs none.
func (l *linker) ready(a *adapted) int {
	last := -1
	for _, x := range l.needs(a) {
		if x.Trampoline == canon.None {
			last = max(last, x.Instance)
		}
	}
	return last
}

// needs returns the core functions and memories that the adapter imports.
func (l *linker) needs(a *adapted) (items []CoreItem) {
	c := &a.call
	for _, n := range []int32{c.Core, c.PostReturn, c.Caller.Realloc, c.Callee.Realloc} {
		if n != canon.None {
			items = append(items, l.p.Funcs[n])
		}
	}
	for _, n := range []int32{c.Caller.Memory, c.Callee.Memory} {
		if n != canon.None {
			items = append(items, l.p.Memories[n])
		}
	}
	return items
}

// fits reports whether the adapter can import what it needs: memories must be 32-bit ones that
// are not shared, and functions have the types that the signature demands.
func (l *linker) fits(a *adapted) bool {
	c := &a.call
	for _, n := range []int32{c.Caller.Memory, c.Callee.Memory} {
		if n == canon.None {
			continue
		}
		x := l.p.Memories[n]
		e, ok := l.p.Modules[l.p.Instances[x.Instance].Module].Info.Export(x.Name)
		if !ok || e.Type.Kind != corewasm.Memory || e.Type.Memory.Is64 || e.Type.Memory.Shared || e.Type.Memory.HasCustomPage {
			return false
		}
	}
	return c.Complete()
}
