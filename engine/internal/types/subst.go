package types

// Subst replaces resources in types. Results are made in Arena, also from types
// of other arenas. A Subst remembers what it has made: use one for all types of
// one replacement. It is not for concurrent use.
type Subst struct {
	Arena *Arena
	// Replace gives what stands for a resource: another one, or the same. Its
	// answers must not change. Nil replaces none.
	Replace func(*Resource) *Resource
	// Steps bounds the work. When it is exhausted, results are meaningless.
	Steps *Steps

	opened map[*Resource]*Resource
	vals   map[*Val]*Val
	funcs  map[*Func]*Func
}

// Subst returns v with resources replaced by f.
func (a *Arena) Subst(v *Val, f func(*Resource) *Resource) *Val {
	return (&Subst{Arena: a, Replace: f}).Val(v)
}

// SubstFunc returns t with resources replaced by f.
func (a *Arena) SubstFunc(t *Func, f func(*Resource) *Resource) *Func {
	return (&Subst{Arena: a, Replace: f}).Func(t)
}

// SubstInstance returns i with resources replaced by f, see [Subst.Instance].
func (a *Arena) SubstInstance(i *Instance, f func(*Resource) *Resource) *Instance {
	return (&Subst{Arena: a, Replace: f}).Instance(i)
}

// Resource returns what stands for r.
func (s *Subst) Resource(r *Resource) *Resource {
	if o := s.opened[r]; o != nil {
		return o
	}
	if s.Replace == nil {
		return r
	}
	return s.Replace(r)
}

// Val returns v with its resources replaced; nil for nil.
func (s *Subst) Val(v *Val) *Val {
	if v == nil || v.arena == nil || !v.hasResource && v.arena == s.Arena {
		return v
	}
	if done := s.vals[v]; done != nil {
		return done
	}
	if !s.Steps.Take(1 + len(v.Fields) + len(v.Cases)) {
		return v
	}
	w := s.remake(v)
	if s.vals == nil {
		s.vals = map[*Val]*Val{}
	}
	s.vals[v] = w
	return w
}

func (s *Subst) remake(v *Val) *Val {
	c := &Val{Kind: v.Kind, Labels: v.Labels, Len: v.Len, Elem: s.Val(v.Elem)}
	if v.Resource != nil {
		c.Resource = s.Resource(v.Resource)
	}
	if v.Fields != nil {
		c.Fields = make([]Field, len(v.Fields))
		for i, f := range v.Fields {
			c.Fields[i] = Field{Label: f.Label, Type: s.Val(f.Type)}
		}
	}
	if v.Cases != nil {
		c.Cases = make([]Case, len(v.Cases))
		for i, k := range v.Cases {
			c.Cases[i] = Case{Label: k.Label, Type: s.Val(k.Type)}
		}
	}
	w, err := s.Arena.intern(c, 2*MaxSize)
	if err != nil {
		panic(err) // impossible: replacing resources changes no size, depth or count
	}
	return w
}

// Func returns f with its resources replaced; nil for nil.
func (s *Subst) Func(f *Func) *Func {
	if f == nil || !f.hasResource && f.arena == s.Arena {
		return f
	}
	if done := s.funcs[f]; done != nil {
		return done
	}
	if !s.Steps.Take(1 + len(f.Params)) {
		return f
	}
	params := make([]Param, len(f.Params))
	for i, p := range f.Params {
		params[i] = Param{Name: p.Name, Type: s.Val(p.Type)}
	}
	g, err := s.Arena.Func(params, s.Val(f.Result), f.Async)
	if err != nil {
		panic(err) // impossible, as in remake
	}
	if s.funcs == nil {
		s.funcs = map[*Func]*Func{}
	}
	s.funcs[f] = g
	return g
}

// Instance returns i with its resources replaced. An export that introduces a
// replaced resource refers to the replacement instead.
func (s *Subst) Instance(i *Instance) *Instance {
	if !i.facts.resource && i.facts.in(s.Arena) {
		return i
	}
	return NewInstance(s.externs(i.Exports, nil))
}

// Open returns i for an instance of its own: every resource that i introduces
// stands for what fresh returns for it, and the result introduces that.
func (s *Subst) Open(i *Instance, fresh func(*Resource) *Resource) *Instance {
	if !i.facts.resource && i.facts.in(s.Arena) {
		return i
	}
	return NewInstance(s.externs(i.Exports, fresh))
}

// OpenExports is Open for the exports of a component.
func (s *Subst) OpenExports(es []Extern, fresh func(*Resource) *Resource) *Instance {
	return NewInstance(s.externs(es, fresh))
}

// Component returns c with the resources replaced that it does not introduce.
func (s *Subst) Component(c *Component) *Component {
	if !c.facts.resource && c.facts.in(s.Arena) {
		return c
	}
	return NewComponent(s.externs(c.Imports, nil), s.externs(c.Exports, nil))
}

// externs makes over es. With fresh, introduced resources are opened.
func (s *Subst) externs(es []Extern, fresh func(*Resource) *Resource) []Extern {
	if !s.Steps.Take(len(es)) {
		return nil
	}
	out := make([]Extern, len(es))
	for i, e := range es {
		out[i] = Extern{Name: e.Name, Attrs: e.Attrs, Type: s.extern(e.Type, fresh)}
	}
	return out
}

// Extern returns t with its resources replaced, as Instance does.
func (s *Subst) Extern(t ExternType) ExternType { return s.extern(t, nil) }

func (s *Subst) extern(t ExternType, fresh func(*Resource) *Resource) ExternType {
	switch {
	case t.Func != nil:
		t.Func = s.Func(t.Func)
	case t.Instance != nil && fresh != nil:
		t.Instance = s.Open(t.Instance, fresh)
	case t.Instance != nil:
		t.Instance = s.Instance(t.Instance)
	case t.Component != nil:
		t.Component = s.Component(t.Component)
	case t.Bound != nil && t.Bound.Sub != nil:
		t.Bound = s.introduce(t.Bound, fresh)
	case t.Bound != nil:
		t.Bound = &Bound{Eq: s.Def(t.Bound.Eq)}
	}
	return t
}

func (s *Subst) introduce(b *Bound, fresh func(*Resource) *Resource) *Bound {
	if fresh != nil {
		r := fresh(b.Sub)
		if s.opened == nil {
			s.opened = map[*Resource]*Resource{}
		}
		s.opened[b.Sub] = r
		return &Bound{Sub: r}
	}
	if r := s.Resource(b.Sub); r != b.Sub {
		return &Bound{Eq: r}
	}
	return b
}

// Def returns d with its resources replaced.
func (s *Subst) Def(d Def) Def {
	switch d := d.(type) {
	case *Val:
		return s.Val(d)
	case *Func:
		return s.Func(d)
	case *Instance:
		return s.Instance(d)
	case *Component:
		return s.Component(d)
	case *Resource:
		return s.Resource(d)
	}
	return d
}
