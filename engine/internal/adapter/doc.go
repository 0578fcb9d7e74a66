// Package adapter generates core modules that carry out calls from one component instance into
// another: functions that take what the caller's core code passes, check and copy it from memory
// to memory, call the callee's core function and bring its result back (Canonical ABI,
// canon_lift and canon_lower of functions that are not async, put together). Such a call never
// leaves wasm; the engine, which can do all calls itself, needs some fifty times as long for it.
//
// A module imports the memories, the core functions of both sides, and a control memory that
// has a few bytes for each component instance: the flags that [Entered] and [MustStay] name.
// The engine reads and writes the same bytes.
//
// Whatever is out of the ordinary is left to the engine. If the flags forbid the call, the
// adapter makes it by the engine's trampoline, which will trap as it always does. If a value
// breaks a rule, the adapter calls another trampoline that reports it ([Fault]) and does not
// return.
//
// # Files
//
//   - adapter.go: what calls there may be, what a module imports
//   - module.go, code.go: writing modules and instructions
//   - call.go: the course of a call
//   - value.go, variant.go, list.go: copying values
//   - helper.go, utf8.go: functions that adapters share
//   - relay.go: functions of the host that a component exports again
package adapter
