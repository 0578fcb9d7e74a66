package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// channelBuiltin checks a built-in of streams or futures.
func (s *scope) channelBuiltin(d *binary.Builtin) (t corewasm.FuncType, err error) {
	v, _, err := s.valType(d.Offset, d.TypeIndex)
	if err != nil {
		return t, err
	}
	kind := types.Stream
	if d.Op >= binary.FutureNew {
		kind = types.Future
	}
	if v.Kind != kind {
		return t, s.fail(d.Offset, RuleType, "%s: type index %d: expected %s, found %s", d.Op, d.TypeIndex, kind, v.Kind)
	}
	d.Elem = v.Elem
	switch d.Op {
	case binary.StreamNew, binary.FutureNew:
		return corewasm.FuncType{Results: []corewasm.ValType{corewasm.I64}}, nil
	case binary.StreamRead, binary.FutureRead:
		var n need
		n.write(d.Elem)
		return s.copyBuiltin(d, n)
	case binary.StreamWrite, binary.FutureWrite:
		var n need
		n.read(d.Elem)
		return s.copyBuiltin(d, n)
	case binary.StreamCancelRead, binary.StreamCancelWrite, binary.FutureCancelRead, binary.FutureCancelWrite:
		return sig(1, 1), nil
	}
	return sig(1, 0), nil // drop-readable, drop-writable
}

// copyBuiltin is a read or write, whose elements demand n.
func (s *scope) copyBuiltin(d *binary.Builtin, n need) (t corewasm.FuncType, err error) {
	if err := s.allow(d.Offset, d.Op.String(), d.Options, optionSet{realloc: true, async: true}); err != nil {
		return t, err
	}
	o, err := s.options(d.Offset, d.Options)
	if err != nil {
		return t, err
	}
	n.memory = n.memory || d.Elem != nil
	p := o.pointer()
	t = corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32, p}, Results: i32(1)}
	if d.Op == binary.StreamRead || d.Op == binary.StreamWrite {
		t.Params = append(t.Params, p)
		t.Results = []corewasm.ValType{p}
	}
	return t, s.require(d.Offset, n, o.Options)
}

// threadBuiltin checks a built-in of explicit threads.
func (s *scope) threadBuiltin(d *binary.Builtin) (t corewasm.FuncType, err error) {
	switch d.Op {
	case binary.ThreadSpawnRef, binary.ThreadSpawnIndirect, binary.ThreadAvailableParallelism:
		return t, s.unsupported(d.Offset, d.Op.String())
	}
	if !s.v.features.Threads {
		return t, s.unsupported(d.Offset, d.Op.String())
	}
	switch d.Op {
	case binary.ThreadIndex, binary.ThreadSuspend:
		return sig(0, 1), nil
	case binary.ThreadResumeLater:
		return sig(1, 0), nil
	case binary.ThreadSuspendThenResume, binary.ThreadYieldThenResume,
		binary.ThreadSuspendThenPromote, binary.ThreadYieldThenPromote:
		return sig(1, 1), nil
	case binary.ThreadNewIndirect:
		return s.newThread(d)
	}
	return t, s.unsupported(d.Offset, d.Op.String())
}

// newThread checks thread.new-indirect: threads start in functions that take one
// number, found in a table of functions.
func (s *scope) newThread(d *binary.Builtin) (t corewasm.FuncType, err error) {
	ct, err := at(s, d.Offset, s.coreTypes, d.CoreIndex, "core type")
	if err != nil {
		return t, err
	}
	f := ct.fn
	if f == nil || len(f.Results) != 0 || len(f.Params) != 1 ||
		f.Params[0] != corewasm.I32 && (f.Params[0] != corewasm.I64 || !s.v.features.Memory64) {
		return t, s.fail(d.Offset, RuleSignature, "%s: core type index %d must be (func (param i32))", d.Op, d.CoreIndex)
	}
	table, err := at(s, d.Offset, s.coreTables, *d.Table, "core table")
	if err != nil {
		return t, err
	}
	if table.Elem != corewasm.FuncRef {
		return t, s.fail(d.Offset, RuleType, "%s: the table must be one of funcref, not of %s", d.Op, table.Elem)
	}
	index := corewasm.I32
	if table.Is64 {
		if !s.v.features.Memory64 {
			return t, s.unsupported(d.Offset, "a 64-bit table in a canonical definition")
		}
		index = corewasm.I64
	}
	return corewasm.FuncType{Params: []corewasm.ValType{index, f.Params[0]}, Results: i32(1)}, nil
}
