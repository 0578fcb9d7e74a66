package link

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// options numbers the core items that canonical options name.
func (s *scope) options(d binary.Def, o *binary.Options) (canon.Options, error) {
	x := noOptions
	x.Async, x.Encoding = o.Async, abi.Encoding(o.Encoding)
	s.memory(&x, o.Memory)
	fn := func(i *uint32) int32 {
		if i == nil {
			return canon.None
		}
		return s.l.coreFunc(s.core[binary.CoreFunc][*i])
	}
	x.Realloc, x.PostReturn, x.Callback = fn(o.Realloc), fn(o.PostReturn), fn(o.Callback)
	return x, nil
}

// memory sets the memory option; a nil index is none.
func (s *scope) memory(o *canon.Options, index *uint32) {
	if index != nil {
		m := s.core[binary.CoreMemory][*index]
		o.Memory, o.Memory64 = s.l.memory(m), s.l.is64(m)
	}
}

var noOptions = canon.Options{
	Options:    abi.Options{Memory: canon.None, Realloc: canon.None},
	PostReturn: canon.None, Callback: canon.None,
}

// lift makes a function of a core function.
func (s *scope) lift(d *binary.Lift) error {
	opts, err := s.options(d, &d.Options)
	if err != nil {
		return err
	}
	core := s.core[binary.CoreFunc][d.CoreFunc]
	f := &canon.Lift{
		Name: core.Name, Instance: s.number, Type: s.subst.Func(d.Func),
		Core: s.l.coreFunc(core), Opts: opts,
	}
	s.l.lifts = append(s.l.lifts, f)
	s.funcs = append(s.funcs, &funcItem{lift: f, typ: f.Type})
	return nil
}

// dtor makes the destructor of a resource type callable.
func (s *scope) dtor(core CoreItem, name string) *canon.Lift {
	f := &canon.Lift{
		Name: "destructor of " + name, Instance: s.number, Type: canon.DtorType,
		Core: s.l.coreFunc(core), Opts: noOptions,
	}
	s.l.lifts = append(s.l.lifts, f)
	return f
}

// lower makes a core function of a function.
func (s *scope) lower(d *binary.Lower) error {
	opts, err := s.options(d, &d.Options)
	if err != nil {
		return err
	}
	f := s.funcs[d.Func]
	ft := s.subst.Func(d.Type)
	if f.typ != ft {
		return s.internal(d, "function of type %s lowered as %s", f.typ, ft)
	}
	s.addCore(lowering(f, s.number, opts), d.CoreType)
	return nil
}

// lowering is the trampoline by which component instance owner calls f.
func lowering(f *funcItem, owner int32, opts canon.Options) canon.Trampoline {
	t := canon.Trampoline{Async: opts.Async, Instance: owner, Opts: opts, Type: f.typ}
	if f.lift != nil {
		t.Op, t.Callee, t.Name = canon.LowerGuest, f.lift, f.lift.Name
	} else {
		t.Op, t.Host, t.Refs, t.GuestRefs, t.Name = canon.LowerHost, f.host.fn, f.host.refs, f.host.guestRefs, f.host.name
	}
	return t
}

func (s *scope) addCore(t canon.Trampoline, core coreType) {
	s.core[binary.CoreFunc] = append(s.core[binary.CoreFunc], s.l.trampoline(t, core))
}

var builtins = map[binary.CanonOp]canon.Builtin{
	binary.ResourceNew: canon.ResourceNew, binary.ResourceDrop: canon.ResourceDrop, binary.ResourceRep: canon.ResourceRep,
	binary.TaskCancel: canon.TaskCancel, binary.TaskReturn: canon.TaskReturn,
	binary.SubtaskCancel: canon.SubtaskCancel, binary.SubtaskDrop: canon.SubtaskDrop,
	binary.ContextGet: canon.ContextGet, binary.ContextSet: canon.ContextSet,
	binary.BackpressureInc: canon.BackpressureInc, binary.BackpressureDec: canon.BackpressureDec,
	binary.StreamNew: canon.StreamNew, binary.StreamRead: canon.StreamRead, binary.StreamWrite: canon.StreamWrite,
	binary.StreamCancelRead: canon.StreamCancelRead, binary.StreamCancelWrite: canon.StreamCancelWrite,
	binary.StreamDropReadable: canon.StreamDropReadable, binary.StreamDropWritable: canon.StreamDropWritable,
	binary.FutureNew: canon.FutureNew, binary.FutureRead: canon.FutureRead, binary.FutureWrite: canon.FutureWrite,
	binary.FutureCancelRead: canon.FutureCancelRead, binary.FutureCancelWrite: canon.FutureCancelWrite,
	binary.FutureDropReadable: canon.FutureDropReadable, binary.FutureDropWritable: canon.FutureDropWritable,
	binary.WaitableSetNew: canon.WaitableSetNew, binary.WaitableSetWait: canon.WaitableSetWait,
	binary.WaitableSetPoll: canon.WaitableSetPoll, binary.WaitableSetDrop: canon.WaitableSetDrop,
	binary.WaitableJoin: canon.WaitableJoin, binary.ThreadYield: canon.ThreadYield,
	binary.ThreadIndex: canon.ThreadIndex, binary.ThreadNewIndirect: canon.ThreadNewIndirect,
	binary.ThreadResumeLater: canon.ThreadResumeLater, binary.ThreadSuspend: canon.ThreadSuspend,
	binary.ThreadSuspendThenResume: canon.ThreadSuspendThenResume, binary.ThreadYieldThenResume: canon.ThreadYieldThenResume,
	binary.ThreadSuspendThenPromote: canon.ThreadSuspendThenPromote, binary.ThreadYieldThenPromote: canon.ThreadYieldThenPromote,
	binary.ErrorContextNew: canon.ErrorContextNew, binary.ErrorContextDebugMessage: canon.ErrorContextDebugMessage,
	binary.ErrorContextDrop: canon.ErrorContextDrop,
}

// builtin makes a core function of a canonical built-in.
func (s *scope) builtin(d *binary.Builtin) error {
	op, ok := builtins[d.Op]
	if !ok {
		return fmt.Errorf("component at offset %#x: canonical built-in %s: %w", d.Pos(), d.Op, ErrUnsupported)
	}
	opts, err := s.options(d, &d.Options)
	if err != nil {
		return err
	}
	s.memory(&opts, d.Memory)
	t := canon.Trampoline{
		Op: op, Async: d.Async || opts.Async, Cancellable: d.Cancellable, Instance: s.number, Slot: int32(d.Slot),
		Opts: opts, Elem: s.val(d.Elem), Result: s.val(d.Result), Name: d.Op.String(),
	}
	if d.Resource != nil {
		t.Resource = s.resource(d.Resource).Index
	}
	if d.Table != nil {
		t.Table = s.l.table(s.core[binary.CoreTable][*d.Table])
		t.WideIndex, t.Wide = d.CoreType.Params[0] == corewasm.I64, d.CoreType.Params[1] == corewasm.I64
	}
	if op >= canon.ThreadIndex {
		s.l.p.Canon.Instances[s.number].Threads = true
	}
	s.addCore(t, d.CoreType)
	return nil
}

func (s *scope) val(v *types.Val) *types.Val {
	if v == nil {
		return nil
	}
	return s.subst.Val(v)
}
