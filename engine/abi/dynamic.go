package abi

// Dynamic is implemented by an Owner that knows the type of the call: the engine's part.
type Dynamic interface {
	LiftArgs() []any
	LowerResult(x any)
}

// DynamicArgs lifts the parameters to Go values in the forms of package engine/value. It is for
// functions whose types are known only at run time, which [engine.Linker.DefineAny] serves;
// generated code is many times faster. An own handle is taken from the guest: the host has to
// drop what it stands for. Streams and futures have no such form and trap; after a trap the
// values are nil.
//
// [engine.Linker.DefineAny]: https://pkg.go.dev/github.com/spinhost/spin/engine#Linker.DefineAny
func (c *Call) DynamicArgs() []any {
	d, ok := c.owner.(Dynamic)
	if !ok || c.over || c.late {
		c.misused("DynamicArgs", "has no parameters any more")
		return nil
	}
	args := d.LiftArgs()
	if c.Failed() {
		return nil
	}
	return args
}

// DynamicReturn answers with a Go value in the forms of package engine/value, nil if the
// function has no result. What does not fit the function's type traps. It can be used in what
// is given to Go, too.
func (c *Call) DynamicReturn(x any) {
	d, ok := c.owner.(Dynamic)
	if !ok || c.over {
		c.misused("DynamicReturn", "is over")
		return
	}
	if !c.Failed() {
		d.LowerResult(x)
	}
}
