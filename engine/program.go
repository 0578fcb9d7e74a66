package engine

import (
	"context"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/wasmtime"
)

// Program is a linked and compiled component, ready to be instantiated any number of times.
// It is immutable and safe for concurrent use.
type Program struct {
	rt      *Runtime
	link    *link.Program
	res     hostResources
	modules []*wasmtime.Module
	pres    []*wasmtime.InstancePre // by core instance; nil where imports come from others
	hosts   []wasmtime.HostFunc     // by trampoline
	need    need
	globals [][]string // by module: exports that a spare has to reset
	spares  spares

	collected bool // core code may have garbage-collected objects

	memories memories
}

// newProgram compiles a program that was linked of components.
func newProgram(ctx context.Context, rt *Runtime, lp *link.Program, res hostResources, of ...*Component) (*Program, error) {
	p := &Program{rt: rt, link: lp, res: res}
	if err := p.compile(ctx, of); err != nil {
		p.Close()
		return nil, err
	}
	p.findMemories()
	if err := p.prelink(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Close frees the compiled code. Instances must have been closed before, and nobody else may
// use the program at the same time. Closing twice is harmless.
func (p *Program) Close() {
	p.spares.drop(true)
	p.rt.forget(p)
	for _, pre := range p.pres {
		if pre != nil {
			pre.Close()
		}
	}
	for _, m := range p.modules {
		m.Close()
	}
	p.pres, p.modules = nil, nil
}

// prelink prepares the core instances all of whose imports are trampolines.
func (p *Program) prelink() error {
	for i := range p.link.Canon.Trampolines {
		p.hosts = append(p.hosts, p.hostFunc(i))
	}
	p.need = need{stacks: 1}
	for i := range p.link.Instances {
		in := &p.link.Instances[i]
		m := p.modules[in.Module]
		p.collected = p.collected || m.Info().Collected
		p.need = p.need.plus(need{memories: len(m.Info().Memories), tables: len(m.Info().Tables), instances: 1})
		imports, ok := p.trampolines(in)
		if !ok {
			p.pres = append(p.pres, nil)
			continue
		}
		pre, err := p.rt.engine.Prelink(m, imports)
		if err != nil {
			return fmt.Errorf("core instance %d: %w", i, err)
		}
		p.pres = append(p.pres, pre)
	}
	return nil
}

// trampolines returns the imports of a core instance if all of them are trampolines.
func (p *Program) trampolines(in *link.CoreInstance) ([]wasmtime.HostFunc, bool) {
	imports := make([]wasmtime.HostFunc, len(in.Imports))
	for i, x := range in.Imports {
		if x.Trampoline == canon.None {
			return nil, false
		}
		imports[i] = p.hosts[x.Trampoline]
	}
	return imports, true
}

func (p *Program) hostFunc(op int) wasmtime.HostFunc {
	t := &p.link.Canon.Trampolines[op]
	h := wasmtime.HostFunc{Type: p.link.CoreTypes[op], Op: uint32(op)}
	switch t.Op {
	case canon.ContextGet:
		h.Kind, h.Op = wasmtime.ContextGet, uint32(t.Slot)
	case canon.ContextSet:
		h.Kind, h.Op = wasmtime.ContextSet, uint32(t.Slot)
	case canon.SaveContext:
		h.Kind, h.Op = wasmtime.ContextSave, 0
	case canon.RestoreContext:
		h.Kind, h.Op = wasmtime.ContextRestore, 0
	}
	return h
}

// Func is an exported function of a program. It is immutable, safe for concurrent use, and
// good for all instances of the program.
type Func struct {
	p    *Program
	name string
	lift *canon.Lift
	typ  *types.Func
	refs []abi.Ref
	// cancellable says that the component has task.cancel, without which a guest cannot
	// confirm a cancellation: some runtimes trap when asked for one.
	cancellable bool
	own         []int32 // numbers of those resource types among refs that belong to each instance; nil if none do
}

// Func finds an exported function by its name in the component: of the exported instance
// iface, whose name includes the version, or, if that is "", of the component itself. A
// function of the host that the component only passes on, and that takes borrowed handles
// within other values or among very many parameters, is ErrUnsupported.
func (p *Program) Func(iface, name string) (*Func, error) {
	x, full := p.link.Exports, name
	if iface != "" {
		full = iface + "#" + name
		if x = x.Instances[iface]; x == nil {
			return nil, fmt.Errorf("component has no export %q", iface)
		}
	}
	f := x.Funcs[name]
	switch {
	case f == nil:
		return nil, fmt.Errorf("component has no exported function %q", full)
	case f.Lift == nil:
		return nil, fmt.Errorf("exported function %q is one of the host, and is lent handles within other values: %w", full, ErrUnsupported)
	}
	refs, own := link.Refs(f.Type, p.link.Canon.Resources)
	return &Func{p: p, name: full, lift: f.Lift, typ: f.Type, refs: refs, own: own, cancellable: p.hasBuiltin(f.Lift.Instance, canon.TaskCancel)}, nil
}

// hasBuiltin reports whether the core code of a component instance can call a built-in.
func (p *Program) hasBuiltin(instance int32, op canon.Builtin) bool {
	for i := range p.link.Canon.Trampolines {
		if t := &p.link.Canon.Trampolines[i]; t.Op == op && t.Instance == instance {
			return true
		}
	}
	return false
}

// Funcs lists the names of the exported functions in the order of the component, those of an
// interface as "iface#name".
func (p *Program) Funcs() []string {
	var names []string
	for _, n := range p.link.Exports.Names {
		if i := p.link.Exports.Instances[n]; i != nil {
			for _, f := range i.Names {
				if i.Funcs[f] != nil {
					names = append(names, n+"#"+f)
				}
			}
			continue
		}
		names = append(names, n)
	}
	return names
}

// Name returns the function's name, with that of its interface.
func (f *Func) Name() string { return f.name }

// Type returns the function's type in the text form of WIT types, such as
// "async func(a:u32)->result<string>".
func (f *Func) Type() string { return f.typ.String() }

// Check compares the function's type with the text of the type that the caller counts on, in
// the form that Type has; the error says where they differ. Whoever uses [Instance.Start]
// must do so before the first call: nothing else compares what is passed with the type.
func (f *Func) Check(text string) error {
	if err := f.p.link.CheckFunc(f.typ, text, f.p.res.named); err != nil {
		return fmt.Errorf("exported function %s: %w", f.name, err)
	}
	return nil
}
