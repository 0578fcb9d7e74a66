package canon

import "github.com/spinhost/spin/engine/abi"

type subtaskState uint8

// The states of a subtask as guests see them (Canonical ABI, Subtask.State).
const (
	subtaskStarting subtaskState = iota
	subtaskStarted
	subtaskReturned
	subtaskCancelledBeforeStarted
	subtaskCancelledBeforeReturned
)

// maxFlat is how many core values a lowered function takes at most: 16 parameters and the
// address for the result.
const maxFlat = 17

// Subtask is a call from the caller's side (Canonical ABI, class Subtask).
type Subtask struct {
	Waitable
	tr        *Trampoline
	inst      *Instance // the caller
	state     subtaskState
	delivered bool // the caller knows that it has resolved
	cancelled bool // the caller has asked for cancellation
	lenders   abi.Lenders
	args      [maxFlat]abi.Slot
	flat      uint64     // result of a synchronous call, if it is one core value
	task      *Task      // a guest's callee
	host      *hostCall  // a host's
	pair      *guestCall // of which it is a part
}

func (s *Subtask) resolved() bool { return s.state >= subtaskReturned }

// deliverEvent implements waitableOwner.
func (s *Subtask) deliverEvent() event {
	if s.resolved() && !s.delivered {
		s.deliver()
	}
	return event{eventSubtask, s.index, uint32(s.state)}
}

// deliver gives back what was lent to the call (Canonical ABI, deliver_resolve).
func (s *Subtask) deliver() {
	s.delivered = true
	s.lenders.Release(&s.inst.handles)
}

// progress tells the caller of an asynchronous call about a new state.
func (s *Subtask) progress(t *Tree, state subtaskState) {
	s.state = state
	if s.index != 0 {
		s.notify(t)
	}
}

// resolve is told the outcome of the call: returned, or cancelled.
func (s *Subtask) resolve(t *Tree, returned bool) {
	state := subtaskReturned
	if !returned {
		state = subtaskCancelledBeforeReturned
		if s.state == subtaskStarting {
			state = subtaskCancelledBeforeStarted
		}
	}
	s.progress(t, state)
	if s.index == 0 && s.waiter != nil {
		t.wake(s.waiter)
	}
}
