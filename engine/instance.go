package engine

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
)

// InstanceConfig configures one instance. The zero value is usable.
type InstanceConfig struct {
	// Name is what reports of traps and abi.Caller call the component.
	Name string
	// Memory bounds the memory of the instance in bytes, over all of its memories; 0 means
	// as much as they can address. Guests that want more are told that there is none. But a
	// component instance with several memories of its own may take up to twice as much before
	// it is ended, within milliseconds and with a LimitError; with more than two, none of them may
	// then grow beyond an equal share of that. What is there to begin with must fit: else that is
	// the error of Instantiate.
	Memory int64
	// TableElements bounds each table; 0 means Config.MaxTableElements, and it cannot be more.
	TableElements int
	// ComputeTime bounds for how long the guest may compute without waiting for anything;
	// 0 means no bound. Tasks and threads that only wait for each other compute, together. Time
	// slices that others had do not count.
	ComputeTime time.Duration
	// Handles bounds the live handles; 0 means 1,000,000.
	Handles int
	// HostCalls bounds the host functions that run on goroutines at once; more wait until
	// others are over. 0 means 256.
	HostCalls int
	// Tasks bounds the calls of guests, and explicit threads, that have begun or wait to and
	// have not ended; 0 means 4096. A guest that goes beyond is trapped with a CountError; a
	// call from outside is refused with one.
	Tasks int
	// CallDepth bounds how deeply calls between the components of the instance nest, without
	// those that generated code makes, which the guest's stack bounds; 0 means
	// 64, which is the most. A guest that goes beyond is trapped with a CountError.
	CallDepth int
	// Stacks bounds the tasks and explicit threads that are in the middle of their code at
	// once; 0 means 256. Stacks come from the runtime's pool, which all instances share. A
	// guest that goes beyond is trapped with a CountError.
	Stacks int
	// ValueBytes bounds each string and each list that the guest passes to the host, in bytes of
	// the guest's memory without what their elements point to; CallBytes how much memory of the
	// host, in bytes, all values of one call may take. 0 means 128 MiB for either. A guest that
	// passes more is trapped with a SizeError.
	ValueBytes, CallBytes int64
	// Ended, if not nil, is called once when the instance has ended, the host functions that
	// it had called have returned and the readers that it was given are closed. It is called
	// on any goroutine and must not block.
	Ended func()
	// StreamBuffers bounds what the buffers of byte streams between guest and host take, in
	// bytes: 128 KiB for one that the host reads, or up to 512 KiB if much passes through it and
	// half of the bound is free, and 64 KiB for one that the guest reads. 0 means 64 MiB.
	StreamBuffers int64
	// NoWait has Instantiate fail at once with ErrBusy if there is no room, instead of waiting.
	NoWait bool
	// Meter has Usage and Call.CPU measured. That takes about a tenth of the time of a call.
	Meter bool
	// Shared says that calls may come from several callers at any time. Else, if the tasks of
	// the instance wait for nothing but each other and somebody waits for one of them, that is
	// a deadlock, and a trap.
	Shared bool
}

const (
	defaultHandles       = 1_000_000
	defaultStreamBuffers = 64 << 20
)

// Instance is a running component: all of its component instances, in a store of its own.
// It is safe for concurrent use; its guest code runs on one goroutine at a time.
type Instance struct {
	p    *Program
	cfg  InstanceConfig
	tree *canon.Tree
	core *core
	seat seat

	watch *watch // nil if nobody wants to know of its memory

	spare atomic.Pointer[Call] // for Do

	mu    sync.Mutex
	made  bool          // all core instances are there
	up    chan struct{} // closed then; nil if nobody waits for it
	err   error
	ended chan struct{} // closed when the store is gone
}

