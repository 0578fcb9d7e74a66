package canon

import (
	"unicode/utf8"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// paramLimit is how many flat parameters a lowered function takes before they go to memory.
func paramLimit(async bool) int {
	if async {
		return types.MaxFlatAsyncParams
	}
	return types.MaxFlatParams
}

// Prepare works out where the parameters of a lowered function lie and where its result goes,
// once the trampoline is complete.
func (tr *Trampoline) Prepare() {
	if tr.Type == nil {
		return
	}
	tr.slots, tr.result = tr.Type.ParamFlatCount, -1
	if tr.spilled = tr.slots > paramLimit(tr.Async); tr.spilled {
		tr.slots = 1
	}
	if n := tr.Type.ResultFlatCount(); n > types.MaxFlatResults || n > 0 && tr.Async {
		tr.result = tr.slots
	}
}

// lowerParams brings the arguments of a task that starts into its instance (Canonical ABI,
// on_start and lower_flat_values).
func (t *Tree) lowerParams(task *Task, flat abi.Flat) error {
	fn := task.fn
	dst := &t.dst
	if c := task.call; c != nil {
		if fn.Opts.Memory64 {
			return t.lowerMirrored(task, flat)
		}
		dst.Reset(task.inst, fn.Opts.Options, c.Refs, nil, &task.scope)
		dst.SetContext(task.ctx)
		c.lower(dst, flat)
		return dst.Err()
	}
	s := task.sub
	s.progress(t, subtaskStarted)
	if fn.Type.Scalars && !s.tr.spilled && copyScalars(fn.Type, s.args[:], flat) {
		return nil
	}
	t.between(s.inst, s.tr.Opts.Options, &s.lenders, task.inst, fn.Opts.Options, &task.scope)
	t.copyParams(fn.Type, inSlots(&t.src, s.args[:]), s.tr.spilled, inSlots(dst, flat))
	return firstError(&t.src, dst)
}

// copyScalars copies parameters that lie in no memory. It reports whether they are valid.
func copyScalars(ft *types.Func, from, to abi.Flat) bool {
	for i := range ft.Params {
		p := ft.Params[i].Type
		v := from.U64(i)
		if p.Kind == types.Char && !isChar(v) {
			return false
		}
		to.Set(i, asLowered(p, v))
	}
	return true
}

// isChar reports whether an i32 is a Unicode scalar value.
func isChar(v uint64) bool { return utf8.ValidRune(rune(uint32(v))) }

func (t *Tree) copyParams(ft *types.Func, from place, spilled bool, to place) {
	if spilled {
		p := from.ptr()
		if size, align := ft.ParamTuple(from.wide()); !from.g.CheckAddr(p, size, align) {
			return
		}
		from = inMemory(from.g, p)
	}
	if ft.ParamFlatCount > types.MaxFlatParams {
		p := to.g.AllocAddr(ft.ParamTuple(to.wide()))
		to.putPtr(p)
		to = inMemory(to.g, p)
	}
	at := 0
	for i := range ft.Params {
		p := &ft.Params[i]
		t.copyValue(p.Type, from.step(at, p.At(from.wide())), to.step(at, p.At(to.wide())))
		at += p.Type.FlatCount
	}
}

// liftResults brings the result of a task to its caller (Canonical ABI, lift_flat_values,
// on_resolve and lower_flat_values), who is not told yet. limit is how many core values flat may
// hold.
func (t *Tree) liftResults(task *Task, flat abi.Flat, limit int) error {
	if err := task.mayResolve(); err != nil {
		return err
	}
	fn := task.fn
	spilled := fn.Type.ResultFlatCount() > limit
	if c := task.call; c != nil {
		v := &t.vals
		if fn.Opts.Memory64 {
			if err := t.liftMirrored(task, flat, spilled, v); err != nil {
				return err
			}
		} else {
			v.Reset(task.inst, fn.Opts.Options, c.Refs, nil, nil)
			v.SetValues(flat, spilled)
		}
		v.SetContext(task.ctx)
		v.Bound(t.valueBytes, int(t.cfg.CallBytes))
		c.Inv.Lift(v)
		if v.Failed() {
			return v.Err()
		}
	} else if r := fn.Type.Result; r != nil {
		if err := t.copyResult(task, r, flat, spilled); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tree) copyResult(task *Task, r *types.Val, flat abi.Flat, spilled bool) error {
	s := task.sub
	if task.fn.Type.Scalars && s.tr.result < 0 && (r.Kind != types.Char || isChar(flat.U64(0))) {
		s.flat = asLowered(r, flat.U64(0))
		return nil
	}
	src, dst := &t.src, &t.dst
	t.between(task.inst, task.fn.Opts.Options, nil, s.inst, s.tr.Opts.Options, nil)
	from := inSlots(src, flat)
	if spilled {
		from = from.target(r)
	}
	if k := s.tr.result; k >= 0 {
		t.copyValue(r, from, inSlots(dst, s.args[k:]).target(r))
		return firstError(src, dst)
	}
	var one [1]abi.Slot
	t.copyValue(r, from, inSlots(dst, one[:]))
	s.flat = one[0][0]
	return firstError(src, dst)
}

func firstError(a, b *abi.Guest) error {
	if err := a.Err(); err != nil {
		return err
	}
	return b.Err()
}

// resolve ends a task's obligation to its caller: it has returned, or was cancelled.
func (t *Tree) resolve(task *Task, returned bool) {
	task.state = taskResolved
	if task.call != nil {
		task.call.resolved(returned)
		return
	}
	task.sub.resolve(t, returned)
}
