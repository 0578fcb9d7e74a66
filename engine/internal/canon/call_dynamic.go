package canon

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// Dynamic prepares a call of fn with Go values of types known only at run time. The result
// is stored to result before the call is Resolved.
func Dynamic(fn *Lift, args []any, result *any) (abi.Invocation, error) {
	if len(args) != len(fn.Type.Params) {
		return nil, fmt.Errorf("%d arguments given to a function of type %s", len(args), fn.Type)
	}
	return &dynamic{fn.Type, args, result}, nil
}

type dynamic struct {
	ft     *types.Func
	args   []any
	result *any
}

// Lower implements abi.Invocation.
func (d *dynamic) Lower(g *abi.Guest, flat abi.Flat) {
	t, p := treeOf(g), inSlots(g, flat)
	if d.ft.ParamFlatCount > types.MaxFlatParams {
		at := g.Alloc(uint64(d.ft.ParamSize), d.ft.ParamAlign)
		flat.Set(0, uint64(at))
		p = inMemory(g, uint64(at))
	}
	at := 0
	for i, param := range d.ft.Params {
		t.lowerAny(param.Type, d.args[i], p.step(at, uint64(param.Offset)))
		at += param.Type.FlatCount
	}
}

// Lift implements abi.Invocation.
func (d *dynamic) Lift(v *abi.Values) {
	r := d.ft.Result
	if r == nil {
		return
	}
	p := inSlots(&v.Guest, v.Args())
	if at, ok := v.Spilled(r.Size, r.Align); ok {
		p = inMemory(&v.Guest, uint64(at))
	}
	if x := treeOf(&v.Guest).liftAny(r, p); !v.Failed() {
		*d.result = x
	}
}

// treeOf returns the tree whose driver has g.
func treeOf(g *abi.Guest) *Tree { return g.Env().(*Instance).tree }
