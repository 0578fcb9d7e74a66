// Package clocks implements wasi:clocks 0.2 and 0.3 with the clocks of the host.
//
// Monotonic clocks start near 0 when a component is bound; instances of it see the same time.
// Neither a pollable of 0.2 nor what it waits for takes a goroutine. The interface timezone is
// unstable in WASI and not provided.
package clocks
