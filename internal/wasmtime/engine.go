package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Config says how an engine compiles and what its guests may take. The zero
// value is usable.
type Config struct {
	// Pool sets room for guests aside in advance, which makes instantiation
	// several times faster; nil allocates for each instance.
	Pool *Pool

	// MaxWasmStack is how many bytes of stack a guest may use; 0 is 512 KiB.
	// AsyncStack is the size of a fiber's stack: what host functions written in C
	// and wasmtime itself need comes on top of MaxWasmStack; 0 is MaxWasmStack
	// and another 512 KiB.
	MaxWasmStack, AsyncStack int

	// MaxCompileJobs is how many modules are compiled at once; 0 is 1. One job
	// uses all processors already.
	MaxCompileJobs int

	// MaxCode is how many bytes of code a module may have, MaxFunctions how many
	// functions; 0 is 128 MiB and 500,000. The compiler can be neither
	// interrupted nor bounded, so this stands before it.
	MaxCode, MaxFunctions int

	// Proposals beyond what released toolchains need by default. With Exceptions
	// or GC set, host calls of fibers are recorded and not hopped to the thread's
	// stack; see the package documentation.
	Exceptions, GC, Memory64, Threads bool
}

const (
	defaultWasmStack = 512 << 10
	hostStack        = 512 << 10 // of a fiber, beside the guest's
	minHostStack     = 256 << 10
	maxTableMin      = 10_000_000 // elements of a table at its start
)

// Engine compiles modules and makes stores. It is safe for concurrent use. One
// in a process is enough, and better: each pool takes much address space.
type Engine struct {
	refs
	c       *C.wasm_engine_t
	hosts   *C.wasmtime_linker_t // host functions of InstantiateWith
	private C.spin_private       // what fibers need
	cfg     Config
	small   bool // memories may move
	noPool  error
	compile chan struct{}

	stackRoom atomic.Int64 // stacks that are left in the pool

	stores, fibers atomic.Int64 // live ones

	hostMu   sync.RWMutex // also for the hosts linker itself
	hostDefs map[hostKey][]*hostDef
	nextHost uint32
}

// NewEngine makes an engine. A pool that the address space, or the number of
// mappings that the system allows, has no room for is left out: Pooled tells.
func NewEngine(cfg Config) (*Engine, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, compile: make(chan struct{}, cfg.MaxCompileJobs), hostDefs: map[hostKey][]*hostDef{}}
	c := C.spin_config{
		max_wasm_stack: C.uint64_t(cfg.MaxWasmStack), async_stack: C.uint64_t(cfg.AsyncStack),
		exceptions: C.bool(cfg.Exceptions), gc: C.bool(cfg.GC), memory64: C.bool(cfg.Memory64), threads: C.bool(cfg.Threads),
	}
	if cfg.Pool != nil {
		if e.noPool = cfg.Pool.fits(cfg.AsyncStack); e.noPool == nil {
			cfg.Pool.fill(&c)
			e.stackRoom.Store(int64(cfg.Pool.Stacks))
		}
	}
	if !c.pooled {
		e.small = !bool(C.spin_can_map(memoryReservation+memoryGuard+pageSlack, false))
		c.small = C.bool(e.small)
	}
	e.c = C.spin_engine_new(&c)
	e.hosts = C.wasmtime_linker_new(e.c)
	e.init(func() {
		C.wasmtime_linker_delete(e.hosts)
		C.spin_private_delete(&e.private)
		C.wasm_engine_delete(e.c)
	})
	if er := C.spin_private_new(e.c, &e.private); er != nil {
		e.Close()
		return nil, fmt.Errorf("wasmtime: what fibers need: %w", takeError(er))
	}
	return e, nil
}

// complete fills in defaults and refuses what wasmtime would abort on.
func (c *Config) complete() error {
	if c.MaxWasmStack == 0 {
		c.MaxWasmStack = defaultWasmStack
	}
	if c.AsyncStack == 0 {
		c.AsyncStack = c.MaxWasmStack + hostStack
	}
	for _, f := range []struct {
		p    *int
		dflt int
	}{{&c.MaxCompileJobs, 1}, {&c.MaxCode, 128 << 20}, {&c.MaxFunctions, 500_000}} {
		if *f.p == 0 {
			*f.p = f.dflt
		}
	}
	switch {
	case c.MaxWasmStack < 16<<10 || c.MaxWasmStack > 64<<20:
		return fmt.Errorf("wasmtime: MaxWasmStack of %d bytes is not between 16 KiB and 64 MiB", c.MaxWasmStack)
	case c.AsyncStack < c.MaxWasmStack+minHostStack || c.AsyncStack > 128<<20:
		return fmt.Errorf("wasmtime: AsyncStack of %d bytes is not between MaxWasmStack + 256 KiB and 128 MiB", c.AsyncStack)
	case c.MaxCompileJobs < 0 || c.MaxCompileJobs > 1024:
		return fmt.Errorf("wasmtime: MaxCompileJobs is %d", c.MaxCompileJobs)
	case c.MaxCode < 0 || c.MaxFunctions < 0:
		return fmt.Errorf("wasmtime: MaxCode or MaxFunctions is negative")
	}
	if c.Pool == nil {
		return nil
	}
	p := *c.Pool // the caller keeps his
	c.Pool = &p
	return p.complete(c.Memory64)
}

// Pooled reports whether the engine has its pool.
func (e *Engine) Pooled() bool { return e.cfg.Pool != nil && e.noPool == nil }

// PoolError says why the engine has no pool although Config asked for one; nil otherwise.
func (e *Engine) PoolError() error { return e.noPool }

// Live is how many stores and fibers of the engine have not been closed.
func (e *Engine) Live() (stores, fibers int) {
	return int(e.stores.Load()), int(e.fibers.Load())
}

// IncrementEpoch makes running guests yield, or those that cannot come nearer
// to their end. After Close it does nothing.
func (e *Engine) IncrementEpoch() {
	if e.acquire() {
		C.wasmtime_engine_increment_epoch(e.c)
		e.release()
	}
}

// Close gives the engine up. Its memory is freed once its modules and stores
// have been closed too.
func (e *Engine) Close() { e.close() }

// Fingerprint names the engine's compiler and every setting that changes what it
// makes of a module.
func (e *Engine) Fingerprint() string {
	return fmt.Sprintf("wasmtime %s %s/%s epoch exceptions=%t gc=%t memory64=%t threads=%t small=%t reservation=%d",
		C.WT_VERSION, runtime.GOOS, runtime.GOARCH, e.cfg.Exceptions, e.cfg.GC, e.cfg.Memory64, e.cfg.Threads, e.small, e.reservation())
}

// maxMemory is how large a memory may be, in bytes, if its store has no other bound.
func (e *Engine) maxMemory() uint64 {
	if e.cfg.Pool == nil {
		return memoryReservation
	}
	return max(memoryReservation, e.cfg.Pool.MaxMemory)
}

// reservation is the address space of each memory, in bytes.
func (e *Engine) reservation() uint64 {
	if !e.Pooled() {
		return memoryReservation
	}
	return e.maxMemory()
}

// turn waits for a place among the compilations.
func (e *Engine) turn(ctx context.Context) (done func(), err error) {
	select {
	case e.compile <- struct{}{}:
		return func() { <-e.compile }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wasmtime: waiting to compile: %w", context.Cause(ctx))
	}
}
