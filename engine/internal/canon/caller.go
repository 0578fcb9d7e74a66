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
}

// Value implements context.Context.
func (c *callerContext) Value(key any) any {
	if key == (abi.CallerKey{}) {
		return &c.caller
	}
	return c.Context.Value(key)
}

// context returns the context for host functions that the task calls.
func (task *Task) context() context.Context {
	if task.whom == nil {
		task.whom = &callerContext{task.ctx, task.inst.Caller()}
	}
	return task.whom
}

// Caller is the instance as host functions see it.
func (i *Instance) Caller() abi.Caller {
	return abi.Caller{Component: i.tree.cfg.Name, Instance: i.def.Name}
}
