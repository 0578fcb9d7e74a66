package canon

import (
	"github.com/spinhost/spin/engine/abi"
)

// HostCall serves trampoline op, which guest code has called with slots. onFiber says that
// the guest runs on a fiber and may be suspended. Functions of the host are called from here:
// some processors pay for each function that a call is deeper.
func (t *Tree) HostCall(onFiber bool, op uint32, slots abi.Flat) (st Status) {
	tr := &t.prog.Trampolines[op]
	inst := &t.insts[tr.Instance]
	if t.dead != nil {
		return Trap
	}
	if inst.mustStay() && !tr.Op.staysInside() {
		return t.trap(abi.Trapf("cannot leave component instance: %s called from realloc or post-return", tr.Name))
	}
	var c coreCall // field by field: a literal is made elsewhere and copied
	c.t, c.th, c.inst, c.tr, c.slots = t, t.cur, inst, tr, slots
	var err error
	if tr.Op == LowerHost && !tr.Opts.Memory64 {
		h := t.newHostCall(&c)
		defer func() {
			if r := recover(); r != nil {
				st = t.trap(h.failed(h.panicked(r)))
			}
		}()
		h.setup(inst, slots)
		tr.Host.Serve(&h.Call)
		st, err = c.served(h, h.Err())
	} else {
		st, err = c.serve()
	}
	if st == Done && err == nil && t.dead == nil {
		return Done
	}
	switch {
	case err != nil:
		return t.trap(err)
	case t.dead != nil:
		return Trap
	case st == Pending && !onFiber:
		return t.trap(abi.Trapf("cannot block in %s outside of a task", tr.Name))
	}
	return st
}

// staysInside reports whether the built-in may be called when the instance must not be left
// (Canonical ABI: those that do not check may_leave; the core serves context.get and
// context.set itself).
func (b Builtin) staysInside() bool {
	switch b {
	case ResourceRep, BackpressureInc, BackpressureDec, AdapterFault:
		return true
	}
	return false
}

// coreCall is one call of a trampoline by core code.
type coreCall struct {
	t     *Tree
	th    *Thread
	inst  *Instance
	tr    *Trampoline
	slots abi.Flat
}

func (c *coreCall) arg(i int) uint32 { return c.slots.U32(i) }

// ret answers with an i32 or i64.
func (c *coreCall) ret(v uint64) (Status, error) {
	c.slots.Set(0, v)
	return Done, nil
}

func (c *coreCall) serve() (Status, error) {
	switch c.tr.Op {
	case LowerHost: // for a 64-bit memory; HostCall serves the others
		h := c.t.newHostCall(c)
		return c.served(h, h.serveMirrored(c.inst, c.slots))
	case LowerGuest:
		return c.callGuest()
	case ResourceNew:
		return c.resourceNew()
	case ResourceDrop:
		return c.resourceDrop()
	case ResourceRep:
		return c.resourceRep()
	case TaskReturn:
		return c.taskReturn()
	case TaskCancel:
		return c.taskCancel()
	case SubtaskCancel:
		return c.subtaskCancel()
	case SubtaskDrop:
		return c.subtaskDrop()
	case ThreadYield:
		return c.threadYield()
	case WaitableSetNew:
		return c.waitableSetNew()
	case WaitableSetWait:
		return c.waitableSetWait()
	case WaitableSetPoll:
		return c.waitableSetPoll()
	case WaitableSetDrop:
		return c.waitableSetDrop()
	case WaitableJoin:
		return c.waitableJoin()
	case BackpressureInc, BackpressureDec:
		return c.backpressure()
	case ThreadIndex, ThreadNewIndirect, ThreadResumeLater, ThreadSuspend, ThreadSuspendThenResume,
		ThreadYieldThenResume, ThreadSuspendThenPromote, ThreadYieldThenPromote:
		return c.serveThread()
	case ErrorContextNew:
		return c.errorContextNew()
	case ErrorContextDebugMessage:
		return c.errorContextDebugMessage()
	case ErrorContextDrop:
		return c.errorContextDrop()
	case AdapterFault:
		return Trap, c.adapterFault()
	}
	return c.serveChannel()
}

// serveChannel serves the built-ins of streams and futures.
func (c *coreCall) serveChannel() (Status, error) {
	switch c.tr.Op {
	case StreamNew, FutureNew:
		return c.channelNew(c.tr.Op == FutureNew)
	case StreamRead:
		return c.copy(abi.KindStreamReader, c.addr(2))
	case StreamWrite:
		return c.copy(abi.KindStreamWriter, c.addr(2))
	case FutureRead:
		return c.copy(abi.KindFutureReader, 1)
	case FutureWrite:
		return c.copy(abi.KindFutureWriter, 1)
	case StreamCancelRead:
		return c.cancelCopy(abi.KindStreamReader)
	case StreamCancelWrite:
		return c.cancelCopy(abi.KindStreamWriter)
	case FutureCancelRead:
		return c.cancelCopy(abi.KindFutureReader)
	case FutureCancelWrite:
		return c.cancelCopy(abi.KindFutureWriter)
	case StreamDropReadable:
		return c.dropEnd(abi.KindStreamReader)
	case StreamDropWritable:
		return c.dropEnd(abi.KindStreamWriter)
	case FutureDropReadable:
		return c.dropEnd(abi.KindFutureReader)
	case FutureDropWritable:
		return c.dropEnd(abi.KindFutureWriter)
	}
	return Trap, abi.Trapf("%s is not supported", c.tr.Name)
}

// block suspends the calling thread until k is over; pend then completes the call.
func (c *coreCall) block(k waitKind, pend func(*Thread) Status) (Status, error) {
	if err := c.t.mayBlock(c.th, c.tr.Name); err != nil {
		return Trap, err
	}
	c.th.wait, c.th.pend = k, pend
	return Pending, nil
}

func (c *coreCall) backpressure() (Status, error) {
	i := c.inst
	if c.tr.Op == BackpressureInc {
		if i.pressure++; i.pressure == 1<<16 {
			return Trap, abi.Trapf("backpressure counter overflow")
		}
		return Done, nil
	}
	if i.pressure--; i.pressure < 0 {
		return Trap, abi.Trapf("backpressure counter underflow")
	}
	if i.pressure == 0 {
		i.wakeWaiting()
	}
	return Done, nil
}

func (c *coreCall) threadYield() (Status, error) {
	th := c.th
	if c.tr.Cancellable && th.task.deliverCancel() {
		return c.ret(1)
	}
	if c.t.scope != nil && c.t.readyIn(c.inst) < 0 {
		return c.ret(0) // nobody else may run
	}
	th.mayCancel = c.tr.Cancellable
	th.takeTurn()
	c.t.enqueue(th)
	return c.block(waitYieldInCall, finishYield)
}

func finishYield(th *Thread) Status {
	th.fiber.CallArgs().Set(0, uint64(abi.BoolBits(th.cancel)))
	th.cancel = false
	return Done
}
