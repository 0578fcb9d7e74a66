// Package componentize makes components of core modules, as `wasm-tools component new` does, but
// without writing a binary: it finds out which import and export of the module stands for what,
// checks types, and leaves the rest to package link.
//
// What a module is as a component it says itself, in custom sections "component-type…" that
// wit-bindgen adds, each with a WIT world. A module without them is one of those that the host
// knows by the name of an export: see World. Beside these worlds modules import functions that
// the host provides as they are, those of WASI preview 1.
package componentize
