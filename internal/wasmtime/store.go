package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// StoreLimits bound what the guests of a store may allocate. A guest that asks
// for more gets -1 from memory.grow and table.grow, and instantiation fails.
type StoreLimits struct {
	MemoryBytes                 uint64 // of each memory; 0 is 4 GiB, or the engine's Pool.MaxMemory if that is more
	TableElements               uint64 // of each table; 0 is 10,000,000
	Instances, Tables, Memories int    // in the store; 0 is 10,000
}

// StoreConfig says what the guests of a store may do.
type StoreConfig struct {
	Limits StoreLimits

	// OffFiberTicks is how many ticks of the epoch one call on the thread's own
	// stack may see (Call, Instantiate) before it is trapped, since it cannot be
	// preempted; 0 is 1000.
	OffFiberTicks int

	// NoCollector says that no guest of the store has anything to do with wasmtime's
	// collector, so that the store need not be strict whatever the engine's Config
	// is. Modules that have (corewasm.Module.Collected) are refused with ErrCollected.
	NoCollector bool
}

// Store holds the guests of one tree of instances. One goroutine at a time may
// use it, on any thread, and another may take over between two calls; what a
// second one does meanwhile is refused with ErrBusy where it would run a guest.
type Store struct {
	e       *Engine
	c       *C.spin_store
	host    Host
	id      uint32
	args    Slots
	blocks  []Block
	views   [][]byte // of the registered memories
	written written  // of their pages
	funcs   []funcType

	tableFuncs map[uintptr]FuncID // by wasmtime's address
	typedRefs  bool               // a module has function types with unusual references

	limits     StoreLimits
	fibers     []*Fiber // by the index that C knows; nil where one was closed
	freeFibers []uint32
	live       int  // open fibers
	fibersUsed bool // C has been prepared for fibers
	spareStack bool // wasmtime keeps the stack of a closed fiber

	strict      bool   // see strict.go
	noCollector bool   // of the StoreConfig
	inside      *Fiber // of a strict store: the one with guests on its stack

	cause  error // of the Trap answer that is being given
	dead   error // how a guest of the store trapped
	lost   bool  // a host function called Goexit
	closed bool
}

type funcType struct{ params, results uint8 }

// NewStore makes a store whose host calls h serves.
func (e *Engine) NewStore(h Host, cfg StoreConfig) (*Store, error) {
	l := cfg.Limits
	for _, f := range []struct {
		p         *uint64
		dflt, max uint64
	}{{&l.MemoryBytes, e.maxMemory(), 1 << 48}, {&l.TableElements, maxTableMin, maxTableMin}} {
		if *f.p == 0 || *f.p > f.max {
			*f.p = f.dflt
		}
	}
	for _, p := range []*int{&l.Instances, &l.Tables, &l.Memories} {
		if *p <= 0 {
			*p = 10_000
		}
	}
	if cfg.OffFiberTicks <= 0 {
		cfg.OffFiberTicks = 1000
	}
	if !e.acquire() {
		return nil, ErrClosed
	}
	s := &Store{e: e, host: h}
	var ok bool
	if s.id, ok = stores.add(s); !ok {
		e.release()
		return nil, fmt.Errorf("wasmtime: too many stores")
	}
	if s.c = C.spin_store_new(e.c, C.uint32_t(s.id)); s.c == nil {
		stores.remove(s.id)
		e.release()
		return nil, ErrNoMemory
	}
	s.limits = l
	s.limit()
	s.strict = (e.cfg.GC || e.cfg.Exceptions) && !cfg.NoCollector
	s.noCollector = cfg.NoCollector
	s.c.record = C.bool(s.strict)
	s.c.moving = C.bool(e.small)
	s.c.max_ticks = C.uint32_t(min(cfg.OffFiberTicks, 1<<30))
	s.c.guest_reserve = C.int64_t(C.SPIN_RESERVE + e.cfg.MaxWasmStack)
	s.args = slotsAt(&s.c.args[0], MaxSlots)
	s.blocks = unsafe.Slice((*Block)(unsafe.Pointer(&s.c.blocks[0])), C.SPIN_BLOCKS)
	e.stores.Add(1)
	return s, nil
}

func (s *Store) limit() {
	l := s.limits
	C.wasmtime_store_limiter(s.c.st, C.int64_t(l.MemoryBytes), C.int64_t(l.TableElements),
		C.int64_t(l.Instances), C.int64_t(l.Tables), C.int64_t(l.Memories))
}

// Close frees the store and all that is in it. It fails while a fiber of the
// store is open or a guest of it runs, and on a lost store. Closing twice does nothing.
func (s *Store) Close() error {
	switch {
	case s.closed:
		return nil
	case s.lost:
		return ErrLost
	case s.live > 0:
		return fmt.Errorf("%w: %d fibers of the store are open", ErrBusy, s.live)
	case s.c.depth > 0:
		return ErrBusy
	}
	s.closed = true
	stores.remove(s.id)
	C.spin_store_delete(s.c)
	s.c, s.args, s.blocks, s.views = nil, nil, nil, nil
	if s.spareStack {
		s.e.stackRoom.Add(1)
	}
	s.e.stores.Add(-1)
	s.e.release()
	return nil
}

// LimitMemory changes the limit of each memory; those that are larger cannot grow.
func (s *Store) LimitMemory(bytes uint64) {
	if bytes = min(bytes, 1<<48); !s.closed && bytes != s.limits.MemoryBytes {
		s.limits.MemoryBytes = bytes
		s.limit()
	}
}

