package canon

import "github.com/spinhost/spin/engine/abi"

// A function that is not async in its type has returned when its caller goes on. Its thread may
// wait all the same, as long as there are other threads of the same instance that are ready:
// one of them may wake it. Tree.scope is the task of the innermost such call. When its thread
// has blocked, the tree is frozen, with a stand-in for a thread that lets the instance's
// threads run, one by one and on the driver, until the task has returned.

// call starts a task (Canonical ABI, canon_lift).
func (t *Tree) call(task *Task) result {
	outer := t.scope
	t.scope = nil
	if !task.fn.Type.Async {
		t.scope = task
	}
	r := t.start(task)
	if r == ran && t.holds() {
		r = t.hold(nil)
	}
	t.scope = outer
	return r
}

// holds reports whether control must not go back yet to who has called the task that is the
// scope.
func (t *Tree) holds() bool {
	return t.scope != nil && t.scope.state != taskResolved && t.scope.fn != startFunction && t.dead == nil
}

// hold freezes the tree for as long as the task that is the scope has not returned; caller is
// whose call it has then cut short, if that is known.
func (t *Tree) hold(caller *Thread) result {
	t.last = &Thread{task: t.scope, wait: waitReturn, scope: t.scope, caller: caller}
	t.frozen = t.last
	return frozen
}

// turnOfHeld lets a thread run of the instance for whose task h stands.
func (t *Tree) turnOfHeld(h *Thread) result {
	if h.task.state == taskResolved {
		return ran
	}
	i := t.readyIn(h.task.inst)
	if i < 0 {
		t.die(errBlocks(h.task, "waiting"))
		return ran
	}
	th := t.ready.remove(i)
	th.queued = false
	r := t.step(th)
	switch {
	case t.dead != nil:
		return ran
	case r == frozen:
		t.last.caller = h
		t.last = h
		return frozen
	}
	return t.held(h)
}

// held goes on with h when a thread has had its turn.
func (t *Tree) held(h *Thread) result {
	if t.last = h; h.task.state == taskResolved {
		return ran
	}
	t.frozen = h
	return frozen
}

// readyIn returns the place in the ready queue of the first thread that may go on while a
// function of i that is not async waits, -1 if there is none. That excludes threads that need
// the instance for themselves.
func (t *Tree) readyIn(i *Instance) int {
	for n := range t.ready.n {
		th := t.ready.at(n)
		if th.task.inst != i || th == i.exclusive || th.spawn == nil && th.task.fn.exclusive() {
			continue
		}
		if th.wait != waitEnter && th.ready() {
			return n
		}
	}
	return -1
}

// mayBlock checks that th may wait in a call of what.
func (t *Tree) mayBlock(th *Thread, what string) error {
	if t.scope == nil || t.scope.state == taskResolved || t.readyIn(th.task.inst) >= 0 {
		return nil
	}
	return errBlocks(t.scope, what)
}

func errBlocks(task *Task, what string) error {
	return abi.Trapf("cannot block a synchronous task before returning: %s in %s", what, task.fn.Name)
}
