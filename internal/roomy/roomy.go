// Package roomy starts goroutines whose stacks need not grow.
//
// A goroutine begins with a small stack, which is copied each time that it becomes too small. For
// one that only makes a call through the layers of package net/http, or runs a guest, that
// takes longer than all else about it.
package roomy

// Go runs f on a goroutine that has some 6 KiB of stack from the beginning.
func Go(f func()) {
	go func() {
		grow()
		f()
	}()
}

// room is larger than what is left of a new stack, so that it is replaced, while there is nothing to
// copy, by one that holds it.
type room [6 << 10]byte

var index int // not known to the compiler, which would leave the room out

//go:noinline
func grow() byte {
	var r room
	return r[index]
}
