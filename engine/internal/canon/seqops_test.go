package canon

import "strings"

// act does one operation of a task.
func (s *seq) act(g *guest, t *mTask) {
	t.ops--
	if s.left--; s.left < 0 {
		t.ops = 0
		return
	}
	ops := []func(*guest, *mTask){
		s.newSet, s.dropSet, s.join, s.join, s.poll, s.wait, s.yield,
		s.newChannel, s.newChannel, s.copy, s.copy, s.copy, s.cancelCopy, s.dropEnd,
		s.spawn, s.resume, s.suspend, s.switchTo, s.switchTo,
		s.call, s.call, s.call, s.cancelSub, s.cancelSub, s.dropSub, s.pressure, s.early,
		func(*guest, *mTask) { s.hostCancels(s.d.int(len(s.calls))) },
		s.hostEnds, s.hostEnds, func(*guest, *mTask) { s.wakeHost() }, s.hostCall, s.resources, s.resources,
	}
	if s.evil && s.d.one(20) {
		s.forbidden(g, t)
		return
	}
	ops[s.d.int(len(ops))](g, t)
}

// pickOf returns one of the instance's handles that are a T and for which ok holds.
func pickOf[T comparable](s *seq, i *mInst, ok func(T) bool) (x T) {
	var all []T
	for _, h := range i.table {
		if h, is := h.(T); is && ok(h) {
			all = append(all, h)
		}
	}
	if len(all) > 0 {
		x = all[s.d.int(len(all))]
	}
	return x
}

func (s *seq) pickSet(t *mTask) *mSet { return pickOf(s, t.inst, func(*mSet) bool { return true }) }

func (s *seq) newSet(g *guest, t *mTask) {
	x := &mSet{}
	x.index = t.inst.add(x)
	s.want(g, "waitable-set.new", g.newSet(), uint64(x.index))
}

func (s *seq) dropSet(g *guest, t *mTask) {
	if x := pickOf(s, t.inst, func(x *mSet) bool { return len(x.members) == 0 && x.waiting == 0 }); x != nil {
		t.inst.remove(x.index)
		g.dropSet(uint64(x.index))
	}
}

func (s *seq) join(g *guest, t *mTask) {
	w := pickOf(s, t.inst, func(w mAnyWaitable) bool {
		e, isEnd := w.(*mEnd)
		return w.waitable().waiter == nil && !(isEnd && e.promised)
	})
	if w == nil {
		return
	}
	set, index := s.pickSet(t), uint64(0)
	if s.d.one(4) {
		set = nil
	}
	if set != nil {
		index = uint64(set.index)
	}
	join(w, set)
	g.join(uint64(w.waitable().index), index)
}

func (s *seq) poll(g *guest, t *mTask) {
	set := s.pickSet(t)
	if set == nil {
		return
	}
	cancellable := s.d.one(2)
	got := g.poll(uint64(set.index), cancellable)
	switch {
	case cancellable && t.task().state == taskPendingCancel:
		t.task().state = taskCancelDelivered
		s.want(g, "poll", got.code, codeTaskCancelled)
	case set.hasEvent():
		s.take(g, set, got)
	default:
		s.want(g, "poll", got.code|got.p1|got.p2, 0)
	}
}

func (s *seq) take(g *guest, set *mSet, got happened) {
	if err := set.take(mEvent{eventCode(got.code), uint32(got.p1), uint32(got.p2)}); err != nil {
		s.fail(g, "%v", err)
	}
}

func (s *seq) wait(g *guest, t *mTask) {
	set := s.pickSet(t)
	if set == nil || !t.mayBlock() || len(set.members) == 0 && !s.d.one(8) {
		return
	}
	cancellable := s.d.one(2)
	var got happened
	set.waiting++
	told := s.block(g, t, cancellable, set.hasEvent, func() bool {
		got = g.wait(uint64(set.index), cancellable)
		return got.code == codeTaskCancelled
	})
	if set.waiting--; !told {
		s.take(g, set, got)
	}
}

func (s *seq) yield(g *guest, t *mTask) {
	if !t.mayBlock() {
		s.want(g, "thread.yield", g.yield(s.d.one(2)), 0)
		return
	}
	cancellable := s.d.one(2)
	s.block(g, t, cancellable, func() bool { return true }, func() bool { return s.told(g, g.yield(cancellable)) })
}

