package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/wasmtime"
)

// InstanceConfig configures one instance. The zero value is usable.
type InstanceConfig struct {
	// Memory bounds the memory of the instance in bytes, over all of its memories; 0 means
	// as much as they can address. With several memories each may take its equal share.
	Memory int64
	// ComputeTime bounds for how long the guest may compute without waiting for anything;
	// 0 means no bound. Time slices that others had do not count.
	ComputeTime time.Duration
	// Handles bounds the live handles; 0 means 1,000,000.
	Handles int
	// HostCalls bounds the host functions that run on goroutines at once; more wait until
	// others are over. 0 means 256.
	HostCalls int
	// Ended, if not nil, is called once when the instance has ended and the host functions
	// that it had called have returned. It is called on any goroutine and must not block.
	Ended func()
	// Shared says that calls may come from several callers at any time. Else tasks that wait
	// for nothing but each other are trapped as a deadlock.
	Shared bool
}

const defaultHandles = 1_000_000

// Instance is a running component: all of its component instances, in a store of its own.
// It is safe for concurrent use; its guest code runs on one goroutine at a time.
type Instance struct {
	p    *Program
	cfg  InstanceConfig
	tree *canon.Tree
	core core

	mu    sync.Mutex
	err   error
	ended chan struct{} // closed when the store is gone
}

// Instantiate makes an instance, waiting for room within ctx. ctx is also what the host
// functions get that core modules call while they start.
func (p *Program) Instantiate(ctx context.Context, cfg InstanceConfig) (*Instance, error) {
	if cfg.Handles <= 0 {
		cfg.Handles = defaultHandles
	}
	if err := p.rt.admit.admit(ctx, p.need); err != nil {
		return nil, err
	}
	i := &Instance{p: p, cfg: cfg, ended: make(chan struct{})}
	i.core.i = i
	st, err := p.rt.engine.NewStore(&i.core, wasmtime.StoreConfig{Limits: p.limits(cfg), OffFiberTicks: offFiberTicks})
	if err != nil {
		p.rt.admit.leave(p.need)
		return nil, err
	}
	i.core.st = st
	i.core.funcs = make([]wasmtime.FuncID, len(p.link.Funcs))
	i.tree = canon.NewTree(&i.core, &p.link.Canon, canon.Config{
		Context: ctx, MaxHandles: cfg.Handles, HostCalls: cfg.HostCalls, NoDeadlock: cfg.Shared, Buried: i.bury,
	})
	if !p.rt.add(i) {
		i.cfg.Ended = nil
		i.tree.Kill(ErrClosed)
		return nil, ErrClosed
	}
	i.tree.Do(func(*canon.Tree) { err = i.start() }, nil)
	if err != nil {
		err = trapError(err)
		i.cfg.Ended = nil
		i.tree.Kill(err)
		<-i.ended
		return nil, err
	}
	return i, nil
}

// offFiberTicks bounds guest code that cannot be preempted, such as allocators, to a second.
const offFiberTicks = int(time.Second / canon.Slice)

// limits divides the instance's budget among its memories: the store counts for each.
func (p *Program) limits(cfg InstanceConfig) wasmtime.StoreLimits {
	l := wasmtime.StoreLimits{
		TableElements: uint64(p.rt.cfg.MaxTableElements),
		Instances:     p.need.instances, Tables: p.need.tables, Memories: p.need.memories,
	}
	if cfg.Memory > 0 {
		l.MemoryBytes = uint64(cfg.Memory) / uint64(max(1, p.need.memories))
	}
	return l
}

