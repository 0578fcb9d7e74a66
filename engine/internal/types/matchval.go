package types

// function checks that two function types are equal, names of parameters included.
func (m *matcher) function(req, sup *Func) error {
	if req == sup && !req.hasResource {
		return nil
	}
	switch {
	case req.Async && !sup.Async:
		return mismatch("expected an async function, found one that is not")
	case sup.Async && !req.Async:
		return mismatch("expected a function that is not async, found an async one")
	case len(req.Params) != len(sup.Params):
		return mismatch("expected %d parameters, found %d", len(req.Params), len(sup.Params))
	}
	for i, p := range req.Params {
		q := sup.Params[i]
		if p.Name != q.Name {
			return mismatch("expected parameter %d to be named %q, found %q", i+1, p.Name, q.Name)
		}
		if err := m.val(p.Type, q.Type); err != nil {
			return inPart(err, "parameter %q", p.Name)
		}
	}
	return inPartIf(m.optional(req.Result, sup.Result, "a result"), "result")
}

func inPartIf(err error, part string) error {
	if err == nil {
		return nil
	}
	return inPart(err, "%s", part)
}

// optional compares two types that may be absent.
func (m *matcher) optional(req, sup *Val, what string) error {
	switch {
	case req == nil && sup == nil:
		return nil
	case req == nil:
		return mismatch("expected none, found %s", short(sup))
	case sup == nil:
		return mismatch("expected %s of type %s, found none", what, short(req))
	}
	return m.val(req, sup)
}

// val checks that two value types are equal.
func (m *matcher) val(req, sup *Val) error {
	if req == sup && !req.hasResource {
		return nil
	}
	if err := m.step(); err != nil {
		return err
	}
	pair := [2]*Val{req, sup}
	if m.equal[pair] {
		return nil
	}
	if req.Kind != sup.Kind {
		return mismatch("expected %s, found %s", short(req), short(sup))
	}
	if err := m.parts(req, sup); err != nil {
		return err
	}
	if m.equal == nil {
		m.equal = map[[2]*Val]bool{}
	}
	m.equal[pair] = true
	return nil
}

func (m *matcher) parts(req, sup *Val) error {
	switch req.Kind {
	case List, Map:
		return inPartIf(m.val(req.Elem, sup.Elem), "element of "+req.Kind.String())
	case FixedList:
		if req.Len != sup.Len {
			return mismatch("expected a list of length %d, found length %d", req.Len, sup.Len)
		}
		return inPartIf(m.val(req.Elem, sup.Elem), "element of list")
	case Stream, Future:
		return inPartIf(m.optional(req.Elem, sup.Elem, "an element"), "element of "+req.Kind.String())
	case Record, Tuple:
		return m.fields(req, sup)
	case Variant, Enum, Option, Result:
		return m.cases(req, sup)
	case Flags:
		return m.labels(req, sup)
	case Own, Borrow:
		return m.resource(req.Resource, sup.Resource)
	}
	return nil // a primitive
}

func (m *matcher) fields(req, sup *Val) error {
	if len(req.Fields) != len(sup.Fields) {
		return mismatch("expected %d fields of %s, found %d", len(req.Fields), req.Kind, len(sup.Fields))
	}
	for i, f := range req.Fields {
		g := sup.Fields[i]
		if f.Label != g.Label {
			return mismatch("expected field %d to be named %q, found %q", i+1, f.Label, g.Label)
		}
		err := m.val(f.Type, g.Type)
		switch {
		case err == nil:
		case req.Kind == Tuple:
			return inPart(err, "tuple field %d", i)
		default:
			return inPart(err, "record field %q", f.Label)
		}
	}
	return nil
}

func (m *matcher) cases(req, sup *Val) error {
	if len(req.Cases) != len(sup.Cases) {
		return mismatch("expected %d cases of %s, found %d", len(req.Cases), req.Kind, len(sup.Cases))
	}
	for i, c := range req.Cases {
		d := sup.Cases[i]
		if c.Label != d.Label {
			return mismatch("expected case %d to be named %q, found %q", i+1, c.Label, d.Label)
		}
		if err := m.optional(c.Type, d.Type, "a payload"); err != nil {
			return inPart(err, "%s case %q", req.Kind, c.Label)
		}
	}
	return nil
}

func (m *matcher) labels(req, sup *Val) error {
	if len(req.Labels) != len(sup.Labels) {
		return mismatch("expected %d flags, found %d", len(req.Labels), len(sup.Labels))
	}
	for i, l := range req.Labels {
		if l != sup.Labels[i] {
			return mismatch("expected flag %d to be named %q, found %q", i+1, l, sup.Labels[i])
		}
	}
	return nil
}
