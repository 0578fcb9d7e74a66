package canon

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
)

// ErrClosed is why calls on a tree fail after Close.
var ErrClosed = errors.New("instance is closed")

// ErrDeadlock is why a tree ends whose tasks all wait for each other.
var ErrDeadlock = &abi.TrapError{Msg: "deadlock: every task waits and nothing outside can wake one"}

// ErrPoisoned is the answer to calls of a tree that has trapped.
var ErrPoisoned = &abi.TrapError{Msg: "cannot enter component instance: it has trapped"}

// Config configures a tree.
type Config struct {
	// Name is what the host calls the component.
	Name string
	// Context is for what core modules call while they start, before there are tasks.
	Context context.Context
	// MaxHandles bounds the live handles of the whole tree; 0 means no bound but the table's.
	MaxHandles int
	// HostCalls bounds the host functions that run on goroutines at once; more wait.
	HostCalls int
	// Tasks bounds the tasks and explicit threads that have not ended; 0 means DefaultTasks.
	Tasks int
	// CallDepth bounds how deeply calls between guests nest; 0 means DefaultCallDepth.
	CallDepth int
	// Stacks bounds the fibers that are in use at once; 0 means DefaultStacks.
	Stacks int
	// ValueBytes bounds each string and list that guests pass to the host, in bytes of the
	// guest's memory; CallBytes how much memory of the host all values of one call take. 0 means
	// DefaultCallBytes for either.
	ValueBytes, CallBytes int64
	// NoDeadlock makes a tree without anything to do wait for further calls from outside
	// instead of trapping tasks that nothing can wake.
	NoDeadlock bool
	// StreamBuffers bounds the buffers of streams between guest and host, in bytes; 0 means no
	// bound.
	StreamBuffers int64
	// Clock, if not nil, measures for how long guest code runs, in ticks.
	Clock func() uint64
	// Watch, if not nil, is told whose core code runs.
	Watch Watch
	// Fibers are idle ones of the core for the tree to begin with.
	Fibers []Fiber
	// Buried is called once, on the driver with no guest code on the stack, when the tree has
	// ended. If it was closed in good order, all of its guest code having returned, its fibers
	// are handed back; else they have been closed.
	Buried func(err error, inOrder bool, fibers []Fiber)
}

// Tree is one running component with everything inside it: its component instances, tasks,
// streams and handles (Canonical ABI, class Store). One goroutine at a time, the driver,
// runs it; everything that comes from other goroutines goes through the mailbox.
type Tree struct {
	core  Core
	prog  *Program
	cfg   Config
	insts []Instance
	res   []*abi.ResourceType

	out     outside     // goroutines that work for the tree
	buffers abi.Buffers // of its streams
	locals  *abi.Locals // of host interfaces; host functions may keep it

	mu      sync.Mutex
	inbox   []message
	mail    [8]message // first backing of inbox
	kicked  bool       // look again at what the tree waits for
	driving atomic.Bool
	load    Load
	killed  atomic.Pointer[killing]

	// The rest belongs to the driver.
	first    message // what the driver was made for
	cur      *Thread // the thread whose guest code runs or has called the host; see become
	watched  bool    // there is a clock or a watch
	adapted  bool    // adapters look at the flags of instances
	since    uint64  // when cur became it
	last     *Thread // that has run last where control has come back from
	next     *Thread // to which the thread that is being suspended switches
	scope    *Task   // whose function is not async: until it returns only its instance may go on
	depth    int     // guest calls nested in host calls of other guests
	ready    queue
	order    func(n int) int // which of n ready threads is next; nil: the first, so that all have their turn
	frozen   *Thread         // waits in the middle of core code that nothing may interleave with
	rests    uint            // how often there was nothing to do
	frozenAt uint            // rests when a host function froze the tree
	started  func()          // goes on when the start function is over that was cut short
	idle     []Fiber
	fibers   []Fiber
	tasks    int // tasks that have not ended
	spawned  int // explicit threads that have not ended
	waits    int // operations that something outside the tree will complete
	hostOps  map[*hostCall]struct{}
	calls    *ExportCall // those whose tasks have not ended
	armed    *hostCall   // waits for a pollable
	running  int         // host functions on goroutines
	backlog  []*hostCall // host functions that wait for a goroutine
	handles  int
	dead     error
	where    *Where
	buried   bool
	src      abi.Guest // of a copy between guests
	dst      abi.Guest
	copied   uint64 // bytes of lists and strings so far
	mirror   mirror // for guests with a 64-bit memory

	messages   int    // bytes of the messages of error contexts
	valueBytes uint32 // of Config
	vals       abi.Values
	spare      *hostCall // for reuse
	calling    []*guestCall
	guests     map[*Trampoline][]abi.Ref
	fault      error // trap found where no error can be returned
}

