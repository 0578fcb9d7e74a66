package wit

// A measure is what checks need to know of a type with its named types expanded.
type measure struct {
	size    int  // of fields, cases and types; no more than one above the limit
	depth   int  // of nesting
	borrows bool // contains a borrow
}

// include makes m cover a part of the type.
func (m *measure) include(part measure, limit int) {
	m.size = min(m.size+part.size, limit+1)
	m.depth = max(m.depth, part.depth+1)
	m.borrows = m.borrows || part.borrows
}

// checkTypes reports definitions that contain themselves or are too large, and element types that streams and
// futures cannot have.
func (r *resolver) checkTypes() {
	for _, s := range r.scopes {
		for _, def := range s.ownTypes() {
			r.measureDef(def, nil)
		}
	}
	if len(r.errs) > 0 {
		return
	}
	for _, e := range r.streams {
		if r.measure(e.typ, nil).borrows {
			r.errs.add(e.pos, ErrInvalid, "a stream or future cannot carry a borrow")
		}
		if e.stream && underlying(e.typ) == Char {
			r.errs.add(e.pos, ErrInvalid, "stream<char> is not allowed; use a stream<u8> of an agreed encoding")
		}
	}
}

// underlying follows aliases.
func underlying(t Type) Type {
	if def, ok := t.(*TypeDef); ok {
		return def.Resolve()
	}
	return t
}

// measureDef measures a definition once. The path holds the definitions that it is part of.
func (r *resolver) measureDef(def *TypeDef, path []string) measure {
	t := r.types[def]
	switch t.state {
	case visited:
		return t.measure
	case visiting:
		r.cycle(t.decl.name.pos, "type %s contains itself: %s", path, def.ID())
		return measure{}
	}
	t.state = visiting
	path = append(path, def.ID())
	m := measure{size: 1}
	switch k := def.Kind.(type) {
	case *Alias:
		m = r.measure(k.Type, path)
	case *Record:
		for _, f := range k.Fields {
			m.include(r.measure(f.Type, path), r.limits.TypeSize)
		}
	case *Variant:
		for _, c := range k.Cases {
			m.include(r.measureOptional(c.Type, path), r.limits.TypeSize)
		}
	case *Enum:
		m.size += len(k.Cases)
	case *Flags:
		m.size += len(k.Flags)
	}
	t.measure, t.state = r.checkMeasure(m, "type "+def.Name, def.Pos), visited
	return t.measure
}

// checkMeasure reports a type that is too large or nested too deeply, and returns a measure for which nothing that
// contains the type is blamed.
func (r *resolver) checkMeasure(m measure, what string, pos Position) measure {
	if m.size > r.limits.TypeSize {
		r.errs.add(pos, ErrLimit, "%s has more than %d parts once its named types are expanded", what, r.limits.TypeSize)
		m.size = 1
	}
	if m.depth > r.limits.TypeDepth {
		r.errs.add(pos, ErrLimit, "%s nests deeper than %d levels once its named types are expanded", what, r.limits.TypeDepth)
		m.depth = 1
	}
	return m
}

// measureOptional measures a part that may be absent but still has a name or place.
func (r *resolver) measureOptional(t Type, path []string) measure {
	if t == nil {
		return measure{size: 1}
	}
	return r.measure(t, path)
}

// measure measures a type by its parts.
func (r *resolver) measure(t Type, path []string) measure {
	if def, ok := t.(*TypeDef); ok {
		return r.measureDef(def, path)
	}
	m := measure{size: 1}
	for _, part := range parts(t) {
		m.include(r.measureOptional(part, path), r.limits.TypeSize)
	}
	if _, ok := t.(*Borrow); ok {
		m.borrows = true
	}
	return m
}
