package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// builtin checks a canonical built-in (Canonical ABI, "Canonical Definitions")
// and appends its core function.
func (s *scope) builtin(d *binary.Builtin) error {
	t, err := s.builtinType(d)
	if err != nil {
		return err
	}
	d.CoreType = t
	s.addCoreFunc(&d.CoreType)
	return nil
}

// sig is a core function type of i32s only.
func sig(params, results int) corewasm.FuncType {
	return corewasm.FuncType{Params: i32(params), Results: i32(results)}
}

func (s *scope) builtinType(d *binary.Builtin) (corewasm.FuncType, error) {
	switch d.Op {
	case binary.ResourceNew, binary.ResourceDrop, binary.ResourceRep:
		return s.resourceBuiltin(d)
	case binary.ContextGet, binary.ContextSet:
		return s.contextBuiltin(d)
	case binary.TaskReturn:
		return s.taskReturn(d)
	case binary.TaskCancel, binary.BackpressureInc, binary.BackpressureDec:
		return sig(0, 0), nil
	case binary.WaitableSetNew, binary.ThreadYield:
		return sig(0, 1), nil
	case binary.SubtaskCancel:
		return sig(1, 1), nil
	case binary.SubtaskDrop, binary.WaitableSetDrop:
		return sig(1, 0), nil
	case binary.WaitableJoin:
		return sig(2, 0), nil
	case binary.WaitableSetWait, binary.WaitableSetPoll:
		return s.waitBuiltin(d)
	case binary.ErrorContextNew, binary.ErrorContextDebugMessage, binary.ErrorContextDrop:
		return s.errorContextBuiltin(d)
	}
	if d.Op >= binary.StreamNew && d.Op <= binary.FutureDropWritable {
		return s.channelBuiltin(d)
	}
	return s.threadBuiltin(d)
}

func (s *scope) resourceBuiltin(d *binary.Builtin) (corewasm.FuncType, error) {
	r, _, err := s.resource(d.Offset, d.TypeIndex)
	if err != nil {
		return corewasm.FuncType{}, err
	}
	d.Resource = r
	if d.Op == binary.ResourceDrop {
		return sig(1, 0), nil
	}
	rep, local := s.local[r]
	if !local {
		return corewasm.FuncType{}, s.fail(d.Offset, RuleResource, "%s: type index %d is not a local resource: %s is defined elsewhere",
			d.Op, d.TypeIndex, r)
	}
	t := corewasm.FuncType{Params: []corewasm.ValType{rep}, Results: i32(1)}
	if d.Op == binary.ResourceRep {
		t.Params, t.Results = t.Results, t.Params
	}
	return t, nil
}

// maxSlots is the number of context slots of a thread.
const maxSlots = 2

func (s *scope) contextBuiltin(d *binary.Builtin) (corewasm.FuncType, error) {
	switch {
	case d.SlotType == corewasm.I64 && !s.v.features.Memory64:
		return corewasm.FuncType{}, s.unsupported(d.Offset, d.Op.String()+" i64")
	case d.Slot >= maxSlots:
		return corewasm.FuncType{}, s.fail(d.Offset, RuleIndex, "%s: slot %d of %d", d.Op, d.Slot, maxSlots)
	case s.slotType != 0 && s.slotType != d.SlotType:
		return corewasm.FuncType{}, s.fail(d.Offset, RuleType, "%s %s: other context built-ins of the component have type %s",
			d.Op, d.SlotType, s.slotType)
	}
	s.slotType = d.SlotType
	slot := []corewasm.ValType{d.SlotType}
	if d.Op == binary.ContextGet {
		return corewasm.FuncType{Results: slot}, nil
	}
	return corewasm.FuncType{Params: slot}, nil
}

// taskReturn is the lowered form of a function whose parameter is the result.
func (s *scope) taskReturn(d *binary.Builtin) (t corewasm.FuncType, err error) {
	if err := s.allow(d.Offset, d.Op.String(), d.Options, optionSet{}); err != nil {
		return t, err
	}
	o, err := s.options(d.Offset, d.Options)
	if err != nil {
		return t, err
	}
	if d.Result, _, err = s.optional(d.Offset, d.ResultExpr); err != nil {
		return t, err
	}
	var params []types.Param
	if d.Result != nil {
		if d.Result.HasBorrow {
			return t, s.fail(d.Offset, RuleType, "task.return: a result cannot contain a borrow")
		}
		params = []types.Param{{Name: "result", Type: d.Result}}
	}
	f, err := s.v.arena.Func(params, nil, false)
	if err != nil {
		return t, s.wrap(d.Offset, RuleType, err)
	}
	return f.LowerSignature(o.signature()), s.require(d.Offset, lowerNeeds(f, o), o.Options)
}

func (s *scope) waitBuiltin(d *binary.Builtin) (corewasm.FuncType, error) {
	is64, err := s.memory(d.Offset, d.Memory)
	p := abi{memory64: is64}.pointer()
	return corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32, p}, Results: i32(1)}, err
}

func (s *scope) errorContextBuiltin(d *binary.Builtin) (t corewasm.FuncType, err error) {
	if !s.v.features.ErrorContext {
		return t, s.unsupported(d.Offset, d.Op.String())
	}
	if d.Op == binary.ErrorContextDrop {
		return sig(1, 0), nil
	}
	if err := s.allow(d.Offset, d.Op.String(), d.Options, optionSet{realloc: true}); err != nil {
		return t, err
	}
	o, err := s.options(d.Offset, d.Options)
	if err != nil {
		return t, err
	}
	p := o.pointer()
	if d.Op == binary.ErrorContextNew {
		t = corewasm.FuncType{Params: []corewasm.ValType{p, p}, Results: i32(1)}
		return t, s.require(d.Offset, need{memory: true}, o.Options)
	}
	t = corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32, p}}
	return t, s.require(d.Offset, need{memory: true, realloc: true}, o.Options)
}
