package capability

// DenialKind is a shape of what a denied function returns.
type DenialKind uint8

const (
	// DenyTrap ends the call by a trap. Functions do that which have no better way to fail, and those of resources
	// that a denied guest cannot have.
	DenyTrap DenialKind = iota
	// DenyCase is the error of a result, by the name of a case of a variant or an enum without payload.
	DenyCase
	// DenyMessage is an error case whose payload is a string: [Denial.Message].
	DenyMessage
	// DenyOptionalMessage is an error case whose payload is an option of a string: some of [Denial.Message].
	DenyOptionalMessage
	// DenyArgument is an error case whose payload is a string: the function's first argument.
	DenyArgument
	// DenyEmptyList is a plain list without elements.
	DenyEmptyList
	// DenyNone is a plain option without value.
	DenyNone
	// DenyOK is the success of a result that has no value.
	DenyOK
	// DenyResource is a new resource whose methods are denied too.
	DenyResource
)

// Denial is what a denied function returns, in terms that hold for every version of the types that it has. Whoever
// builds the value looks the case up in the type that the guest imports, and traps if it has none by that name. Owned
// arguments are taken all the same, and dropped.
type Denial struct {
	Kind    DenialKind
	Case    string // name of the error case; empty for other kinds
	Message string // payload for DenyMessage and DenyOptionalMessage; "" for other kinds
}

// denied is the denial of one function. Its order of fields is for the table.
type denied struct {
	function string // as imported
	kind     DenialKind
	errCase  string
}

// DenialOf returns what a function of an interface returns to code that may not use the interface: the same as Spin's,
// which guests can tell apart from what a permitted call returns only as far as the interface lets them. The function
// is named as in imports of components, such as "[static]store.open". ok is false for interfaces without capability
// set and for users' own, whose denied functions trap.
//
// Where Spin denies nothing although a call would open the same door, an interface is denied like its siblings:
// wasi:sockets/types of WASI 0.3 like sockets of 0.2, the snapshots before WASI 0.2 like its releases.
func DenialOf(interfaceID, function string) (d Denial, ok bool) {
	if _, ok := SetOf(interfaceID); !ok {
		return Denial{}, false
	}
	name := interfaceName(interfaceID)
	for _, f := range denialsOf(name, interfaceID) {
		if f.function == function {
			d.Kind, d.Case = f.kind, f.errCase
		}
	}
	switch d.Kind {
	case DenyMessage, DenyOptionalMessage:
		d.Message = `"` + name + `" is not permitted`
	}
	return d, true
}
