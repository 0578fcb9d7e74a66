package binary

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// Lift makes a function of a core function (canon lift). It appends to the
// function space.
type Lift struct {
	Loc
	CoreFunc uint32
	Options  Options
	Type     uint32      // type index
	Func     *types.Func // filled
}

// Lower makes a core function of a function (canon lower). It appends to the
// core function space.
type Lower struct {
	Loc
	Func     uint32
	Options  Options
	Type     *types.Func       // filled
	CoreType corewasm.FuncType // filled
}

// Builtin is any other canonical definition. It appends to the core function space.
type Builtin struct {
	Loc
	Op          CanonOp
	Async       bool             // subtask.cancel, stream and future cancel-read and -write
	Cancellable bool             // waits and thread switches
	Shared      bool             // shared-everything-threads
	Slot        uint32           // context.get, context.set
	SlotType    corewasm.ValType // context.get, context.set: I32 or I64
	Memory      *uint32          // waitable-set.wait and poll: core memory index
	Table       *uint32          // thread.new-indirect: core table index
	CoreIndex   uint32           // thread.new-indirect: core type index
	Options     Options          // where the form has options
	TypeIndex   uint32           // resource, stream and future built-ins
	ResultExpr  *ValRef          // task.return, nil without result

	Resource *types.Resource   // filled: resource built-ins
	Elem     *types.Val        // filled: stream and future built-ins, nil without element
	Result   *types.Val        // filled: task.return, nil without result
	CoreType corewasm.FuncType // filled
}

// Options are the options of a canonical definition. Indices are of core
// functions, a core memory and a core type.
type Options struct {
	Encoding                              Encoding
	Memory, Realloc, PostReturn, Callback *uint32
	Async                                 bool
	CoreType                              *uint32
	GC                                    bool // the GC form
}

// Encoding is how strings lie in memory.
type Encoding uint8

// The encodings. UTF8 is the default.
const (
	UTF8 Encoding = iota
	UTF16
	Latin1UTF16
)

func (e Encoding) String() string {
	switch e {
	case UTF16:
		return "utf16"
	case Latin1UTF16:
		return "latin1+utf16"
	}
	return "utf8"
}

// CanonOp is a canonical built-in.
type CanonOp uint8

// The canonical built-ins.
const (
	_ CanonOp = iota
	ResourceNew
	ResourceDrop
	ResourceRep
	TaskCancel
	TaskReturn
	SubtaskCancel
	SubtaskDrop
	ContextGet
	ContextSet
	BackpressureInc
	BackpressureDec
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
	ErrorContextNew
	ErrorContextDebugMessage
	ErrorContextDrop
	WaitableSetNew
	WaitableSetWait
	WaitableSetPoll
	WaitableSetDrop
	WaitableJoin
	ThreadYield
	ThreadIndex
	ThreadNewIndirect
	ThreadResumeLater
	ThreadSuspend
	ThreadSuspendThenResume
	ThreadYieldThenResume
	ThreadSuspendThenPromote
	ThreadYieldThenPromote
	ThreadSpawnRef
	ThreadSpawnIndirect
	ThreadAvailableParallelism
)

func (o CanonOp) String() string {
	for _, f := range canonForms {
		if f.op == o && o != 0 {
			return f.name
		}
	}
	return "invalid built-in"
}
