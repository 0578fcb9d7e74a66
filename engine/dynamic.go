package engine

import "context"

// Call calls f with Go values in the forms of package value
// and returns the result, nil if there is none. It is the convenient way; generated code
// uses Start. When ctx ends, the guest is asked to give up.
func (i *Instance) Call(ctx context.Context, f *Func, args ...any) (any, error) {
	var result any
	c := &Call{f: f}
	inv, err := i.tree.Dynamic(f.lift, args, &result)
	if err != nil {
		return nil, err
	}
	c.c.Ctx, c.c.Inv = ctx, inv
	i.tree.Call(f.lift, &c.c)
	if err := c.Wait(ctx); err != nil {
		return nil, err
	}
	return result, nil
}
