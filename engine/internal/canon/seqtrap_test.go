package canon

// forbidden does something that the rules do not allow, if there is an opportunity.
func (s *seq) forbidden(g *guest, t *mTask) {
	list := []func(*guest, *mTask) (why string, do func()){
		s.badSet, s.badSub, s.badCopy, s.badCopy, s.badEnd, s.badEnd, s.badTask, s.badRes, s.badHandle,
	}
	why, do := list[s.d.int(len(list))](g, t)
	if do == nil {
		return
	}
	s.trap = why
	if do(); !s.bad {
		s.fail(g, "did not trap: %s", why)
	}
}

func (s *seq) badSet(g *guest, t *mTask) (string, func()) {
	x := pickOf(s, t.inst, func(x *mSet) bool { return len(x.members) > 0 || x.waiting > 0 })
	switch {
	case x == nil:
		return "", nil
	case len(x.members) > 0:
		return "with waitables in it", func() { g.dropSet(uint64(x.index)) }
	}
	return "that a task waits on", func() { g.dropSet(uint64(x.index)) }
}

func (s *seq) badSub(g *guest, t *mTask) (string, func()) {
	x := pickOf(s, t.inst, func(*mSub) bool { return true })
	if x == nil {
		return "", nil
	}
	h := uint64(x.index)
	switch {
	case x.delivered:
		return "already resolved", func() { g.cancelSubtask(h, s.d.one(2)) }
	case s.d.one(2):
		return "has not yet resolved", func() { g.dropSubtask(h) }
	case x.cancelled:
		return "cancel a subtask twice", func() { g.cancelSubtask(h, s.d.one(2)) }
	case x.waiter != nil:
		return "a synchronous call waits for", func() { g.join(h, 0) }
	case x.set != nil:
		return "in a waitable set", func() { g.cancelSubtask(h, false) }
	}
	return "", nil
}

// badCopy reads, writes or cancels where that is not possible.
func (s *seq) badCopy(g *guest, t *mTask) (string, func()) {
	e := pickOf(s, t.inst, func(e *mEnd) bool { return !e.promised })
	if e == nil {
		return "", nil
	}
	ch, h := s.typeOf(e.ch), uint64(e.index)
	copies, cancels, p, n := g.read, g.cancelRead, uint64(1024), uint64(1)
	if e.writer {
		copies, cancels = g.write, g.cancelWrite
	}
	copied := func() { copies(ch, h, p, n) }
	switch busy := e.state == copying || e.state == cancelling; {
	case busy && s.d.one(2):
		return "has a read or write in progress", copied
	case e.state == copyDone && s.d.one(2):
		return "after being notified that it has ended", copied
	case e.state != copying || e.waiter != nil:
		if s.d.one(2) {
			return "no read or write in progress that could be cancelled", func() { cancels(ch, s.d.one(2), h) }
		}
	case e.set != nil:
		return "in a waitable set", func() { cancels(ch, false, h) }
	}
	if e.state != copyIdle {
		return "", nil
	}
	switch {
	case e.set != nil:
		copied = func() { g.readSync(ch, h, p, n) }
		if e.writer {
			copied = func() { g.writeSync(ch, h, p, n) }
		}
		return "in a waitable set", copied
	case !e.ch.future && s.d.one(2):
		n = maxCopy + 1
		return "is too long", copied
	case e.ch.elem == elemText:
		p = pick(s.d, uint64(1026), memorySize-4, 0xfffffffc)
		return "unaligned or out of bounds", copied
	case e.ch.elem == elemByte:
		p = pick(s.d, uint64(memorySize), 0xffffffff)
		return "out of bounds", copied
	}
	return "", nil
}

// badEnd drops or passes on an end that cannot be.
func (s *seq) badEnd(g *guest, t *mTask) (string, func()) {
	e := pickOf(s, t.inst, func(e *mEnd) bool { return !e.promised })
	if e == nil {
		return "", nil
	}
	ch, h := s.typeOf(e.ch), uint64(e.index)
	drop := func() { g.dropReader(ch, h) }
	if e.writer {
		drop = func() { g.dropWriter(ch, h) }
	}
	busy := e.state == copying || e.state == cancelling
	switch {
	case e.waiter != nil && s.d.one(2):
		return "a synchronous call waits for", func() { g.join(h, 0) }
	case busy && (e.writer || s.d.one(2)):
		return "with a read or write in progress", drop
	case e.writer && e.ch.future && e.state == copyIdle:
		return "before it was written", drop
	case e.writer:
		return "", nil
	}
	pass := func() { g.call(s.discard(g, e.ch), h) }
	switch {
	case e.state == copyDone:
		return "whose other end is gone or whose value was read", pass
	case busy:
		return "with a read in progress", pass
	case e.set != nil:
		return "that is in a waitable set", pass
	}
	return "", nil
}

func (s *seq) badTask(g *guest, t *mTask) (string, func()) {
	task := t.task()
	lifted := task.kind == kindStackful || task.kind == kindCallback
	switch s.d.int(4) {
	case 0:
		switch {
		case !lifted:
			return "which is not lifted with the async option", g.cancelled
		case task.state != taskCancelDelivered:
			return "a task that was not cancelled", g.cancelled
		}
	case 1:
		switch {
		case !lifted:
			return "which is not lifted with the async option", func() { g.ret("") }
		case task.state == taskResolved:
			return "returned already", func() { g.ret("") }
		case task.borrows > 0:
			return "borrow handles still remain", func() { g.ret("") }
		}
		return "another result type", func() { g.ret("u32", 1) }
	case 2:
		if t.inst.pressure == 0 {
			return "backpressure", g.pressureDec
		}
	case 3:
		set := pickOf(s, t.inst, func(x *mSet) bool { return !x.hasEvent() })
		alone := s.pickThread(t.inst, func(x *mTask) bool { return x != t }) == nil
		if set != nil && task.kind == kindPlain && task.state != taskResolved && alone {
			return "cannot block a synchronous task", func() { g.wait(uint64(set.index), s.d.one(2)) }
		}
	}
	return "", nil
}

func (s *seq) badRes(g *guest, t *mTask) (string, func()) {
	r := pickOf(s, t.inst, func(r *mRes) bool { return r.lends > 0 })
	if r == nil {
		return "", nil
	}
	return "while it is lent", func() { g.drop(s.res, uint64(r.index)) }
}

// badHandle uses an index that is none, or is of something else.
func (s *seq) badHandle(g *guest, t *mTask) (string, func()) {
	switch s.d.int(8) {
	case 0:
		n := pick(s.d, 0, uint64(len(t.inst.table)), 0xffffffff)
		use := pick(s.d, g.dropSet, g.dropSubtask, func(n uint64) { g.join(n, 0) }, func(n uint64) { g.drop(s.res, n) })
		return "unknown handle index", func() { use(n) }
	case 1:
	default:
		return "", nil
	}
	x := pickOf(s, t.inst, func(x any) bool { _, set := x.(*mSet); return x != nil && !set })
	switch x := x.(type) {
	case mAnyWaitable:
		return "not a waitable set", func() { g.dropSet(uint64(x.waitable().index)) }
	case *mRes:
		return "not a waitable", func() { g.join(uint64(x.index), 0) }
	}
	return "", nil
}
