package canon

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
)

// callerContext is the context of whoever is served, and knows which component instance
// serves him. Host functions may keep it: unlike its task it is not used again.
type callerContext struct {
	context.Context
	caller abi.Caller
	locals *abi.Locals
}

// Value implements context.Context.
func (c *callerContext) Value(key any) any {
	switch key {
	case abi.CallerKey{}:
		return &c.caller
	case abi.LocalsKey{}:
		return c.locals
	}
	return c.Context.Value(key)
}

// contextIn returns the context for host functions that instance i calls for the task: its own
// instance, or one that an adapter has led to.
func (task *Task) contextIn(i *Instance) context.Context {
	if task.whom == nil || task.whose != i {
		task.whom, task.whose = &callerContext{task.ctx, i.Caller(), i.tree.locals}, i
	}
	return task.whom
}

// Caller is the instance as host functions see it.
func (i *Instance) Caller() abi.Caller {
	return abi.Caller{Component: i.tree.cfg.Name, Instance: i.def.Name}
}
