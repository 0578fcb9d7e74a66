package wit

// A Type is the type of a parameter, result, field or case. It is one of [Primitive], *[List], *[Option], *[Result],
// *[Tuple], *[Map], *[Stream], *[Future], *[Own], *[Borrow], or *[TypeDef] for a named type that is not a resource.
type Type interface{ isType() }

// A Primitive is a type without parts.
type Primitive uint8

// The primitive types.
const (
	Bool Primitive = iota + 1
	S8
	U8
	S16
	U16
	S32
	U32
	S64
	U64
	F32
	F64
	Char
	String
	ErrorContext
)

var primitiveNames = [...]string{Bool: "bool", S8: "s8", U8: "u8", S16: "s16", U16: "u16", S32: "s32", U32: "u32",
	S64: "s64", U64: "u64", F32: "f32", F64: "f64", Char: "char", String: "string", ErrorContext: "error-context"}

// String is the type's name in WIT.
func (p Primitive) String() string {
	if p > 0 && int(p) < len(primitiveNames) {
		return primitiveNames[p]
	}
	return "invalid"
}

// A List is list<Elem>, or list<Elem, Len> of the fixed-length-lists proposal if Len is not zero.
type List struct {
	Elem Type
	Len  uint32
}

// An Option is option<Elem>.
type Option struct{ Elem Type }

// A Result is any form of result: OK or Err or both are nil where the case carries nothing.
type Result struct{ OK, Err Type }

// A Tuple is tuple<Types...>, of one type or more.
type Tuple struct{ Types []Type }

// A Map is map<Key, Value>. Key is a primitive other than a float and error-context.
type Map struct{ Key, Value Type }

// A Stream is stream<Elem>, or stream where Elem is nil.
type Stream struct{ Elem Type }

// A Future is future<Elem>, or future where Elem is nil.
type Future struct{ Elem Type }

// An Own is a handle that owns its resource: what the bare name of a resource means in a type.
type Own struct {
	Resource *TypeDef // the resource
	Named    *TypeDef // the definition that the text names: Resource, or an alias of it
}

// A Borrow is borrow<resource>, a handle lent for the time of a call.
type Borrow struct {
	Resource *TypeDef // the resource
	Named    *TypeDef // the definition that the text names: Resource, or an alias of it
}

func (Primitive) isType() {}
func (*List) isType()     {}
func (*Option) isType()   {}
func (*Result) isType()   {}
func (*Tuple) isType()    {}
func (*Map) isType()      {}
func (*Stream) isType()   {}
func (*Future) isType()   {}
func (*Own) isType()      {}
func (*Borrow) isType()   {}
func (*TypeDef) isType()  {}

// parts are the types that a type without name is made of.
func parts(t Type) []Type {
	switch t := t.(type) {
	case *List:
		return []Type{t.Elem}
	case *Option:
		return []Type{t.Elem}
	case *Result:
		return []Type{t.OK, t.Err}
	case *Tuple:
		return t.Types
	case *Map:
		return []Type{t.Key, t.Value}
	case *Stream:
		return []Type{t.Elem}
	case *Future:
		return []Type{t.Elem}
	}
	return nil
}

// A TypeDef is a named type.
type TypeDef struct {
	Name string
	Kind TypeKind

	Interface *Interface // the interface that defines it, nil for a type of a world
	World     *World     // the world that defines it, nil for a type of an interface

	Docs       string
	Stability  Stability
	ExternalID string // the string of @external-id, "" if absent
	Pos        Position
}

// ID names the type across packages: the id of its interface, "#" and its name, as in
// "wasi:http/types@0.3.0#fields". For a type of a world the part before "#" is empty, because a component imports it
// by its plain name.
func (d *TypeDef) ID() string {
	if d.Interface == nil {
		return "#" + d.Name
	}
	return d.Interface.ID() + "#" + d.Name
}

// owner is the package that defines a type.
func (d *TypeDef) owner() *Package {
	if d.Interface != nil {
		return d.Interface.Package
	}
	return d.World.Package
}

// Resolve follows aliases to the type that d stands for: the aliased type, or the last definition that is no alias.
func (d *TypeDef) Resolve() Type {
	for {
		alias, ok := d.Kind.(*Alias)
		if !ok {
			return d
		}
		next, ok := alias.Type.(*TypeDef)
		if !ok {
			return alias.Type
		}
		d = next
	}
}

// A TypeKind is what a TypeDef defines: one of *[Record], *[Variant], *[Enum], *[Flags], *[Resource] and *[Alias].
type TypeKind interface{ isKind() }

// A Record has named fields, one or more.
type Record struct{ Fields []Field }

// A Field is a field of a record.
type Field struct {
	Name string
	Type Type
	Docs string
	Pos  Position
}

// A Variant is one of its cases, of which there is at least one.
type Variant struct{ Cases []Case }

// A Case is a case of a variant.
type Case struct {
	Name string
	Type Type // nil if the case carries nothing
	Docs string
	Pos  Position
}

// An Enum is one of its labels, of which there is at least one.
type Enum struct{ Cases []Label }

// A Flags is a set of its labels, of which there are 1 to 32.
type Flags struct{ Flags []Label }

// A Label is a case of an enum or a member of flags.
type Label struct {
	Name string
	Docs string
	Pos  Position
}

// A Resource is an abstract type that values refer to by handles.
type Resource struct {
	Funcs []*Func // constructor, methods and static functions, in order
}

// An Alias gives a type another name. Where the text names a resource, Type is the *[TypeDef] that it names, and the
// alias stands for the resource itself; an alias of a handle has an *[Own] or *[Borrow] as its Type.
type Alias struct{ Type Type }

func (*Record) isKind()   {}
func (*Variant) isKind()  {}
func (*Enum) isKind()     {}
func (*Flags) isKind()    {}
func (*Resource) isKind() {}
func (*Alias) isKind()    {}
