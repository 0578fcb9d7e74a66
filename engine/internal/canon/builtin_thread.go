package canon

import "github.com/spinhost/spin/engine/abi"

// serveThread serves the built-ins of explicit threads.
func (c *coreCall) serveThread() (Status, error) {
	if c.th.starts() {
		return Trap, abi.Trapf("%s called by a start function, which is no task", c.tr.Name)
	}
	switch c.tr.Op {
	case ThreadIndex:
		return c.ret(uint64(c.th.index))
	case ThreadNewIndirect:
		return c.newThread()
	case ThreadSuspend:
		if c.cancelled() {
			return c.ret(1)
		}
		return c.suspend()
	}
	other, err := c.inst.threads.get(c.arg(0))
	if err != nil {
		return Trap, err
	}
	switch c.tr.Op {
	case ThreadSuspendThenPromote, ThreadYieldThenPromote:
		return c.promote(other)
	}
	if other.wait != waitSuspended {
		return Trap, abi.Trapf("%s: thread %d is not suspended", c.tr.Name, c.arg(0))
	}
	if c.tr.Op == ThreadResumeLater {
		other.wait = waitReady
		other.goOnFor(c.th)
		c.t.enqueue(other)
		return Done, nil
	}
	if c.cancelled() {
		return c.ret(1)
	}
	return c.switchTo(other)
}

// newThread makes a thread (Canonical ABI, canon_thread_new_indirect).
func (c *coreCall) newThread() (Status, error) {
	i, arg := uint64(c.arg(0)), uint64(c.arg(1))
	if c.tr.WideIndex {
		i = c.slots.U64(0)
	}
	if c.tr.Wide {
		arg = c.slots.U64(1)
	}
	fn, err := c.t.core.TableFunc(c.tr.Table, i, c.tr.Wide)
	if err != nil {
		return Trap, err
	}
	th, err := c.t.newThread(c.th.task, fn, arg)
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(th.index))
}

// cancelled reports whether the call is answered with a cancellation that has been waiting.
func (c *coreCall) cancelled() bool { return c.tr.Cancellable && c.th.task.deliverCancel() }

// suspend waits until another thread resumes this one (Canonical ABI, Thread.suspend).
func (c *coreCall) suspend() (Status, error) {
	c.th.mayCancel = c.tr.Cancellable
	return c.block(waitSuspended, finishYield)
}

// promote switches to another thread if that one is ready, and else suspends or yields
// (Canonical ABI, Thread.suspend_then_promote and yield_then_promote).
func (c *coreCall) promote(other *Thread) (Status, error) {
	switch {
	case c.cancelled():
		return c.ret(1)
	case other.ready():
		return c.switchTo(other)
	case c.tr.Op == ThreadYieldThenPromote:
		return c.threadYield()
	}
	return c.suspend()
}

// switchTo suspends this thread, or lets it yield, and goes on with another (Canonical ABI,
// Thread.suspend_then_resume and yield_then_resume).
func (c *coreCall) switchTo(other *Thread) (Status, error) {
	th := c.th
	th.mayCancel, th.pend, th.wait = c.tr.Cancellable, finishYield, waitSuspended
	if c.tr.Op == ThreadYieldThenResume || c.tr.Op == ThreadYieldThenPromote {
		th.wait = waitYieldInCall
		c.t.enqueue(th)
	}
	if other.wait == waitSuspended {
		other.wait = waitReady
	}
	c.t.next = other
	return Pending, nil
}
