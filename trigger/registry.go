package trigger

import "slices"

// Registry is a set of triggers. It is a value: With returns another one, and the zero
// Registry is empty. It is safe for concurrent use.
type Registry struct{ list []Trigger }

// NewRegistry returns a registry of the given triggers. Of two of the same kind the later one
// counts.
func NewRegistry(triggers ...Trigger) Registry { return Registry{}.With(triggers...) }

// With returns a registry with more triggers, in place of those of the same kinds.
func (r Registry) With(triggers ...Trigger) Registry {
	list := slices.Clone(r.list)
	for _, t := range triggers {
		same := func(o Trigger) bool { return o.Kind() == t.Kind() }
		if k := slices.IndexFunc(list, same); k >= 0 {
			list[k] = t
		} else {
			list = append(list, t)
		}
	}
	return Registry{list}
}

// Lookup finds a trigger by its kind.
func (r Registry) Lookup(kind string) (Trigger, bool) {
	for _, t := range r.list {
		if t.Kind() == kind {
			return t, true
		}
	}
	return nil, false
}

// Kinds lists the kinds, in the order in which the triggers were added.
func (r Registry) Kinds() []string {
	kinds := make([]string, len(r.list))
	for i, t := range r.list {
		kinds[i] = t.Kind()
	}
	return kinds
}
