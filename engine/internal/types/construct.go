package types

// List makes list<elem>.
func (a *Arena) List(elem *Val) (*Val, error) { return a.make(&Val{Kind: List, Elem: elem}) }

// FixedList makes list<elem, n>.
func (a *Arena) FixedList(elem *Val, n uint32) (*Val, error) {
	if n == 0 {
		return nil, errorf("a list of fixed length must have at least one element")
	}
	return a.make(&Val{Kind: FixedList, Elem: elem, Len: n})
}

// Map makes map<key, value>. Its Elem is tuple<key, value>.
func (a *Arena) Map(key, value *Val) (*Val, error) {
	if !key.isMapKey() {
		return nil, errorf("%s cannot be the key of a map: keys are bool, integers, char or string", short(key))
	}
	// The entry is no type of the component's own, so that the limit is not meant for it.
	entry, err := a.intern(&Val{Kind: Tuple, Fields: []Field{{Type: key}, {Type: value}}}, 2*MaxSize)
	if err != nil {
		return nil, err
	}
	return a.make(&Val{Kind: Map, Elem: entry})
}

func (v *Val) isMapKey() bool {
	switch v.Kind {
	case Bool, S8, U8, S16, U16, S32, U32, S64, U64, Char, String:
		return true
	}
	return false
}

// Record makes a record of at least one field; offsets are filled in.
func (a *Arena) Record(fields []Field) (*Val, error) {
	if len(fields) == 0 {
		return nil, errorf("a record must have at least one field")
	}
	return a.make(&Val{Kind: Record, Fields: fields})
}

// Tuple makes a tuple of at least one type.
func (a *Arena) Tuple(types ...*Val) (*Val, error) {
	if len(types) == 0 {
		return nil, errorf("a tuple must have at least one type")
	}
	fields := make([]Field, len(types))
	for i, t := range types {
		fields[i].Type = t
	}
	return a.make(&Val{Kind: Tuple, Fields: fields})
}

// Variant makes a variant of at least one case.
func (a *Arena) Variant(cases []Case) (*Val, error) {
	if len(cases) == 0 {
		return nil, errorf("a variant must have at least one case")
	}
	return a.make(&Val{Kind: Variant, Cases: cases})
}

// Enum makes an enum of at least one case.
func (a *Arena) Enum(labels []string) (*Val, error) {
	if len(labels) == 0 {
		return nil, errorf("an enum must have at least one case")
	}
	cases := make([]Case, len(labels))
	for i, l := range labels {
		cases[i].Label = l
	}
	return a.make(&Val{Kind: Enum, Cases: cases})
}

// Option makes option<some>.
func (a *Arena) Option(some *Val) (*Val, error) {
	return a.make(&Val{Kind: Option, Cases: []Case{{Label: "none"}, {Label: "some", Type: some}}})
}

// Result makes result<ok, err>; either may be nil.
func (a *Arena) Result(ok, err *Val) (*Val, error) {
	return a.make(&Val{Kind: Result, Cases: []Case{{Label: "ok", Type: ok}, {Label: "error", Type: err}}})
}

// Flags makes flags of one to MaxFlags labels.
func (a *Arena) Flags(labels []string) (*Val, error) {
	switch n := len(labels); {
	case n == 0:
		return nil, errorf("flags must have at least one label")
	case n > MaxFlags:
		return nil, errorf("flags with %d labels: there can be no more than %d", n, MaxFlags)
	}
	return a.make(&Val{Kind: Flags, Labels: labels})
}

// Own makes own<r>.
func (a *Arena) Own(r *Resource) *Val { return a.handle(Own, r) }

// Borrow makes borrow<r>.
func (a *Arena) Borrow(r *Resource) *Val { return a.handle(Borrow, r) }

func (a *Arena) handle(k Kind, r *Resource) *Val {
	v, err := a.make(&Val{Kind: k, Resource: r})
	if err != nil {
		panic(err) // a handle exceeds no limit
	}
	return v
}

// Stream makes stream<elem>; elem may be nil.
func (a *Arena) Stream(elem *Val) (*Val, error) {
	if elem != nil && elem.Kind == Char {
		return nil, errorf("stream<char> is not valid: use stream<u8>")
	}
	return a.channel(Stream, elem)
}

// Future makes future<elem>; elem may be nil.
func (a *Arena) Future(elem *Val) (*Val, error) { return a.channel(Future, elem) }

func (a *Arena) channel(k Kind, elem *Val) (*Val, error) {
	if elem != nil && elem.HasBorrow {
		return nil, errorf("the element of a %s cannot contain a borrow", k)
	}
	return a.make(&Val{Kind: k, Elem: elem})
}
