package canon

import "github.com/spinhost/spin/engine/abi"

// resourceNew makes a handle for a representation (Canonical ABI, canon_resource_new).
func (c *coreCall) resourceNew() (Status, error) {
	i, err := c.inst.handles.Add(abi.Entry{Kind: abi.KindResource, Own: true, Rep: c.arg(0), Type: c.t.res[c.tr.Resource]})
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(i))
}

// resourceRep returns what a handle stands for (Canonical ABI, canon_resource_rep).
func (c *coreCall) resourceRep() (Status, error) {
	e, err := c.resource()
	if err != nil {
		return Trap, err
	}
	return c.ret(uint64(e.Rep))
}

func (c *coreCall) resource() (*abi.Entry, error) {
	return c.inst.handles.Resource(c.arg(0), c.t.res[c.tr.Resource])
}

// resourceDrop gives up a handle; an owning one runs the destructor where the type is
// defined (Canonical ABI, canon_resource_drop).
func (c *coreCall) resourceDrop() (Status, error) {
	p, err := c.resource()
	if err != nil {
		return Trap, err
	}
	if p.Lends != 0 {
		return Trap, abi.Trapf("cannot drop handle index %d while it is lent to a call", c.arg(0))
	}
	e := *p
	c.inst.handles.Remove(c.arg(0))
	switch {
	case !e.Own:
		e.Scope.Borrows--
	case e.Type.Guest == nil:
		if d, ok := e.Obj.(abi.Dropper); ok {
			return Done, d.Drop()
		}
	default:
		return c.destroy(e)
	}
	return Done, nil
}

// destroy calls the destructor of a type that a guest defines.
func (c *coreCall) destroy(e abi.Entry) (Status, error) {
	dtor, _ := e.Type.Dtor.(*Lift)
	if dtor == nil {
		if d := e.Type.Guest.(*Instance); !d.mayEnterFrom(c.inst) {
			return Trap, errEnter(d)
		}
		return Done, nil
	}
	s := c.newSubtask(dropTrampoline)
	s.args[0][0] = uint64(e.Rep)
	return c.callTask(s, dtor)
}
