// Package preview1 implements WASI preview 1, the functions that core modules import from
// "wasi_snapshot_preview1". It needs no adapter: a component that engine.DecodeWith makes of such
// a module imports an interface of that name, whose functions have numbers for parameters, and
// finds what they point to in the module's memory.
//
// Arguments, variables and standard streams are those of wasi:cli: of the hostapi.Scope, or of
// the hostapi.Command with which the host runs a program. Sockets can be neither opened nor
// handed over. Functions that wait, for input, for output or for time, suspend the guest; those
// that have to do with files run on goroutines.
//
// What a guest passes is checked: an address or a length outside of its memory traps, anything
// else that is wrong is an errno.
package preview1
