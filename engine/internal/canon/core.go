package canon

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// Slice is how long guest code runs, about, until it is Preempted.
const Slice = 5 * time.Millisecond

// Status is the answer to a call that a guest makes to its host.
type Status int32

// The answers of a host call.
const (
	Done    Status = iota // the results are in the call's slots
	Pending               // the guest is suspended until the call is answered
	Trap                  // the guest traps
)

// Outcome says how a run of guest code on a fiber ended.
type Outcome int32

// The outcomes of Fiber.Start and Fiber.Resume.
const (
	Idle      Outcome = iota // the core function returned; its results are in Slots
	Suspended                // in a host call that was answered Pending
	Preempted                // its time slice is over
	Trapped                  // Err says why; the whole tree is lost
)

// Turns bounds how many trees run guest code at once. Begin is called before a driver runs
// any, End when it rests.
type Turns interface {
	Begin()
	// TryBegin is Begin if it need not wait; else it returns false.
	TryBegin() bool
	End()
}

// Core runs the core functions of one tree. The engine implements it over wasmtime, tests
// by scripted guests. Functions and memories are numbered by the program.
type Core interface {
	// Memory returns a view of a memory, valid until guest code runs, which may lack what the
	// memory has grown by since the driver ran guest code last; Renew's has that.
	Memory(m int32) []byte
	Renew(m int32) []byte
	// Args is where Call finds its arguments and leaves its results.
	Args() abi.Flat
	// CallContext is what the context slots of the next Call begin with, else 0.
	CallContext() *[2]uint64
	// Call runs a core function to its end on the present stack; it cannot suspend.
	Call(fn int32) error
	// Blocks is where Allocate finds what to allocate and leaves the addresses.
	Blocks() []abi.Block
	// Allocate calls an allocator for each of the first n blocks, as Call.
	Allocate(fn int32, n int) error
	// TableFunc finds the function at an index of a table. It must take one i32, or if wide
	// i64, and return nothing; errors are traps.
	TableFunc(table int32, index uint64, wide bool) (fn int32, err error)
	// NewFiber makes an idle fiber.
	NewFiber() (Fiber, error)
	// Preempted is called on the driver after a time slice: it lets others run and returns
	// an error if the guest has computed for long enough. busy is for how long it has
	// computed without waiting for anything.
	Preempted(busy time.Duration) error
	Turns
}

// Fiber is a stack on which core functions run, one after the other.
type Fiber interface {
	// Slots holds the arguments for Start and, after Idle, the results.
	Slots() abi.Flat
	// Context is the storage that context.get and context.set reach.
	Context() *[2]uint64
	// Start runs a core function. With loop, Tree.NextJob is asked for another when it has
	// returned.
	Start(fn int32, loop bool) Outcome
	// CallArgs are the slots of the host call in which the fiber is suspended.
	CallArgs() abi.Flat
	// Answer answers that host call; Resume then goes on.
	Answer(Status)
	Resume() Outcome
	Err() error
	Close() error
}
