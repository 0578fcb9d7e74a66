// Package wasi gathers the WASI interfaces that components can import: 0.2, 0.3 and the release
// candidate of 0.3 from the packages below, and stand-ins for the rest, so that guests which
// import what they do not use can be loaded.
//
// A registry of single families is made of their own Interfaces functions.
package wasi
