package canon

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
)

// seq runs a generated sequence of operations: guests choose them, do them, and compare what
// they are told with the model.
type seq struct {
	w        *world
	d        *dice
	insts    []*mInst
	lifts    map[liftKey]*Lift
	tasks    []*mTask
	calls    []*pending // of the host, those of the first tasks
	left     int        // operations
	switched *mTask     // the thread to which another has switched: it runs now
	trap     string     // why the tree has to trap
	bad      bool
	evil     bool // guests do what is forbidden, too
	hosts    []*mHost

	res   int32    // resource type of instance 0
	reps  uint64   // how many there were
	dying []uint64 // the one whose destructor has to run

	hostFuncs map[string]int32 // trampolines
}

// liftKey names a lifted function: each takes the number of its task, and perhaps an end.
type liftKey struct {
	inst int
	kind taskKind
	end  int // among endTypes
}

var endTypes = []string{"", "stream", "stream<u8>", "stream<string>", "future", "future<u8>", "future<string>", "own<r>", "borrow<r>"}

const seqInsts = 3

func newSeq(tb testing.TB, d *dice) *seq {
	s := &seq{w: newWorld(tb), d: d, lifts: map[liftKey]*Lift{}, hostFuncs: map[string]int32{}, left: 40 + d.int(160)}
	tb.Cleanup(s.hostsEnded)
	if d.one(2) {
		s.w.slice = func() bool { return d.one(4) }
	}
	for i := range seqInsts {
		s.w.component(fmt.Sprint(i), nil)
		s.insts = append(s.insts, &mInst{n: i})
		s.w.comps[i].thread(s.threadBody)
	}
	s.evil = d.one(3)
	s.res = s.w.comps[0].resource("r", s.destructor)
	for i := range seqInsts {
		for k := range taskKinds {
			for e := range endTypes {
				s.lifts[liftKey{i, k, e}] = s.lift(s.w.comps[i], k, e)
			}
		}
	}
	return s
}

func (s *seq) lift(c *component, k taskKind, end int) *Lift {
	sig := "func(id:u32"
	if end > 0 {
		sig += ",e:" + endTypes[end]
	}
	sig += ")"
	switch k {
	case kindPlain:
		return c.lift(sig, s.whole)
	case kindSync:
		return c.lift("async "+sig, s.whole)
	case kindStackful:
		return c.stackful("async "+sig, s.whole)
	}
	return c.callback("async "+sig, s.first, s.next)
}

func (s *seq) fail(g *guest, format string, args ...any) {
	s.w.tb.Helper()
	s.bad = true
	s.w.tb.Errorf(format, args...)
	g.trap("the model differs")
}

func (s *seq) want(g *guest, what string, got, want uint64) {
	s.w.tb.Helper()
	if got != want {
		s.fail(g, "%s: got %#x, want %#x", what, got, want)
	}
}

// newTask notes a task that somebody is about to call.
func (s *seq) newTask(inst int, k taskKind) *mTask {
	t := &mTask{id: len(s.tasks), inst: s.insts[inst], kind: k, ops: 1 + s.d.int(12)}
	s.tasks = append(s.tasks, t)
	return t
}

// started checks that a task may start and gives it what it was passed.
func (s *seq) started(g *guest, a []uint64) *mTask {
	t := s.tasks[a[0]]
	if t.where != isNew || t.cancel || t.pressed() {
		s.fail(g, "%v starts", t)
	}
	t.where, t.state = isRunning, taskStarted
	t.inst.addThread(t)
	s.turnOf(g, nil)
	if t.kind.exclusive() {
		t.inst.exclusive = t
	}
	if t.sub != nil {
		t.sub.progress(subtaskStarted)
	}
	if e := t.end; e != nil {
		e.inst.remove(e.index)
		e.promised = false
		t.end = &mEnd{ch: e.ch, inst: t.inst}
		t.end.index = t.inst.add(t.end)
		s.want(g, "end that was passed", a[1], uint64(t.end.index))
	}
	if t.res != nil {
		s.takeRes(g, t, a[1])
	}
	return t
}

// whole is the body of functions without a callback.
func (s *seq) whole(g *guest, a []uint64) uint64 {
	t := s.started(g, a)
	for t.ops > 0 {
		s.act(g, t)
	}
	s.finish(g, t)
	return 0
}

// first and next are the bodies of functions with one.
func (s *seq) first(g *guest, a []uint64) uint64 {
	t := s.started(g, a)
	g.context[0] = a[0]
	return s.turn(g, t)
}

