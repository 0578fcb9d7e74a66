package gen

import (
	"fmt"
	"maps"
	"slices"
)

// helpers are the functions that lift and lower types, each written once for a package when
// the first code asks for it.
type helpers struct {
	names map[string]string // by what they do, such as "load list<string>"
	texts map[string]*code  // by name
}

// name returns the unexported name that stands for key, a new one like want at first.
func (h *helpers) name(s *scope, key, want string) (name string, isNew bool) {
	if n, ok := h.names[key]; ok {
		return n, false
	}
	if h.names == nil {
		h.names, h.texts = map[string]string{}, map[string]*code{}
	}
	n := s.unique(want)
	h.names[key] = n
	return n, true
}

// helper returns the name of the helper that does op with values of type t.
func (p *pkg) helper(op string, t *typ, write func(c *code, name string, t *typ)) string {
	name, isNew := p.helpers.name(&p.scope, op+" "+t.key, op+t.name)
	if isNew {
		var c code
		write(&c, name, t)
		p.helpers.texts[name] = &c
	}
	return name
}

// sorted returns all helpers by name.
func (h *helpers) sorted() *code {
	var c code
	for _, name := range slices.Sorted(maps.Keys(h.texts)) {
		c.Write(h.texts[name].Bytes())
		c.WriteByte('\n')
	}
	return &c
}

// place says where a value lies: at offset n from a variable, which is the address p in
// memory or the core values f.
type place struct {
	base string
	n    int
}

// at returns the place n further on.
func (a place) at(n int) place { return place{a.base, a.n + n} }

// String is the place's address.
func (a place) String() string {
	if a.n == 0 {
		return a.base
	}
	return fmt.Sprintf("%s+%d", a.base, a.n)
}

// slot is the index of the place among core values.
func (a place) slot(k int) string { return fmt.Sprint(a.n + k) }

// slots is the core values from the place on.
func (a place) slots() string {
	if a.n == 0 {
		return a.base
	}
	return fmt.Sprintf("%s[%d:]", a.base, a.n)
}

// ref is the number of an identity: n counted from a variable or from 0.
type ref struct {
	base string
	n    int
}

func (r ref) at(n int) ref { return ref{r.base, r.n + n} }

func (r ref) String() string {
	switch {
	case r.base == "":
		return fmt.Sprint(r.n)
	case r.n == 0:
		return r.base
	}
	return fmt.Sprintf("%s+%d", r.base, r.n)
}

// arg is the argument ", ref" for a helper of t, which takes one only where t has identities.
func (r ref) arg(t *typ) string {
	if t.refs == 0 {
		return ""
	}
	return ", " + r.String()
}

// refParam is the parameter that a helper of t takes for it.
func refParam(t *typ) string {
	if t.refs == 0 {
		return ""
	}
	return ", ref int"
}

// The places that helpers work at.
var (
	atP   = place{base: "p"}
	atF   = place{base: "f"}
	inRef = ref{base: "ref"}
)
