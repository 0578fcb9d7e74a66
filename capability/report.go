package capability

import (
	"cmp"
	"slices"
	"strings"
)

// Report says what each piece of code of an app may use, why, and what it did use. It is plain data: String and WriteTo
// make text of it, encoding/json JSON.
type Report struct {
	App        string `json:"app"`
	Components []Part `json:"components"`
}

// Part is a component of an app, or a dependency inside one.
type Part struct {
	Name string   `json:"name"` // id of the component, key of the dependency
	Pos  Position `json:"pos,omitzero"`
	// Inherits says in words what a dependency inherits; it is empty for a component.
	Inherits string `json:"inherits,omitempty"`
	// Grants is what a component's manifest grants it. Dependencies have no grants but what they inherit.
	Grants       []Item         `json:"grants,omitempty"`
	Interfaces   []InterfaceUse `json:"interfaces"`
	Dependencies []Part         `json:"dependencies,omitempty"`
}

// Item is one thing that a component's manifest grants, such as a key-value store by its label.
type Item struct {
	Set  string   `json:"set"` // such as key_value_stores
	Text string   `json:"text"`
	Pos  Position `json:"pos,omitzero"`
}

// Import is an interface that code imports, and the capability set that whoever provides it has put it into, if any.
type Import struct{ ID, Set string }

// InterfaceUse is an interface that code imports, whether it may use it, and how often it did.
type InterfaceUse struct {
	ID      string   `json:"id"`
	Set     string   `json:"set,omitempty"` // capability set
	Allowed bool     `json:"allowed"`
	Reason  Reason   `json:"reason"`
	Why     string   `json:"why"`               // in words
	By      Position `json:"by,omitzero"`       // what allows it
	Missing []Line   `json:"missing,omitempty"` // what would allow it
	Calls   []Count  `json:"calls,omitempty"`
}

// NewPart returns the report on a subject that imports interfaces, in the order in which a reader looks for them: by
// capability set, those without at the end, and by name. The caller adds grants and dependencies. usage may be nil.
func NewPart(s Subject, imports []Import, usage *Usage) Part {
	p := Part{Name: s.Component, Pos: s.Pos, Interfaces: make([]InterfaceUse, 0, len(imports))}
	path := make([]string, len(s.Path))
	for i, d := range s.Path {
		path[i] = d.Name
		p.Name, p.Pos, p.Inherits = d.Name, d.Pos, d.Inherit.String()
	}
	for _, i := range imports {
		use := Decide(s, i.ID, i.Set).use()
		use.Calls = usage.Counts(s.Component, path, i.ID)
		p.Interfaces = append(p.Interfaces, use)
	}
	slices.SortStableFunc(p.Interfaces, func(a, b InterfaceUse) int {
		if a.Set != b.Set && (a.Set == "" || b.Set == "") {
			return cmp.Compare(b.Set, a.Set)
		}
		return cmp.Or(strings.Compare(a.Set, b.Set), strings.Compare(a.ID, b.ID))
	})
	return p
}

// use returns the decision as plain data.
func (g Grant) use() InterfaceUse {
	by, _ := g.AllowedBy()
	return InterfaceUse{
		ID: g.id, Set: g.set, Allowed: g.Allowed(), Reason: g.reason, Why: g.Why(), By: by, Missing: g.Missing(),
	}
}
