package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// LiftArgs implements abi.Dynamic.
func (h *hostCall) LiftArgs() []any {
	ft := h.tr.Type
	p := inSlots(&h.Guest, h.Args())
	if at, ok := h.Spilled(ft.ParamSize, ft.ParamAlign); ok {
		p = inMemory(&h.Guest, uint64(at))
	}
	args := make([]any, len(ft.Params))
	at := 0
	for i, param := range ft.Params {
		args[i] = h.t.liftAny(param.Type, p.step(at, uint64(param.Offset)))
		at += param.Type.FlatCount
	}
	return args
}

// LowerResult implements abi.Dynamic.
func (h *hostCall) LowerResult(x any) {
	r := h.tr.Type.Result
	switch {
	case r == nil:
		if x != nil {
			h.Fail(&value.TypeError{Want: "function without result", Got: x})
		}
	case h.InMemory():
		if at := h.Result(r.Size, r.Align); !h.Failed() {
			h.t.lowerAny(r, x, inMemory(&h.Guest, uint64(at)))
		}
	default:
		flat := make(abi.Flat, r.FlatCount)
		if h.t.lowerAny(r, x, inSlots(&h.Guest, flat)); !h.Failed() {
			h.Return(flat.U64(0))
		}
	}
}
