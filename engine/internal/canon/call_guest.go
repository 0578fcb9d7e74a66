package canon

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// DtorType is the type of destructors.
var DtorType = func() *types.Func {
	var a types.Arena
	ft, err := a.Func([]types.Param{{Name: "rep", Type: a.Primitive(types.U32)}}, nil, false)
	if err != nil {
		panic(err)
	}
	return ft
}()

// dropTrampoline stands for the lowered destructor in resource.drop.
var dropTrampoline = &Trampoline{
	Op: LowerGuest, Type: DtorType, Name: "resource.drop",
	Opts: Options{Options: abi.Options{Memory: None, Realloc: None}, PostReturn: None, Callback: None},
}

func (c *coreCall) newSubtask(tr *Trampoline) *Subtask {
	s := &Subtask{tr: tr, inst: c.inst}
	s.owner = s
	return s
}

// callGuest calls a function that another component instance of the tree has lifted
// (Canonical ABI, canon_lower).
func (c *coreCall) callGuest() (Status, error) {
	if !c.tr.Async && !c.tr.Callee.Type.Async {
		return c.callSync()
	}
	s := c.newSubtask(c.tr)
	copy(s.args[:], c.slots)
	return c.callTask(s, c.tr.Callee)
}

// callTask runs the callee at once until it resolves or blocks, on a fiber of its own, below
// the present host call.
func (c *coreCall) callTask(s *Subtask, fn *Lift) (Status, error) {
	t := c.t
	inst := &t.insts[fn.Instance]
	switch {
	case !inst.mayEnterFrom(c.inst) || fn.Type != DtorType && (inst.encloses(c.inst) || c.inst.encloses(inst)):
		// Calls between an instance and those nested in it are not allowed for now, but for
		// destructors; the component model's tests pin it.
		return Trap, errEnter(inst)
	case t.depth >= t.cfg.CallDepth:
		return Trap, &CountError{Count: CallDepth, Limit: t.cfg.CallDepth}
	}
	if err := t.room(); err != nil {
		return Trap, err
	}
	task := t.callee(s, fn, c.th.task.ctx)
	task.origin, task.root = c.th.task.origin, c.th.task.root
	task.thread.waited()
	task.thread.inherit(c.th)
	t.depth++
	inst.enterFrom(c.inst)
	r := t.call(task)
	t.depth--
	t.become(c.th)
	if t.dead != nil {
		return Trap, nil
	}
	if r == frozen {
		t.last.caller = c.th
		c.th.sub, c.th.wait, c.th.pend = s, waitCallee, finishCall
		return Pending, nil
	}
	inst.leaveTo(c.inst)
	if task.awaitsReadyHolder() && t.scope == nil {
		return c.letHolderGo(s)
	}
	return c.answerCall(s)
}

// awaitsReadyHolder reports whether the task has to wait for its instance's lock, and the
// thread that holds it in the middle of its code could go on.
func (task *Task) awaitsReadyHolder() bool {
	if task.thread.wait != waitEnter {
		return false
	}
	h := task.inst.exclusive
	return h != nil && h.inCall() && h.ready()
}

// letHolderGo suspends the caller for as long as it takes the holder of the callee's lock to
// get out of the way, so that a call of an instance that is only about to be free starts.
func (c *coreCall) letHolderGo(s *Subtask) (Status, error) {
	c.th.sub, c.th.mayCancel = s, false
	c.th.takeTurn()
	c.t.enqueue(c.th)
	return c.block(waitYieldInCall, finishTurn)
}

// finishTurn completes such a call when the holder has had its turn, and if that has freed
// the instance, the callee too.
func finishTurn(th *Thread) Status {
	if callee := &th.sub.task.thread; callee.wait == waitEnter && callee.ready() {
		th.takeTurn()
		th.task.inst.tree.enqueue(th)
		th.wait, th.pend = waitYieldInCall, finishTurn
		return Pending
	}
	return finishCall(th)
}

func errEnter(i *Instance) error {
	return abi.Trapf("cannot enter component instance%s", named(i))
}

func named(i *Instance) string {
	if n := i.Name(); n != "" {
		return fmt.Sprintf(" %q", n)
	}
	return ""
}

// answerCall answers a call whose callee has resolved or blocked.
func (c *coreCall) answerCall(s *Subtask) (Status, error) {
	switch {
	case s.tr.Async:
		v, err := s.status()
		if err != nil {
			return Trap, err
		}
		return c.ret(v)
	case s.resolved():
		s.answer(c.slots)
		return Done, nil
	}
	s.waiter, c.th.sub = c.th, s
	return c.block(waitSubtask, finishCall)
}

// status is what an asynchronous call returns: the state, and a handle if it goes on.
func (s *Subtask) status() (uint64, error) {
	if s.resolved() {
		s.deliver()
		return uint64(subtaskReturned), nil
	}
	i, err := s.inst.handles.Add(abi.Entry{Kind: abi.KindSubtask, Obj: s})
	s.index = i
	return uint64(s.state) | uint64(i)<<4, err
}

// answer puts the result of a synchronous call into its slots.
func (s *Subtask) answer(slots abi.Flat) {
	s.deliver()
	if s.tr.Type.ResultFlatCount() == 1 {
		slots.Set(0, s.flat)
	}
}

// finishCall completes a call in which its thread was suspended.
func finishCall(th *Thread) Status {
	s, slots, t := th.sub, th.fiber.CallArgs(), th.task.inst.tree
	switch {
	case t.dead != nil:
		return Trap
	case s.tr.Async:
		v, err := s.status()
		if err != nil {
			return t.trap(err)
		}
		slots.Set(0, v)
	case s.resolved():
		s.waiter = nil
		s.answer(slots)
	default:
		if err := t.mayBlock(th, s.tr.Name); err != nil {
			return t.trap(err)
		}
		s.waiter = th
		th.wait, th.pend = waitSubtask, finishCall
		return Pending
	}
	th.sub = nil
	return Done
}
