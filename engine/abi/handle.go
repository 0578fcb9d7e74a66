package abi

// LiftOwn takes the owning handle i from the guest and returns what it stands for: the Go
// value of a host resource, a Resource otherwise (Canonical ABI, lift_own).
func (g *Guest) LiftOwn(i uint32, ref int) any { return g.TakeOwn(i, g.refs[ref].Resource) }

// TakeOwn is LiftOwn for a type known otherwise.
func (g *Guest) TakeOwn(i uint32, t *ResourceType) any {
	e := g.resource(i, t)
	switch {
	case e == nil:
		return nil
	case e.Lends != 0:
		g.Trapf("cannot pass on handle index %d while it is lent to a call", i)
		return nil
	case !e.Own:
		g.Trapf("handle index %d is borrowed, not owned", i)
		return nil
	}
	v := e.value()
	g.env.Handles().Remove(i)
	return v
}

// LiftBorrow lends handle i to the call and returns what it stands for (Canonical ABI,
// lift_borrow).
func (g *Guest) LiftBorrow(i uint32, ref int) any { return g.Lend(i, g.refs[ref].Resource) }

// Lend is LiftBorrow for a type known otherwise.
func (g *Guest) Lend(i uint32, t *ResourceType) any {
	e := g.resource(i, t)
	if e == nil {
		return nil
	}
	if g.lenders == nil {
		g.Trapf("a borrowed handle cannot be passed here")
		return nil
	}
	e.Lends++
	g.lenders.add(i)
	return e.value()
}

func (g *Guest) resource(i uint32, want *ResourceType) *Entry {
	if g.err != nil {
		return nil
	}
	e, err := g.env.Handles().Resource(i, want)
	if err != nil {
		g.Fail(err)
	}
	return e
}

func (e *Entry) value() any {
	if e.Type.Guest == nil {
		return e.Obj
	}
	return Resource{e.Type, e.Rep}
}

// LowerOwn gives the guest an owning handle for v (Canonical ABI, lower_own). If the guest cannot
// have it, v is dropped.
func (g *Guest) LowerOwn(v any, ref int) uint32 { return g.GiveOwn(v, g.refs[ref].Resource) }

// GiveOwn is LowerOwn for a type known otherwise.
func (g *Guest) GiveOwn(v any, t *ResourceType) uint32 { return g.addHandle(v, t, nil) }

// LowerBorrow gives the guest a borrowed handle for v, which it must drop before its task
// returns (Canonical ABI, lower_borrow).
func (g *Guest) LowerBorrow(v any, ref int) uint32 { return g.GiveBorrow(v, g.refs[ref].Resource) }

// GiveBorrow is LowerBorrow for a type known otherwise.
func (g *Guest) GiveBorrow(v any, t *ResourceType) uint32 {
	if r, ok := v.(Resource); ok && r.Type == t && t.Guest == g.env {
		return r.Rep
	}
	if g.scope == nil {
		g.Trapf("a borrowed handle cannot be passed here")
		return 0
	}
	g.scope.Borrows++
	return g.addHandle(v, t, g.scope)
}

func (g *Guest) addHandle(v any, t *ResourceType, scope *Scope) uint32 {
	if g.err != nil {
		if scope == nil {
			DropOwn(v)
		}
		return 0
	}
	e := Entry{Kind: KindResource, Type: t, Own: scope == nil, Scope: scope}
	if r, ok := v.(Resource); ok && t.Guest != nil && r.Type == t {
		e.Rep = r.Rep
	} else if v != nil && t.Guest == nil {
		e.Obj = v
	} else {
		g.Trapf("host gave %T where a %s is needed", v, t.Name)
		return 0
	}
	i, err := g.env.Handles().Add(e)
	if err != nil {
		g.Fail(err)
		if scope == nil {
			DropOwn(v)
		}
	}
	return i
}
