// Package corewasm reads the outside of a core WebAssembly module: its imports,
// its exports and their types, and how much code it holds. Parse does not read
// code.
//
// It exists so that a module can be checked and linked before a compiler sees
// it. Resettable further decides, by walking the code once, whether an instance
// can be given back its first state from outside, and AddExports opens the way
// to the globals and memories that this takes.
//
// Input is taken to be hostile: every count is checked against a limit and
// against the bytes that are left before anything is allocated, and Parse
// returns an *Error and never panics. A module that Parse accepts is not
// thereby valid: validation of everything else is the compiler's work.
//
// The binary format is that of the WebAssembly core specification, release 3,
// chapter "Binary Format", with the threads and custom-page-sizes proposals'
// limits.
package corewasm
