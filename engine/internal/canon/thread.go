package canon

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// waitKind says what a thread that does not run is waiting for.
type waitKind uint8

const (
	running         waitKind = iota
	waitEnter                // to start: back-pressure, or the instance's lock
	waitYield                // its callback answered YIELD
	waitSet                  // its callback answered WAIT
	waitSetInCall            // in waitable-set.wait
	waitYieldInCall          // in thread.yield
	waitSubtask              // in a synchronous call: until the callee has resolved
	waitEvent                // in a synchronous read, write or cancel: until an event is there
	waitHost                 // in a host function that answers later; nothing else may run
	waitCallee               // in a call whose callee was cut short; it goes on when that returns
	waitSlice                // its time slice is over
	waitSuspended            // until another thread resumes it; explicit threads begin so
	waitReady                // resumed: for its turn
	waitReturn               // not a real thread: see hold
	exited
)

// Thread is what runs a task (Canonical ABI, class Thread). Every task has one, its implicit
// thread; with thread.new-indirect guests add explicit ones.
type Thread struct {
	task      *Task
	wait      waitKind
	queued    bool      // in the tree's ready queue
	cancel    bool      // resumed because its task was cancelled
	fiber     Fiber     // the stack it has, if any
	storage   [2]uint64 // context slots while it has none
	set       *WaitableSet
	event     *Waitable
	sub       *Subtask
	host      *hostCall
	caller    *Thread // whose call it has cut short: control returns there
	scope     *Task   // Tree.scope, while it is frozen or its call is cut short
	spawn     *spawn  // of an explicit thread
	pend      func(*Thread) Status
	busy      time.Duration // computing since it last waited, about
	turns     int           // callbacks since it last waited
	mark      mark          // when turns was half of turnsAtOnce
	mayCancel bool          // the host call in which it waits is cancellable
	index     uint32        // in its instance's table of threads; 0 if it is in none
	memory    abi.Options   // where waitable-set.wait stores the event
}

// mark is a moment.
type mark struct {
	at    time.Time
	rests uint // of the tree
}

// waited forgets what th has computed: it has waited since.
func (th *Thread) waited() { th.turns, th.busy = 0, 0 }

// ready reports whether what th waits for has come.
func (th *Thread) ready() bool {
	inst := th.task.inst
	switch th.wait {
	case waitEnter:
		return th.cancel || !inst.hasPressure(th.task)
	case waitYield:
		return inst.exclusive == nil
	case waitSet:
		return inst.exclusive == nil && (th.cancel || th.set.hasEvent() || th.task.state == taskPendingCancel)
	case waitSetInCall:
		return th.set.hasEvent() || th.cancel
	case waitYieldInCall:
		return true
	case waitSubtask:
		return th.sub.resolved()
	case waitEvent:
		return th.event.hasEvent()
	case waitHost:
		return th.host.ready()
	case waitSlice, waitReady, waitReturn:
		return true
	}
	return false
}

// inCall reports whether th waits in a built-in or a call for something that may have come.
func (th *Thread) inCall() bool {
	return th.wait == waitSetInCall || th.wait == waitSubtask || th.wait == waitEvent || th.wait == waitReady
}

// blockedByLock reports whether th could go on but for the instance's lock.
func (th *Thread) blockedByLock() bool {
	if th.task.inst.exclusive == nil {
		return false
	}
	switch th.wait {
	case waitYield:
		return true
	case waitSet:
		return th.cancel || th.set.hasEvent() || th.task.state == taskPendingCancel
	}
	return false
}

// cancellable reports whether a cancellation may resume th now (Canonical ABI,
// request_cancellation).
func (th *Thread) cancellable() bool {
	switch th.wait {
	case waitYield, waitSet:
		x := th.task.inst.exclusive
		return x == nil || x == th
	case waitSetInCall, waitYieldInCall, waitSuspended, waitReady:
		return th.mayCancel
	}
	return false
}