// DefaultCallBytes bounds what guests pass to the host in one call, if Config sets no bound.
const DefaultCallBytes = 128 << 20

type killing struct{ err error }

// Locals returns what host interfaces keep for the tree.
func (t *Tree) Locals() *abi.Locals { return t.locals }

// NewTree makes the state of a tree. Core instances are made afterwards, on its driver.
func NewTree(core Core, prog *Program, cfg Config) *Tree {
	t := &Tree{core: core, prog: prog, cfg: cfg, locals: new(abi.Locals), res: prog.Resources, fibers: cfg.Fibers}
	t.idle = append(t.idle, cfg.Fibers...)
	if t.cfg.HostCalls <= 0 {
		t.cfg.HostCalls = defaultHostCalls
	}
	t.limit()
	if t.cfg.CallBytes <= 0 {
		t.cfg.CallBytes = DefaultCallBytes
	}
	if t.valueBytes = abi.MaxListBytes; t.cfg.ValueBytes < abi.MaxListBytes {
		if t.valueBytes = uint32(t.cfg.ValueBytes); t.cfg.ValueBytes <= 0 {
			t.valueBytes = DefaultCallBytes
		}
	}
	t.inbox = t.mail[:0]
	t.buffers.Limit(cfg.StreamBuffers)
	t.watched = cfg.Clock != nil || cfg.Watch != nil
	t.insts = make([]Instance, len(prog.Instances))
	for i := range t.insts {
		x := &t.insts[i]
		x.tree, x.number, x.def, x.flags = t, int32(i), &prog.Instances[i], x.own[:]
		x.noTask = Task{inst: x, fn: startFunction, state: taskStarted}
		x.noTask.thread.task = &x.noTask
		x.noTask.ctx = cfg.Context
		x.handles.Limit(cfg.MaxHandles, &t.handles)
		if p := x.def.Parent; p != None {
			x.parent = &t.insts[p]
		}
	}
	return t
}

// SetResources binds the program's resource types to those of this tree.
func (t *Tree) SetResources(res []*abi.ResourceType) { t.res = res }

// Resource returns the resource type with a program-wide number.
func (t *Tree) Resource(n int32) *abi.ResourceType { return t.res[n] }

// Load says what a tree holds.
type Load struct{ Handles, Fibers, HostCalls int }

// Load returns what the tree held when its driver last rested. It may be called from any
// goroutine.
func (t *Tree) Load() Load {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.load
}

// Instance returns component instance i.
func (t *Tree) Instance(i int32) *Instance { return &t.insts[i] }

// trap records a broken rule and answers the call that broke it.
func (t *Tree) trap(err error) Status {
	if t.fault == nil {
		t.fault = err
	}
	return Trap
}

// TakeFault returns and clears the cause of a Trap answer.
func (t *Tree) TakeFault() error {
	err := t.fault
	t.fault = nil
	return err
}

// die ends the tree because of a trap, a limit or Close. Guest code may still be on the
// stack: its fibers are closed by the driver's loop.
func (t *Tree) die(err error) { t.dieIn(t.cur, err) }

