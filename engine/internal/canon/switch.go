package canon

// runThread runs an explicit thread for the first time.
func (t *Tree) runThread(th *Thread) result {
	prev := t.cur
	t.become(th)
	r := t.after(th, t.beginThread(th))
	t.become(prev)
	return r
}

// beginThread starts the code of an explicit thread.
func (t *Tree) beginThread(th *Thread) Outcome {
	f, err := t.fiber()
	if err != nil {
		t.die(err)
		return Trapped
	}
	*f.Context() = [2]uint64{}
	f.Slots().Set(0, th.spawn.arg)
	th.fiber, th.wait = f, running
	return f.Start(th.spawn.fn, false)
}

// follow goes on with the thread to which th has switched (Canonical ABI, Thread.resume): who
// has waited for th now waits for that one. It returns the thread that ran last.
func (t *Tree) follow(th *Thread) (*Thread, result) {
	next := t.next
	t.next = nil
	if t.dead != nil {
		return th, ran
	}
	next.caller, th.caller = th.caller, nil
	next.goOnFor(th)
	t.become(next)
	t.last = next
	switch {
	case next.turns >= turnsAtOnce: // threads that only switch let the driver look around
		t.frozen = next
		return next, frozen
	case next.wait == waitYield || next.wait == waitSet:
		r := t.callback(next)
		return t.last, r
	case next.fiber == nil:
		return next, t.settle(next, t.beginThread(next))
	}
	st := next.pend(next)
	if st == Pending {
		return next, t.suspended(next)
	}
	next.wait = running
	next.fiber.Answer(st)
	return next, t.settle(next, next.fiber.Resume())
}

// goOnFor counts the computing of th, which has resumed next, as that of next.
func (next *Thread) goOnFor(th *Thread) {
	if th.turns >= next.turns {
		next.turns, next.busy, next.mark = th.turns, th.busy, th.mark
	}
	if th.wait == waitSuspended {
		th.waited()
	}
	next.takeTurn()
}
