package link

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
)

// ErrUnsupported says that a component uses a feature that the engine does not have.
var ErrUnsupported = binary.ErrUnsupported

// maxSteps bounds the work of linking, a step being about one definition, argument, import
// or export: components that only instantiate each other, twice at each of many levels, need
// no core code for taking for ever. Large real components take some 30,000 steps.
const maxSteps = 1_000_000

// errTooComplex is why a component is refused that takes more steps.
var errTooComplex = fmt.Errorf("component takes more than %d steps to link: its nested components are instantiated too often", maxSteps)

type linker struct {
	limits   limits.Limits
	steps    *types.Steps
	p        *Program
	arena    *types.Arena
	hostRes  map[*abi.ResourceType]*types.Resource
	modules  map[*binary.CoreModule]int
	funcs    map[CoreItem]int32
	memories map[CoreItem]int32
	tables   map[CoreItem]int32
	lifts    []*canon.Lift
	dropped  map[int]bool // core instances that are not needed
	adapters bool         // calls between components may have adapters
	adapts   map[int32]*adapted
	relays   []relay
}

// Options say how to link. The zero value is right.
type Options struct {
	// NoAdapters leaves all calls between component instances to the engine.
	NoAdapters bool
}

func newLinker(o Options) *linker {
	l := &linker{
		adapters: !o.NoAdapters, adapts: map[int32]*adapted{},
		p: &Program{Arena: new(types.Arena), Control: canon.None}, steps: types.NewSteps(maxSteps),
		hostRes: map[*abi.ResourceType]*types.Resource{},
		modules: map[*binary.CoreModule]int{}, dropped: map[int]bool{}, funcs: map[CoreItem]int32{}, memories: map[CoreItem]int32{},
		tables: map[CoreItem]int32{},
	}
	l.arena = l.p.Arena
	return l
}

// Link links a component that has been validated. Of the limits it keeps those that only
// show when the component is instantiated.
func Link(c *binary.Component, r Resolver, max limits.Limits, o Options) (*Program, error) {
	return LinkGraph([]Node{{Component: c, Host: r, Limits: max}}, 0, nil, o)
}

// finish completes the program when all components are linked.
func (l *linker) finish(exports *instanceItem) (*Program, error) {
	for _, name := range exports.names {
		if _, ok := exports.items[name].(*componentItem); ok {
			return nil, fmt.Errorf("export %q of a component by the root component: %w", name, ErrUnsupported)
		}
	}
	l.p.Exports = l.exportsOf(exports)
	if err := l.addRelays(); err != nil {
		return nil, err
	}
	l.p.Exports.nameLifts("")
	for name, x := range l.p.Exports.Instances {
		x.nameLifts(name + "#")
	}
	if l.steps.Exhausted() {
		return nil, errTooComplex
	}
	l.sortMemories()
	l.findAdapters()
	l.dropShims()
	if err := l.forwardTrampolines(); err != nil {
		return nil, err
	}
	if err := l.checkSums(); err != nil {
		return nil, err
	}
	if err := l.addAdapters(); err != nil {
		return nil, err
	}
	l.typeFuncs()
	return l.p, nil
}

// exportsOf lists the functions of an instance.
func (l *linker) exportsOf(i *instanceItem) *Exports {
	x := &Exports{Funcs: map[string]*Func{}, Instances: map[string]*Exports{}, Modules: map[string]*binary.CoreModule{}}
	if !l.steps.Take(1 + len(i.names)) {
		return x
	}
	for _, name := range i.names {
		switch v := i.items[name].(type) {
		case *funcItem:
			x.Names = append(x.Names, name)
			x.Funcs[name] = &Func{Lift: l.lifted(v), Type: v.typ}
		case *instanceItem:
			x.Names = append(x.Names, name)
			x.Instances[name] = l.exportsOf(v)
		case *moduleItem:
			x.Modules[name] = v.m
		}
	}
	return x
}

// nameLifts notes under which name the host finds each function.
func (x *Exports) nameLifts(prefix string) {
	for _, name := range x.Names {
		if f := x.Funcs[name]; f != nil && f.Lift != nil && f.Lift.Export == "" {
			f.Lift.Export = prefix + name
		}
	}
}

func splitResource(text string) (iface, name string) {
	iface, name, _ = strings.Cut(text, "#")
	return iface, name
}

// coreFunc numbers a core function that the runtime calls.
func (l *linker) coreFunc(x CoreItem) int32 {
	n, ok := l.funcs[x]
	if !ok {
		n = int32(len(l.p.Funcs))
		l.funcs[x] = n
		l.p.Funcs = append(l.p.Funcs, x)
	}
	return n
}

// memory numbers a memory that the runtime reads or writes.
func (l *linker) memory(x CoreItem) int32 {
	n, ok := l.memories[x]
	if !ok {
		n = int32(len(l.p.Memories))
		l.memories[x] = n
		l.p.Memories = append(l.p.Memories, x)
	}
	return n
}

// table numbers a table that the runtime reads.
func (l *linker) table(x CoreItem) int32 {
	n, ok := l.tables[x]
	if !ok {
		n = int32(len(l.p.Tables))
		l.tables[x] = n
		l.p.Tables = append(l.p.Tables, x)
	}
	return n
}

// is64 reports whether a memory has addresses of 64 bits.
func (l *linker) is64(x CoreItem) bool {
	e, ok := l.p.Modules[l.p.Instances[x.Instance].Module].Info.Export(x.Name)
	return ok && e.Type.Memory.Is64
}

// trampoline adds a core function of the host.
func (l *linker) trampoline(t canon.Trampoline, core coreType) CoreItem {
	t.Prepare()
	n := int32(len(l.p.Canon.Trampolines))
	l.p.Canon.Trampolines = append(l.p.Canon.Trampolines, t)
	l.p.CoreTypes = append(l.p.CoreTypes, core)
	return CoreItem{Trampoline: n}
}

func (l *linker) module(m *binary.CoreModule) int {
	n, ok := l.modules[m]
	if !ok {
		n = len(l.p.Modules)
		l.modules[m] = n
		l.p.Modules = append(l.p.Modules, m)
	}
	return n
}

// typeFuncs notes the types of the numbered core functions.
func (l *linker) typeFuncs() {
	for _, x := range l.p.Funcs {
		l.p.FuncTypes = append(l.p.FuncTypes, l.funcType(x))
	}
}

func (l *linker) funcType(x CoreItem) coreType {
	if x.Trampoline != canon.None {
		return l.p.CoreTypes[x.Trampoline]
	}
	m := l.p.Modules[l.p.Instances[x.Instance].Module]
	e, ok := m.Info.Export(x.Name)
	if !ok || e.Type.Func == nil {
		panic(fmt.Sprintf("link: validated core module has no function %q", x.Name))
	}
	return *e.Type.Func
}
