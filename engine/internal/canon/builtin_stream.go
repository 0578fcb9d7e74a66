package canon

import "github.com/spinhost/spin/engine/abi"

// channelNew makes a stream or future (Canonical ABI, canon_stream_new and canon_future_new).
func (c *coreCall) channelNew(future bool) (Status, error) {
	p := new(struct { // in one piece: most live and die together
		ch   channel
		r, w copyEnd
	})
	p.ch.tree, p.ch.elem, p.ch.future = c.t, c.tr.Elem, future
	r, err := c.inst.putEnd(&p.r, &p.ch, false)
	if err != nil {
		return Trap, err
	}
	w, err := c.inst.putEnd(&p.w, &p.ch, true)
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(r) | uint64(w)<<32)
}

// copy reads or writes n elements (Canonical ABI, stream_copy and future_copy).
func (c *coreCall) copy(k abi.Kind, n uint64) (Status, error) {
	e, err := c.inst.end(c.arg(0), k, c.tr.Elem)
	switch {
	case err != nil:
		return Trap, err
	case e.state == copyDone:
		return Trap, abi.Trapf("cannot use a %s after being notified that it has ended", e.ch.name())
	case e.state != copyIdle:
		return Trap, abi.Trapf("%s has a read or write in progress", e.ch.name())
	case e.set != nil && !c.tr.Async:
		return Trap, abi.Trapf("cannot wait for a %s that is in a waitable set", e.ch.name())
	}
	if err := c.setBuffer(e, c.addr(1), n); err != nil {
		return Trap, err
	}
	e.state = copying
	if err := e.ch.copy(e); err != nil {
		return Trap, err
	}
	return c.copied(e)
}

// setBuffer checks and notes the guest's buffer of a copy. Without elements there is none.
func (c *coreCall) setBuffer(e *copyEnd, ptr, n uint64) error {
	if n > maxCopy {
		return abi.Trapf("copy of %d elements is too long", n)
	}
	e.opts, e.ptr, e.length, e.progress = c.tr.Opts.Options, ptr, uint32(n), 0
	if t := c.tr.Elem; t != nil && n > 0 {
		g, w := &c.t.src, e.opts.Memory64
		g.Reset(c.inst, e.opts, nil, nil, nil)
		if !g.CheckAddr(ptr, n*t.Bytes(w), t.Alignment(w)) { // below 2^28 each
			return abi.Trapf("buffer of %d elements at %#x is unaligned or out of bounds of memory", n, ptr)
		}
	}
	return nil
}

// addr is an argument that has the width of an address.
func (c *coreCall) addr(i int) uint64 {
	if c.tr.Opts.Memory64 {
		return c.slots.U64(i)
	}
	return uint64(c.slots.U32(i))
}

// copied answers with the event of a copy, or that it will come.
func (c *coreCall) copied(e *copyEnd) (Status, error) {
	switch {
	case e.pending:
		return c.ret(uint64(e.take().p2))
	case c.tr.Async && c.tr.Opts.Memory64 && !e.ch.future:
		return c.ret(blocked64)
	case c.tr.Async:
		return c.ret(blocked)
	}
	return c.waitEvent(&e.Waitable, finishSubtaskEvent)
}

// cancelCopy ends a copy in progress (Canonical ABI, cancel_copy).
func (c *coreCall) cancelCopy(k abi.Kind) (Status, error) {
	e, err := c.inst.end(c.arg(0), k, c.tr.Elem)
	switch {
	case err != nil:
		return Trap, err
	case e.state != copying || e.waiter != nil:
		return Trap, abi.Trapf("%s has no read or write in progress that could be cancelled", e.ch.name())
	case e.set != nil && !c.tr.Async:
		return Trap, abi.Trapf("cannot wait for a %s that is in a waitable set", e.ch.name())
	}
	e.state = cancelling
	if !e.pending || e.more && e.remain() > 0 { // a copy that could have gone on
		e.ch.finish(copyCancelled)
	}
	return c.copied(e)
}

// dropEnd gives up an end (Canonical ABI, drop).
func (c *coreCall) dropEnd(k abi.Kind) (Status, error) {
	e, err := c.inst.end(c.arg(0), k, c.tr.Elem)
	switch {
	case err != nil:
		return Trap, err
	case e.state == copying || e.state == cancelling:
		return Trap, abi.Trapf("cannot drop a %s with a read or write in progress", e.ch.name())
	case k == abi.KindFutureWriter && e.state != copyDone:
		return Trap, abi.Trapf("cannot drop a future's writable end before it was written")
	}
	c.inst.handles.Remove(c.arg(0))
	e.join(c.t, nil)
	e.ch.drop()
	return Done, nil
}
