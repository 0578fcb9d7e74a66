package abitest

import (
	"context"
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wit"
)

// Import is a function that generated code serves, as a guest has lowered it.
type Import struct {
	Func   *wit.Func
	Serve  func(*abi.Call)
	Refuse func(*abi.Call, error)
	Async  bool // lowered with the async option
}

// limits are how many parameters and results may be core values.
func (i Import) limits() (params, results int) {
	if i.Async {
		return 4, 0
	}
	return 16, 1
}

// Lowered are the core values of a call.
type Lowered struct {
	Slots   abi.Flat
	Spilled bool // the first is the address of the parameters
	Ret     int  // the number of that with the address for the result, -1 if there is none
}

// Args lowers parameters, and makes room for the result.
func (e *Env) Args(i Import, args ...any) Lowered {
	maxParams, maxResults := i.limits()
	l := Lowered{Ret: -1}
	l.Slots, l.Spilled = e.lowerArgs(i.Func, args, maxParams)
	if res := i.Func.Result; len(flatten(res)) > maxResults {
		at := e.alloc(elemSize(res), alignment(res))
		l.Ret = len(l.Slots)
		l.Slots = append(l.Slots, slot(uint64(at)))
	}
	return l
}

// Call calls the function with values of the model and returns the result, nil if there is
// none, and where it lies in memory, 0 if it is a core value.
func (e *Env) Call(i Import, args ...any) (result any, at uint32, err error) {
	l := e.Args(i, args...)
	flat, err := e.CallRaw(i, l)
	switch {
	case err != nil || i.Func.Result == nil:
		return nil, 0, err
	case l.Ret >= 0:
		at = l.Slots.U32(l.Ret)
		return e.Load(i.Func.Result, at), at, nil
	}
	return e.LiftFlat(i.Func.Result, &flat), 0, nil
}

// CallRaw calls the function with core values, and returns the one that it answers with.
func (e *Env) CallRaw(i Import, l Lowered) (flat []uint64, err error) {
	var lenders abi.Lenders
	var c abi.Call
	slots := append(l.Slots[:len(l.Slots):len(l.Slots)], abi.Slot{}) // room for a result
	c.Reset(e, Options, e.Refs(i.Func), &lenders, nil)
	c.Setup(context.Background(), slots, l.Spilled, l.Ret)
	i.Serve(&c)
	if run, wait := c.Outcome(); c.Err() == nil && wait != nil {
		return nil, abi.WaitFor(wait)
	} else if c.Err() == nil && run != nil {
		finish := run(context.Background())
		e.Move()
		clear(slots)
		c.Resume(slots)
		finish(&c)
	}
	lenders.Release(&e.table)
	return []uint64{slots[0][0]}, c.Err()
}

// lowerArgs lowers parameters to core values, or to the address of a record if there would
// be too many.
func (e *Env) lowerArgs(f *wit.Func, args []any, limit int) (slots abi.Flat, spilled bool) {
	params := Params(f)
	if len(args) != len(params) {
		panic(fmt.Sprintf("abitest: %s has %d parameters, not %d", f.WireName(), len(params), len(args)))
	}
	if len(params) == 0 {
		return nil, false
	}
	tuple := &wit.Tuple{Types: params}
	cores := flatten(tuple)
	if len(cores) > limit {
		p := e.alloc(elemSize(tuple), alignment(tuple))
		e.Store(tuple, args, p)
		return abi.Flat{slot(uint64(p))}, true
	}
	return e.slots(cores, e.LowerFlat(tuple, args)), false
}

// slot makes a core value; only its low half counts.
func slot(v uint64) abi.Slot { return abi.Slot{v, 0x5555555555555555} }

// Params lists the types of a function's parameters.
func Params(f *wit.Func) []wit.Type {
	var list []wit.Type
	for _, p := range f.Params {
		list = append(list, p.Type)
	}
	return list
}

// Lower runs the Lower method of a call of f, and returns the arguments that the guest sees.
func (e *Env) Lower(f *wit.Func, inv abi.Invocation) (args []any, err error) {
	var g abi.Guest
	var scope abi.Scope
	g.Reset(e, Options, e.Refs(f), nil, &scope)
	flat := make(abi.Flat, 17)
	for i := range flat {
		flat[i] = slot(0xeeeeeeeeeeeeeeee)
	}
	inv.Lower(&g, flat)
	if g.Failed() {
		return nil, g.Err()
	}
	params := Params(f)
	if len(params) == 0 {
		return nil, nil
	}
	tuple := &wit.Tuple{Types: params}
	if cores := flatten(tuple); len(cores) <= 16 {
		values := make([]uint64, len(cores))
		for i := range values {
			values[i] = flat[i][0]
		}
		return e.LiftFlat(tuple, &values).([]any), nil
	}
	return e.Load(tuple, flat.U32(0)).([]any), nil
}

// Lift runs the Lift method of a call of f with a result of the guest. flat says that the
// guest returns up to 16 core values, as those that lift with the async option do.
func (e *Env) Lift(f *wit.Func, inv abi.Invocation, result any, flat bool) error {
	slots, spilled := e.Result(f, result, flat)
	return e.LiftRaw(f, inv, slots, spilled)
}

// Result lowers the result of f as a guest returns it.
func (e *Env) Result(f *wit.Func, result any, flat bool) (slots abi.Flat, spilled bool) {
	if f.Result == nil {
		return nil, false
	}
	limit, cores := 1, flatten(f.Result)
	if flat {
		limit = 16
	}
	if len(cores) > limit {
		p := e.alloc(elemSize(f.Result), alignment(f.Result))
		e.Store(f.Result, result, p)
		return Slots(uint64(p)), true
	}
	return e.slots(cores, e.LowerFlat(f.Result, result)), false
}

// slots makes core values of types cores, with bits that do not count.
func (e *Env) slots(cores []core, values []uint64) abi.Flat {
	for i, v := range values {
		if cores[i] == "i32" || cores[i] == "f32" {
			values[i] = v | e.junk()<<32
		}
	}
	return Slots(values...)
}

// LiftRaw runs the Lift method of a call of f.
func (e *Env) LiftRaw(f *wit.Func, inv abi.Invocation, slots abi.Flat, spilled bool) error {
	var v abi.Values
	v.Reset(e, Options, e.Refs(f), nil, nil)
	v.SetValues(slots, spilled)
	inv.Lift(&v)
	return v.Err()
}

// Layout is the size and alignment of values of type t in memory.
func Layout(t wit.Type) (size, align uint32) { return elemSize(t), alignment(t) }

// Slots makes core values.
func Slots(values ...uint64) abi.Flat {
	var f abi.Flat
	for _, v := range values {
		f = append(f, slot(v))
	}
	return f
}
