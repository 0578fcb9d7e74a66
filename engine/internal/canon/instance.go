package canon

import (
	"slices"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/adapter"
)

// Instance is the run-time state of one component instance (Canonical ABI, class
// ComponentInstance). Only the driver of its tree touches it.
type Instance struct {
	tree    *Tree
	number  int32
	parent  *Instance
	def     *InstanceDef
	handles abi.Table

	flags       []byte // see package adapter: its own or those that adapters look at
	own         [adapter.FlagBytes]byte
	spent       spent
	noTask      Task // stands for the running task while the instance's core modules start
	pressure    int  // backpressure.inc minus backpressure.dec
	entering    entering
	exclusive   *Thread // the thread that holds the instance's lock
	threads     threadTable
	wantingLock []*Thread
}

// Name returns the instance's path in its tree.
func (i *Instance) Name() string { return i.def.Name }

// Buffers counts the buffers of streams of the tree.
func (i *Instance) Buffers() *abi.Buffers { return &i.tree.buffers }

// Handles implements abi.Env.
func (i *Instance) Handles() *abi.Table { return &i.handles }

// Memory implements abi.Env.
func (i *Instance) Memory(m int32) []byte {
	if m == mirrorMemory {
		return i.tree.mirror.mem
	}
	return i.tree.core.Memory(m)
}

// Renew implements abi.Env.
func (i *Instance) Renew(m int32) []byte {
	if m == mirrorMemory {
		return i.tree.mirror.mem
	}
	return i.tree.core.Renew(m)
}

// Go runs f on a goroutine that Join waits for.
func (i *Instance) Go(f func()) { i.tree.out.run(f) }

// Realloc implements abi.Env. The guest may call nothing from within its allocator, and
// finds its context slots empty.
func (i *Instance) Realloc(fn int32, old, oldSize, align, newSize uint32) (uint32, error) {
	if fn == mirrorMemory {
		return i.tree.mirror.realloc(old, oldSize, align, newSize)
	}
	if err := i.realloc(fn, uint64(old), uint64(oldSize), uint64(align), uint64(newSize)); err != nil {
		return 0, err
	}
	return i.tree.core.Args().U32(0), nil
}

// Realloc64 implements abi.Memory64.
func (i *Instance) Realloc64(fn int32, old, oldSize, align, newSize uint64) (uint64, error) {
	if err := i.realloc(fn, old, oldSize, align, newSize); err != nil {
		return 0, err
	}
	return i.tree.core.Args().U64(0), nil
}

func (i *Instance) realloc(fn int32, old, oldSize, align, newSize uint64) error {
	if fn == None {
		return abi.Trapf("a value needs the realloc option")
	}
	a := i.tree.core.Args()
	a.Set(0, old)
	a.Set(1, oldSize)
	a.Set(2, align)
	a.Set(3, newSize)
	return i.callOnTop(fn)
}

// Blocks implements abi.Allocator.
func (i *Instance) Blocks() []abi.Block { return i.tree.core.Blocks() }

// Allocate implements abi.Allocator.
func (i *Instance) Allocate(fn int32, n int) error {
	if fn == None {
		return abi.Trapf("a value needs the realloc option")
	}
	return i.onTop(func(c Core) error { return c.Allocate(fn, n) })
}

// callOnTop runs a core function of the instance that may not leave it: realloc and
// post-return.
func (i *Instance) callOnTop(fn int32) error {
	return i.onTop(func(c Core) error { return c.Call(fn) })
}

// onTop has call run core code of the instance, on top of whatever runs, that may not leave it.
func (i *Instance) onTop(call func(Core) error) error {
	was := i.flags[adapter.MustStay]
	i.flags[adapter.MustStay] = 1
	err := i.tree.onTop(i, call)
	i.flags[adapter.MustStay] = was
	return err
}

// entered reports whether the instance is being called (Canonical ABI, may_enter is false).
func (i *Instance) entered() bool { return i.flags[adapter.Entered] != 0 }

// mustStay reports whether code of the instance may call nothing outside (Canonical ABI,
// may_leave is false).
func (i *Instance) mustStay() bool { return i.flags[adapter.MustStay] != 0 }

// mayEnterFrom reports whether the instance and those ancestors that caller is not already
// inside of are free to be entered; caller is nil for the host.
func (i *Instance) mayEnterFrom(caller *Instance) bool {
	for x := i; x != nil && !x.encloses(caller); x = x.parent {
		if x.entered() {
			return false
		}
	}
	return true
}

func (i *Instance) enterFrom(caller *Instance) {
	depth := byte(1)
	if caller != nil {
		depth = byte(min(int(caller.flags[adapter.Entered])+1, adapter.MaxDepth))
	}
	i.mark(caller, depth)
}

func (i *Instance) leaveTo(caller *Instance) { i.mark(caller, 0) }

func (i *Instance) mark(caller *Instance, entered byte) {
	for x := i; x != nil && !x.encloses(caller); x = x.parent {
		x.flags[adapter.Entered] = entered
	}
}

// encloses reports whether i is c or an ancestor of c.
func (i *Instance) encloses(c *Instance) bool {
	for ; c != nil; c = c.parent {
		if c == i {
			return true
		}
	}
	return false
}

// hasPressure reports whether task has to wait before it may start (Canonical ABI,
// enter_implicit_thread).
func (i *Instance) hasPressure(task *Task) bool {
	return i.pressure > 0 || task.fn.exclusive() && i.exclusive != nil
}

// lock gives the instance's lock to th.
func (i *Instance) lock(th *Thread) { i.exclusive = th }

// unlock frees the lock and lets the next one that wants it try.
func (i *Instance) unlock() {
	i.exclusive = nil
	i.wakeWaiting()
}

// wakeWaiting queues the threads that wait for the lock or for less pressure. They check
// again themselves, in the order in which they came.
func (i *Instance) wakeWaiting() {
	for _, th := range i.wantingLock {
		i.tree.enqueue(th)
	}
	clear(i.wantingLock)
	i.wantingLock = i.wantingLock[:0]
	i.wakeEntering()
}

// wakeEntering queues the first of those who wait to enter that could do so now. It looks
// for the next itself.
func (i *Instance) wakeEntering() {
	if i.pressure > 0 || i.exclusive != nil && i.entering.free == 0 {
		return
	}
	for _, th := range i.entering.threads {
		if !i.hasPressure(th.task) {
			i.tree.enqueue(th)
			return
		}
	}
}

// entering are the threads that wait to enter an instance, in the order in which they came.
type entering struct {
	threads []*Thread
	free    int // how many of them do not need the lock
}

func (e *entering) add(th *Thread) {
	e.threads = append(e.threads, th)
	if !th.task.fn.exclusive() {
		e.free++
	}
}

func (e *entering) remove(th *Thread) {
	i := slices.Index(e.threads, th)
	if i == 0 {
		e.threads[0] = nil
		e.threads = e.threads[1:]
	} else {
		e.threads = slices.Delete(e.threads, i, i+1)
	}
	if !th.task.fn.exclusive() {
		e.free--
	}
}

// wantLock notes that th could go on but for the lock.
func (i *Instance) wantLock(th *Thread) { i.wantingLock = append(i.wantingLock, th) }
