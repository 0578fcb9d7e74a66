package adapter

import (
	"slices"
	"strconv"

	"github.com/spinhost/spin/engine/internal/types"
)

// None stands for an absent function or memory.
const None int32 = -1

// Side is one of the two component instances of a call, with its canonical options.
type Side struct {
	Instance int32
	Memory   int32 // number of a memory
	Realloc  int32 // number of a core function
	Context  bool  // its code can use context.get or context.set
}

// Call describes a call for which there is to be an adapter: of a function that is not async,
// lifted and lowered without the async option, whose type is [Supported]. Functions, memories
// and trampolines have the numbers of the program.
type Call struct {
	Name           string // of the callee's function, for stack traces
	Type           *types.Func
	Caller, Callee Side
	Enters         []int32 // component instances that the call enters: the callee, and those around it that the caller is not in
	Core           int32   // callee's core function
	PostReturn     int32   // callee's core function, or None
	Plan           int32   // trampoline that makes the same call
	Fault          int32   // trampoline that is told of faults, see FaultType
}

// Flags of a component instance in the control memory: the byte for instance i is at
// FlagBytes*i plus one of these.
const (
	Entered   = 0 // it is being called (Canonical ABI, may_enter is false): how deep in calls, up to MaxDepth
	MustStay  = 1 // its code may call nothing outside (Canonical ABI, may_leave is false)
	FlagBytes = 2

	// MaxInstances is for how many instances the control memory has room.
	MaxInstances = 65535 / FlagBytes
	// MaxDepth is the greatest depth that Entered tells.
	MaxDepth = 255
	// ByEngine is the address of a byte in the control memory that, when it is not 0, leaves all
	// calls to the engine.
	ByEngine = 65535
)

// ImportKind says what an import of a module is.
type ImportKind uint8

// What modules import.
const (
	CoreFunc       ImportKind = iota // a core function of the program
	Trampoline                       // a trampoline of the program
	SaveContext                      // a host function () -> (i64, i64): returns the context slots and sets them to 0
	RestoreContext                   // a host function (i64, i64) -> (): sets them
	Memory                           // a memory of the program
	Control                          // the control memory
	ResourceDrop                     // resource.drop of a resource type of the program
)

// Import is one import of a module, by its number in the program if it has one.
type Import struct {
	Kind ImportKind
	N    int32
}

// ExportName is the name of the function that a module exports for its call i.
func ExportName(i int) string { return strconv.Itoa(i) }

// ModuleName is the name that modules have in stack traces.
const ModuleName = "(call between components)"

// ControlExport is the name of the memory that the module ControlModule exports.
const ControlExport = "m"

// Limits of what is generated.
const (
	maxTypeSize = 20_000 // nodes and labels of a function's type as a tree
	maxSize     = 400    // see Size

	// MaxMemories bounds the memories that the calls of one module use together.
	MaxMemories = 64
)

// Supported reports whether there can be adapters for functions of a type: those that are not
// async, of moderate size, without handles, streams and futures.
func Supported(ft *types.Func) bool {
	if ft.Async || typeSize(ft) > maxTypeSize || Size(ft) > maxSize {
		return false
	}
	ok := true
	eachVal(ft, func(v *types.Val) { ok = ok && plain(v) })
	return ok
}

func typeSize(ft *types.Func) (n int) {
	eachVal(ft, func(v *types.Val) { n += v.TypeSize })
	return n
}

func eachVal(ft *types.Func, f func(*types.Val)) {
	for i := range ft.Params {
		f(ft.Params[i].Type)
	}
	if ft.Result != nil {
		f(ft.Result)
	}
}

// Size is how many places of a function's type take code: a few dozen bytes each.
func Size(ft *types.Func) int {
	n := 1
	eachVal(ft, func(v *types.Val) { n += size(v) })
	return n
}

func size(v *types.Val) int {
	n := 1 + len(v.Cases)/16 // labels of a jump
	if v.Elem != nil {
		n += size(v.Elem)
	}
	for i := range v.Fields {
		n += size(v.Fields[i].Type)
	}
	for i := range v.Cases {
		if t := v.Cases[i].Type; t != nil {
			n += size(t)
		}
	}
	return n
}

// Complete reports whether the call has the memories and allocators that its type takes.
func (c *Call) Complete() bool {
	in, out := c.allocatesParams(), c.Type.ResultFlatCount() > types.MaxFlatResults
	if (in || out) && (c.Caller.Memory == None || c.Callee.Memory == None) {
		return false
	}
	return (!in || c.Callee.Realloc != None) && (!c.allocatesResult() || c.Caller.Realloc != None)
}

// spills reports whether the parameters are passed in memory.
func (c *Call) spills() bool { return c.Type.ParamFlatCount > types.MaxFlatParams }

// allocatesParams reports whether the callee allocates memory for parameters.
func (c *Call) allocatesParams() bool {
	return c.spills() || slices.ContainsFunc(c.Type.Params, func(p types.Param) bool { return p.Type.HasPointer })
}

// allocatesResult reports whether the caller allocates memory for parts of the result.
func (c *Call) allocatesResult() bool { return c.Type.Result != nil && c.Type.Result.HasPointer }

func plain(v *types.Val) bool {
	switch v.Kind {
	case types.Own, types.Borrow, types.Stream, types.Future, types.ErrorContext:
		return false
	}
	if v.Elem != nil && !plain(v.Elem) {
		return false
	}
	for i := range v.Fields {
		if !plain(v.Fields[i].Type) {
			return false
		}
	}
	for i := range v.Cases {
		if t := v.Cases[i].Type; t != nil && !plain(t) {
			return false
		}
	}
	return true
}
