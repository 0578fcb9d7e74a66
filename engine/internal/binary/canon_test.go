package binary_test

import (
	"reflect"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

func TestLiftAndLower(t *testing.T) {
	got := one(t, 8, "\x00\x00\x01"+vec("\x01", "\x03\x02", "\x04\x03", "\x05\x04")+"\x05")
	want := &binary.Lift{Loc: binary.Loc{Offset: 11}, CoreFunc: 1, Type: 5,
		Options: binary.Options{Encoding: binary.UTF16, Memory: ptr(2), Realloc: ptr(3), PostReturn: ptr(4)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	lower := one(t, 8, "\x01\x00\x07"+vec("\x02", "\x06", "\x07\x00")).(*binary.Lower)
	if gc := one(t, 8, "\x01\x00\x07"+vec("\x09", "\x08\x04")).(*binary.Lower).Options; !gc.GC || *gc.CoreType != 4 {
		t.Errorf("got %+v", gc)
	}
	if lower.Func != 7 || lower.Options.Encoding != binary.Latin1UTF16 || !lower.Options.Async || *lower.Options.Callback != 0 {
		t.Errorf("got %+v", lower)
	}
}

// Every built-in's immediates are read, and its name is that of the specification.
func TestBuiltinForms(t *testing.T) {
	mem := binary.Options{Memory: ptr(1), Async: true}
	opts := vec("\x03\x01", "\x06")
	for _, tt := range []struct {
		form, name string
		want       binary.Builtin
	}{
		{"\x02\x05", "resource.new", binary.Builtin{Op: binary.ResourceNew, TypeIndex: 5}},
		{"\x03\x05", "resource.drop", binary.Builtin{Op: binary.ResourceDrop, TypeIndex: 5}},
		{"\x04\x05", "resource.rep", binary.Builtin{Op: binary.ResourceRep, TypeIndex: 5}},
		{"\x05", "task.cancel", binary.Builtin{Op: binary.TaskCancel}},
		{"\x06\x01", "subtask.cancel", binary.Builtin{Op: binary.SubtaskCancel, Async: true}},
		{"\x09\x00\x79" + opts, "task.return", binary.Builtin{Op: binary.TaskReturn, ResultExpr: prim(types.U32), Options: mem}},
		{"\x09\x01\x00\x00", "task.return", binary.Builtin{Op: binary.TaskReturn}},
		{"\x0a\x7f\x01", "context.get", binary.Builtin{Op: binary.ContextGet, SlotType: corewasm.I32, Slot: 1}},
		{"\x0b\x7e\x00", "context.set", binary.Builtin{Op: binary.ContextSet, SlotType: corewasm.I64}},
		{"\x0c\x01", "thread.yield", binary.Builtin{Op: binary.ThreadYield, Cancellable: true}},
		{"\x0d", "subtask.drop", binary.Builtin{Op: binary.SubtaskDrop}},
		{"\x0e\x05", "stream.new", binary.Builtin{Op: binary.StreamNew, TypeIndex: 5}},
		{"\x0f\x05" + opts, "stream.read", binary.Builtin{Op: binary.StreamRead, TypeIndex: 5, Options: mem}},
		{"\x10\x05" + opts, "stream.write", binary.Builtin{Op: binary.StreamWrite, TypeIndex: 5, Options: mem}},
		{"\x11\x05\x00", "stream.cancel-read", binary.Builtin{Op: binary.StreamCancelRead, TypeIndex: 5}},
		{"\x12\x05\x01", "stream.cancel-write", binary.Builtin{Op: binary.StreamCancelWrite, TypeIndex: 5, Async: true}},
		{"\x13\x05", "stream.drop-readable", binary.Builtin{Op: binary.StreamDropReadable, TypeIndex: 5}},
		{"\x14\x05", "stream.drop-writable", binary.Builtin{Op: binary.StreamDropWritable, TypeIndex: 5}},
		{"\x15\x05", "future.new", binary.Builtin{Op: binary.FutureNew, TypeIndex: 5}},
		{"\x16\x05" + opts, "future.read", binary.Builtin{Op: binary.FutureRead, TypeIndex: 5, Options: mem}},
		{"\x17\x05" + opts, "future.write", binary.Builtin{Op: binary.FutureWrite, TypeIndex: 5, Options: mem}},
		{"\x18\x05\x01", "future.cancel-read", binary.Builtin{Op: binary.FutureCancelRead, TypeIndex: 5, Async: true}},
		{"\x19\x05\x00", "future.cancel-write", binary.Builtin{Op: binary.FutureCancelWrite, TypeIndex: 5}},
		{"\x1a\x05", "future.drop-readable", binary.Builtin{Op: binary.FutureDropReadable, TypeIndex: 5}},
		{"\x1b\x05", "future.drop-writable", binary.Builtin{Op: binary.FutureDropWritable, TypeIndex: 5}},
		{"\x1c" + opts, "error-context.new", binary.Builtin{Op: binary.ErrorContextNew, Options: mem}},
		{"\x1d" + opts, "error-context.debug-message", binary.Builtin{Op: binary.ErrorContextDebugMessage, Options: mem}},
		{"\x1e", "error-context.drop", binary.Builtin{Op: binary.ErrorContextDrop}},
		{"\x1f", "waitable-set.new", binary.Builtin{Op: binary.WaitableSetNew}},
		{"\x20\x00\x03", "waitable-set.wait", binary.Builtin{Op: binary.WaitableSetWait, Memory: ptr(3)}},
		{"\x21\x01\x03", "waitable-set.poll", binary.Builtin{Op: binary.WaitableSetPoll, Cancellable: true, Memory: ptr(3)}},
		{"\x22", "waitable-set.drop", binary.Builtin{Op: binary.WaitableSetDrop}},
		{"\x23", "waitable.join", binary.Builtin{Op: binary.WaitableJoin}},
		{"\x24", "backpressure.inc", binary.Builtin{Op: binary.BackpressureInc}},
		{"\x25", "backpressure.dec", binary.Builtin{Op: binary.BackpressureDec}},
		{"\x26", "thread.index", binary.Builtin{Op: binary.ThreadIndex}},
		{"\x27\x01\x02", "thread.new-indirect", binary.Builtin{Op: binary.ThreadNewIndirect, CoreIndex: 1, Table: ptr(2)}},
		{"\x28", "thread.resume-later", binary.Builtin{Op: binary.ThreadResumeLater}},
		{"\x29\x00", "thread.suspend", binary.Builtin{Op: binary.ThreadSuspend}},
		{"\x2a\x01", "thread.suspend-then-resume", binary.Builtin{Op: binary.ThreadSuspendThenResume, Cancellable: true}},
		{"\x2b\x00", "thread.yield-then-resume", binary.Builtin{Op: binary.ThreadYieldThenResume}},
		{"\x2c\x00", "thread.suspend-then-promote", binary.Builtin{Op: binary.ThreadSuspendThenPromote}},
		{"\x2d\x01", "thread.yield-then-promote", binary.Builtin{Op: binary.ThreadYieldThenPromote, Cancellable: true}},
		{"\x40\x01\x02", "thread.spawn-ref", binary.Builtin{Op: binary.ThreadSpawnRef, Shared: true, CoreIndex: 2}},
		{"\x41\x00\x02\x03", "thread.spawn-indirect", binary.Builtin{Op: binary.ThreadSpawnIndirect, CoreIndex: 2, Table: ptr(3)}},
		{"\x42\x00", "thread.available-parallelism", binary.Builtin{Op: binary.ThreadAvailableParallelism}},
	} {
		tt.want.Loc = binary.Loc{Offset: 11}
		got := one(t, 8, tt.form).(*binary.Builtin)
		if !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tt.name, *got, tt.want)
		}
		if got.Op.String() != tt.name {
			t.Errorf("%s is called %s", tt.name, got.Op)
		}
	}
}
