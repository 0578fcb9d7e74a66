package types

// Val is a value type. It is made by an [Arena] and never changes.
type Val struct {
	Kind Kind

	Fields   []Field   // Record; Tuple, without labels
	Cases    []Case    // Variant; Enum; Option (none, some); Result (ok, error)
	Labels   []string  // Flags
	Elem     *Val      // List and FixedList; Stream and Future, nil without element; Map: the tuple of an entry
	Len      uint32    // FixedList
	Resource *Resource // Own and Borrow

	// Layout in a 32-bit memory (Canonical ABI: elem_size, alignment).
	Size, Align   uint32
	DiscSize      uint32 // of Variant, Enum, Option, Result: bytes of the discriminant
	PayloadOffset uint32 // of the same: where the payload of every case begins

	// Flat is the type as core values when pointers are i32 (Canonical ABI,
	// flatten_type). It is nil when there are more than MaxFlat of them, and
	// FlatCount is then MaxFlat+1.
	Flat      []FlatType
	FlatCount int

	// What occurs anywhere in the type.
	HasBorrow  bool // a borrow
	HasHandle  bool // an own, borrow, stream, future or error-context
	HasPointer bool // a string or list, outside of streams and futures

	// Copyable reports that copying Size bytes lifts and lowers the type: integers
	// and floats, and padding-free aggregates of them. Bytes of bool, char, flags
	// and variants need a check or a mask and are not copyable.
	Copyable bool
	// IsNumber reports an integer or a float.
	IsNumber bool

	// Depth is the height of the type as a tree, TypeSize its number of nodes.
	Depth, TypeSize int

	hasResource     bool // an own or borrow
	size64, align64 uint64
	payload64       uint32
	flat64          []FlatType // as Flat, when pointers are i64
	arena           *Arena     // nil for a primitive
	id              uint32     // unique in the arena; the kind of a primitive
}

// Field is a field of a record or tuple.
type Field struct {
	Label  string
	Type   *Val
	Offset uint32 // bytes from the beginning of the record

	offset64 uint32
}

// Case is a case of a variant.
type Case struct {
	Label string
	Type  *Val // nil without payload
}

// FlatParts returns v as core values, with pointers of i64 if memory64 is set;
// nil if there are more than MaxFlat.
func (v *Val) FlatParts(memory64 bool) []FlatType {
	if memory64 {
		return v.flat64
	}
	return v.Flat
}

// MapKey and MapValue are the types of a map's keys and values.
func (v *Val) MapKey() *Val { return v.Elem.Fields[0].Type }

// MapValue is described with MapKey.
func (v *Val) MapValue() *Val { return v.Elem.Fields[1].Type }

// each calls f for every type that v refers to directly.
func (v *Val) each(f func(*Val)) {
	if v.Elem != nil {
		f(v.Elem)
	}
	for i := range v.Fields {
		f(v.Fields[i].Type)
	}
	for i := range v.Cases {
		if t := v.Cases[i].Type; t != nil {
			f(t)
		}
	}
}

// Resource is a resource type. Its identity is its pointer.
type Resource struct {
	Name  string // for messages, for example wasi:http/types@0.2.0#request
	Index int32  // number given by whoever made the resource; has no meaning here
}

func (r *Resource) String() string {
	if r == nil || r.Name == "" {
		return "(unnamed resource)"
	}
	return r.Name
}
