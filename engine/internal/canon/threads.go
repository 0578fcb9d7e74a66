package canon

import "github.com/spinhost/spin/engine/abi"

// maxThreads bounds the threads of a component instance (Canonical ABI, Table.MAX_LENGTH).
const maxThreads = 1<<28 - 1

// threadTable numbers the threads of a component instance (Canonical ABI, class Table). Index
// 0 is of none; the index that was given up last is the first to be used again.
type threadTable struct {
	threads []*Thread // by index; nil where one has ended
	free    []uint32
}

func (x *threadTable) add(th *Thread) error {
	if n := len(x.free); n > 0 {
		th.index = x.free[n-1]
		x.free = x.free[:n-1]
		x.threads[th.index] = th
		return nil
	}
	if len(x.threads) == 0 {
		x.threads = append(x.threads, nil)
	}
	if len(x.threads) > maxThreads {
		return abi.Trapf("component instance has more than %d threads", maxThreads)
	}
	th.index = uint32(len(x.threads))
	x.threads = append(x.threads, th)
	return nil
}

func (x *threadTable) get(i uint32) (*Thread, error) {
	if uint64(i) >= uint64(len(x.threads)) || x.threads[i] == nil {
		return nil, abi.Trapf("unknown thread index %d", i)
	}
	return x.threads[i], nil
}

func (x *threadTable) remove(th *Thread) {
	x.threads[th.index] = nil
	x.free = append(x.free, th.index)
	th.index = 0
}

// spawn is what an explicit thread begins with.
type spawn struct {
	fn  int32  // core function
	arg uint64 // its argument
}

// newThread makes a suspended thread of task (Canonical ABI, canon_thread_new_indirect).
func (t *Tree) newThread(task *Task, fn int32, arg uint64) (*Thread, error) {
	if err := t.room(); err != nil {
		return nil, err
	}
	th := &Thread{task: task, wait: waitSuspended, spawn: &spawn{fn, arg}}
	if err := task.inst.threads.add(th); err != nil {
		return nil, err
	}
	task.spawned = append(task.spawned, th)
	t.spawned++
	return th, nil
}

// exit ends a thread, and its task if it is the last (Canonical ABI, unregister_thread).
func (t *Tree) exit(th *Thread) error {
	task := th.task
	last := len(task.spawned) == 0
	if th.spawn != nil {
		task.forget(th)
		t.spawned--
		last = len(task.spawned) == 0 && task.thread.wait == exited
	}
	if last && task.state != taskResolved {
		return abi.Trapf("%s returned without a result (task.return was not called)", task.fn.Name)
	}
	if th.index != 0 {
		task.inst.threads.remove(th)
	}
	if th.wait = exited; th.queued {
		t.ready.drop(th)
	}
	if last {
		t.over(task)
	}
	if th.spawn == nil && task.fn.exclusive() {
		task.inst.unlock()
	}
	return nil
}

func (task *Task) forget(th *Thread) {
	for i, x := range task.spawned {
		if x == th {
			task.spawned = append(task.spawned[:i], task.spawned[i+1:]...)
			return
		}
	}
}

// cancellable returns a thread of the task that a cancellation may resume now, nil if there is
// none (Canonical ABI, request_cancellation).
func (task *Task) cancellable() *Thread {
	if task.thread.cancellable() {
		return &task.thread
	}
	for _, th := range task.spawned {
		if th.cancellable() {
			return th
		}
	}
	return nil
}
