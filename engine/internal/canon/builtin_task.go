package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// taskReturn gives the caller of the running task its result (Canonical ABI, canon_task_return).
func (c *coreCall) taskReturn() (Status, error) {
	task := c.th.task
	fn := task.fn
	switch {
	case !fn.Opts.Async:
		return Trap, abi.Trapf("task.return called by %s, which is not lifted with the async option", fn.Name)
	case fn.Type.Result != c.tr.Result:
		return Trap, abi.Trapf("task.return called with another result type than that of %s", fn.Name)
	case fn.Opts.Encoding != c.tr.Opts.Encoding,
		fn.Opts.Memory != c.tr.Opts.Memory && (c.tr.Opts.Memory != None || needsMemory(fn.Type)):
		return Trap, abi.Trapf("task.return called with other options than those of %s", fn.Name)
	}
	err := c.t.liftResults(task, c.slots, types.MaxFlatParams)
	if err == nil {
		c.t.resolve(task, true)
	}
	return Done, err
}

// needsMemory reports whether task.return needs a memory for the result.
func needsMemory(ft *types.Func) bool {
	return ft.Result != nil && (ft.Result.HasPointer || ft.Result.FlatCount > types.MaxFlatParams)
}

// taskCancel confirms a cancellation (Canonical ABI, canon_task_cancel).
func (c *coreCall) taskCancel() (Status, error) {
	task := c.th.task
	switch {
	case !task.fn.Opts.Async:
		return Trap, abi.Trapf("task.cancel called by %s, which is not lifted with the async option", task.fn.Name)
	case task.state != taskCancelDelivered:
		return Trap, abi.Trapf("task.cancel called by a task that was not cancelled")
	}
	if err := task.mayResolve(); err != nil {
		return Trap, err
	}
	c.t.resolve(task, false)
	return Done, nil
}

func (c *coreCall) subtask() (*Subtask, error) {
	e, err := c.inst.handles.Get(c.arg(0), abi.KindSubtask)
	if err != nil {
		return nil, err
	}
	return e.Obj.(*Subtask), nil
}

// subtaskDrop forgets a subtask that has resolved (Canonical ABI, canon_subtask_drop).
func (c *coreCall) subtaskDrop() (Status, error) {
	s, err := c.subtask()
	if err != nil {
		return Trap, err
	}
	if !s.delivered {
		return Trap, abi.Trapf("cannot drop a subtask which has not yet resolved")
	}
	s.join(c.t, nil)
	c.inst.handles.Remove(s.index)
	return Done, nil
}

// subtaskCancel asks the callee of a subtask to stop (Canonical ABI, canon_subtask_cancel).
func (c *coreCall) subtaskCancel() (Status, error) {
	s, err := c.subtask()
	switch {
	case err != nil:
		return Trap, err
	case s.delivered:
		return Trap, abi.Trapf("cannot cancel a subtask which has already resolved")
	case s.cancelled:
		return Trap, abi.Trapf("cannot cancel a subtask twice")
	case s.set != nil && !c.tr.Async:
		return Trap, abi.Trapf("cannot wait for a subtask that is in a waitable set")
	}
	if s.resolved() {
		return c.ret(uint64(s.take().p2))
	}
	s.cancelled = true
	if s.host != nil {
		s.host.cancel()
	} else if c.t.cancelTask(s.task, c.th) == frozen {
		c.th.sub, c.th.wait, c.th.pend = s, waitCallee, finishCancel
		if c.tr.Async {
			c.th.pend = finishAsyncCancel
		}
		return Pending, nil
	}
	if s.resolved() {
		return c.ret(uint64(s.take().p2))
	}
	if c.tr.Async {
		return c.ret(blocked)
	}
	s.pending = false // of its start: the event to wait for is its end
	return c.waitEvent(&s.Waitable, finishSubtaskEvent)
}

// waitEvent blocks until w has an event.
func (c *coreCall) waitEvent(w *Waitable, pend func(*Thread) Status) (Status, error) {
	w.waiter, c.th.event = c.th, w
	return c.block(waitEvent, pend)
}

// takeWaited delivers the event for which th has waited.
func (th *Thread) takeWaited() event {
	w := th.event
	w.waiter, th.event = nil, nil
	return w.take()
}

func finishSubtaskEvent(th *Thread) Status {
	th.fiber.CallArgs().Set(0, uint64(th.takeWaited().p2))
	return Done
}

// finishAsyncCancel completes a cancellation whose callee was cut short.
func finishAsyncCancel(th *Thread) Status {
	v := uint64(blocked)
	if th.sub.resolved() {
		v = uint64(th.sub.take().p2)
	}
	th.fiber.CallArgs().Set(0, v)
	return Done
}

func finishCancel(th *Thread) Status {
	s := th.sub
	if s.resolved() {
		th.fiber.CallArgs().Set(0, uint64(s.take().p2))
		return Done
	}
	t := th.task.inst.tree
	if err := t.mayBlock(th, "subtask.cancel"); err != nil {
		return t.trap(err)
	}
	s.pending = false
	s.waiter, th.event = th, &s.Waitable
	th.wait, th.pend = waitEvent, finishSubtaskEvent
	return Pending
}

// cancelTask asks a task to stop (Canonical ABI, request_cancellation). by is the thread
// that asks, nil for the host. It returns frozen if the task's answer was cut short.
func (t *Tree) cancelTask(task *Task, by *Thread) result {
	inst, th := task.inst, &task.thread
	var caller *Instance
	if by != nil {
		caller = by.task.inst
	}
	switch task.state {
	case taskInitial:
		task.state = taskCancelDelivered
	case taskStarted:
		told := task.cancellable()
		if told == nil || !inst.mayEnterFrom(caller) {
			task.state = taskPendingCancel
			if th.wait == waitYield || th.wait == waitSet {
				t.enqueue(th) // it is told as soon as its instance is free
			}
			return ran
		}
		th, task.state = told, taskCancelDelivered
		if th.wait == waitSuspended {
			th.wait = waitReady
		}
	default:
		return ran
	}
	th.cancel = true
	if by == nil {
		t.resume(th) // at once: another task may take the instance's lock before its turn comes
		return ran
	}
	if th.wait == waitEnter { // no guest code runs
		return t.enter(task)
	}
	outer := t.scope
	t.scope = nil
	t.depth++
	inst.enterFrom(caller)
	r := t.step(th)
	t.depth--
	t.become(by)
	t.scope = outer
	if r == frozen {
		t.last.caller = by
		return frozen
	}
	inst.leaveTo(caller)
	return ran
}

// deliverCancel reports whether a pending cancellation is delivered now.
func (task *Task) deliverCancel() bool {
	if task.state != taskPendingCancel {
		return false
	}
	task.state = taskCancelDelivered
	return true
}
