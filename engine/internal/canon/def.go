package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// None stands for an absent core function or memory.
const None int32 = -1

// Program is the static part of a tree: what linking has made of one or more components.
// It is immutable and shared by all trees of the program.
type Program struct {
	Instances   []InstanceDef
	Trampolines []Trampoline
	Resources   []*abi.ResourceType // by program-wide number; nil where a tree makes its own
}

// InstanceDef describes one component instance. Parents come before their children.
type InstanceDef struct {
	Name   string // path for messages, for example "app/auth"
	Parent int32  // None for the root
	// Threads says that the instance has built-ins that name threads by their indices.
	Threads bool
}

// Options are the canonical options of one lift, lower or built-in.
type Options struct {
	abi.Options
	PostReturn int32
	Callback   int32
	Async      bool
}

// Lift is one lifted function (canon lift), or a destructor.
type Lift struct {
	Name     string // for messages
	Export   string // under which the host can call it, "" if it cannot
	Instance int32
	Type     *types.Func
	Core     int32 // core function
	Opts     Options
}

// Builtin names what a trampoline does when guest code calls it.
type Builtin uint8

// The canonical definitions that make core functions.
const (
	LowerHost Builtin = iota
	LowerGuest
	ResourceNew
	ResourceDrop
	ResourceRep
	TaskReturn
	TaskCancel
	SubtaskCancel
	SubtaskDrop
	ThreadYield
	StreamNew
	StreamRead
	StreamWrite
	StreamCancelRead
	StreamCancelWrite
	StreamDropReadable
	StreamDropWritable
	FutureNew
	FutureRead
	FutureWrite
	FutureCancelRead
	FutureCancelWrite
	FutureDropReadable
	FutureDropWritable
	WaitableSetNew
	WaitableSetWait
	WaitableSetPoll
	WaitableSetDrop
	WaitableJoin
	BackpressureInc
	BackpressureDec
	ContextGet
	ContextSet
	ThreadIndex
	ThreadNewIndirect
	ThreadResumeLater
	ThreadSuspend
	ThreadSuspendThenResume
	ThreadYieldThenResume
	ThreadSuspendThenPromote
	ThreadYieldThenPromote
	ErrorContextNew
	ErrorContextDebugMessage
	ErrorContextDrop
	AdapterFault   // see package adapter
	SaveContext    // likewise
	RestoreContext // likewise
)

// Trampoline is one core function that the host provides to guest code.
type Trampoline struct {
	Op          Builtin
	Async       bool  // the async option, or the async immediate of a cancel
	Cancellable bool  // waits and thread switches
	Instance    int32 // whose core code calls it
	Slot        int32 // context.get, context.set
	Table       int32 // thread.new-indirect: core table
	Wide        bool  // thread.new-indirect: threads begin with an i64
	WideIndex   bool  // thread.new-indirect: indices of the table are i64
	Resource    int32 // resource built-ins: program-wide number
	Opts        Options
	Type        *types.Func // lowered functions
	Elem        *types.Val  // streams and futures: element type, or nil
	Result      *types.Val  // task.return
	Callee      *Lift       // LowerGuest
	Host        *abi.Func   // LowerHost
	Refs        []abi.Ref   // LowerHost: complete but for resource types of guests
	GuestRefs   []int32     // LowerHost: numbers of the refs' resource types; nil if Refs is complete
	Name        string      // for messages

	// What follows from Type, by Prepare.
	spilled bool // the caller passes the address of its parameters
	slots   int  // how many core values the parameters take
	result  int  // core parameter that holds the address for the result, or -1
}
