// Package wasi gathers the WASI interfaces that components can import: 0.2, 0.3 and the release
// candidate of 0.3 from the packages below, preview 1 for core modules, and the two snapshots from
// before 0.2 that SDKs built on. That of November 2023 is 0.2 under another name but for a few
// functions; that of October 2023 has signatures of its own, which the packages below serve with
// what serves 0.2.
//
// A registry of single families is made of their own Interfaces functions.
package wasi
