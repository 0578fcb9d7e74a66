package canon

import "sync/atomic"

// Watch is told whose core code is about to run. Its methods are called on the driver.
type Watch interface {
	// Enter says that core code of component instance i runs from now on.
	Enter(i int32)
	// Leave says that none runs any more.
	Leave()
}

// spent is time in ticks of Config.Clock. The driver adds to it; anybody may read it.
type spent struct{ n atomic.Uint64 }

// add adds d, unless the clock has gone back.
func (s *spent) add(d uint64) {
	if int64(d) > 0 {
		s.n.Store(s.n.Load() + d)
	}
}

// become makes th the thread whose guest code runs, or that is served in a host call; nil is
// none. The time until now is that of the one that was it before, and of its instance.
func (t *Tree) become(th *Thread) {
	if t.watched && th != t.cur {
		t.change(th)
	}
	t.cur = th
}

func (t *Tree) change(th *Thread) {
	if t.cfg.Clock != nil {
		now := t.cfg.Clock()
		if was := t.cur; was != nil {
			was.task.inst.spent.add(now - t.since)
			if was.task.root != nil {
				was.task.root.spent.add(now - t.since)
			}
		}
		t.since = now
	}
	if t.cfg.Watch != nil {
		t.watch(th)
	}
}

// watch tells the watch whose code runs as th.
func (t *Tree) watch(th *Thread) {
	if th == nil {
		t.cfg.Watch.Leave()
	} else {
		t.cfg.Watch.Enter(th.task.inst.number)
	}
}

// onTop has call run core code of i on top of whatever runs.
func (t *Tree) onTop(i *Instance, call func(Core) error) error {
	if t.watched {
		if t.cur == nil { // for a late result, or an element of a stream
			t.become(&i.noTask.thread)
			defer t.become(nil)
		} else if t.cfg.Watch != nil && t.cur.task.inst != i {
			t.cfg.Watch.Enter(i.number)
			defer t.watch(t.cur)
		}
	}
	err := call(t.core)
	if err != nil && t.where == nil {
		t.where = &Where{Instance: i.number}
		if t.cur != nil {
			t.where.Origin = t.cur.task.origin
		}
	}
	return err
}

// Spent returns for how many ticks of Config.Clock core code of component instance i has run,
// with the host functions that it has called and that have answered at once. What runs at
// present counts up to when it last called another component instance or was interrupted. It
// may be called from any goroutine.
func (t *Tree) Spent(i int) uint64 { return t.insts[i].spent.n.Load() }

// Spent is the same for all that has run because of the call, in whichever component instance,
// by itself or because of calls between them.
func (c *ExportCall) Spent() uint64 { return c.spent.n.Load() }
