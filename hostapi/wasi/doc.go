// Package wasi gathers the WASI interfaces that components can import: 0.2, 0.3 and the release
// candidate of 0.3 from the packages below, preview 1 for core modules, the snapshot of November
// 2023, which is 0.2 under another name but for a few functions, and stand-ins for that of
// October 2023, so that guests which import what they do not use can be loaded.
//
// A registry of single families is made of their own Interfaces functions.
package wasi
