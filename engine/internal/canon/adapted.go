package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/adapter"
)

// Calls for which package adapter has generated code reach a tree only through what they have
// in common with it, the flags of its instances, and when a value breaks a rule. While the
// callee runs, Tree.cur is still the caller's thread, and the callee's host calls are known by
// their trampolines' instances. The callee cannot block, see link's adapters.

// UseFlags makes the tree keep the flags of its instances in mem, where adapters find them. It
// has room for all instances and is valid until the tree is buried.
func (t *Tree) UseFlags(mem []byte) {
	t.adapted = true
	for i := range t.insts {
		at := i * adapter.FlagBytes
		x := &t.insts[i]
		copy(mem[at:], x.flags)
		x.flags = mem[at : at+adapter.FlagBytes : at+adapter.FlagBytes]
	}
}

func (t *Tree) useOwnFlags() {
	for i := range t.insts {
		x := &t.insts[i]
		copy(x.own[:], x.flags)
		x.flags = x.own[:]
	}
}

// innermost returns the component instance whose code has run last as th, which may be one that
// adapters have led to.
func (t *Tree) innermost(th *Thread) *Instance {
	if !t.adapted {
		return th.task.inst
	}
	in, depth := th.task.inst, byte(0)
	for i := range t.insts {
		if d := t.insts[i].flags[adapter.Entered]; d > 0 && d >= depth {
			in, depth = &t.insts[i], d // those nested in others come later
		}
	}
	return in
}

// adapterFault returns the error for a value that an adapter must not copy: the one that
// copying it here gives.
func (c *coreCall) adapterFault() error {
	g := &c.t.src
	inst, opts := c.inst, c.tr.Opts.Options
	fault := adapter.Fault(c.arg(0))
	if fault&adapter.OfCallee != 0 {
		inst, opts = &c.t.insts[c.tr.Callee.Instance], c.tr.Callee.Opts.Options
	}
	g.Reset(inst, opts, nil, nil, nil)
	g.Reaches(0)
	switch fault &^ adapter.OfCallee {
	case adapter.BadRange:
		g.Range(c.arg(1), c.arg(2), c.arg(3), c.arg(4))
	case adapter.BadPlace:
		g.Check(c.arg(1), c.arg(2), c.arg(4))
	case adapter.BadCase:
		g.Case(c.arg(1), c.arg(2))
	case adapter.BadChar:
		g.ToChar(c.arg(1))
	case adapter.BadString:
		notUTF8(g)
	case adapter.TooMuch:
		tooMuch(g)
	}
	if g.Err() == nil {
		return abi.Trapf("invalid value in a call of %s", c.tr.Name)
	}
	return g.Err()
}

// callsFrom is the instance whose code has made the call that th waits for: not that of its
// task if an adapter has led there.
func (th *Thread) callsFrom() *Instance {
	if th.sub != nil {
		return th.sub.inst
	}
	return th.task.inst
}
