package abi

import "context"

// Options are the canonical options that bind a function to core items of its instance.
// Memory and Realloc are numbers that the engine gave out; -1 means absent.
type Options struct {
	Memory, Realloc int32
	Encoding        Encoding
	Memory64        bool // the memory's addresses have 64 bits
}

const noMemory = -1

// Env is what a Guest needs of the component instance behind it. The engine implements it.
type Env interface {
	// Memory returns a view of memory m, valid until guest code runs. It may lack the end, by
	// which the memory has grown of late: that is what Renew is for.
	Memory(m int32) []byte
	// Renew returns the view of all that memory m has at present.
	Renew(m int32) []byte
	// Realloc calls the guest's allocator (Canonical ABI, LiftLowerContext.reallocate).
	Realloc(fn int32, old, oldSize, align, newSize uint32) (uint32, error)
	// Handles returns the handle table of the instance.
	Handles() *Table
	// LiftEnd removes the readable end i of a stream or future and returns what is behind it.
	LiftEnd(i uint32, r *Ref) (End, error)
	// LowerEnd adds a readable end that s feeds, once it has bound s to the end's Waker.
	LowerEnd(r *Ref, refs []Ref, s Source) (uint32, error)
	// Forward adds a readable end for e, which LiftEnd returned.
	Forward(e End) (uint32, error)
}

// DefaultBudget bounds the host memory, in bytes, that the values of one call may take, if
// the engine sets no other bound.
const DefaultBudget = 256 << 20

// Guest is one guest's side of a call: its memory, its allocator, its handle table. Values
// are lifted from it and lowered into it.
//
// A rule that the guest breaks is remembered: the first failure sticks, later operations
// return zero values, and the caller looks at Err once. A Guest belongs to the driver of
// its tree and is valid only during the call for which it was made.
type Guest struct {
	mem     []byte
	env     Env
	refs    []Ref
	lenders *Lenders
	scope   *Scope
	ctx     context.Context
	err     error
	budget  int // what is left of whole
	whole   int
	longest uint32 // list or string, in bytes
	opts    Options
	blocks  []Block // allocated and not used yet
}

// Reset binds g to a call: the engine's part.
func (g *Guest) Reset(env Env, opts Options, refs []Ref, lenders *Lenders, scope *Scope) {
	g.env, g.refs, g.lenders, g.scope = env, refs, lenders, scope
	g.opts, g.budget, g.whole, g.longest = opts, DefaultBudget, DefaultBudget, MaxListBytes
	g.mem, g.err, g.ctx, g.blocks = nil, nil, nil, nil
	if opts.Memory != noMemory {
		g.mem = env.Memory(opts.Memory)
	}
}

// Bound sets how long, in bytes, each string and list may be and how much host memory all
// values of the call may take: the engine's part.
func (g *Guest) Bound(value uint32, call int) { g.longest, g.budget, g.whole = value, call, call }

// Refresh renews the view of the memory after guest code may have run.
func (g *Guest) Refresh() {
	if g.opts.Memory != noMemory {
		g.mem = g.env.Memory(g.opts.Memory)
	}
}

// SetContext binds g to the context of whom it serves: the engine's part.
func (g *Guest) SetContext(ctx context.Context) { g.ctx = ctx }

// Context returns the context of the task that makes the call, or that the call has made. It
// carries the values of the context with which the host has called the guest, also through
// calls between component instances. It is nil outside of calls.
func (g *Guest) Context() context.Context { return g.ctx }

// within binds g to ctx if it is not bound: elements of streams and futures are lifted and
// lowered after the call that has made them.
func (g *Guest) within(ctx context.Context) {
	if g.ctx == nil {
		g.ctx = ctx
	}
}

// Env returns the instance behind g.
func (g *Guest) Env() Env { return g.env }

// Refs returns the identities that ref numbers stand for.
func (g *Guest) Refs() []Ref { return g.refs }

// Err returns the first failure.
func (g *Guest) Err() error { return g.err }

// Failed reports whether there was a failure.
func (g *Guest) Failed() bool { return g.err != nil }

// Fail records a failure that will trap the guest.
func (g *Guest) Fail(err error) {
	if g.err == nil {
		g.err = err
	}
}

// Trapf records a broken rule.
func (g *Guest) Trapf(format string, args ...any) { g.Fail(Trapf(format, args...)) }

// Check reports whether size bytes at ptr, aligned to align, lie in the guest's memory; if
// not, it fails.
func (g *Guest) Check(ptr, size, align uint32) bool {
	return g.CheckAddr(uint64(ptr), uint64(size), align)
}

// Reaches reports whether the memory has grown to at least end bytes.
func (g *Guest) Reaches(end uint64) bool {
	if g.opts.Memory != noMemory {
		g.mem = g.env.Renew(g.opts.Memory)
	}
	return end <= uint64(len(g.mem))
}

// Spend takes n bytes of host memory from the call's budget.
func (g *Guest) Spend(n uint64) bool {
	if g.err != nil {
		return false
	}
	if n > uint64(g.budget) {
		g.Fail(&SizeError{Limit: int64(g.whole), Call: true})
		return false
	}
	g.budget -= int(n)
	return true
}

// Alloc allocates size bytes in the guest and returns their address (Canonical ABI,
// LiftLowerContext.allocate). The guest's allocator runs even for size 0.
func (g *Guest) Alloc(size uint64, align uint32) uint32 {
	if g.err != nil {
		return 0
	}
	if len(g.blocks) > 0 && size < 1<<32 {
		ptr := g.allocated(uint32(size), align)
		g.Check(ptr, uint32(size), align)
		return ptr
	}
	return uint32(g.AllocAddr(size, align))
}