// dieIn is die because of what th has done; nil is nobody.
func (t *Tree) dieIn(th *Thread, err error) {
	if t.dead != nil {
		return
	}
	t.dead = err
	if th != nil && t.where == nil {
		t.where = &Where{t.innermost(th).number, th.task.origin}
	}
}

// Where says what has ended a tree.
type Where struct {
	Instance int32 // component instance whose code it was
	Origin   *Lift // the function that the host had called; nil if none
}

// Where returns what has ended the tree, nil if that was no guest. It may be called once the
// tree is buried or a call has failed because of its end.
func (t *Tree) Where() *Where { return t.where }

// bury releases what a dead tree holds. The driver calls it with no guest code on the stack.
func (t *Tree) bury() {
	t.buried = true
	t.useOwnFlags()
	fibers, inOrder := t.fibers, t.inOrder()
	if !inOrder {
		t.closeFibers()
		fibers = nil
	}
	t.fibers, t.idle, t.frozen, t.cur, t.ready = nil, nil, nil, nil, queue{}
	t.last, t.next, t.scope = nil, nil, nil
	t.mu.Lock()
	t.load.HostCalls = t.running
	t.mu.Unlock()
	if h := t.armed; h != nil {
		quietly(h.disarmed)
		h.Over(abi.Abandoned)
	}
	for op := range t.hostOps {
		op.abandon()
	}
	t.hostOps, t.backlog = nil, nil
	for t.calls != nil {
		c := t.calls
		c.settle(t.dead)
		quietly(c.ended)
	}
	for i := range t.insts {
		t.insts[i].handles.Clear(t.dropEntry)
		t.insts[i].threads = threadTable{}
	}
	quietly(t.locals.Close)
	if t.cfg.Buried != nil {
		t.cfg.Buried(t.dead, inOrder, fibers)
	}
}

// inOrder reports whether a tree was closed when none of its guest code had anything left to
// do, so that its core can be used again.
func (t *Tree) inOrder() bool {
	return t.dead == ErrClosed && t.cfg.Buried != nil && t.tasks == 0 && len(t.idle) == len(t.fibers) &&
		t.frozen == nil && t.armed == nil && len(t.hostOps) == 0
}

func (t *Tree) closeFibers() {
	for _, f := range t.fibers {
		if err := f.Close(); err != nil {
			panic(fmt.Sprintf("canon: fiber in use after its tree has ended: %v", err))
		}
	}
}

// quietly calls code of the host when nobody is left to be told of its errors.
func quietly(f func()) {
	defer func() { _ = recover() }()
	f()
}

// dropEntry gives the host back what a dead guest held.
func (t *Tree) dropEntry(e *abi.Entry) {
	switch x := e.Obj.(type) {
	case *copyEnd:
		quietly(func() { x.ch.abandon(t.dead) })
	case abi.Dropper:
		if e.Kind == abi.KindResource && e.Own && e.Type.Guest == nil {
			quietly(func() { _ = x.Drop() })
		}
	}
}

// refs returns the identities of a host function's signature, with this tree's resource types.
func (t *Tree) refs(tr *Trampoline) []abi.Ref {
	if tr.GuestRefs == nil {
		return tr.Refs
	}
	if r := t.guests[tr]; r != nil {
		return r
	}
	r := append([]abi.Ref(nil), tr.Refs...)
	for i, n := range tr.GuestRefs {
		if n != None {
			r[i].Resource = t.res[n]
		}
	}
	if t.guests == nil {
		t.guests = map[*Trampoline][]abi.Ref{}
	}
	t.guests[tr] = r
	return r
}

// fiber returns an idle fiber.
func (t *Tree) fiber() (Fiber, error) {
	if n := len(t.idle); n > 0 {
		f := t.idle[n-1]
		t.idle = t.idle[:n-1]
		return f, nil
	}
	if len(t.fibers) >= t.cfg.Stacks {
		return nil, &CountError{Count: Stacks, Limit: t.cfg.Stacks}
	}
	f, err := t.core.NewFiber()
	if err == nil {
		t.fibers = append(t.fibers, f)
	}
	return f, err
}
