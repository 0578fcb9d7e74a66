package canon

import "github.com/spinhost/spin/engine/abi"

// eventCode says what has happened (Canonical ABI, EventCode).
type eventCode uint32

const (
	eventNone eventCode = iota
	eventSubtask
	eventStreamRead
	eventStreamWrite
	eventFutureRead
	eventFutureWrite
	eventTaskCancelled
)

// event is what a guest is told: a code and two payloads.
type event struct {
	code   eventCode
	p1, p2 uint32
}

// Waitable is what can have an event: a subtask, or an end of a stream or future (Canonical
// ABI, class Waitable).
type Waitable struct {
	index   uint32 // in its instance's handle table
	set     *WaitableSet
	listed  *WaitableSet // in whose list of events it stands
	owner   waitableOwner
	pending bool    // an event is waiting to be delivered
	waiter  *Thread // waits for the event in a synchronous built-in
}

// waitableOwner makes the event at the moment of its delivery: it may have grown since it
// became pending.
type waitableOwner interface{ deliverEvent() event }

func (w *Waitable) hasEvent() bool { return w.pending }

// notify makes an event pending and wakes whoever waits for it.
func (w *Waitable) notify(t *Tree) {
	w.pending = true
	if w.waiter != nil {
		t.wake(w.waiter)
	}
	if w.set != nil {
		w.set.add(w)
		w.set.wake(t)
	}
}

// take delivers the pending event.
func (w *Waitable) take() event {
	w.pending = false
	return w.owner.deliverEvent()
}

// join moves w to another set, or out of any (Canonical ABI, Waitable.join).
func (w *Waitable) join(t *Tree, s *WaitableSet) {
	if w.set == s {
		return
	}
	if w.set != nil {
		w.set.members--
	}
	if w.set = s; s == nil {
		return
	}
	s.members++
	if w.pending {
		s.add(w)
		s.wake(t)
	}
}

// WaitableSet lets a task wait for several things at once (Canonical ABI, class WaitableSet).
type WaitableSet struct {
	members int
	events  []*Waitable // those with a pending event, oldest first; some may have left
	waiters []*Thread
}

// add lists w, unless it is listed.
func (s *WaitableSet) add(w *Waitable) {
	if w.listed == s {
		return
	}
	if len(s.events) > 2*s.members+8 {
		s.tidy()
	}
	w.listed = s
	s.events = append(s.events, w)
}

// tidy forgets those that have left the set, and the earlier places of those that have left
// and come back.
func (s *WaitableSet) tidy() {
	for _, w := range s.events {
		if w.listed == s {
			w.listed = nil
		}
	}
	kept := s.events[:0]
	for _, w := range s.events {
		if w.set == s && w.pending && w.listed != s {
			w.listed = s
			kept = append(kept, w)
		}
	}
	clear(s.events[len(kept):])
	s.events = kept
}

// hasEvent reports whether a member has a pending event.
func (s *WaitableSet) hasEvent() bool {
	for len(s.events) > 0 {
		w := s.events[0]
		if w.set == s && w.pending {
			return true
		}
		s.pop()
	}
	s.events = nil
	return false
}

func (s *WaitableSet) pop() *Waitable {
	w := s.events[0]
	s.events[0] = nil
	s.events = s.events[1:]
	if w.listed == s {
		w.listed = nil
	}
	return w
}

// take delivers the oldest pending event, if there is one.
func (s *WaitableSet) take() event {
	if !s.hasEvent() {
		return event{}
	}
	return s.pop().take()
}

func (s *WaitableSet) wake(t *Tree) {
	for _, th := range s.waiters {
		t.wake(th)
	}
}

func (s *WaitableSet) addWaiter(th *Thread) { s.waiters = append(s.waiters, th) }

func (s *WaitableSet) removeWaiter(th *Thread) {
	for i, x := range s.waiters {
		if x == th {
			s.waiters = append(s.waiters[:i], s.waiters[i+1:]...)
			return
		}
	}
}

// drop checks that nothing hangs on the set (Canonical ABI, WaitableSet.drop).
func (s *WaitableSet) drop() error {
	if s.members > 0 {
		return abi.Trapf("cannot drop waitable set with waitables in it")
	}
	if len(s.waiters) > 0 {
		return abi.Trapf("cannot drop waitable set that a task waits on")
	}
	return nil
}
