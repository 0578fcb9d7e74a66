package canon

import "fmt"

// This is a slow model of the asynchronous part of the Canonical ABI, for generated sequences
// of operations: what handles, streams, futures, sets, subtasks and tasks are, and what
// becomes of them. It knows nothing of scheduling; whoever runs reports it and is checked.

// mInst is a component instance.
type mInst struct {
	n         int
	table     []any // handles by index; 0 is not used
	free      []uint32
	pressure  int
	exclusive *mTask

	threads     []*mTask // by index; 0 is not used
	freeThreads []uint32
}

func (i *mInst) add(x any) (n uint32) {
	if k := len(i.free); k > 0 {
		n, i.free = i.free[k-1], i.free[:k-1]
		i.table[n] = x
		return n
	}
	if len(i.table) == 0 {
		i.table = append(i.table, nil)
	}
	i.table = append(i.table, x)
	return uint32(len(i.table) - 1)
}

func (i *mInst) remove(n uint32) {
	i.table[n] = nil
	i.free = append(i.free, n)
}

// mEvent is what a guest is told.
type mEvent struct {
	code   eventCode
	p1, p2 uint32
}

// mWaitable is what subtasks and ends have in common.
type mWaitable struct {
	index   uint32
	set     *mSet
	pending bool
	waiter  *mTask // waits in a synchronous built-in
}

func (w *mWaitable) waitable() *mWaitable { return w }

type mAnyWaitable interface {
	waitable() *mWaitable
	deliver() mEvent
}

// mSet is a waitable set.
type mSet struct {
	index   uint32
	members []mAnyWaitable
	waiting int
}

func (s *mSet) hasEvent() bool {
	for _, w := range s.members {
		if w.waitable().pending {
			return true
		}
	}
	return false
}

func (s *mSet) leave(w mAnyWaitable) {
	for i, x := range s.members {
		if x == w {
			s.members = append(s.members[:i:i], s.members[i+1:]...)
			return
		}
	}
}

func join(w mAnyWaitable, s *mSet) {
	x := w.waitable()
	if x.set != nil {
		x.set.leave(w)
	}
	if x.set = s; s != nil {
		s.members = append(s.members, w)
	}
}

// take delivers the event that a guest says it was given, if the set can have given it.
func (s *mSet) take(got mEvent) error {
	for _, w := range s.members {
		if x := w.waitable(); x.pending && x.index == got.p1 {
			if want := w.deliver(); want != got {
				return fmt.Errorf("event %v, want %v", got, want)
			}
			return nil
		}
	}
	return fmt.Errorf("event %v, which no member of the set has", got)
}

// mSub is a subtask.
type mSub struct {
	mWaitable
	state     subtaskState
	delivered bool
	cancelled bool // cancellation was requested
	task      *mTask
	lent      *mRes
}

// settle notes that the caller knows that the call is over.
func (s *mSub) settle() {
	s.delivered = true
	if s.lent != nil {
		s.lent.lends--
		s.lent = nil
	}
}

func (s *mSub) resolved() bool { return s.state >= subtaskReturned }

func (s *mSub) progress(state subtaskState) {
	s.state = state
	if s.index != 0 {
		s.pending = true
	}
}

func (s *mSub) deliver() mEvent {
	s.pending = false
	if s.resolved() {
		s.settle()
	}
	return mEvent{eventSubtask, s.index, uint32(s.state)}
}

// elemKind is the element type of a channel.
type elemKind int

const (
	elemNone elemKind = iota
	elemByte
	elemText
	elemKinds
)

func (k elemKind) String() string { return [...]string{"", "u8", "string"}[k] }

// mChan is a stream or future.
type mChan struct {
	future  bool
	elem    elemKind
	dropped bool
	pend    *mEnd
	host    *mHost // has the other end, while that is open
}

// drop is what becomes of a channel when a guest gives up an end.
func (c *mChan) drop() {
	if c.dropped {
		return
	}
	c.dropped, c.host = true, nil
	if p := c.pend; p != nil {
		c.pend = nil
		p.finish(copyDropped)
	}
}

// mEnd is an end of it, with the buffer of its copy.
type mEnd struct {
	mWaitable
	ch       *mChan
	inst     *mInst
	writer   bool
	state    copyState
	ptr      uint64
	items    []string // offered by the writer, received by the reader
	length   int
	progress int
	result   copyResult
	more     bool // the event is of a partial copy
	promised bool // a call is going to pass it on
	check    func(e *mEnd)
}

func (e *mEnd) remain() int { return e.length - e.progress }

func (e *mEnd) finish(r copyResult) { e.result, e.more, e.pending = r, false, true }

func (e *mEnd) deliver() mEvent {
	if e.more {
		e.ch.pend, e.more = nil, false
	}
	e.pending, e.state = false, copyIdle
	if e.result == copyDropped || e.ch.future && e.result == copyCompleted {
		e.state = copyDone
	}
	if !e.writer {
		e.check(e)
	}
	code := eventStreamRead
	if e.writer {
		code = eventStreamWrite
	}
	p2 := uint32(e.result)
	if e.ch.future {
		code += eventFutureRead - eventStreamRead
	} else {
		p2 |= uint32(e.progress) << 4
	}
	return mEvent{code, e.index, p2}
}