func (s *seq) pressure(g *guest, t *mTask) {
	if i := t.inst; i.pressure > 0 && !s.d.one(4) {
		i.pressure--
		g.pressureDec()
	} else if s.d.one(2) {
		i.pressure++
		g.pressureInc()
	}
}

// early resolves a task before its end.
func (s *seq) early(g *guest, t *mTask) {
	task := t.task()
	if task.state != taskResolved && (task.kind == kindStackful || task.kind == kindCallback) && s.giveBack(g, task) {
		s.resolve(g, t)
	}
}

// typeOf is the type of a channel as guests name it.
func (s *seq) typeOf(ch *mChan) channelType {
	if ch.future {
		return s.w.future(ch.elem.String())
	}
	return s.w.stream(ch.elem.String())
}

func (s *seq) newChannel(g *guest, t *mTask) {
	ch := &mChan{future: s.d.one(3), elem: elemKind(s.d.int(int(elemKinds)))}
	r, w := &mEnd{ch: ch, inst: t.inst}, &mEnd{ch: ch, inst: t.inst, writer: true}
	r.index, w.index = t.inst.add(r), t.inst.add(w)
	gr, gw := g.newChannel(s.typeOf(ch))
	s.want(g, "readable end", gr, uint64(r.index))
	s.want(g, "writable end", gw, uint64(w.index))
}

// copy reads or writes.
func (s *seq) copy(g *guest, t *mTask) {
	e := pickOf(s, t.inst, func(e *mEnd) bool { return e.state == copyIdle && !e.promised })
	if e == nil || g.c.heap > memorySize-1024 {
		return
	}
	sync := t.mayBlock() && e.set == nil && s.d.one(6)
	n := s.d.int(4)
	if e.ch.future {
		n = 1
	}
	s.buffer(g, e, n)
	if why := e.copy(); why != "" {
		s.trap = why
	}
	op := map[bool]func(channelType, uint64, uint64, uint64) uint64{false: g.read, true: g.write}
	if sync {
		op = map[bool]func(channelType, uint64, uint64, uint64) uint64{false: g.readSync, true: g.writeSync}
	}
	s.copied(g, t, e, sync, func() uint64 { return op[e.writer](s.typeOf(e.ch), uint64(e.index), e.ptr, uint64(n)) })
}

// copied calls f, which answers with the event of e if there is one, or waits for it.
func (s *seq) copied(g *guest, t *mTask, e *mEnd, sync bool, f func() uint64) {
	var got uint64
	switch {
	case e.pending:
		got = f()
	case e.ch.host != nil && !sync:
		if got = f(); !e.pending { // the host wants nothing at present
			s.want(g, "copy", got, blocked)
			return
		}
	case sync:
		e.waiter = t
		s.block(g, t, false, func() bool { return e.pending }, func() bool { got = f(); return false })
		e.waiter = nil
	default:
		s.want(g, "copy", f(), blocked)
		return
	}
	s.want(g, "copy", got, uint64(e.deliver().p2))
}

// buffer gives an end a buffer for n elements, with what a writer has to say.
func (s *seq) buffer(g *guest, e *mEnd, n int) {
	e.ptr, e.length, e.progress, e.items = g.new(uint32(8*n), 4), n, 0, nil
	for i := range n {
		text := strings.Repeat(string(rune('a'+s.d.int(26))), 1+s.d.int(3))
		switch {
		case e.ch.elem == elemNone:
			text = ""
		case e.ch.elem == elemByte:
			text = text[:1]
		}
		if !e.writer {
			continue
		}
		e.items = append(e.items, text)
		switch e.ch.elem {
		case elemByte:
			g.fill(e.ptr+uint64(i), text)
		case elemText:
			p, k := g.str(text)
			g.putU32(e.ptr+8*uint64(i), int(p))
			g.putU32(e.ptr+8*uint64(i)+4, int(k))
		}
	}
	e.check = func(e *mEnd) {
		for i, want := range e.items {
			got := ""
			switch at := e.ptr + uint64(i); e.ch.elem {
			case elemByte:
				got = g.text(at, 1)
			case elemText:
				at = e.ptr + 8*uint64(i)
				got = g.text(g.u32(at), g.u32(at+4))
			}
			if got != want {
				s.fail(g, "element %d: got %q, want %q", i, got, want)
			}
		}
	}
}

