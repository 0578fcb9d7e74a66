package canon

// result says where control is after guest code has run.
type result uint8

const (
	ran    result = iota // back: the thread has blocked or ended, or the tree is dead
	frozen               // not back: t.frozen has to go on first
)

// run runs a core function as th.
func (t *Tree) run(th *Thread, f Fiber, fn int32) result {
	prev := t.cur
	t.become(th)
	th.fiber, th.wait = f, running
	r := t.after(th, f.Start(fn, th.task.fn.Opts.Callback != None))
	t.become(prev)
	return r
}

// answer answers the host call in which th is suspended; with Pending it stays there.
func (t *Tree) answer(th *Thread, st Status) result {
	if st == Pending {
		return t.after(th, Suspended)
	}
	prev := t.cur
	t.become(th)
	th.wait = running
	th.fiber.Answer(st)
	r := t.after(th, th.fiber.Resume())
	t.become(prev)
	return r
}

// after deals with the end of a run of guest code: of th, or of the thread to which it has
// switched, which is then t.last.
func (t *Tree) after(th *Thread, out Outcome) result {
	r := t.settle(th, out)
	for t.next != nil {
		th, r = t.follow(th)
	}
	if t.last = th; r == frozen {
		th.scope = t.scope
	}
	return r
}

func (t *Tree) settle(th *Thread, out Outcome) result {
	switch {
	case out == Preempted && t.dead == nil:
		// Whoever drives may not want to for longer; below another guest's host call, that one
		// has to get out of the way.
		th.wait = waitSlice
		t.frozen = th
		return frozen
	case t.dead != nil:
		return ran
	case out == Suspended:
		return t.suspended(th)
	case out == Trapped:
		t.die(th.fiber.Err())
		return ran
	}
	return t.returned(th)
}

// nextSlice gives others a turn and goes on with th.
func (t *Tree) nextSlice(th *Thread) Outcome {
	th.busy += Slice
	err := t.core.Preempted(th.busy)
	if k := t.killed.Load(); k != nil {
		err = k.err
	}
	if err != nil {
		t.dieIn(th, err)
		return Trapped
	}
	t.become(th) // only now: the turns of others are not its time
	return th.fiber.Resume()
}

// suspended notes what a suspended thread does to the rest of the tree.
func (t *Tree) suspended(th *Thread) result {
	switch th.wait {
	case waitHost:
		t.frozen, t.frozenAt = th, t.rests
		return frozen
	case waitCallee:
		return frozen
	case waitYieldInCall: // goes on computing
		return ran
	case waitSuspended:
		if t.next != nil { // which goes on computing for it
			return ran
		}
	}
	th.waited()
	return ran
}

// step lets a thread go on that is ready.
func (t *Tree) step(th *Thread) result {
	t.last = th
	switch th.wait {
	case waitEnter:
		return t.enter(th.task)
	case waitYield, waitSet:
		return t.callback(th)
	case waitReturn:
		return t.turnOfHeld(th)
	case waitYieldInCall, waitReady, waitSetInCall, waitSubtask, waitEvent:
		if !t.charge(th) {
			return ran
		}
		if th.fiber == nil {
			return t.runThread(th)
		}
	case waitSlice:
		th.wait = running
		prev := t.cur
		out := t.nextSlice(th)
		r := t.after(th, out)
		t.become(prev)
		return r
	}
	return t.complete(th)
}

// complete completes the call in which th is suspended, and lets it go on.
func (t *Tree) complete(th *Thread) result {
	prev := t.cur
	t.become(th)
	r := t.answer(th, th.pend(th))
	t.become(prev)
	return r
}
