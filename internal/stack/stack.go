// Package stack makes room on the stacks of goroutines.
package stack

// room is larger than what is left of a new stack, so that it is replaced, while there is nothing to
// copy, by one that holds it.
type room [6 << 10]byte

var index int // not known to the compiler, which would leave the room out

// Grow gives the goroutine some 6 KiB of stack at once. It is to be called first by goroutines
// that then make a call through the layers of package net/http, or run a guest: a stack
// begins small and is copied each time that it becomes too small, which takes such a goroutine
// longer than all else about it.
func Grow() { grow() }

//go:noinline
func grow() byte {
	var r room
	return r[index]
}
