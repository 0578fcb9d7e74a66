package canon

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
)

// Defaults of Config, which suit a server with many instances of many owners.
const (
	DefaultTasks     = 4096
	DefaultCallDepth = 64
	DefaultStacks    = 256
)

// maxCallDepth bounds CallDepth: each level takes some of the driver's own stack.
const maxCallDepth = 64

// Count names what a CountError is about: the field of Config.
type Count string

// The counts.
const (
	Tasks     Count = "Tasks"
	CallDepth Count = "CallDepth"
	Stacks    Count = "Stacks"
)

// CountError is why a guest is trapped, or a call of the host refused, that would exceed a
// limit of Config.
type CountError struct {
	Count Count
	Limit int

	refused bool // a call of the host: the guest goes on
}

// Is implements errors.Is: it is an ErrLimit, and unless it was a call of the host, it ends the
// guest.
func (e *CountError) Is(target error) bool {
	return target == abi.ErrLimit || target == abi.ErrTrap && !e.refused
}

func (e *CountError) Error() string {
	what := "%d calls and threads are in progress in the instance, as many as may be"
	switch {
	case e.Count == CallDepth && e.Limit == maxCallDepth:
		return fmt.Sprintf("calls between components nest more than %d deep", e.Limit)
	case e.Count == CallDepth:
		what = "calls between components nest more than %d deep"
	case e.Count == Stacks:
		what = "%d tasks and threads of the instance have a stack, as many as may have"
	}
	return fmt.Sprintf(what+"; raise InstanceConfig.%s to allow more", e.Limit, e.Count)
}

// limit completes the limits of the configuration.
func (t *Tree) limit() {
	c := &t.cfg
	if c.Tasks <= 0 {
		c.Tasks = DefaultTasks
	}
	if c.CallDepth <= 0 || c.CallDepth > maxCallDepth {
		c.CallDepth = DefaultCallDepth
	}
	if c.Stacks <= 0 {
		c.Stacks = DefaultStacks
	}
}

// room checks that another task or thread may begin.
func (t *Tree) room() error {
	if t.tasks+t.spawned >= t.cfg.Tasks {
		return &CountError{Count: Tasks, Limit: t.cfg.Tasks}
	}
	return nil
}
