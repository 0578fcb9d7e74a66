package engine

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/wasmtime"
)

// making is the work of making the core instances. It goes on by itself on the driver when a
// start function was cut short.
type making struct {
	i        *Instance
	memories []link.CoreItem // not registered yet
	unwatch  func() bool     // of the context; set once a start function runs
	ctx      context.Context
}

// make makes the core instances, running guest code on this goroutine unless it waits for
// something, and waits until all are there. If that fails the instance has ended.
func (i *Instance) make(ctx context.Context) error {
	m := &making{i: i, ctx: ctx}
	i.tree.Do(m.begin)
	if i.isMade() {
		return nil
	}
	<-i.ended
	_ = i.tree.Join(ctx)
	return i.Err()
}

// isMade waits until the core instances are there, or the instance has ended.
func (i *Instance) isMade() bool {
	i.mu.Lock()
	if !i.made && i.up == nil {
		i.up = make(chan struct{})
	}
	up := i.up
	i.mu.Unlock()
	if up == nil {
		return true
	}
	select {
	case <-up:
		return true
	case <-i.ended:
		return false
	}
}

// begin starts the work, on the driver.
func (m *making) begin(*canon.Tree) {
	i, p := m.i, m.i.p
	i.resources()
	i.core.insts = make([]wasmtime.Instance, 0, len(p.link.Instances))
	m.memories = p.link.Memories
	m.next()
}

// next makes core instances until all are there or a start function is cut short.
func (m *making) next() {
	i := m.i
	for k := len(i.core.insts); k < len(i.p.link.Instances); k++ {
		if i.p.moduleOf(k).Info().HasStart {
			if !m.onFiber(k) {
				return
			}
			continue
		}
		m.makeRoom()
		inst, err := i.coreInstance(k)
		if err == nil {
			err = m.add(inst)
		}
		if err != nil {
			i.tree.Kill(err)
			return
		}
	}
	m.end()
}

// end tells whoever waits that all core instances are there, unless the caller has given up.
func (m *making) end() {
	if m.unwatch != nil && !m.unwatch() {
		return
	}
	i := m.i
	if err := m.addHidden(); err != nil {
		i.tree.Kill(err)
		return
	}
	if err := i.p.spares.register(i.core); err != nil {
		i.tree.Kill(err)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err != nil {
		return
	}
	if i.made = true; i.up != nil {
		close(i.up)
	}
}

// makeRoom lets the next core instance have what is left of the memory.
func (m *making) makeRoom() {
	if w := m.i.watch; w != nil {
		w.room()
	}
}

// add notes a core instance and registers its memories.
func (m *making) add(inst wasmtime.Instance) error {
	c := m.i.core
	k := len(c.insts)
	c.insts = append(c.insts, inst)
	for len(m.memories) > 0 && m.memories[0].Instance == k {
		x, err := c.extern(m.memories[0])
		if err == nil {
			var n int
			if n, err = c.st.AddMemory(x); err == nil && int32(n) == c.p.link.Control {
				m.i.shareFlags()
			}
		}
		if err != nil {
			return err
		}
		m.memories = m.memories[1:]
	}
	if w := m.i.watch; w != nil {
		return w.hide(k)
	}
	return nil
}

// addHidden registers the memories that no canonical option names.
func (m *making) addHidden() error {
	c := m.i.core
	for _, x := range m.i.p.memories.hidden {
		e, err := c.extern(x)
		if err == nil {
			_, err = c.st.AddMemory(e)
		}
		if err != nil {
			return err
		}
	}
	if w := m.i.watch; w != nil {
		w.made()
	}
	return nil
}

// shareFlags has the tree keep its flags where adapters look at them. Who wants to know whose
// code runs, be it for what it takes or for what it may still take, has all calls made by the
// engine.
func (i *Instance) shareFlags() {
	mem := i.core.Memory(i.p.link.Control)
	i.tree.UseFlags(mem)
	mem[adapter.ByEngine] = 0
	if i.watch != nil {
		mem[adapter.ByEngine] = 1
	}
}

// onFiber makes a core instance whose start function may run for long. It reports whether it
// is there; if it is not, the work goes on when it is.
func (m *making) onFiber(k int) bool {
	i := m.i
	if m.unwatch == nil {
		m.unwatch = context.AfterFunc(m.ctx, func() { i.Kill(context.Cause(m.ctx)) })
	}
	imports, err := i.imports(k)
	if err != nil {
		i.tree.Kill(err)
		return false
	}
	var f *fiber
	m.makeRoom()
	begin := func(x canon.Fiber) canon.Outcome {
		f = x.(*fiber)
		if pre := i.p.pres[k]; pre != nil {
			return outcome(f.f.Instantiate(pre))
		}
		return outcome(f.f.InstantiateWith(i.p.moduleOf(k), imports))
	}
	over := func() bool {
		err := m.add(f.f.Instance())
		if err != nil {
			i.tree.Kill(err)
		}
		return err == nil
	}
	returned := i.tree.RunStart(i.p.link.Instances[k].Owner, begin, func() {
		if over() {
			m.next()
		}
	})
	return returned && over()
}

// coreInstance makes a core instance that has no start function.
func (i *Instance) coreInstance(k int) (wasmtime.Instance, error) {
	if pre := i.p.pres[k]; pre != nil {
		return i.core.st.Instantiate(pre)
	}
	imports, err := i.imports(k)
	if err != nil {
		return wasmtime.Instance{}, err
	}
	return i.core.st.InstantiateWith(i.p.moduleOf(k), imports)
}

// imports finds what core instance k imports, if it was not linked in advance.
func (i *Instance) imports(k int) ([]wasmtime.Extern, error) {
	if i.p.pres[k] != nil {
		return nil, nil
	}
	var imports []wasmtime.Extern
	for _, x := range i.p.link.Instances[k].Imports {
		e, err := i.core.extern(x)
		if err != nil {
			return nil, err
		}
		imports = append(imports, e)
	}
	return imports, nil
}

// moduleOf returns the module of core instance k.
func (p *Program) moduleOf(k int) *wasmtime.Module { return p.modules[p.link.Instances[k].Module] }

// resources makes the resource types that the component defines itself.
func (i *Instance) resources() {
	if len(i.p.link.Resources) == 0 {
		return
	}
	res := append([]*abi.ResourceType(nil), i.p.link.Canon.Resources...)
	for _, g := range i.p.link.Resources {
		rt := &abi.ResourceType{Name: g.Name, Guest: i.tree.Instance(g.Instance)}
		if g.Dtor != nil {
			rt.Dtor = g.Dtor
		}
		res[g.Index] = rt
	}
	i.tree.SetResources(res)
}
