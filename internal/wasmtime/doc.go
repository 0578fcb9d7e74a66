// Package wasmtime runs core wasm modules on wasmtime's C library: it compiles,
// links and calls them, and serves their imports with Go functions. It knows
// nothing of components. It is the only package of the engine that uses cgo; the
// library is the archive that wasmtime-go ships, whose Go wrappers are not used.
//
// # Objects
//
// An [Engine] compiles a [Module], which becomes an [InstancePre] if all its
// imports are host functions, or is linked by hand with [Store.InstantiateWith].
// Instances live in a [Store] and die with it. Functions and memories that the
// host uses are registered in the store once, [Store.AddFunc] and
// [Store.AddMemory], and go by their numbers from then on.
//
// A guest function is entered in one of two ways. [Store.Call] runs it on the
// current thread's stack: that is cheap and right for what never waits, such as
// cabi_realloc and post-return functions. A [Fiber] has a stack of its own, on
// which a guest can be suspended in the middle of a host call, or preempted, and
// goes on later, on any thread.
//
// # Fibers
//
// A fiber is used for one job after another: put the arguments into [Fiber.Slots]
// and call [Fiber.Start]. Start and [Fiber.Resume] run the guest on the calling
// goroutine until one of these happens:
//
//   - Idle: the job is finished, its results are in Slots.
//   - Suspended: a host function answered Pending. When its result is there, write
//     it into [Fiber.CallArgs], call [Fiber.Answer] and Resume.
//   - Preempted: the epoch advanced ([Engine.IncrementEpoch]). Resume, now or later,
//     or close the fiber to kill the guest.
//   - Trapped: the guest is dead, and with it the store: nothing of it runs again.
//   - Refused: nothing ran, [Fiber.Err] says why.
//
// A job that was started with loop asks [Host.NextJob] when it is finished and
// goes on with what that says, at the cost of a host call. This is how the
// callbacks of an async component are fed without leaving the fiber.
//
// # How a host call is served
//
// The Go runtime takes the stack of a thread for granted, so Go code must never
// run on a fiber's stack: it would be killed as soon as its stack had to grow.
// There are two ways around that, with the same behaviour.
//
// The hop: spin_poll, the C function that resumes a fiber, notes a place on the
// thread's own stack 16 KiB below its frame. What lies between is used by
// wasmtime's frames down to its switch to the fiber. A host call moves the stack
// pointer there (spin_switch, ten instructions), calls the Go function like any
// cgo callback, and moves back. Only if the answer is Pending does the fiber
// yield. While Go runs no guest is on a fiber's stack, spin_store.cur is null, and
// whatever it enters runs on the thread's stack or on other fibers above this one.
//
// The record: the host call is written down and the fiber yields at once; Start
// or Resume serves it when the poll has returned, and polls again. That takes four
// times as long for a call but needs no assembly. It is used on all but
// linux/amd64, with the build tag spin_portable, and in strict stores.
//
// Yielding is a nested call of wasmtime's one asynchronous host function, which
// returns once spin_fiber.ready is set. At the root of each fiber is a tiny wasm
// function that calls spin_root_cb, the loop over jobs; private.c tells why it
// must be wasm.
//
// # Strict stores
//
// wasmtime's garbage collector does not see references on suspended stacks, and
// may suspend a fiber itself. In engines with [Config].GC or Exceptions, only one
// fiber of a store has guests on its stack at a time ([ErrStrict] otherwise), host
// calls are recorded, and Store.Call runs on that fiber's stack too.
//
// # Rules
//
// Broken rules are answered with an error or a trap; none of them can bring the
// process down. The exception is what no library can see: writing to slots or
// memory views that are no longer valid.
//
//   - A store with all that is in it belongs to one goroutine at a time. It may
//     pass to another goroutine between two calls, and go on on any thread, also
//     while fibers are suspended. A second goroutine gets [ErrBusy].
//   - Fibers of one store may be suspended at the same time, started from within
//     each other's host calls, and outlive one another.
//   - A fiber cannot be used from within its own host calls.
//   - Host calls with a nil Fiber come from guests on the thread's stack, which
//     cannot wait. They are trapped after [StoreConfig].OffFiberTicks ticks.
//   - The slots of a host call are valid until it is answered, a view of a memory
//     until a guest of the store runs.
//   - A host function may panic: the guest is trapped, with a [*PanicError]. It
//     must not call runtime.Goexit, as testing.T.Fatal does: guest frames and the
//     thread they are on cannot be saved then, and the store is lost ([ErrLost]).
//   - Nesting (a host function that runs a guest, whose host function ...) is
//     bounded by the thread's stack: [ErrTooDeep]. A poll takes 16 KiB of it, a
//     call on the thread's stack may take MaxWasmStack.
//   - Close fibers, then the store. Engines, modules and prelinked modules may be
//     closed at any time; they are kept until their last user is gone.
//
// Engines, modules and prelinked modules are safe for concurrent use. There are no
// finalizers: what is not closed leaks, which [Engine.Live] shows.
//
// C memory holds no Go pointers. The C side knows a store by a small number and a
// fiber by its place in the store.
package wasmtime
