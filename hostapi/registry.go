package hostapi

import "slices"

// Registry is a set of host interfaces. It is a value: With, Without, Only and Wrap return another
// one, and the zero Registry is empty. It is safe for concurrent use.
type Registry struct{ list []Interface }

// NewRegistry returns a registry of the given interfaces. Of two with the same ID the later
// one counts.
func NewRegistry(interfaces ...Interface) Registry { return Registry{}.With(interfaces...) }

// With returns a registry with more interfaces, in place of those with the same IDs.
func (r Registry) With(interfaces ...Interface) Registry {
	list := slices.Clone(r.list)
	for _, i := range interfaces {
		if k := index(list, i.ID); k >= 0 {
			list[k] = i
		} else {
			list = append(list, i)
		}
	}
	return Registry{list}
}

// Without returns a registry without the interfaces of these IDs.
func (r Registry) Without(ids ...string) Registry {
	list := slices.Clone(r.list)
	list = slices.DeleteFunc(list, func(i Interface) bool { return slices.Contains(ids, i.ID) })
	return Registry{list}
}

// Interfaces lists the interfaces, in the order in which they were added.
func (r Registry) Interfaces() []Interface { return slices.Clone(r.list) }

// Only returns a registry of those interfaces that keep is true for.
func (r Registry) Only(keep func(Interface) bool) Registry {
	return Registry{slices.DeleteFunc(slices.Clone(r.list), func(i Interface) bool { return !keep(i) })}
}

// Versions lists the versions in which there is an interface, in the order in which they were
// added; "" stands for a name without version.
func (r Registry) Versions(name string) []string {
	var list []string
	for _, i := range r.list {
		if i.Name() == name {
			list = append(list, i.Version())
		}
	}
	return list
}

// Capabilities lists the capability sets to which the interfaces belong, sorted.
func (r Registry) Capabilities() []string {
	var list []string
	for _, i := range r.list {
		if i.Capability != "" {
			list = append(list, i.Capability)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Lookup finds an interface by its exact ID.
func (r Registry) Lookup(id string) (Interface, bool) {
	if k := index(r.list, id); k >= 0 {
		return r.list[k], true
	}
	return Interface{}, false
}

func index(list []Interface, id string) int {
	return slices.IndexFunc(list, func(i Interface) bool { return i.ID == id })
}
