package canon

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// What a callback-lifted function answers in the low four bits (Canonical ABI, CallbackCode).
const (
	callbackExit  = 0
	callbackYield = 1
	callbackWait  = 2
)

// turnsAtOnce bounds how often a task may go on without letting the rest of its tree run.
const turnsAtOnce = 256

// NextJob is asked at the root of fiber f when the function of a callback-lifted task has
// returned. It leaves the next event in the slots and returns the callback to run, or
// reports that the task has to wait or has ended.
func (t *Tree) NextJob(f Fiber) (fn int32, more bool) {
	th, slots := t.cur, f.Slots()
	task := th.task
	packed := slots.U32(0)
	if t.dead != nil {
		return None, false
	}
	if packed&15 == callbackExit {
		if err := t.exit(th); err != nil {
			t.trap(err)
		}
		return None, false
	}
	if err := t.wait(th, packed); err != nil {
		t.trap(err)
		return None, false
	}
	if !t.goesOn(th) {
		return None, false
	}
	t.takeEvent(th, slots)
	return task.fn.Opts.Callback, true
}

// wait makes th wait as its callback's answer says, without the instance's lock.
func (t *Tree) wait(th *Thread, packed uint32) error {
	inst := th.task.inst
	switch packed & 15 {
	case callbackYield:
		th.wait = waitYield
	case callbackWait:
		e, err := inst.handles.Get(packed>>4, abi.KindWaitableSet)
		if err != nil {
			return err
		}
		th.wait, th.set = waitSet, e.Obj.(*WaitableSet)
		th.set.addWaiter(th)
	default:
		return abi.Trapf("callback of %s returned an unknown code %d", th.task.fn.Name, packed&15)
	}
	inst.unlock()
	return nil
}

// goesOn reports whether th may go on at once instead of queuing up.
func (t *Tree) goesOn(th *Thread) bool {
	if !th.ready() {
		th.waited()
		return false
	}
	th.takeTurn()
	called := t.depth > 0 || th.caller != nil // whoever has called goes first
	if t.ready.n > 0 || th.turns >= turnsAtOnce || th.wait == waitYield && called {
		t.enqueue(th)
		return false
	}
	return true
}

// wake queues a thread whose event has come. If a guest has brought it about, th goes on with what
// that one has computed: threads that do nothing but wake each other compute.
func (t *Tree) wake(th *Thread) {
	if by := t.cur; by != nil && by != th {
		th.inherit(by)
		th.takeTurn()
	}
	t.enqueue(th)
}

// inherit counts what by has computed as computed by th, if that is less.
func (th *Thread) inherit(by *Thread) {
	if by.busy > th.busy || by.busy == th.busy && by.turns >= th.turns {
		th.turns, th.busy, th.mark = by.turns, by.busy, by.mark
	}
}

// takeTurn counts that th goes on, or yields, without waiting for anything.
func (th *Thread) takeTurn() {
	th.turns++
	if th.turns == turnsAtOnce/2 {
		th.mark = mark{time.Now(), th.task.inst.tree.rests}
	}
}

// charge counts the time of many turns as computing. It reports whether th may go on.
func (t *Tree) charge(th *Thread) bool {
	if th.turns < turnsAtOnce {
		return true
	}
	if th.turns = 0; th.mark.rests != t.rests {
		th.waited()
		return true
	}
	th.busy += 2 * time.Since(th.mark.at)
	err := t.core.Preempted(th.busy)
	if err != nil {
		t.dieIn(th, err)
	}
	return err == nil
}

// callback runs the callback of a thread whose event has come.
func (t *Tree) callback(th *Thread) result {
	if !t.charge(th) {
		return ran
	}
	f, err := t.fiber()
	if err != nil {
		t.die(err)
		return ran
	}
	*f.Context() = th.storage
	t.takeEvent(th, f.Slots())
	return t.run(th, f, th.task.fn.Opts.Callback)
}

// takeEvent gives th the lock and puts its event into slots.
func (t *Tree) takeEvent(th *Thread, slots abi.Flat) {
	var ev event
	switch {
	case th.cancel || th.task.deliverCancel():
		th.cancel, ev = false, event{code: eventTaskCancelled}
	case th.wait == waitSet:
		ev = th.set.take()
	}
	if th.set != nil {
		th.set.removeWaiter(th)
		th.set = nil
	}
	th.wait = running
	th.task.inst.lock(th)
	slots.Set(0, uint64(ev.code))
	slots.Set(1, uint64(ev.p1))
	slots.Set(2, uint64(ev.p2))
}
