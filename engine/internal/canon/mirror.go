package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// mirrorMemory is the number of the mirror as a memory and as an allocator.
const mirrorMemory int32 = -2

// mirrorOptions are those of the host where its guest has a 64-bit memory.
var mirrorOptions = abi.Options{Memory: mirrorMemory, Realloc: mirrorMemory}

// mirror is a 32-bit memory of the host. Host functions, and callers of exports, know the
// layout of values in such a memory only: values of guests with a 64-bit memory are copied to
// it and from it. Handles keep their indices, since host and guest share the table.
type mirror struct {
	mem   []byte
	limit uint64
}

// maxIdleMirror is how much of a mirror is kept for the next call, in bytes.
const maxIdleMirror = 1 << 20

// reset empties the mirror, which may then hold up to limit bytes.
func (m *mirror) reset(limit uint64) {
	if cap(m.mem) > maxIdleMirror {
		m.mem = nil
	}
	m.mem, m.limit = m.mem[:0], limit
}

// realloc makes a block, with what the old one of oldSize bytes holds. Only the last block ever
// gets another size.
func (m *mirror) realloc(old, oldSize, align, size uint32) (uint32, error) {
	at := uint64(old)
	if oldSize == 0 {
		at = (uint64(len(m.mem)) + uint64(align) - 1) &^ (uint64(align) - 1)
	}
	end := at + uint64(size)
	if end > m.limit {
		return 0, &abi.SizeError{Limit: int64(m.limit), Call: true}
	}
	if n := uint64(len(m.mem)); end > n {
		m.mem = append(m.mem, make([]byte, end-n)...)
	}
	m.mem = m.mem[:end]
	return uint32(at), nil
}

// maxMirror bounds what the host gives to a guest: as much as has an address.
const maxMirror = 1<<32 - 1

// mirrored is the part of a host call that only a guest with a 64-bit memory needs.
type mirrored struct {
	slots  [types.MaxFlat + 1]abi.Slot // parameters and result as the host has them
	result uint64                      // where the guest wants its result
}

// copiedRaw copies a handle between a guest and its mirror.
func copiedRaw(src, dst place) bool {
	if src.g.Options().Memory != mirrorMemory && dst.g.Options().Memory != mirrorMemory {
		return false
	}
	dst.putU32(src.u32())
	return true
}

// serveMirrored is serve for a guest with a 64-bit memory.
func (h *hostCall) serveMirrored(inst *Instance, slots abi.Flat) error {
	t, tr := h.t, h.tr
	m := &mirrored{}
	h.mirrored = m
	t.mirror.reset(uint64(t.cfg.CallBytes))
	t.between(inst, tr.Opts.Options, nil, inst, mirrorOptions, nil)
	flat, ret := abi.Flat(m.slots[:]), -1
	spilled := tr.Type.ParamFlatCount > types.MaxFlatParams
	if tr.result >= 0 {
		m.result = slots.U64(tr.result)
		if ret = tr.Type.ParamFlatCount; spilled {
			ret = 1
		}
		flat.Set(ret, h.resultArea(&t.dst))
	}
	t.copyParams(tr.Type, inSlots(&t.src, slots), tr.spilled, inSlots(&t.dst, flat))
	if err := firstError(&t.src, &t.dst); err != nil {
		return err
	}
	t.mirror.limit = maxMirror // from here on it is the host that gives
	h.Reset(inst, mirrorOptions, t.refs(tr), &h.lenders, nil)
	h.Bound(t.valueBytes, int(t.cfg.CallBytes))
	h.Setup(h.th.task.contextIn(&h.t.insts[h.tr.Instance]), flat, spilled, ret)
	if err := h.guarded(tr.Host.Serve); err != nil || h.Undecided() {
		return err
	}
	return h.takeResult(slots)
}

// resultArea makes room for the result, at the beginning of an empty mirror.
func (h *hostCall) resultArea(g *abi.Guest) uint64 {
	r := h.tr.Type.Result
	return g.AllocAddr(uint64(r.Size), r.Align)
}

// resume is abi.Call's Resume, with an empty mirror if the guest needs one.
func (h *hostCall) resume(slots abi.Flat) error {
	if !h.tr.Opts.Memory64 {
		h.Resume(slots)
		return nil
	}
	t, inst := h.t, &h.t.insts[h.tr.Instance]
	t.mirror.reset(maxMirror)
	if h.tr.result >= 0 {
		t.dst.Reset(inst, mirrorOptions, nil, nil, nil)
		h.resultArea(&t.dst)
		if err := t.dst.Err(); err != nil {
			return err
		}
	}
	h.Resume(h.mirrored.slots[:])
	return nil
}

// takeResult gives the guest the result that the host function has put into the mirror.
func (h *hostCall) takeResult(slots abi.Flat) error {
	t, tr, r := h.t, h.tr, h.tr.Type.Result
	switch {
	case r == nil:
		return nil
	case tr.result < 0:
		slots.Set(0, h.mirrored.slots[0][0])
		return nil
	}
	inst := &t.insts[tr.Instance]
	t.between(inst, mirrorOptions, nil, inst, tr.Opts.Options, nil)
	if p := h.mirrored.result; t.dst.CheckAddr(p, r.Bytes(true), r.Alignment(true)) {
		t.copyValue(r, inMemory(&t.src, 0), inMemory(&t.dst, p))
	}
	return firstError(&t.src, &t.dst)
}

// lowerMirrored is lowerParams for a call of a guest with a 64-bit memory by the host.
func (t *Tree) lowerMirrored(task *Task, flat abi.Flat) error {
	fn, c := task.fn, task.call
	t.mirror.reset(maxMirror)
	t.between(task.inst, mirrorOptions, nil, task.inst, fn.Opts.Options, nil)
	t.src.Reset(task.inst, mirrorOptions, c.Refs, nil, &task.scope)
	slots := make(abi.Flat, types.MaxFlat)
	t.src.SetContext(task.ctx)
	c.lower(&t.src, slots)
	if err := t.src.Err(); err != nil {
		return err
	}
	t.copyParams(fn.Type, inSlots(&t.src, slots), fn.Type.ParamFlatCount > types.MaxFlatParams, inSlots(&t.dst, flat))
	return firstError(&t.src, &t.dst)
}

// liftMirrored copies the result of such a call and gives it to v.
func (t *Tree) liftMirrored(task *Task, flat abi.Flat, spilled bool, v *abi.Values) error {
	t.mirror.reset(uint64(t.cfg.CallBytes))
	t.between(task.inst, task.fn.Opts.Options, nil, task.inst, mirrorOptions, nil)
	slots := make(abi.Flat, types.MaxFlat)
	if r := task.fn.Type.Result; r != nil {
		from, to := inSlots(&t.src, flat), inSlots(&t.dst, slots)
		if spilled {
			at := t.dst.AllocAddr(uint64(r.Size), r.Align)
			slots.Set(0, at)
			from, to = from.target(r), inMemory(&t.dst, at)
		}
		t.copyValue(r, from, to)
	}
	if err := firstError(&t.src, &t.dst); err != nil {
		return err
	}
	v.Reset(task.inst, mirrorOptions, task.call.Refs, nil, nil)
	v.SetValues(slots, spilled)
	return nil
}
