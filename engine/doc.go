// Package engine runs WebAssembly components: it decodes and validates them, binds what they
// import to functions of the host, compiles their core modules, makes instances and calls
// what they export, by the Component Model's binary format and Canonical ABI, with the async
// functions, streams and futures of WASI 0.3. It knows the types of WIT and nothing of WASI
// or Spin: those are host interfaces like any other.
//
// # Load
//
// [Decode] turns bytes into a [Component], which says what it imports and exports. Nothing
// has been compiled yet, and nothing of a component that is not valid ever is.
//
// # Link host functions
//
// A [Linker] is what a component can reach: interfaces by name, each an abi.Interface whose
// functions have the text of their WIT type, with which the component's is compared. Most are
// generated from WIT. An import that nobody provides is an [ImportError], which names the
// interface that was probably meant. Names that differ only in compatible versions match.
//
// [Linker.Link] makes a [Program] for a [Runtime]: the component with its imports bound,
// compiled, or loaded from the runtime's cache. A process needs one Runtime.
//
// # Compose
//
// A [Graph] makes one Program of several components: what one imports, another exports. Each
// has a Linker of its own, so that what each of them can reach is decided for it alone, and a
// host function learns from abi.Call's Caller which of them calls it. The parts of an instance
// live in one store and end together.
//
// # Instantiate
//
// [Program.Instantiate] makes an [Instance], with memory and handle tables of its own. It
// takes microseconds, so that one for each request is a good plan. When there is no room for
// another it waits, first come, first served, until its context ends; the error is [ErrBusy].
//
// # Call
//
// [Program.Func] finds an exported function, [Instance.Call] calls it with Go values in the
// forms of package value. Generated code uses [Instance.Start], which takes an
// abi.Invocation, makes no garbage of its own and does not wait.
//
// Any number of goroutines may call one instance. Its guest code runs on one goroutine at a
// time: on the caller's until its call has returned or waits for something, then on whichever
// brings what was waited for. A host function that takes time runs on a goroutine of its own
// (abi.Call's Go), while other calls of the same instance go on.
//
// # Limits
//
// [InstanceConfig] bounds memory, handles, host calls under way and the time for which the
// guest may compute without waiting. [Config] bounds what all instances of a runtime take
// together: how many there are, and how many run at once; those that compute for long take
// turns. Whatever breaks a limit or a rule ends its instance, and no other, with an error
// that matches [ErrTrap]; a [TrapError] has the guest's stack, with source lines if there is
// DWARF, and a [LimitError] says which limit it was and what raises it.
//
// # Account
//
// With [InstanceConfig].Meter set, [Instance.Usage] and [Call.CPU] say what an instance, each
// component instance in it and each call have taken. Host functions learn from their context
// for whom they work, and from abi.Caller which component instance calls.
//
// # Close
//
// [Instance.Close] ends an instance with its calls in progress and waits for the host
// functions that it had called, whose contexts it cancels. Close instances before their
// Program, and those before the Runtime; [Runtime.Close] closes what instances are left.
//
// # Inside
//
//   - engine/value has the Go forms of values whose type is known only at run time.
//   - engine/abi is what host functions and generated code see of a guest: its memory, its
//     handles, streams and futures. It is free of cgo.
//   - internal/binary decodes the binary format, internal/types has the interned types and
//     their subtyping, internal/validate applies the rules of validation, internal/limits
//     bounds what components are made of.
//   - internal/link flattens a component, with those inside it, into a list of core instances
//     to make and functions that cross between them; internal/adapter generates core code
//     for such functions.
//   - internal/canon is the Canonical ABI as state machines: tasks, threads, waitables,
//     streams, futures, resources. It knows no WebAssembly runtime.
//   - internal/dwarfline finds source lines for traps.
//   - The rest, in this package, sits on wasmtime, which compiles and runs the core modules.
package engine
