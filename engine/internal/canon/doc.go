// Package canon is the run-time part of the Canonical ABI: tasks and subtasks, streams and
// futures, waitable sets, resources, and the passing of values, for one running component
// with all the component instances in it. It knows no wasm runtime: guest code is run by a
// [Core], which the engine implements over wasmtime and this package's tests by coroutines.
//
// # Driver and mailbox
//
// A [Tree] belongs to one goroutine at a time, its driver, and has no locks but the one of
// its mailbox. Other goroutines put messages into the mailbox: a call from the host
// ([ExportCall]), the end of a host function, news of a host's stream. Who puts one while
// nobody drives becomes the driver: Tree.Call and the readers of streams drive on the
// goroutine of their caller, until what that waits for is there or a time slice is over, and
// then hand over; Tree.post starts a goroutine. The loop does one thing at a time: a message,
// or one thread of the ready queue, in the order in which they came. When there is nothing
// more to do it rests; when nothing outside the tree could give it something to do either and
// the host waits for one of the tasks, it traps the tree as deadlocked.
//
// Nothing of the loop ever runs below guest code. What a guest does in a host call is served
// on the spot, unless it has to wait: then the fiber on which it runs is suspended, its
// [Thread] notes what it waits for and how the call is then completed (Thread.pend), and
// control goes back to who has run the fiber.
//
// # Nested calls and the frozen chain
//
// A guest that calls another component instance has the callee run at once, on a fiber of its
// own, below the host call. When the callee returns or blocks in the way of the component
// model, the host call is answered and the caller goes on. Sometimes, however, the
// callee stops in the middle where nothing else of the tree may run: in a host function that
// is not async in its type but takes its time, or at the end of its time slice. Then the tree
// is frozen: Tree.frozen is the thread that stopped, Thread.caller leads from it outwards
// through the calls that it has cut short, each suspended on its own fiber (waitCallee), and
// messages wait. Only a kick (Tree.kick) or the end of the tree is heeded. Tree.thaw lets the
// frozen thread go on and then completes those calls, from the inside out. Start functions of
// core modules are run in the same way, by Tree.RunStart.
//
// # Threads
//
// Every task has its implicit thread, as part of it; explicit ones are made by guests. An
// explicit thread gets a fiber when it begins, and as stackful tasks do, it may be suspended
// in the middle of its code beside any number of others of its instance. A thread that
// switches to another (Tree.next) is suspended first; Tree.follow then goes on with the other
// in its place, in a loop and not below it: who has waited for the one, waits for the other
// (Tree.last). After many switches the tree is frozen for a moment, so that the driver can look
// around.
//
// A function that is not async in its type returns before its caller goes on. Its task is the
// scope (Tree.scope) of what runs on its behalf: while it has not returned, blocking is allowed
// only if there is another thread of its instance that is ready and does not need the instance
// for itself. Then the tree is frozen too, and a stand-in for a thread (waitReturn) lets those
// threads run by turns, on the driver, until the task has returned.
//
// # The end
//
// A trap, a limit or Tree.Kill marks the tree as dead; the loop then buries it: fibers are
// closed, host functions get their contexts cancelled, calls fail, ends of streams and
// resources of the host are given back. Goroutines of the host may outlast that; Tree.Join
// waits for them.
//
// # Files
//
//   - def.go, core.go: what a program consists of; what it runs on
//   - tree.go, driver.go, queue.go, outside.go: the tree, its loop, the ready queue, the host's
//     goroutines
//   - task.go, run.go, thread.go, callback.go, start.go: the life of a task, running guest code,
//     what threads wait for, event loops, start functions
//   - threads.go, switch.go, hold.go: explicit threads, switching to one, calls that wait for them
//   - limits.go: limits on counts
//   - instance.go: a component instance: its lock, back-pressure, who may enter
//   - call_export.go, call_dynamic.go: calls from the host
//   - call_guest.go, call_sync.go, subtask.go: calls between guests
//   - adapted.go: what the tree has in common with code generated for such calls
//   - call_host.go, call_wait.go: calls of host functions, those that wait for a pollable
//   - builtin*.go: the built-ins
//   - waitable.go, stream.go, copyend.go, hostend.go: events and sets, streams and futures,
//     a guest's ends of them, the host's
//   - values.go, copy.go, place.go: parameters and results, copied from guest to guest
//   - lift.go, lower.go: Go values of types known only at run time
package canon