// Instantiate makes an instance, waiting for room within ctx. ctx is also what the host
// functions get that core modules call while they start; when it ends first, Instantiate
// fails.
func (p *Program) Instantiate(ctx context.Context, cfg InstanceConfig) (*Instance, error) {
	if cfg.Handles <= 0 {
		cfg.Handles = defaultHandles
	}
	if cfg.StreamBuffers <= 0 {
		cfg.StreamBuffers = defaultStreamBuffers
	}
	if err := p.mayHave(&cfg); err != nil {
		return nil, err
	}
	i := &Instance{p: p, cfg: cfg, ended: make(chan struct{})}
	if x := p.spares.take(p.limits(cfg)); x != nil {
		if err := i.revive(ctx, x); err != nil {
			return nil, err
		}
		return i, nil
	}
	if err := p.rt.admitInstance(ctx, p.need, cfg.NoWait); err != nil {
		return nil, err
	}
	var err error
	if i.core, err = newCore(p, p.limits(cfg)); err != nil {
		p.rt.admit.leave(p.need)
		return nil, err
	}
	if err := i.grow(ctx, nil); err != nil {
		return nil, err
	}
	if err := i.make(ctx); err != nil {
		return nil, err
	}
	return i, nil
}

// grow makes the tree on top of the core.
func (i *Instance) grow(ctx context.Context, fibers []canon.Fiber) error {
	i.core.i, i.seat = i, seat{core: i.core, i: i}
	cfg := canon.Config{
		Name: i.cfg.Name, Context: ctx, MaxHandles: i.cfg.Handles, HostCalls: i.cfg.HostCalls, NoDeadlock: i.cfg.Shared,
		Tasks: i.cfg.Tasks, CallDepth: i.cfg.CallDepth, Stacks: i.cfg.Stacks,
		ValueBytes: i.cfg.ValueBytes, CallBytes: i.cfg.CallBytes,
		StreamBuffers: i.cfg.StreamBuffers, Fibers: fibers, Buried: i.bury,
	}
	if i.cfg.Meter {
		cfg.Clock = i.p.rt.clock.Now
	}
	if i.cfg.Meter || i.cfg.Memory > 0 && len(i.p.memories.all) > 1 {
		i.watch = newWatch(i)
		cfg.Watch = i.watch
	}
	i.tree = canon.NewTree(&i.seat, &i.p.link.Canon, cfg)
	if !i.p.rt.add(i) {
		i.tree.Kill(ErrClosed)
		return ErrClosed
	}
	return nil
}

// offFiberTicks bounds guest code that cannot be preempted, such as allocators, to a second.
const offFiberTicks = int(time.Second / canon.Slice)

// bury is called on the driver when the tree has ended.
func (i *Instance) bury(err error, inOrder bool, fibers []canon.Fiber) {
	i.mu.Lock()
	made := i.made
	i.mu.Unlock()
	if i.watch != nil {
		i.watch.end()
	}
	if !made || !inOrder || !i.p.spares.keep(i.core, fibers) {
		if e := i.core.close(fibers); e != nil {
			err = fmt.Errorf("%w (and its store cannot be freed: %w)", err, e)
		}
		i.p.rt.admit.leave(i.p.need)
	}
	i.mu.Lock()
	i.err = i.trapError(err)
	i.mu.Unlock()
	i.p.rt.remove(i)
	close(i.ended)
	if i.cfg.Ended == nil || !made {
		return
	}
	if !i.tree.Working() {
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
// are cancelled. It waits, within ctx, until guest code has yielded, those functions have
// returned and the readers that the guest was given are closed. Closing twice is harmless.
func (i *Instance) Close(ctx context.Context) error {
	i.tree.Kill(ErrClosed)
	select {
	case <-i.ended:
	case <-ctx.Done():
		return context.Cause(ctx)
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

// Locals returns what host interfaces keep for the instance, as they find it with abi.LocalsOf.
func (i *Instance) Locals() *abi.Locals { return i.tree.Locals() }

// Program returns the program of the instance.
func (i *Instance) Program() *Program { return i.p }
