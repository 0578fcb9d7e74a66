package httpguest

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
)

// resultSize is room for every result of wasi:http and wasi:io.
const resultSize = 64

// Call calls a host function whose result, if any, is one core value. It traps if the function does.
func (t *Task) Call(name string, args ...uint64) uint64 {
	slots := flat(args)
	if len(slots) == 0 {
		slots = make(abi.Flat, 1)
	}
	if err := t.call(name, slots, -1); err != nil {
		panic(Trap{err})
	}
	return slots[0][0]
}

// Load calls a host function whose result goes to memory, and returns its address.
func (t *Task) Load(name string, args ...uint64) uint32 {
	ptr, err := t.TryLoad(name, args...)
	if err != nil {
		panic(Trap{err})
	}
	return ptr
}

// TryLoad is Load, but returns the error that would trap the guest.
func (t *Task) TryLoad(name string, args ...uint64) (uint32, error) {
	ptr := t.spot()
	clear(t.mem[ptr : ptr+resultSize])
	defer func() { t.spots = append(t.spots, ptr) }()
	return ptr, t.call(name, append(flat(args), abi.Slot{uint64(ptr)}), len(args))
}

func flat(args []uint64) abi.Flat {
	f := make(abi.Flat, len(args), len(args)+1)
	for i, v := range args {
		f[i][0] = v
	}
	return f
}

// call serves a call until it is answered.
func (t *Task) call(name string, slots abi.Flat, ret int) error {
	f := t.funcs[name]
	if f == nil {
		return fmt.Errorf("there is no function %s", name)
	}
	for {
		var c abi.Call
		var lenders abi.Lenders
		c.Reset(t.Instance, abi.Options{}, t.identities(f.Type), &lenders, nil)
		c.Setup(t.Ctx, slots, false, ret)
		f.Serve(&c)
		run, wait := c.Outcome()
		if run != nil {
			var finish func(*abi.Call)
			t.Off(func() { finish = run(t.Ctx) })
			c.Resume(slots)
			finish(&c)
		}
		lenders.Release(&t.table)
		if err := c.Err(); err != nil || wait == nil {
			return err
		}
		t.await(wait)
	}
}

// await waits for a pollable.
func (t *Task) await(p abi.Pollable) {
	disarm := p.Arm(t.wake)
	t.Wait(p.Ready)
	if disarm != nil {
		disarm()
	}
}

// Drop drops a handle of a resource.
func (t *Task) Drop(handle uint64) {
	e, err := t.table.Get(uint32(handle), abi.KindResource)
	if err != nil {
		panic(Trap{err})
	}
	v := e.Obj
	t.table.Remove(uint32(handle))
	if d, ok := v.(abi.Dropper); ok {
		if err := d.Drop(); err != nil {
			panic(Trap{err})
		}
	}
}

// Get returns what a handle stands for.
func (t *Task) Get(handle uint64) any {
	e, err := t.table.Get(uint32(handle), abi.KindResource)
	if err != nil {
		panic(Trap{err})
	}
	return e.Obj
}

// Lower lowers the arguments of a call of an exported function of the given type.
func (t *Task) Lower(inv abi.Invocation, signature string, n int) []uint64 {
	var g abi.Guest
	g.Reset(t.Instance, abi.Options{}, t.identities(signature), nil, new(abi.Scope))
	slots := make(abi.Flat, n)
	inv.Lower(&g, slots)
	if err := g.Err(); err != nil {
		panic(Trap{err})
	}
	args := make([]uint64, n)
	for i := range args {
		args[i] = slots[i][0]
	}
	return args
}

// Lift returns the result of a call of an exported function of the given type.
func (t *Task) Lift(inv abi.Invocation, signature string, result ...uint64) {
	var v abi.Values
	v.Reset(t.Instance, abi.Options{}, t.identities(signature), nil, nil)
	v.SetValues(flat(result), false)
	inv.Lift(&v)
	if err := v.Err(); err != nil {
		panic(Trap{err})
	}
}