// Watch says whether MemorySize is to be right whenever a fiber has run, not only after
// MemoryBytes.
func (s *Store) Watch(on bool) {
	if !s.closed {
		s.c.sized = C.bool(on)
	}
}

// MemorySize is how large a registered memory was when that was last looked at, in bytes; 0 if
// there is none of that number.
func (s *Store) MemorySize(i int) uint64 {
	if s.closed || uint(i) >= uint(s.c.nmemories) {
		return 0
	}
	return uint64(unsafe.Slice(s.c.memories, int(s.c.nmemories))[i].len)
}

// SizeOf is how large a memory of the store is, in bytes, be it registered or not; 0 if x is no
// memory of the store.
func (s *Store) SizeOf(x Extern) uint64 {
	if s.own(x, corewasm.Memory) != nil || x.typ.Memory.Shared {
		return 0
	}
	m := *(*C.wasmtime_memory_t)(unsafe.Pointer(&x.c.of))
	return uint64(C.wasmtime_memory_data_size(s.c.ctx, &m))
}

// usable says why no guest may run.
func (s *Store) usable() error {
	switch {
	case s.closed:
		return ErrClosed
	case s.lost:
		return ErrLost
	case s.dead != nil:
		return fmt.Errorf("%w: %w", ErrDead, s.dead)
	}
	return nil
}

// Fail sets the cause of the Trap answer that is being given: call it just
// before a HostCall returns Trap, or before Fiber.Answer(Trap).
func (s *Store) Fail(err error) { s.cause = err }

func (s *Store) takeCause() error {
	err := s.cause
	s.cause = nil
	return err
}

// Dead says how a guest of the store trapped, nil if none has.
func (s *Store) Dead() error { return s.dead }

// AddMemory registers a memory. Numbers count up from 0 in each store.
func (s *Store) AddMemory(x Extern) (int, error) {
	if err := s.own(x, corewasm.Memory); err != nil {
		return 0, err
	}
	if x.typ.Memory.Shared {
		return 0, fmt.Errorf("wasmtime: shared memories cannot be registered")
	}
	n := len(s.views)
	if n >= 1<<16 {
		return 0, fmt.Errorf("wasmtime: too many memories")
	}
	m := *(*C.wasmtime_memory_t)(unsafe.Pointer(&x.c.of))
	if !C.spin_add_memory(s.c, &m) {
		return 0, ErrNoMemory
	}
	if x.typ.Memory.Is64 { // may be larger than what is reserved for one
		s.c.moving = true
	}
	s.views = append(s.views, nil)
	s.renew()
	return n, nil
}

// Memory views the bytes of a registered memory; nil if there is none of that
// number. A view ends when a guest of the store runs again: with a small address
// space it may point to memory that has moved. It may lack what the memory has
// grown by since it was last renewed.
func (s *Store) Memory(i int) []byte {
	if uint(i) >= uint(len(s.views)) {
		return nil
	}
	if s.c.moving {
		s.renew()
	}
	return s.views[i]
}

// Renew is Memory with all bytes that the memory has at present.
func (s *Store) Renew(i int) []byte {
	if uint(i) >= uint(len(s.views)) {
		return nil
	}
	s.renew()
	return s.views[i]
}

func (s *Store) renew() {
	C.spin_refresh(s.c)
	for i, m := range unsafe.Slice(s.c.memories, len(s.views)) {
		s.views[i] = unsafe.Slice((*byte)(m.base), int(m.len))
	}
}

// MemoryBytes is the size of all registered memories.
func (s *Store) MemoryBytes() (n uint64) {
	if len(s.views) > 0 {
		s.renew()
	}
	for _, v := range s.views {
		n += uint64(len(v))
	}
	return n
}

// FuncID is the number of a registered function of a store.
type FuncID uint32

const maxFuncs = 1 << 24

// AddFunc registers a function so that it can be called. Its parameters and
// results must be numbers, at most MaxSlots of each.
func (s *Store) AddFunc(x Extern) (FuncID, error) {
	if x.host != nil {
		return 0, fmt.Errorf("wasmtime: only functions of instances can be registered")
	}
	if err := s.own(x, corewasm.Func); err != nil {
		return 0, err
	}
	t := x.typ.Func
	if !t.Numeric() || t.Slots() > MaxSlots {
		return 0, fmt.Errorf("wasmtime: a function %v cannot be registered: at most %d numbers are supported", t, MaxSlots)
	}
	if len(s.funcs) >= maxFuncs {
		return 0, fmt.Errorf("wasmtime: too many functions")
	}
	f := *(*C.wasmtime_func_t)(unsafe.Pointer(&x.c.of))
	if !C.spin_add_func(s.c, &f) {
		return 0, ErrNoMemory
	}
	s.funcs = append(s.funcs, funcType{uint8(len(t.Params)), uint8(len(t.Results))})
	return FuncID(len(s.funcs) - 1), nil
}

// own checks that x is an item of the store and of a kind.
func (s *Store) own(x Extern, k corewasm.Kind) error {
	switch {
	case s.closed:
		return ErrClosed
	case x.typ == nil || x.store != s:
		return ErrForeign
	case x.typ.Kind != k:
		return fmt.Errorf("wasmtime: %v is no %v", x.typ, k)
	}
	return nil
}
