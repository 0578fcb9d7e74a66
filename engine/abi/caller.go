package abi

import "context"

// Caller says which component instance calls a host function.
type Caller struct {
	// Component is the name that the host has given the instance (engine.InstanceConfig.Name).
	Component string
	// Instance is the path of the component instance through the components around it, for
	// example "auth/tokens"; "" is the component itself. Each part is the name of a component
	// that was linked, or that of an instance in the name section of the component around it,
	// or "#" and the instance's number there.
	Instance string
}

func (c Caller) String() string {
	switch {
	case c.Instance == "":
		return c.Component
	case c.Component == "":
		return c.Instance
	}
	return c.Component + "/" + c.Instance
}

// callers is implemented by an Env that knows its Caller.
type callers interface{ Caller() Caller }

// Caller returns which component instance makes the call.
func (c *Call) Caller() Caller {
	if x, ok := c.env.(callers); ok {
		return x.Caller()
	}
	return Caller{}
}

// CallerKey is the key of a *Caller in the context of a call: the engine's part.
type CallerKey struct{}

// CallerOf returns which component instance made the call of a host function that has ctx, or
// a context made of it. ok is false for other contexts.
func CallerOf(ctx context.Context) (caller Caller, ok bool) {
	p, ok := ctx.Value(CallerKey{}).(*Caller)
	if !ok {
		return Caller{}, false
	}
	return *p, true
}
