package abi

import "context"

// Call is one call of a host function by a guest. A function's Serve lifts the parameters
// from it, does its work and answers. It belongs to the driver and is valid until answered.
type Call struct {
	Values
	retp    uint32 // address where the result goes
	inMem   bool   // the result goes to retp
	late    bool   // answered after Serve has returned
	over    bool   // not to be used now
	owner   Owner
	started func(context.Context) func(*Call)
	wait    Pollable
	pending *pending // whoever has begun a call that is still to be answered
	unless  func()   // see Unless
}

// Setup binds the call to its parameters: the engine's part. spilled says that the first
// value of slots is the address of the parameters, ret, if not negative, which value is the
// address for the result.
func (c *Call) Setup(ctx context.Context, slots Flat, spilled bool, ret int) {
	c.SetValues(slots, spilled)
	c.ctx, c.inMem, c.late, c.over = ctx, ret >= 0, false, false
	c.started, c.wait, c.unless = nil, nil, nil
	if ret >= 0 {
		c.retp = slots.U32(ret)
	}
}

// Resume binds the call to the slots into which a late result goes, nil if there are none:
// the engine's part.
func (c *Call) Resume(slots Flat) {
	c.slots, c.late, c.started, c.wait = slots, true, nil, nil
	c.over, c.err = false, nil
	c.Refresh()
}

// InMemory reports whether the result goes to memory; else it is one flat value for Return.
func (c *Call) InMemory() bool { return c.inMem }

// Result returns the address for the result, of the given size and alignment. It is for results
// that are InMemory.
func (c *Call) Result(size, align uint32) uint32 {
	if !c.inMem || c.over {
		c.misused("Result", "has no result in memory: answer with Return")
		return 0
	}
	c.Check(c.retp, size, align)
	return c.retp
}

// Return answers with one flat value. It is for results that are not InMemory.
func (c *Call) Return(v uint64) {
	if c.inMem || len(c.slots) == 0 {
		c.misused("Return", "has no flat result: store it at Result, if there is one")
		return
	}
	c.slots.Set(0, v)
}

// Fail ends the call with an error: one made by WaitFor suspends the guest and calls the
// function again later, any other traps the guest. A function that answers late cannot wait.
func (c *Call) Fail(err error) {
	w, ok := err.(*Wait)
	switch {
	case c.over:
		c.misused("Fail", "")
	case !ok:
		c.Guest.Fail(err)
	case c.late:
		c.Trapf("a host function that runs on a goroutine cannot wait for a pollable")
	default:
		c.wait = w.On
	}
}

// Go answers later: run is called on a goroutine with a context that ends when the result
// is no longer wanted, and what it returns is called on the driver to lower the result. That of
// whom the guest serves ends it too, unless the function is async and has no result to fail with.
func (c *Call) Go(run func(context.Context) func(*Call)) {
	if c.over {
		c.misused("Go", "")
		return
	}
	c.started = run
}

// Unless has f called in place of what would come next, if the guest has given the call up, or has
// ended: beside Go, if there was no room for a goroutine before; in what is given to Go, where the
// next is to lower the result. It is how a call drops what it has taken from the guest, or would
// have given to it.
func (c *Call) Unless(f func()) { c.unless = f }

// Begun tells that what was given to Go begins: the engine's part.
func (c *Call) Begun() { c.unless = nil }

// Unserved does what Unless was given: the engine's part.
func (c *Call) Unserved() {
	if f := c.unless; f != nil {
		c.unless = nil
		quietly(f)
	}
}

// Undecided reports whether there is still to be an answer, as Outcome has it.
func (c *Call) Undecided() bool { return c.started != nil || c.wait != nil }

// Outcome returns what Serve decided, for the engine: a function to run on a goroutine, or
// something to wait for, or neither.
func (c *Call) Outcome() (run func(context.Context) func(*Call), wait Pollable) {
	return c.started, c.wait
}
