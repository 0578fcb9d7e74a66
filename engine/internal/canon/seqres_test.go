package canon

// mRes is a handle of the one resource type, which instance 0 defines.
type mRes struct {
	index    uint32
	inst     *mInst
	rep      uint64
	scope    *mTask // that has to drop it; nil if it is owned
	lends    int
	promises int  // calls that have not started yet are going to borrow it
	given    bool // such a call is going to take it
}

// free reports whether the handle may be dropped or given away.
func (r *mRes) free() bool { return r.lends == 0 && r.promises == 0 && !r.given }

// resources are the operations on handles, but for passing them on, which calls do.
func (s *seq) resources(g *guest, t *mTask) {
	switch {
	case t.inst.n == 0 && s.d.one(2):
		s.reps++
		r := &mRes{inst: t.inst, rep: s.reps}
		r.index = t.inst.add(r)
		s.want(g, "resource.new", g.newResource(s.res, r.rep), uint64(r.index))
	case t.inst.n == 0 && s.d.one(2):
		if r := pickOf(s, t.inst, func(r *mRes) bool { return !r.given }); r != nil {
			s.want(g, "resource.rep", g.rep(s.res, uint64(r.index)), r.rep)
		}
	default:
		s.dropRes(g, t, pickOf(s, t.inst, (*mRes).free))
	}
}

// dropRes drops a handle, which for an owned one calls the destructor in instance 0.
func (s *seq) dropRes(g *guest, t *mTask, r *mRes) {
	if r == nil || r.scope == nil && t.inst.n != 0 && s.onStack(s.insts[0]) {
		return
	}
	t.inst.remove(r.index)
	if r.scope == nil {
		s.dying = append(s.dying, r.rep)
	} else {
		r.scope.borrows--
	}
	g.drop(s.res, uint64(r.index))
	if len(s.dying) > 0 {
		s.fail(g, "the destructor of %d did not run", s.dying)
	}
}

// destructor is that of the resource type.
func (s *seq) destructor(g *guest, a []uint64) uint64 {
	if len(s.dying) != 1 || s.dying[0] != a[0] {
		s.fail(g, "destructor of %d called, want %d", a[0], s.dying)
	}
	s.dying = nil
	return 0
}

// passRes picks a handle to pass to a call; own says that it is given away. Handles that are
// borrowed themselves are lent only to calls that are over first: else nobody could drop them.
func (s *seq) passRes(t *mTask, async bool) (r *mRes, own bool) {
	own = s.d.one(2)
	r = pickOf(s, t.inst, func(r *mRes) bool {
		if own {
			return r.scope == nil && r.free()
		}
		return !r.given && (r.scope == nil || !async)
	})
	switch {
	case r == nil:
	case own:
		r.given = true
	default:
		r.promises++
	}
	return r, own
}

// takeRes gives a task that starts the handle that it is passed.
func (s *seq) takeRes(g *guest, t *mTask, got uint64) {
	r := t.res
	if t.owns {
		r.inst.remove(r.index)
		r.inst, r.given = t.inst, false
		r.index = t.inst.add(r)
		s.want(g, "handle that was given", got, uint64(r.index))
		return
	}
	r.promises--
	r.lends++
	t.sub.lent = r
	if t.inst.n == 0 {
		s.want(g, "what was lent to its definer", got, r.rep)
		return
	}
	b := &mRes{inst: t.inst, rep: r.rep, scope: t}
	b.index = t.inst.add(b)
	t.borrows++
	s.want(g, "handle that was lent", got, uint64(b.index))
}

// giveBack drops what the task has borrowed. It reports false if it cannot.
func (s *seq) giveBack(g *guest, t *mTask) bool {
	for t.borrows > 0 {
		r := pickOf(s, t.inst, func(r *mRes) bool { return r.scope == t && r.free() })
		if r == nil {
			return false
		}
		s.dropRes(g, t, r)
	}
	return true
}