func (s *seq) next(g *guest, a []uint64) uint64 {
	t := s.tasks[g.context[0]]
	s.turnOf(g, t)
	got := mEvent{eventCode(a[0]), uint32(a[1]), uint32(a[2])}
	switch {
	case !t.canGoOn() || t.where != isInLoop:
		s.fail(g, "%v gets %v", t, got)
	case got.code == eventTaskCancelled && (t.cancel || t.state == taskPendingCancel):
		if t.wasTold(); t.state == taskPendingCancel {
			t.state = taskCancelDelivered
		}
	case t.state == taskPendingCancel || t.cancel && len(t.others) == 0:
		s.fail(g, "%v gets %v instead of its cancellation", t, got)
	case t.set == nil:
		s.want(g, "event after YIELD", a[0]|a[1]|a[2], 0)
	default:
		if err := t.set.take(got); err != nil {
			s.fail(g, "%v: %v", t, err)
		}
	}
	if t.set != nil {
		t.set.waiting--
		t.set = nil
	}
	t.where, t.inst.exclusive = isRunning, t
	return s.turn(g, t)
}

// turn does some operations and says how the event loop goes on.
func (s *seq) turn(g *guest, t *mTask) uint64 {
	for n := s.d.int(4); n > 0 && t.ops > 0; n-- {
		s.act(g, t)
	}
	if t.ops <= 0 {
		s.finish(g, t)
		return exit
	}
	t.ops--
	t.where, t.inst.exclusive = isInLoop, nil
	t.ready = func() bool { return true }
	set := s.pickSet(t)
	if set == nil || s.d.one(2) {
		return yield
	}
	t.set, t.ready = set, set.hasEvent
	set.waiting++
	return waitOn(uint64(set.index))
}

// finish ends a thread, and the task with the last.
func (s *seq) finish(g *guest, t *mTask) {
	task := t.task()
	bySync := task.kind == kindSync || task.kind == kindPlain // its first thread returns the result
	returns := t.of == nil && bySync
	if task.state != taskResolved && (returns || !bySync && (task.living() == 1 || s.d.one(2))) {
		if !s.giveBack(g, task) {
			s.trap = "borrow handles still remain"
		}
		s.resolve(g, t)
	}
	s.leaveReady(g, t)
	if t.of == nil && t.kind.exclusive() {
		t.inst.exclusive = nil
	}
	t.ends()
}

// resolve returns the task's result or confirms its cancellation. Functions that are lifted
// synchronously do so by returning.
func (s *seq) resolve(g *guest, t *mTask) {
	task := t.task()
	bySync := task.kind == kindSync || task.kind == kindPlain
	if bySync && t.of != nil {
		return
	}
	returns := task.state != taskCancelDelivered || s.d.one(2) || bySync
	task.resolve(returns)
	switch {
	case bySync:
	case returns:
		g.ret("")
	default:
		g.cancelled()
	}
}

// block waits until the model says that the thread may go on, while the guest is in f, which
// reports whether it was told that its task is cancelled.
func (s *seq) block(g *guest, t *mTask, cancellable bool, ready func() bool, f func() bool) (told bool) {
	task := t.task()
	if cancellable && task.state == taskPendingCancel {
		task.state = taskCancelDelivered
		if !f() {
			s.fail(g, "%v is not told of its cancellation", t)
		}
		return true
	}
	t.where, t.ready, t.cancellable = isWaiting, ready, cancellable
	return s.goesOn(g, t, f)
}

// goesOn checks that a thread whose guest is in f goes on only when it may.
func (s *seq) goesOn(g *guest, t *mTask, f func() bool) (told bool) {
	told = f()
	s.turnOf(g, t)
	alone := true
	for _, x := range t.task().all() {
		alone = alone && (x == t || !x.cancel)
	}
	switch {
	case !t.canGoOn() && !s.bad:
		s.fail(g, "%v goes on", t)
	case told && !t.cancel, !told && t.cancel && alone:
		s.fail(g, "%v: cancelled %v, and was told %v", t, t.cancel, told)
	case told:
		t.task().wasTold()
	}
	t.where, t.cancellable = isRunning, false
	return told
}

// mayBlock reports whether the task may wait in the middle of its code.
func (t *mTask) mayBlock() bool { return t.of != nil || t.kind != kindPlain }

