package wit

// A FuncKind tells how a function relates to a resource.
type FuncKind uint8

// The kinds of functions.
const (
	FreeFunc FuncKind = iota
	Method
	StaticFunc
	Constructor
)

var funcKindNames = [...]string{"free", "method", "static", "constructor"}

// String names the kind.
func (k FuncKind) String() string {
	if int(k) < len(funcKindNames) {
		return funcKindNames[k]
	}
	return "unknown"
}

// A Func is a function of an interface, a world or a resource, in its full form: a method has its self parameter and
// a constructor its result.
type Func struct {
	Name     string // the label; for a constructor the label of its resource
	Kind     FuncKind
	Async    bool
	Resource *TypeDef // for a function of a resource

	Interface *Interface // the interface that declares it, nil for a function of a world
	World     *World     // the world that declares it, nil for a function of an interface

	Params []Param
	Result Type // nil if there is none

	Docs       string
	Stability  Stability
	ExternalID string // the string of @external-id, "" if absent
	Pos        Position
}

// WireName is the function's name in a component: "handle", "[method]fields.get", "[static]fields.from-list" or
// "[constructor]fields".
func (f *Func) WireName() string {
	if f.Resource == nil {
		return f.Name
	}
	return f.wireNameIn(f.Resource.Name)
}

// wireNameIn is the wire name where the resource goes by another name, as include statements can arrange.
func (f *Func) wireNameIn(resource string) string {
	switch f.Kind {
	case Method:
		return "[method]" + resource + "." + f.Name
	case StaticFunc:
		return "[static]" + resource + "." + f.Name
	case Constructor:
		return "[constructor]" + resource
	}
	return f.Name
}

// A Param is a parameter of a function.
type Param struct {
	Name string
	Type Type
	Pos  Position
}
