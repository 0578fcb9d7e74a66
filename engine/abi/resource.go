package abi

// ResourceType is the identity of a resource type: two handles have the same type exactly
// when their ResourceType pointers are equal.
type ResourceType struct {
	// Name is for messages, for example "wasi:http/types@0.2.12#fields".
	Name string
	// Guest is the component instance that defines the type; nil for a type of the host.
	Guest Env
	// Dtor is the guest's destructor: the engine's.
	Dtor any
}

// Dropper is implemented by host resources that have something to do when the guest drops
// its owning handle, or when the guest ends. An error traps the guest.
type Dropper interface{ Drop() error }

// DropOwn drops the resource behind an owning handle that a guest has given away, or that it
// should have got, when nobody takes it. v may be nil.
func DropOwn(v any) {
	if d, ok := v.(Dropper); ok {
		quietly(func() { _ = d.Drop() }) // there is no guest to be told of an error
	}
}

// Resource is an owned or borrowed resource of a type that a guest defines, as host code
// sees it. Host resources are plain Go values instead.
type Resource struct {
	Type *ResourceType
	Rep  uint32
}

// Ref is one type that has an identity of its own in a function's signature: the resource
// type of an own or borrow, or the element type of a stream or future. A function's
// signature has one Ref for each such place, counted depth first, parameters before result.
type Ref struct {
	Resource *ResourceType
	Elem     any // identity of a stream's or future's element type; nil without element
	Future   bool
}

// Lenders remembers the handles that are lent to a call in progress.
type Lenders struct {
	n     int
	first [6]uint32
	more  []uint32
}

func (l *Lenders) add(i uint32) {
	if l.n < len(l.first) {
		l.first[l.n] = i
	} else {
		l.more = append(l.more, i)
	}
	l.n++
}

// Any reports whether there are handles that are lent.
func (l *Lenders) Any() bool { return l.n > 0 }

// Release gives all handles back to t.
func (l *Lenders) Release(t *Table) {
	for k := range min(l.n, len(l.first)) {
		t.entries[l.first[k]].Lends--
	}
	for _, i := range l.more {
		t.entries[i].Lends--
	}
	l.n, l.more = 0, nil
}