// cancelTask is what a request for cancellation does. It reports whether the task is resumed
// by it at once.
func (s *seq) cancelTask(t *mTask, byHost bool) {
	switch {
	case t.where == isNew && t.state == taskInitial:
		t.state, t.cancel = taskCancelDelivered, true
		if !byHost {
			s.cancelledEarly(t)
		}
	case t.state != taskStarted:
	case !s.onStack(t.inst) && t.markCancelled():
		t.state = taskCancelDelivered
	default:
		t.state = taskPendingCancel
	}
}

func (s *seq) cancelledEarly(t *mTask) {
	t.resolve(false)
	t.where = isOver
	if t.end != nil {
		t.end.promised = false
	}
	switch {
	case t.res == nil:
	case t.owns:
		t.res.given = false
	default:
		t.res.promises--
	}
}

// onStack reports whether a task of the instance runs, or has called who does. The model
// does not know which calls have blocked, so the engine is asked.
func (s *seq) onStack(i *mInst) bool { return s.w.tree.insts[i.n].entered() }

// run calls functions from the host until the operations are used up.
func (s *seq) run() {
	s.w.start()
	if s.d.one(2) { // any order is right
		s.w.tree.order = s.d.int
	}
	s.w.do(func(*Tree) { s.begin() }) // all before the first runs
	for s.w.settle(); s.release(); s.w.settle() {
	}
	var err error
	for _, p := range s.calls {
		if _, e := p.wait(); e != nil && !errors.Is(e, context.Canceled) && !errors.Is(e, ErrPoisoned) {
			err = e
		}
	}
	for s.w.settle(); s.w.tree.Driven(); runtime.Gosched() { // it may find a deadlock
	}
	select {
	case <-s.w.over:
		err = s.w.why
	default:
	}
	for i, p := range s.calls {
		if t := s.tasks[i]; t.where == isNew && errors.Is(p.Err(), context.Canceled) && t.cancel {
			s.cancelledEarly(t)
		}
	}
	s.judge(err)
}

// hostsEnded checks, when the tree has ended, that the host's ends were told.
func (s *seq) hostsEnded() {
	for i, h := range s.hosts {
		if h.waker != nil && h.ends != h.want && !s.bad {
			s.w.tb.Errorf("host end %d was told %d times that it is over, want %d", i, h.ends, h.want)
		}
	}
}

// begin calls some functions and cancels some of the calls.
func (s *seq) begin() {
	for range 1 + s.d.int(4) {
		k := pick(s.d, kindSync, kindStackful, kindCallback, kindPlain)
		t := s.newTask(s.d.int(seqInsts), k)
		s.calls = append(s.calls, s.w.begin(s.lifts[liftKey{t.inst.n, k, 0}], uint32(t.id)))
		if s.d.one(4) {
			s.hostCancels(t.id)
		}
	}
}

// hostCancels has the host cancel one of its calls as soon as the driver gets to it.
func (s *seq) hostCancels(n int) {
	s.w.tree.Do(func(tree *Tree) {
		if tree.dead == nil {
			s.cancelTask(s.tasks[n], true)
			tree.cancelTask(&s.calls[n].task, nil)
		}
	})
}

// judge compares how the tree has ended, if it has, with the model.
func (s *seq) judge(err error) {
	tb := s.w.tb
	switch {
	case s.bad:
	case s.trap != "":
		s.w.isTrap(err, s.trap)
	case errors.Is(err, ErrDeadlock):
		for _, t := range s.tasks {
			if t.canGoOn() || t.where == isRunning {
				tb.Errorf("deadlock, but %v can go on", t)
			}
		}
	case err != nil:
		tb.Errorf("trap: %v", err)
	default:
		for _, t := range s.tasks {
			if t.canGoOn() || t.where == isRunning {
				tb.Errorf("%v is left", t)
			}
		}
		s.w.do(func(tree *Tree) {
			for i, m := range s.insts {
				for n, x := range m.table {
					if _, err := tree.insts[i].handles.Get(uint32(n), 0); (err == nil) != (x != nil) {
						tb.Errorf("instance %d, handle %d: in the table %v, in the model %v", i, n, err == nil, x != nil)
					}
				}
			}
		})
	}
}

// Whatever tasks, streams, futures, sets and cancellations guests make of each other, they
// are told what the model says, and wait only for what the model says.
func TestSequences(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 300
	}
	for seed := range n {
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) { newSeq(t, seeded(int64(seed))).run() })
		if !ok {
			return
		}
	}
}

func FuzzSequences(f *testing.F) {
	f.Add([]byte("tasks"))
	f.Fuzz(func(t *testing.T, data []byte) { newSeq(t, newDice(data)).run() })
}
