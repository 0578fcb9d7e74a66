package abi

import "errors"

// Owner is told of calls that are used when they must not be: the engine's part.
type Owner interface{ Misused(err error) }

// errOver is what a Call fails with while it must not be used.
var errOver = errors.New("host function uses its Call after it has returned; only what it gives to Go, and that returns, may")

// Own makes o the one who is told of misuse.
func (c *Call) Own(o Owner) { c.owner = o }

// Park takes the guest away from a call that has been answered, or will be later: host code that
// has kept it reaches neither the guest's memory nor its handles.
func (c *Call) Park() {
	c.over, c.err = true, errOver
	c.slots, c.mem = nil, nil
}

// misused says that a method was called that must not be, and why unless the call is over.
func (c *Call) misused(method, why string) {
	switch {
	case !c.over:
		c.Trapf("host function calls %s, but %s", method, why)
	case c.owner != nil:
		c.owner.Misused(errOver)
	}
}
