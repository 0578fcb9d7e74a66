package io

import "github.com/spinhost/spin/engine/abi"

// Children counts the resources that a guest must drop before their parent, which has a
// Children. The zero value has none. It belongs to the goroutine that drives the guest.
type Children struct{ n int }

// Add counts one more child.
func (c *Children) Add() {
	if c != nil {
		c.n++
	}
}

// Remove counts one child less: its Drop calls it.
func (c *Children) Remove() {
	if c != nil {
		c.n--
	}
}

// Err returns the error that ends a guest which drops the parent, of the given name, or gives
// it away while it has children; nil if it has none.
func (c *Children) Err(parent string) error {
	if c.n == 0 {
		return nil
	}
	return abi.Trapf("%s is dropped or given away before its children, of which it has %d; drop streams and pollables first", parent, c.n)
}
