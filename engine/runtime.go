package engine

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/spinhost/spin/internal/ticks"
	"github.com/spinhost/spin/internal/wasmtime"
)

// Config configures a Runtime. The zero value is usable.
type Config struct {
	// Instances is how many instances the pool has room for; 0 means 1000. An instance of a
	// component takes as many memories and tables as its core modules have.
	Instances int
	// Running is how many instances run guest code at once; 0 means twice GOMAXPROCS. More
	// instances may wait for something; those do not count.
	Running int
	// CacheDir is where compiled code is kept, to be loaded instead of compiled by this and
	// other processes. It is made, for its owner alone, if it does not exist. "" turns the
	// cache off. Who can write to the directory can run code in the processes that use it.
	CacheDir string
	// OnCacheError is told what went wrong with the cache. Nothing fails because of it.
	OnCacheError func(error)
	// MaxTableElements bounds each table; 0 means 100,000.
	MaxTableElements int
	// MaxStack bounds the stack of a guest's core code, in bytes; 0 means 512 KiB.
	MaxStack int
	// Compilations is how many core modules are compiled at once; 0 means 1. One keeps all
	// processors busy already.
	Compilations int
	// MaxMemory bounds each memory, in bytes; 0 means 4 GiB. It may be more, up to 64 GiB, for
	// the sake of 64-bit memories if Features allow them; each memory of the pool then takes as
	// much address space.
	MaxMemory int64
	// Features are those that core code may use.
	Features Features
	// Reclaim, if not nil, is called when there is no room for an instance. It may end one that
	// does nothing, and reports whether it has; it is called again until there is room or it has
	// not. It may be called from several goroutines at once, those that make instances.
	Reclaim func() bool
}

// Runtime compiles components and runs their instances. It owns the machine code, the pool
// of memories and stacks, and the clock that makes guests yield. One in a process is enough,
// and better: a pool takes much address space. It is safe for concurrent use.
type Runtime struct {
	engine *wasmtime.Engine
	cache  wasmtime.Cache
	sched  *scheduler
	admit  admission
	cfg    Config
	clock  *ticks.Clock

	mu       sync.Mutex
	live     map[*Instance]struct{}
	programs map[*Program]struct{} // those with spares
	closed   bool

	pagemap *wasmtime.Pagemap // nil if the system has none
}

const defaultInstances = 1000

// NewRuntime makes a runtime, which the caller must close. Where the address space is too
// small for a pool it works without one, more slowly; see Pooled.
func NewRuntime(cfg Config) (*Runtime, error) {
	if cfg.Instances <= 0 {
		cfg.Instances = defaultInstances
	}
	if cfg.Running <= 0 {
		cfg.Running = 2 * runtime.GOMAXPROCS(0)
	}
	if cfg.MaxTableElements <= 0 {
		cfg.MaxTableElements = 100_000
	}
	if cfg.MaxStack <= 0 {
		cfg.MaxStack = 512 << 10
	}
	room := need{memories: 2 * cfg.Instances, tables: 4 * cfg.Instances, instances: 4 * cfg.Instances, stacks: cfg.Instances}
	f := cfg.Features
	e, err := wasmtime.NewEngine(wasmtime.Config{Memory64: f.Memory64, Exceptions: f.Exceptions, GC: f.GC, MaxWasmStack: cfg.MaxStack, MaxCompileJobs: max(0, cfg.Compilations), Pool: &wasmtime.Pool{
		Memories: room.memories, Tables: room.tables, CoreInstances: room.instances, Stacks: 2 * room.stacks,
		TableElements: uint64(cfg.MaxTableElements), MaxMemory: uint64(cfg.MaxMemory),
		KeepResident: 0, TableKeepResident: 64 << 10, StackKeepResident: 16 << 10,
	}})
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	pagemap, _ := wasmtime.OpenPagemap() // without it instances are made anew
	return &Runtime{
		engine: e, cfg: cfg, clock: ticks.New(), live: map[*Instance]struct{}{}, programs: map[*Program]struct{}{}, pagemap: pagemap,
		cache: wasmtime.Cache{Dir: cfg.CacheDir, OnError: cfg.OnCacheError},
		sched: newScheduler(cfg.Running, e.IncrementEpoch),
		admit: admission{room: room, max: 8 * cfg.Instances, reclaim: cfg.Reclaim},
	}, nil
}

// Close ends all instances and frees what the runtime holds. It waits, within ctx, for guests
// that run to yield and for the host functions that they had called. Programs made by the
// runtime can no longer be instantiated. Closing twice is harmless.
func (r *Runtime) Close(ctx context.Context) error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	live := make([]*Instance, 0, len(r.live))
	for i := range r.live {
		live = append(live, i)
	}
	r.mu.Unlock()
	var first error
	for _, i := range live {
		if err := i.Close(ctx); err != nil && first == nil {
			first = err
		}
	}
	r.dropSpares(true)
	r.sched.close()
	r.engine.Close()
	if r.pagemap != nil {
		_ = r.pagemap.Close()
	}
	return first
}

// Crowded reports whether somebody waits for room for an instance. Who keeps instances that do
// nothing had better end them then, as [Config.Reclaim] does with those there are. It is cheap.
func (r *Runtime) Crowded() bool { return r.admit.contended() }

// Stats are counts of what is live in a runtime.
type Stats struct {
	Instances int // with their stores
	// The following are as of when each instance last had nothing to do.
	Fibers    int // stacks of guests
	Handles   int // entries of handle tables
	HostCalls int // host functions that run on goroutines
}

// Stats returns what is live now, in all programs. It is cheap.
func (r *Runtime) Stats() Stats { return r.stats(nil) }

// Stats returns what is live now of the program's instances.
func (p *Program) Stats() Stats { return p.rt.stats(p) }

// stats counts what is live of a program, or of all if that is nil.
func (r *Runtime) stats(p *Program) Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	var s Stats
	for i := range r.live {
		if p != nil && i.p != p {
			continue
		}
		s.Instances++
		l := i.tree.Load()
		s.Fibers += l.Fibers
		s.Handles += l.Handles
		s.HostCalls += l.HostCalls
	}
	return s
}

// Kill ends all instances of the program with err, without waiting: calls in progress fail
// with it.
func (p *Program) Kill(err error) {
	p.rt.mu.Lock()
	var list []*Instance
	for i := range p.rt.live {
		if i.p == p {
			list = append(list, i)
		}
	}
	p.rt.mu.Unlock()
	for _, i := range list {
		i.Kill(err)
	}
}

// Pooled reports whether instances come from a pool; if not, err says why.
func (r *Runtime) Pooled() (ok bool, err error) { return r.engine.Pooled(), r.engine.PoolError() }
