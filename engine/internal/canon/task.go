package canon

import (
	"context"
	"errors"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

type taskState uint8

// The states of a task (Canonical ABI, Task.State).
const (
	taskInitial taskState = iota
	taskStarted
	taskPendingCancel
	taskCancelDelivered
	taskResolved
)

// Task is one call of a lifted function (Canonical ABI, class Task).
type Task struct {
	thread  Thread // the implicit one
	inst    *Instance
	fn      *Lift
	state   taskState
	scope   abi.Scope       // borrowed handles it has still to drop
	sub     *Subtask        // the guest's call that made it, or
	call    *ExportCall     // the host's
	origin  *Lift           // the function that the host has called, from which calls between guests led to it; nil if none
	root    *ExportCall     // that call if it is metered, else nil
	ctx     context.Context // of whoever is served
	whom    *callerContext  // the same for host functions that whose calls; nil until one is called
	whose   *Instance
	spawned []*Thread // explicit threads that have not ended
	kept    bool      // something outlasts it that knows it
}

// exclusive reports whether tasks of the function hold the instance's lock while they run
// (Canonical ABI, needs_exclusive).
func (l *Lift) exclusive() bool { return l.Type.Async && (!l.Opts.Async || l.Opts.Callback != None) }

// initTask makes a new task of one that is zero.
func (t *Tree) initTask(task *Task, fn *Lift, ctx context.Context) {
	task.inst, task.fn, task.ctx = &t.insts[fn.Instance], fn, ctx
	task.thread.task = task
	t.tasks++
}

// start runs a new task until it blocks or ends (Canonical ABI, canon_lift).
func (t *Tree) start(task *Task) result {
	inst := task.inst
	if task.fn.Type.Async && (inst.hasPressure(task) || len(inst.entering.threads) > 0) {
		task.thread.wait = waitEnter
		inst.entering.add(&task.thread)
		inst.wakeEntering() // it may wait only because others do
		return ran
	}
	return t.begin(task)
}

// enter is start's second part for a task that had to wait.
func (t *Tree) enter(task *Task) result {
	task.inst.entering.remove(&task.thread)
	if task.thread.cancel {
		task.inst.wakeEntering()
		t.resolve(task, false)
		t.over(task)
		return ran
	}
	return t.begin(task)
}

// begin lifts the arguments, which only now leave the caller, and runs the core function.
func (t *Tree) begin(task *Task) result {
	if task.fn.exclusive() {
		task.inst.lock(&task.thread)
	}
	task.inst.wakeEntering()
	task.state = taskStarted
	prev := t.cur
	t.become(&task.thread)
	f, err := t.fiber()
	if err == nil {
		err = t.lowerParams(task, f.Slots())
	}
	if err == nil && task.inst.def.Threads {
		err = task.inst.threads.add(&task.thread)
	}
	var r result
	if err != nil {
		r = t.notBegun(task, f, err)
	} else {
		*f.Context() = [2]uint64{}
		r = t.run(&task.thread, f, task.fn.Core)
	}
	t.become(prev)
	return r
}

// notBegun ends a task whose arguments cannot be lowered. If the host's caller gave wrong
// ones, that is no fault of the guest, which goes on.
func (t *Tree) notBegun(task *Task, f Fiber, err error) result {
	var wrong *value.TypeError
	if task.call == nil || !errors.As(err, &wrong) {
		t.die(err)
		return ran
	}
	t.idle = append(t.idle, f)
	task.call.settle(err)
	task.state = taskResolved
	if err := t.exit(&task.thread); err != nil {
		t.die(err)
	}
	return ran
}

// returned deals with a core function that has returned.
func (t *Tree) returned(th *Thread) result {
	task, f := th.task, th.fiber
	if th.spawn != nil || task.fn.Opts.Callback == None && !th.starts() {
		var err error
		if !task.fn.Opts.Async && th.spawn == nil {
			err = t.returnSync(task, f)
		}
		if err == nil {
			err = t.exit(th)
		}
		if err != nil {
			t.die(err)
			return ran
		}
	}
	if err := t.TakeFault(); err != nil { // found by NextJob
		t.die(err)
		return ran
	}
	th.storage = *f.Context()
	th.fiber = nil
	t.idle = append(t.idle, f)
	return ran
}

// returnSync lifts the results of a synchronous lift and runs its post-return function, which
// belongs to the same thread.
func (t *Tree) returnSync(task *Task, f Fiber) error {
	flat := f.Slots()
	first := flat.U64(0)
	if err := t.liftResults(task, flat, types.MaxFlatResults); err != nil {
		return err
	}
	if post := task.fn.Opts.PostReturn; post != None {
		t.core.Args().Set(0, first)
		*t.core.CallContext() = *f.Context()
		if err := task.inst.callOnTop(post); err != nil {
			return err // and the caller gets nothing
		}
	}
	t.resolve(task, true)
	return nil
}

// over notes that nothing of the task will run any more.
func (t *Tree) over(task *Task) {
	task.thread.wait = exited
	t.tasks--
	if task.call != nil {
		task.call.ended()
	}
}

// mayResolve checks that the task may return or be cancelled now.
func (task *Task) mayResolve() error {
	if task.state == taskResolved {
		return abi.Trapf("task has returned already")
	}
	if task.scope.Borrows > 0 {
		return abi.Trapf("borrow handles still remain at the end of the call")
	}
	return nil
}
