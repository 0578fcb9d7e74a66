package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// startFunction is the function of the task that stands in while core modules start. It is
// not async, so it may not block; but what it calls may be slow.
var startFunction = &Lift{
	Name: "start", Type: &types.Func{}, Core: None,
	Opts: Options{Options: abi.Options{Memory: None, Realloc: None}, PostReturn: None, Callback: None},
}

// RunStart runs the start function of a core module that belongs to component instance i:
// begin gives the job to a fiber. It reports whether the function has returned. If it was cut
// short, then is called on the driver once it has; if it traps, the tree ends. For the driver
// only, and for one start function at a time.
func (t *Tree) RunStart(i int32, begin func(Fiber) Outcome, then func()) (returned bool) {
	if t.dead != nil {
		return false
	}
	f, err := t.fiber()
	if err != nil {
		t.die(err)
		return false
	}
	*f.Context() = [2]uint64{}
	th := &t.insts[i].noTask.thread
	th.fiber, th.wait, th.busy = f, running, 0
	t.become(th)
	t.started, t.scope = then, th.task
	r := t.after(th, begin(f))
	t.become(nil)
	t.scope = nil
	return r == ran && t.dead == nil
}

// starts reports whether th runs a start function.
func (th *Thread) starts() bool { return th.task.fn == startFunction }