// copy starts the copy of e; it may complete at once. It returns why it traps.
func (e *mEnd) copy() string {
	ch, p := e.ch, e.ch.pend
	e.state = copying
	switch {
	case ch.dropped:
		e.finish(copyDropped)
	case ch.host != nil:
		ch.pend = e // until the host is asked
	case p == nil:
		ch.pend = e
	case p.inst == e.inst && ch.elem == elemText:
		return "in one component instance"
	case ch.future:
		move(p, e, 1)
		ch.pend = nil
		p.finish(copyCompleted)
		e.finish(copyCompleted)
	case p.remain() > 0:
		if n := min(p.remain(), e.remain()); n > 0 {
			move(p, e, n)
			p.finish(copyCompleted)
			p.more = true
		}
		e.finish(copyCompleted)
	case e.writer && e.length == 0 && p.length == 0:
		e.finish(copyCompleted)
	default:
		p.finish(copyCompleted)
		ch.pend = e
	}
	return ""
}

func move(a, b *mEnd, n int) {
	w, r := a, b
	if b.writer {
		w, r = b, a
	}
	r.items = append(r.items, w.items[w.progress:w.progress+n]...)
	w.progress += n
	r.progress += n
}

// cancel ends the copy of e.
func (e *mEnd) cancel() {
	e.state = cancelling
	if !e.pending || e.more && e.remain() > 0 {
		e.ch.pend = nil
		e.finish(copyCancelled)
	}
}

// drop gives e up.
func (e *mEnd) drop() {
	e.inst.remove(e.index)
	join(e, nil)
	e.ch.drop()
}

// taskKind is how the function of a task is lifted.
type taskKind int

const (
	kindSync     taskKind = iota // synchronously; async type
	kindStackful                 // async without callback
	kindCallback                 // async with callback
	kindPlain                    // synchronously; synchronous type
	taskKinds
)

func (k taskKind) exclusive() bool { return k == kindSync || k == kindCallback }
func (k taskKind) async() bool     { return k != kindPlain }

// whereabouts of a task's thread.
type whereabouts int

const (
	isNew       whereabouts = iota // waits to start
	isRunning                      // its code runs
	isCalling                      // its code has called callee, which may run
	isWaiting                      // in a built-in, until ready
	isInLoop                       // in its event loop, until ready
	isSuspended                    // until another thread resumes it
	isReady                        // resumed
	isOver
)

// mTask is a task with its implicit thread, or an explicit thread of one.
type mTask struct {
	id     int
	of     *mTask   // of an explicit thread: the task, which alone has a kind, a state and a sub
	index  uint32   // of the thread
	others []*mTask // explicit threads of the task that have not ended
	inst   *mInst
	kind   taskKind
	state  taskState
	sub    *mSub // nil: called by the host
	where  whereabouts
	callee *mTask
	async  bool // the call of callee is asynchronous
	cancel bool // told of its cancellation when it goes on

	ready       func() bool // isWaiting, isInLoop
	cancellable bool
	set         *mSet // on which it waits
	end         *mEnd // that it gets passed
	res         *mRes // likewise
	owns        bool  // res is given to it, not lent
	borrows     int   // handles that it has to drop
	ops         int
}

func (t *mTask) String() string {
	if t.of != nil {
		return fmt.Sprintf("thread %d (where %d) of %v", t.id, t.where, t.of)
	}
	return fmt.Sprintf("task %d (instance %d, kind %d, state %d, where %d)", t.id, t.inst.n, t.kind, t.state, t.where)
}

func (t *mTask) pressed() bool {
	return t.kind.async() && (t.inst.pressure > 0 || t.kind.exclusive() && t.inst.exclusive != nil)
}

// canGoOn reports whether nothing stands in the way of a thread that does not run.
func (t *mTask) canGoOn() bool {
	switch t.where {
	case isNew:
		return t.cancel || !t.pressed()
	case isInLoop:
		return t.inst.exclusive == nil && (t.cancel || t.state == taskPendingCancel || t.ready())
	case isCalling: // what has blocked
		return !t.async && t.callee.sub.resolved()
	case isWaiting:
		return t.cancel && t.cancellable || t.ready()
	case isSuspended:
		return t.cancel && t.cancellable
	case isReady:
		return true
	}
	return false
}

// resolve gives the caller the outcome.
func (t *mTask) resolve(returned bool) {
	t.state = taskResolved
	if s := t.sub; s != nil {
		switch {
		case returned:
			s.progress(subtaskReturned)
		case s.state == subtaskStarting:
			s.progress(subtaskCancelledBeforeStarted)
		default:
			s.progress(subtaskCancelledBeforeReturned)
		}
	}
}
