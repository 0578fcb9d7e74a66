package binary

import "github.com/spinhost/spin/internal/corewasm"

// canonForm describes a built-in's form: its immediates, a letter each.
//
//	t type index       r result list          o options
//	a async flag       c cancellable flag     s shared flag
//	v core value type  n context slot         m core memory index
//	k core type index  b core table index
type canonForm struct {
	op         CanonOp
	name       string
	immediates string
}

var canonForms = map[byte]canonForm{
	0x02: {ResourceNew, "resource.new", "t"},
	0x03: {ResourceDrop, "resource.drop", "t"},
	0x04: {ResourceRep, "resource.rep", "t"},
	0x05: {TaskCancel, "task.cancel", ""},
	0x06: {SubtaskCancel, "subtask.cancel", "a"},
	0x09: {TaskReturn, "task.return", "ro"},
	0x0a: {ContextGet, "context.get", "vn"},
	0x0b: {ContextSet, "context.set", "vn"},
	0x0c: {ThreadYield, "thread.yield", "c"},
	0x0d: {SubtaskDrop, "subtask.drop", ""},
	0x0e: {StreamNew, "stream.new", "t"},
	0x0f: {StreamRead, "stream.read", "to"},
	0x10: {StreamWrite, "stream.write", "to"},
	0x11: {StreamCancelRead, "stream.cancel-read", "ta"},
	0x12: {StreamCancelWrite, "stream.cancel-write", "ta"},
	0x13: {StreamDropReadable, "stream.drop-readable", "t"},
	0x14: {StreamDropWritable, "stream.drop-writable", "t"},
	0x15: {FutureNew, "future.new", "t"},
	0x16: {FutureRead, "future.read", "to"},
	0x17: {FutureWrite, "future.write", "to"},
	0x18: {FutureCancelRead, "future.cancel-read", "ta"},
	0x19: {FutureCancelWrite, "future.cancel-write", "ta"},
	0x1a: {FutureDropReadable, "future.drop-readable", "t"},
	0x1b: {FutureDropWritable, "future.drop-writable", "t"},
	0x1c: {ErrorContextNew, "error-context.new", "o"},
	0x1d: {ErrorContextDebugMessage, "error-context.debug-message", "o"},
	0x1e: {ErrorContextDrop, "error-context.drop", ""},
	0x1f: {WaitableSetNew, "waitable-set.new", ""},
	0x20: {WaitableSetWait, "waitable-set.wait", "cm"},
	0x21: {WaitableSetPoll, "waitable-set.poll", "cm"},
	0x22: {WaitableSetDrop, "waitable-set.drop", ""},
	0x23: {WaitableJoin, "waitable.join", ""},
	0x24: {BackpressureInc, "backpressure.inc", ""},
	0x25: {BackpressureDec, "backpressure.dec", ""},
	0x26: {ThreadIndex, "thread.index", ""},
	0x27: {ThreadNewIndirect, "thread.new-indirect", "kb"},
	0x28: {ThreadResumeLater, "thread.resume-later", ""},
	0x29: {ThreadSuspend, "thread.suspend", "c"},
	0x2a: {ThreadSuspendThenResume, "thread.suspend-then-resume", "c"},
	0x2b: {ThreadYieldThenResume, "thread.yield-then-resume", "c"},
	0x2c: {ThreadSuspendThenPromote, "thread.suspend-then-promote", "c"},
	0x2d: {ThreadYieldThenPromote, "thread.yield-then-promote", "c"},
	0x40: {ThreadSpawnRef, "thread.spawn-ref", "sk"},
	0x41: {ThreadSpawnIndirect, "thread.spawn-indirect", "skb"},
	0x42: {ThreadAvailableParallelism, "thread.available-parallelism", "s"},
}

// canon reads one canonical definition.
func (d *decoder) canon(r *reader) Def {
	loc := Loc{r.pos}
	switch op := r.byte(); op {
	case 0x00:
		r.mustByte(0x00, "canon lift")
		l := &Lift{Loc: loc, CoreFunc: r.u32()}
		l.Options = d.options(r)
		l.Type = r.u32()
		return l
	case 0x01:
		r.mustByte(0x00, "canon lower")
		return &Lower{Loc: loc, Func: r.u32(), Options: d.options(r)}
	case 0x08:
		r.pos--
		r.fail(RuleByte, "backpressure.set was removed from the component model: "+
			"the component was built with tools for a 2025 preview of WASI 0.3, rebuild it with current ones")
		return nil
	default:
		form, ok := canonForms[op]
		if !ok {
			r.pos--
			r.badByte(op, "canonical definition")
		}
		b := &Builtin{Loc: loc, Op: form.op}
		for _, c := range []byte(form.immediates) {
			d.immediate(r, b, c)
		}
		return b
	}
}

func (d *decoder) immediate(r *reader, b *Builtin, letter byte) {
	switch letter {
	case 't':
		b.TypeIndex = r.u32()
	case 'r':
		b.ResultExpr = d.resultList(r)
	case 'o':
		b.Options = d.options(r)
	case 'a':
		b.Async = r.flag("async flag")
	case 'c':
		b.Cancellable = r.flag("cancellable flag")
	case 's':
		b.Shared = r.flag("shared flag")
	case 'v':
		c := r.byte()
		if b.SlotType = corewasm.ValType(c); b.SlotType != corewasm.I32 && b.SlotType != corewasm.I64 {
			r.pos--
			r.badByte(c, "type of a context slot")
		}
	case 'n':
		b.Slot = r.u32()
	case 'm':
		b.Memory = r.index()
	case 'k':
		b.CoreIndex = r.u32()
	case 'b':
		b.Table = r.index()
	}
}

// options reads canonical options, each of which may occur once.
func (d *decoder) options(r *reader) Options {
	var o Options
	encoded := false
	once := func(seen bool, name string) {
		if seen {
			r.fail(RuleOption, "canonical option %s is specified more than once", name)
		}
	}
	for n := d.count(r, "canonical options"); n > 0; n-- {
		switch c := r.byte(); c {
		case 0x00, 0x01, 0x02:
			if encoded {
				r.fail(RuleOption, "canonical option string-encoding=%s conflicts with string-encoding=%s", Encoding(c), o.Encoding)
			}
			encoded, o.Encoding = true, Encoding(c)
		case 0x03:
			once(o.Memory != nil, "memory")
			o.Memory = r.index()
		case 0x04:
			once(o.Realloc != nil, "realloc")
			o.Realloc = r.index()
		case 0x05:
			once(o.PostReturn != nil, "post-return")
			o.PostReturn = r.index()
		case 0x06:
			once(o.Async, "async")
			o.Async = true
		case 0x07:
			once(o.Callback != nil, "callback")
			o.Callback = r.index()
		case 0x08:
			once(o.CoreType != nil, "core-type")
			o.CoreType = r.index()
		case 0x09:
			once(o.GC, "gc")
			o.GC = true
		default:
			r.pos--
			r.badByte(c, "canonical option")
		}
	}
	return o
}
