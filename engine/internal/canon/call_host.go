package canon

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// defaultHostCalls is how many host functions of a tree run on goroutines at once.
const defaultHostCalls = 256

// hostCall is one call of a host function. Most are over before Serve returns.
type hostCall struct {
	abi.Call
	t       *Tree
	th      *Thread
	tr      *Trampoline
	lenders abi.Lenders
	sub     *Subtask // the caller of an asynchronous call, or of one that blocks
	run     func(context.Context) func(*abi.Call)
	ctx     context.Context
	stop    context.CancelFunc
	frozen  bool // nothing else of the tree runs until it is over

	mirrored *mirrored // of a guest with a 64-bit memory

	wait   abi.Pollable
	disarm func()

	// Guarded by the tree's mutex.
	over   bool
	finish func(*abi.Call)
	err    error
	gone   bool // nobody wants the result any more
}

// HostPanic is the cause of a trap when a host function has panicked.
type HostPanic struct {
	Value any
	Stack []byte
}

func (e *HostPanic) Error() string { return fmt.Sprintf("host function panicked: %v", e.Value) }

// Is implements errors.Is: it ends the guest.
func (e *HostPanic) Is(target error) bool { return target == abi.ErrTrap }

func (t *Tree) newHostCall(c *coreCall) *hostCall {
	h := t.spare
	if t.spare = nil; h == nil {
		h = new(hostCall)
		h.Own(h)
	}
	h.t, h.th, h.tr = t, c.th, c.tr
	return h
}

// setup binds the call to the guest's slots.
func (h *hostCall) setup(inst *Instance, slots abi.Flat) {
	tr := h.tr
	h.Reset(inst, tr.Opts.Options, h.t.refs(tr), &h.lenders, nil)
	h.Bound(h.t.valueBytes, int(h.t.cfg.CallBytes))
	h.Setup(h.th.task.contextIn(inst), slots, tr.spilled, tr.result)
}

// serve calls the host function.
func (h *hostCall) serve(inst *Instance, slots abi.Flat) error {
	if h.tr.Opts.Memory64 {
		return h.serveMirrored(inst, slots)
	}
	h.setup(inst, slots)
	return h.guarded(h.tr.Host.Serve)
}

// guarded calls f and turns a panic into an error.
func (h *hostCall) guarded(f func(*abi.Call)) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = h.panicked(r)
		}
	}()
	f(&h.Call)
	return h.Err()
}

// panicked is the error of a call that has panicked with r.
func (h *hostCall) panicked(r any) error {
	if err := h.Err(); err != nil {
		return err // what came of that
	}
	return &HostPanic{r, debug.Stack()}
}

// failed is why the guest traps if the call has failed with err.
func (h *hostCall) failed(err error) error { return &HostError{h.tr.Name, err} }

// served goes on when the function of the host has been called (Canonical ABI, canon_lower).
func (c *coreCall) served(h *hostCall, err error) (Status, error) {
	if err != nil {
		return Trap, h.failed(err)
	}
	if h.Undecided() {
		run, wait := h.Outcome()
		h.Park()
		if wait != nil {
			return h.waitFor(wait)
		}
		return c.later(h, run)
	}
	h.Park()
	if h.lenders.Any() {
		h.lenders.Release(&c.inst.handles)
	}
	if c.t.spare == nil {
		c.t.spare = h
	}
	if c.tr.Async {
		return c.ret(uint64(subtaskReturned))
	}
	return Done, nil
}

// later runs the function on a goroutine.
func (c *coreCall) later(h *hostCall, run func(context.Context) func(*abi.Call)) (st Status, err error) {
	switch {
	case c.tr.Async:
		s := c.newSubtask(c.tr)
		h.sub, s.host, s.state = s, h, subtaskStarted
		var v uint64
		if v, err = s.status(); err == nil {
			st, err = c.ret(v)
		}
	case c.tr.Type.Async:
		s := c.newSubtask(c.tr)
		h.sub, s.host, s.state, s.waiter = s, h, subtaskStarted, c.th
		c.th.sub = s
		st, err = c.block(waitSubtask, finishLate)
	default:
		h.freeze()
		st = Pending
	}
	if err == nil {
		h.begin(run)
	}
	return st, err
}

func (h *hostCall) freeze() {
	h.frozen = true
	h.th.host, h.th.wait, h.th.pend = h, waitHost, finishFrozen
}

