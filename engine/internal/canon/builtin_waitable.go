package canon

import "github.com/spinhost/spin/engine/abi"

func (c *coreCall) waitableSetNew() (Status, error) {
	i, err := c.inst.handles.Add(abi.Entry{Kind: abi.KindWaitableSet, Obj: new(WaitableSet)})
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(i))
}

func (c *coreCall) waitableSet(i uint32) (*WaitableSet, error) {
	e, err := c.inst.handles.Get(i, abi.KindWaitableSet)
	if err != nil {
		return nil, err
	}
	return e.Obj.(*WaitableSet), nil
}

// waitableSetPoll returns an event if there is one (Canonical ABI, canon_waitable_set_poll).
func (c *coreCall) waitableSetPoll() (Status, error) {
	s, err := c.waitableSet(c.arg(0))
	if err != nil {
		return Trap, err
	}
	var ev event
	if c.tr.Cancellable && c.th.task.deliverCancel() {
		ev.code = eventTaskCancelled
	} else {
		ev = s.take()
	}
	return Done, c.t.storeEvent(c.inst, c.tr.Opts.Options, c.slots, ev)
}

// storeEvent returns an event's code and stores its payloads (Canonical ABI, unpack_event).
func (t *Tree) storeEvent(i *Instance, memory abi.Options, slots abi.Flat, ev event) error {
	g := &t.dst
	g.Reset(i, memory, nil, nil, nil)
	at := inSlots(g, slots).step(1, 0).ptr()
	if g.CheckAddr(at, 8, 4) {
		p := inMemory(g, at)
		p.putU32(ev.p1)
		p.step(1, 4).putU32(ev.p2)
		slots.Set(0, uint64(ev.code))
	}
	return g.Err()
}

// waitableSetWait blocks until the set has an event (Canonical ABI, canon_waitable_set_wait).
func (c *coreCall) waitableSetWait() (Status, error) {
	s, err := c.waitableSet(c.arg(0))
	if err != nil {
		return Trap, err
	}
	if c.tr.Cancellable && c.th.task.deliverCancel() {
		return Done, c.t.storeEvent(c.inst, c.tr.Opts.Options, c.slots, event{code: eventTaskCancelled})
	}
	if s.hasEvent() {
		return Done, c.t.storeEvent(c.inst, c.tr.Opts.Options, c.slots, s.take())
	}
	c.th.set, c.th.mayCancel, c.th.memory = s, c.tr.Cancellable, c.tr.Opts.Options
	s.addWaiter(c.th)
	return c.block(waitSetInCall, finishWait)
}

func finishWait(th *Thread) Status {
	ev := event{code: eventTaskCancelled}
	if !th.cancel {
		ev = th.set.take()
	}
	th.set.removeWaiter(th)
	th.set, th.cancel = nil, false
	t := th.task.inst.tree
	if err := t.storeEvent(th.task.inst, th.memory, th.fiber.CallArgs(), ev); err != nil {
		return t.trap(err)
	}
	return Done
}

// waitableSetDrop drops an empty set (Canonical ABI, canon_waitable_set_drop).
func (c *coreCall) waitableSetDrop() (Status, error) {
	s, err := c.waitableSet(c.arg(0))
	if err == nil {
		err = s.drop()
	}
	if err != nil {
		return Trap, err
	}
	c.inst.handles.Remove(c.arg(0))
	return Done, nil
}

// waitableJoin moves a waitable into a set, or out (Canonical ABI, canon_waitable_join).
func (c *coreCall) waitableJoin() (Status, error) {
	e, err := c.inst.handles.Get(c.arg(0), abi.KindFree)
	if err != nil {
		return Trap, err
	}
	var w *Waitable
	switch x := e.Obj.(type) {
	case *Subtask:
		w = &x.Waitable
	case *copyEnd:
		w = &x.Waitable
	default:
		return Trap, abi.Trapf("handle index %d is %s, not a waitable", c.arg(0), e.Kind)
	}
	if w.waiter != nil {
		return Trap, abi.Trapf("cannot move a waitable that a synchronous call waits for")
	}
	var s *WaitableSet
	if i := c.arg(1); i != 0 {
		if s, err = c.waitableSet(i); err != nil {
			return Trap, err
		}
	}
	w.join(c.t, s)
	return Done, nil
}
