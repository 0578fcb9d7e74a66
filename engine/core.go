package engine

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/wasmtime"
)

// core is a tree's store, as package canon sees it, and what the store asks of its host.
type core struct {
	p       *Program
	i       *Instance // whose tree it is at present
	st      *wasmtime.Store
	insts   []wasmtime.Instance
	funcs   []wasmtime.FuncID         // by the program's number, plus one; 0: not looked up yet
	tables  []wasmtime.Extern         // by the program's number; looked up when needed
	numbers map[wasmtime.FuncID]int32 // of functions of tables, in funcs
	fiber   map[*wasmtime.Fiber]*fiber

	limits wasmtime.StoreLimits
}

func newCore(p *Program, limits wasmtime.StoreLimits) (*core, error) {
	c := &core{p: p, limits: limits, funcs: make([]wasmtime.FuncID, len(p.link.Funcs))}
	var err error
	c.st, err = p.rt.engine.NewStore(c, wasmtime.StoreConfig{Limits: limits, OffFiberTicks: offFiberTicks, NoCollector: !p.collected})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// close frees the store. No guest code may be on a stack.
func (c *core) close(fibers []canon.Fiber) error {
	for _, f := range fibers {
		if err := f.Close(); err != nil {
			return err
		}
	}
	return c.st.Close()
}

// Memory implements canon.Core.
func (c *core) Memory(m int32) []byte { return c.st.Memory(int(m)) }

// Renew implements canon.Core.
func (c *core) Renew(m int32) []byte { return c.st.Renew(int(m)) }

// Args implements canon.Core.
func (c *core) Args() abi.Flat { return abi.Flat(c.st.Args()) }

// CallContext implements canon.Core.
func (c *core) CallContext() *[2]uint64 { return c.st.CallContext() }

// Call implements canon.Core.
func (c *core) Call(fn int32) error {
	id, err := c.fn(fn)
	if err != nil {
		return err
	}
	return c.st.Call(id, len(c.i.p.link.FuncTypes[fn].Params))
}

// Blocks implements canon.Core.
func (c *core) Blocks() []abi.Block {
	b := c.st.Blocks()
	return unsafe.Slice((*abi.Block)(unsafe.SliceData(b)), len(b))
}

var _ = abi.Block(wasmtime.Block{}) // the same fields in the same order

// Allocate implements canon.Core.
func (c *core) Allocate(fn int32, n int) error {
	id, err := c.fn(fn)
	if err != nil {
		return err
	}
	return c.st.Allocate(id, n)
}

// fn looks a core function up the first time that it is called.
func (c *core) fn(n int32) (wasmtime.FuncID, error) {
	if id := c.funcs[n]; id != 0 {
		return id - 1, nil
	}
	x, err := c.extern(c.i.p.link.Funcs[n])
	if err != nil {
		return 0, err
	}
	id, err := c.st.AddFunc(x)
	if err != nil {
		return 0, err
	}
	c.funcs[n] = id + 1
	return id, nil
}

// extern finds a core item in the store.
func (c *core) extern(x link.CoreItem) (wasmtime.Extern, error) {
	if x.Trampoline != canon.None {
		return c.st.HostFunc(c.i.p.hosts[x.Trampoline]), nil
	}
	m := c.i.p.modules[c.i.p.link.Instances[x.Instance].Module]
	return c.st.Export(c.insts[x.Instance], m, x.Name)
}

// TableFunc implements canon.Core. Functions of tables are numbered after those of the program.
func (c *core) TableFunc(table int32, index uint64, wide bool) (int32, error) {
	if c.tables == nil {
		c.tables = make([]wasmtime.Extern, len(c.p.link.Tables))
	}
	x := &c.tables[table]
	if x.Type().Kind != corewasm.Table {
		var err error
		if *x, err = c.extern(c.p.link.Tables[table]); err != nil {
			return 0, err
		}
	}
	param := corewasm.I32
	if wide {
		param = corewasm.I64
	}
	id, err := c.st.TableFunc(*x, index, param)
	switch {
	case errors.Is(err, wasmtime.ErrTableIndex):
		return 0, abi.Trapf("index %d is out of bounds of the table of functions", index)
	case errors.Is(err, wasmtime.ErrNullFunc):
		return 0, abi.Trapf("element %d of the table of functions is null", index)
	case errors.Is(err, wasmtime.ErrFuncType):
		return 0, abi.Trapf("function %d of the table does not take one %v and return nothing", index, param)
	case err != nil:
		return 0, err
	}
	n, ok := c.numbers[id]
	if !ok {
		if c.numbers == nil {
			c.numbers = map[wasmtime.FuncID]int32{}
		}
		n = int32(len(c.funcs))
		c.funcs = append(c.funcs, id+1)
		c.numbers[id] = n
	}
	return n, nil
}

// HostCall implements wasmtime.Host.
func (c *core) HostCall(f *wasmtime.Fiber, op uint32, args wasmtime.Slots) wasmtime.Status {
	if w := c.i.watch; w != nil {
		w.hostCall()
	}
	switch c.i.tree.HostCall(f != nil, op, abi.Flat(args)) {
	case canon.Done:
		return wasmtime.Done
	case canon.Pending:
		return wasmtime.Pending
	}
	c.st.Fail(c.i.tree.TakeFault())
	return wasmtime.Trap
}

// NextJob implements wasmtime.Host.
func (c *core) NextJob(f *wasmtime.Fiber) (wasmtime.FuncID, bool) {
	n, more := c.i.tree.NextJob(c.fiber[f])
	if !more {
		return 0, false
	}
	id, err := c.fn(n)
	if err != nil { // a validated callback exists
		panic(err)
	}
	return id, true
}

// NewFiber implements canon.Core.
func (c *core) NewFiber() (canon.Fiber, error) {
	f, err := c.st.NewFiber()
	if err != nil {
		if errors.Is(err, wasmtime.ErrNoStack) {
			err = fmt.Errorf("%w: %w", ErrBusy, err)
		}
		return nil, err
	}
	w := &fiber{f, c}
	if c.fiber == nil {
		c.fiber = map[*wasmtime.Fiber]*fiber{}
	}
	c.fiber[f] = w
	return w, nil
}

// fiber is a wasmtime.Fiber as package canon sees it.
type fiber struct {
	f *wasmtime.Fiber
	c *core
}

func (f *fiber) Slots() abi.Flat     { return abi.Flat(f.f.Slots()) }
func (f *fiber) Context() *[2]uint64 { return f.f.Context() }
func (f *fiber) CallArgs() abi.Flat  { return abi.Flat(f.f.CallArgs()) }
func (f *fiber) Close() error        { return f.f.Close() }

// Err implements canon.Fiber.
func (f *fiber) Err() error {
	err := f.f.Err()
	var t *wasmtime.TrapError
	if errors.As(err, &t) {
		return coreTrap{err}
	}
	return err
}

// coreTrap is a trap of core code as the other ends of its streams see it.
type coreTrap struct{ error }

func (e coreTrap) Unwrap() error { return e.error }

// Is implements errors.Is.
func (e coreTrap) Is(target error) bool { return target == ErrTrap }

func (f *fiber) Start(fn int32, loop bool) canon.Outcome {
	id, err := f.c.fn(fn)
	if err != nil { // a validated core function exists
		panic(err)
	}
	return outcome(f.f.Start(id, loop))
}

func (f *fiber) Resume() canon.Outcome { return outcome(f.f.Resume()) }

func (f *fiber) Answer(st canon.Status) {
	if st == canon.Done {
		f.f.Answer(wasmtime.Done)
		return
	}
	f.c.st.Fail(f.c.i.tree.TakeFault())
	f.f.Answer(wasmtime.Trap)
}

func outcome(o wasmtime.Outcome) canon.Outcome {
	switch o {
	case wasmtime.Idle:
		return canon.Idle
	case wasmtime.Suspended:
		return canon.Suspended
	case wasmtime.Preempted:
		return canon.Preempted
	}
	return canon.Trapped // Refused too: the tree cannot go on
}