// begin starts the goroutine, or queues up for one.
func (h *hostCall) begin(run func(context.Context) func(*abi.Call)) {
	t := h.t
	h.run, h.th.task.kept = run, true
	h.ctx, h.stop = context.WithCancel(h.parent())
	if t.hostOps == nil {
		t.hostOps = map[*hostCall]struct{}{}
	}
	t.hostOps[h] = struct{}{}
	t.waits++
	if t.running >= t.cfg.HostCalls {
		t.backlog = append(t.backlog, h)
		return
	}
	h.launch()
}

// parent returns the context of whose end the call is told: of that of the task, and so of a client
// that leaves, only if it can tell the guest by a result that it has failed. Another one would end
// the guest, and with it what it does for others: it goes on until it is over, or nobody wants its
// result, while the guest learns from the rest that its work is in vain. A frozen tree cannot be
// told anything.
func (h *hostCall) parent() context.Context {
	ctx := h.th.task.contextIn(&h.t.insts[h.tr.Instance])
	if r := h.tr.Type.Result; h.frozen || r != nil && r.Kind == types.Result {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

func (h *hostCall) launch() {
	h.t.running++
	h.Begun()
	h.t.out.run(func() {
		finish, err := h.work()
		h.t.mu.Lock()
		h.over, h.finish, h.err = true, finish, err
		frozen := h.frozen && !h.gone
		h.t.mu.Unlock()
		if frozen {
			h.t.drive(nil, nil)
		} else {
			h.t.drive(h, nil)
		}
	})
}

func (h *hostCall) work() (finish func(*abi.Call), err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &HostPanic{r, debug.Stack()}
		}
	}()
	return h.run(h.ctx), nil
}

// end forgets a call whose goroutine is over, and starts the next that waits for one.
func (h *hostCall) end() {
	t := h.t
	h.stop()
	t.running--
	if !h.gone {
		t.waits--
		delete(t.hostOps, h)
	}
	if len(t.backlog) > 0 {
		next := t.backlog[0]
		t.backlog = t.backlog[1:]
		next.launch()
	}
}

// lower lowers the late result.
func (h *hostCall) lower(slots abi.Flat) error {
	err := h.err
	if err != nil {
		h.Over(abi.Trapped)
	} else {
		err = h.resume(slots)
	}
	if err == nil {
		err = h.guarded(h.finish)
		h.Park()
	}
	if err == nil && h.tr.Opts.Memory64 {
		err = h.takeResult(slots)
	}
	if err != nil {
		return h.failed(err)
	}
	return nil
}

// deliver implements message: the goroutine is over.
func (h *hostCall) deliver(t *Tree) {
	h.end()
	if h.gone || t.dead != nil {
		h.Unserved()
		return
	}
	var slots abi.Flat
	if !h.tr.Async {
		slots = h.th.fiber.CallArgs()
	}
	if err := h.lower(slots); err != nil {
		t.dieIn(&t.insts[h.tr.Instance].noTask.thread, err)
		return
	}
	h.sub.lenders = h.lenders
	h.sub.resolve(t, true)
}

// finishLate completes a synchronous call of an async function.
func finishLate(th *Thread) Status {
	s := th.sub
	th.sub, s.waiter = nil, nil
	s.deliver()
	return Done
}

// finishFrozen completes a call during which the tree was frozen.
func finishFrozen(th *Thread) Status {
	h := th.host
	th.host = nil
	h.end()
	if err := h.lower(th.fiber.CallArgs()); err != nil {
		return h.t.trap(err)
	}
	h.lenders.Release(&h.t.insts[h.tr.Instance].handles)
	return Done
}

// cancel detaches the call from its goroutine, whose result will be dropped: guests cancel
// synchronously and must not wait for the host.
func (h *hostCall) cancel() {
	h.abandon()
	h.t.waits--
	delete(h.t.hostOps, h)
	h.sub.lenders = h.lenders
	h.sub.resolve(h.t, false)
}

// abandon drops the result.
func (h *hostCall) abandon() {
	h.t.mu.Lock()
	unseen := h.frozen && h.over // nobody will thaw what it has frozen
	h.gone = true
	h.t.mu.Unlock()
	h.stop()
	h.Over(abi.Abandoned)
	if unseen {
		h.t.running--
		h.Unserved()
	}
	for i, x := range h.t.backlog {
		if x == h {
			h.t.backlog = append(h.t.backlog[:i], h.t.backlog[i+1:]...)
			h.Unserved()
			break
		}
	}
}