func (s *seq) cancelCopy(g *guest, t *mTask) {
	e := pickOf(s, t.inst, func(e *mEnd) bool { return e.state == copying && e.waiter == nil })
	if e == nil {
		return
	}
	async := !t.mayBlock() || e.set != nil || s.d.one(2)
	e.cancel()
	s.copied(g, t, e, !async, func() uint64 {
		if e.writer {
			return g.cancelWrite(s.typeOf(e.ch), async, uint64(e.index))
		}
		return g.cancelRead(s.typeOf(e.ch), async, uint64(e.index))
	})
}

func (s *seq) dropEnd(g *guest, t *mTask) {
	e := pickOf(s, t.inst, func(e *mEnd) bool {
		return !e.promised && (e.state == copyDone || e.state == copyIdle && !(e.writer && e.ch.future))
	})
	switch {
	case e == nil:
	case e.writer:
		e.drop()
		g.dropWriter(s.typeOf(e.ch), uint64(e.index))
	default:
		e.drop()
		g.dropReader(s.typeOf(e.ch), uint64(e.index))
	}
}

// call calls a function of another instance, perhaps with an end.
func (s *seq) call(g *guest, t *mTask) {
	to := (t.inst.n + 1 + s.d.int(seqInsts-1)) % seqInsts
	if s.onStack(s.insts[to]) || len(s.tasks) > 30 {
		return // it cannot be entered
	}
	k := taskKind(s.d.int(int(taskKinds)))
	async := k != kindPlain && (!t.mayBlock() || !s.d.one(4))
	callee := s.newTask(to, k)
	callee.sub = &mSub{task: callee}
	key, args := liftKey{to, k, 0}, []uint64{uint64(callee.id)}
	if e := pickOf(s, t.inst, passable); e != nil && s.d.one(2) {
		callee.end, e.promised = e, true
		key.end = 1 + int(e.ch.elem)
		if e.ch.future {
			key.end += int(elemKinds)
		}
		args = append(args, uint64(e.index))
	} else if r, own := s.passRes(t, async); r != nil {
		callee.res, callee.owns, key.end = r, own, len(endTypes)-1
		if own {
			key.end--
		}
		args = append(args, uint64(r.index))
	}
	t.where, t.callee, t.async = isCalling, callee, async
	answer := g.call(g.c.lower(s.lifts[key], async), args...)
	s.turnOf(g, t)
	t.where, t.callee = isRunning, nil
	sub := callee.sub
	switch {
	case !async && !sub.resolved():
		s.fail(g, "%v returned from a call of %v", t, callee)
	case !async || sub.resolved():
		sub.settle()
		if async {
			s.want(g, "call", answer, uint64(subtaskReturned))
		}
	default:
		sub.index = t.inst.add(sub)
		s.want(g, "call", answer, uint64(sub.state)|uint64(sub.index)<<4)
	}
}

func passable(e *mEnd) bool {
	return !e.writer && e.state == copyIdle && e.set == nil && !e.promised
}

func (s *seq) cancelSub(g *guest, t *mTask) {
	sub := pickOf(s, t.inst, func(x *mSub) bool { return !x.delivered && !x.cancelled && x.waiter == nil })
	if sub == nil {
		return
	}
	async := !t.mayBlock() || sub.set != nil || s.d.one(2)
	callee := sub.task
	switch {
	case sub.resolved():
	case callee == nil: // of the host, which gives up at once
		sub.progress(subtaskCancelledBeforeReturned)
	default:
		sub.cancelled = true
		s.cancelTask(callee, false)
	}
	// The callee may run, and if the answer has to be waited for, so may all others.
	t.where, t.callee, t.async, sub.waiter = isCalling, callee, async, t
	answer := g.cancelSubtask(uint64(sub.index), async)
	s.turnOf(g, t)
	t.where, t.callee, sub.waiter = isRunning, nil, nil
	switch {
	case sub.resolved() && answer != blocked:
		s.want(g, "subtask.cancel", answer, uint64(sub.deliver().p2))
	case !async || sub.resolved():
		s.fail(g, "%v answered %#x while %v", t, answer, callee)
	}
}

func (s *seq) dropSub(g *guest, t *mTask) {
	if x := pickOf(s, t.inst, func(x *mSub) bool { return x.delivered && x.waiter == nil }); x != nil {
		join(x, nil)
		t.inst.remove(x.index)
		g.dropSubtask(uint64(x.index))
	}
}
