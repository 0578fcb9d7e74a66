package canon

import "context"

// guestCall is the two sides of a synchronous call of a function whose type is not async.
// Nearly all of them are over when the caller's host call returns, without anybody else having
// learnt of them: they are used again.
type guestCall struct {
	sub  Subtask
	task Task
}

// callSync is callGuest for a synchronous call of a function that may not block.
func (c *coreCall) callSync() (Status, error) {
	t := c.t
	var g *guestCall
	if n := len(t.calling); n > 0 {
		g, t.calling = t.calling[n-1], t.calling[:n-1]
	} else {
		g = new(guestCall)
		g.sub.owner, g.sub.pair = &g.sub, g
	}
	g.sub.tr, g.sub.inst = c.tr, c.inst
	copy(g.sub.args[:], c.slots)
	st, err := c.callTask(&g.sub, c.tr.Callee)
	if st == Done && err == nil && g.unknown() {
		g.reset()
		t.calling = append(t.calling, g)
	}
	return st, err
}

// unknown reports whether nobody knows of g any more.
func (g *guestCall) unknown() bool {
	th := &g.task.thread
	return !g.task.kept && len(g.task.spawned) == 0 && !th.queued && th.index == 0
}

// reset makes g as it was before a call that has never been suspended.
func (g *guestCall) reset() {
	g.sub.state, g.sub.delivered, g.sub.task = subtaskStarting, false, nil
	g.task.state, g.task.thread.wait = taskInitial, running
	g.task.ctx, g.task.whom, g.task.root = nil, nil, nil
}

// callee makes the task for a call by a guest.
func (t *Tree) callee(s *Subtask, fn *Lift, ctx context.Context) *Task {
	var task *Task
	if s.pair != nil {
		task = &s.pair.task
	} else {
		task = new(Task)
	}
	t.initTask(task, fn, ctx)
	task.sub, s.task = s, task
	return task
}
