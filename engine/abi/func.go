package abi

// Func is a host function as guests import it.
type Func struct {
	// Name as in the component's import, for example "[method]fields.get".
	Name string
	// Type is the expanded WIT type, without white space, for example
	// "func(self:borrow<wasi:http/types@0.3.0#fields>,name:string)->list<list<u8>>".
	Type string
	// Serve serves one call on the driver. It must not block.
	Serve func(*Call)
	// Refuse answers a call without serving it, as if the function had failed with err, and
	// drops what the guest has given away with it; nil to trap with err.
	Refuse func(c *Call, err error)
}

// Interface is a host interface: the functions and resource types that guests import under
// one name.
type Interface struct {
	// ID is the interface name with version, for example "wasi:http/types@0.3.0".
	ID string
	// Funcs are the functions, in any order.
	Funcs []Func
	// Resources are the names of the resource types that the interface defines. An entry
	// "again=name" makes again another name of the resource type name.
	Resources []string
}
