package canon

// This is the part of the sequences and of their model that is about explicit threads.

// task returns the task of which t is a thread.
func (t *mTask) task() *mTask {
	if t.of != nil {
		return t.of
	}
	return t
}

// all lists the threads of a task that may go on some time.
func (t *mTask) all() []*mTask {
	if t.where == isOver {
		return t.others
	}
	return append([]*mTask{t}, t.others...)
}

func (t *mTask) living() int { return len(t.all()) }

func (i *mInst) addThread(t *mTask) {
	if k := len(i.freeThreads); k > 0 {
		t.index, i.freeThreads = i.freeThreads[k-1], i.freeThreads[:k-1]
		i.threads[t.index] = t
		return
	}
	if len(i.threads) == 0 {
		i.threads = append(i.threads, nil)
	}
	t.index = uint32(len(i.threads))
	i.threads = append(i.threads, t)
}

// ends takes a thread out of its instance and task.
func (t *mTask) ends() {
	t.where = isOver
	t.inst.threads[t.index] = nil
	t.inst.freeThreads = append(t.inst.freeThreads, t.index)
	if t.of == nil {
		return
	}
	for i, x := range t.of.others {
		if x == t {
			t.of.others = append(t.of.others[:i:i], t.of.others[i+1:]...)
			break
		}
	}
}

// markCancelled marks the threads of a task one of which is to be told of its cancellation now.
func (t *mTask) markCancelled() (any bool) {
	for _, x := range t.all() {
		switch x.where {
		case isWaiting, isSuspended, isReady:
			x.cancel = x.cancellable
		case isInLoop:
			x.cancel = x.inst.exclusive == nil
		}
		any = any || x.cancel
	}
	return any
}

// surelyGoesOn is canGoOn without what may happen to another thread as well: one of those that
// are marked is told of the cancellation, no matter which.
func (t *mTask) surelyGoesOn() bool {
	marked := 0
	for _, x := range t.task().all() {
		if x.cancel {
			marked++
		}
	}
	if !t.cancel || marked == 1 {
		return t.canGoOn()
	}
	t.cancel = false
	defer func() { t.cancel = true }()
	return t.canGoOn()
}

// wasTold notes that one was.
func (t *mTask) wasTold() {
	for _, x := range t.all() {
		x.cancel = false
	}
}

// turnOf checks that t may run if a thread has switched to another, which then runs first.
func (s *seq) turnOf(g *guest, t *mTask) {
	if s.switched != nil && s.switched != t {
		s.fail(g, "%v runs where %v has to", t, s.switched)
	}
	s.switched = nil
}

func (s *seq) told(g *guest, answer uint64) bool {
	if answer > 1 {
		s.fail(g, "a thread is told %d", answer)
	}
	return answer == 1
}

// spawn makes a thread.
func (s *seq) spawn(g *guest, t *mTask) {
	task := t.task()
	if len(task.others) > 3 || len(s.tasks) > 40 {
		return
	}
	x := &mTask{id: len(s.tasks), of: task, inst: t.inst, where: isSuspended, ops: 1 + s.d.int(8)}
	s.tasks = append(s.tasks, x)
	task.others = append(task.others, x)
	t.inst.addThread(x)
	s.want(g, "thread.new-indirect", g.newThread(uint64(t.inst.n), uint64(x.id)), uint64(x.index))
	s.want(g, "thread.index", g.threadIndex(), uint64(t.index))
}

// threadBody is what explicit threads run.
func (s *seq) threadBody(g *guest, a []uint64) uint64 {
	t := s.tasks[a[0]]
	s.turnOf(g, t)
	if t.where != isReady || g.context[0]|g.context[1] != 0 {
		s.fail(g, "%v begins", t)
	}
	g.context[0], g.context[1] = a[0], ^a[0]
	t.where = isRunning
	for t.ops > 0 {
		s.act(g, t)
	}
	if g.context[0] != a[0] || g.context[1] != ^a[0] {
		s.fail(g, "%v has lost its context", t)
	}
	s.finish(g, t)
	return 0
}

// pickThread returns a thread of the instance for which ok holds.
func (s *seq) pickThread(i *mInst, ok func(*mTask) bool) *mTask {
	var all []*mTask
	for _, x := range i.threads {
		if x != nil && ok(x) {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[s.d.int(len(all))]
}

func suspended(x *mTask) bool { return x.where == isSuspended && !x.cancel }

func (s *seq) resume(g *guest, t *mTask) {
	if x := s.pickThread(t.inst, suspended); x != nil {
		x.where = isReady
		g.resumeLater(uint64(x.index))
	}
}

// leaveReady resumes the threads that one which ends might have resumed.
func (s *seq) leaveReady(g *guest, t *mTask) {
	for _, x := range t.task().others {
		if suspended(x) && !s.d.one(8) {
			x.where = isReady
			g.resumeLater(uint64(x.index))
		}
	}
}

// suspend waits until another thread resumes this one. Tasks whose functions are not async may
// not, unless others are ready; they are left out.
func (s *seq) suspend(g *guest, t *mTask) {
	if !t.mayBlock() || s.d.one(2) {
		return
	}
	s.suspends(g, t, s.d.one(2), func(cancellable bool) uint64 { return g.suspend(cancellable) })
}

// suspends is block for the built-ins that suspend.
func (s *seq) suspends(g *guest, t *mTask, cancellable bool, f func(cancellable bool) uint64) {
	if cancellable && t.task().state == taskPendingCancel {
		t.task().state = taskCancelDelivered
		s.want(g, "a call of a cancelled task", f(true), 1)
		return
	}
	t.where, t.cancellable = isSuspended, cancellable
	s.goesOn(g, t, func() bool { return s.told(g, f(cancellable)) })
}

// switchTo goes on with another thread at once.
func (s *seq) switchTo(g *guest, t *mTask) {
	op := pick(s.d, ThreadSuspendThenResume, ThreadYieldThenResume, ThreadSuspendThenPromote, ThreadYieldThenPromote)
	promotes := op == ThreadSuspendThenPromote || op == ThreadYieldThenPromote
	yields := op == ThreadYieldThenResume || op == ThreadYieldThenPromote
	x := s.pickThread(t.inst, func(x *mTask) bool { return x != t && (promotes || suspended(x)) })
	if x == nil || !yields && !t.mayBlock() {
		return
	}
	cancellable := t.mayBlock() && s.d.one(2)
	if !cancellable || t.task().state != taskPendingCancel {
		switch {
		case !promotes:
			x.where, s.switched = isReady, x
		case x.surelyGoesOn():
			s.switched = x
		}
	}
	f := func(cancellable bool) uint64 { return g.switchTo(op, uint64(x.index), cancellable) }
	if yields {
		s.block(g, t, cancellable, func() bool { return true }, func() bool { return s.told(g, f(cancellable)) })
		return
	}
	s.suspends(g, t, cancellable, f)
}