// start makes the core instances.
func (i *Instance) start() error {
	p := i.p
	i.resources()
	i.core.insts = make([]wasmtime.Instance, 0, len(p.link.Instances))
	memories := p.link.Memories
	for k := range p.link.Instances {
		in := &p.link.Instances[k]
		i.tree.Starting(in.Owner)
		inst, err := i.coreInstance(k)
		i.tree.Started()
		if err != nil {
			return err
		}
		i.core.insts = append(i.core.insts, inst)
		for len(memories) > 0 && memories[0].Instance == k {
			x, err := i.core.extern(memories[0])
			if err == nil {
				_, err = i.core.st.AddMemory(x)
			}
			if err != nil {
				return err
			}
			memories = memories[1:]
		}
	}
	return nil
}

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

// coreInstance makes one core instance: on a fiber if it has a start function, which may run
// for long.
func (i *Instance) coreInstance(k int) (wasmtime.Instance, error) {
	pre := i.p.pres[k]
	m := i.p.modules[i.p.link.Instances[k].Module]
	var imports []wasmtime.Extern
	if pre == nil {
		for _, x := range i.p.link.Instances[k].Imports {
			e, err := i.core.extern(x)
			if err != nil {
				return wasmtime.Instance{}, err
			}
			imports = append(imports, e)
		}
	}
	switch {
	case m.Info().HasStart:
		return i.startOnFiber(pre, m, imports)
	case pre != nil:
		return i.core.st.Instantiate(pre)
	}
	return i.core.st.InstantiateWith(m, imports)
}

func (i *Instance) startOnFiber(pre *wasmtime.InstancePre, m *wasmtime.Module, imports []wasmtime.Extern) (wasmtime.Instance, error) {
	f, err := i.core.st.NewFiber()
	if err != nil {
		return wasmtime.Instance{}, err
	}
	defer f.Close()
	var out wasmtime.Outcome
	if pre != nil {
		out = f.Instantiate(pre)
	} else {
		out = f.InstantiateWith(m, imports)
	}
	for busy := canon.Slice; out == wasmtime.Preempted; busy += canon.Slice {
		if err := i.core.Preempted(busy); err != nil {
			return wasmtime.Instance{}, err
		}
		out = f.Resume()
	}
	if out != wasmtime.Idle {
		return wasmtime.Instance{}, f.Err()
	}
	return f.Instance(), nil
}

// bury is called on the driver when the tree has ended.
func (i *Instance) bury(err error) {
	if e := i.core.st.Close(); e != nil {
		err = fmt.Errorf("%w (and its store cannot be freed: %w)", err, e)
	}
	i.mu.Lock()
	i.err = trapError(err)
	i.mu.Unlock()
	i.p.rt.remove(i)
	i.p.rt.admit.leave(i.p.need)
	close(i.ended)
	if i.cfg.Ended == nil {
		return
	}
	if !i.tree.HasHostCalls() {
		i.cfg.Ended()
		return
	}
	go func() {
		_ = i.tree.Join(context.Background())
		i.cfg.Ended()
	}()
}

func (r *Runtime) add(i *Instance) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.live[i] = struct{}{}
	return true
}

func (r *Runtime) remove(i *Instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.live, i)
}

// Close ends the instance: calls in progress fail with ErrClosed, host functions that run
// are cancelled. It waits, within ctx, until guest code has yielded and those functions have
// returned. Closing twice is harmless.
func (i *Instance) Close(ctx context.Context) error {
	i.tree.Kill(ErrClosed)
	select {
	case <-i.ended:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if i.tree.Load().HostCalls == 0 {
		return nil
	}
	return i.tree.Join(ctx)
}

// Kill ends the instance with err, without waiting.
func (i *Instance) Kill(err error) { i.tree.Kill(err) }

// Ended returns a channel that is closed when the instance has ended: by a trap, a limit,
// Kill or Close.
func (i *Instance) Ended() <-chan struct{} { return i.ended }

// Err returns why the instance has ended, nil while it runs.
func (i *Instance) Err() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.err
}

// Busy reports whether guest code of the instance runs or is about to; else all of its calls
// wait for something.
func (i *Instance) Busy() bool { return i.tree.Driven() }

// Program returns the program of the instance.
func (i *Instance) Program() *Program { return i.p }
