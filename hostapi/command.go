package hostapi

import (
	"context"
	"io"
)

// Command is what one run of a program gets that the component's configuration does not say: its
// arguments and standard streams. Whoever calls wasi:cli/run puts it into the context of the
// call with [WithCommand]; the interfaces of wasi:cli and WASI preview 1 look for it there.
type Command struct {
	// Args are the arguments, the name of the program first.
	Args []string
	// Env are variables beside those of Scope.Environment, in whose place they come if the names
	// are equal.
	Env []EnvVar
	// Stdin is read on goroutines of the guest's instance, which may be in the middle of a Read
	// when the call is over; it is closed if it is an io.Closer. Nil is empty.
	Stdin io.Reader
	// Stdout and Stderr take what the program prints, on goroutines too. What it has flushed has
	// been written when the call returns. Nil stands for those of the Scope.
	Stdout, Stderr io.Writer
}

type commandKey struct{}

// WithCommand returns a context with which guests are called that are to see c. c must not
// change while they run.
func WithCommand(ctx context.Context, c *Command) context.Context {
	return context.WithValue(ctx, commandKey{}, c)
}

// CommandOf returns the Command of the call of a host function that has ctx. It is never nil,
// and empty if the host has given none.
func CommandOf(ctx context.Context) *Command {
	if c, ok := ctx.Value(commandKey{}).(*Command); ok && c != nil {
		return c
	}
	return &Command{}
}

// Environ returns the variables of a component for a run: vars, but those of c in their place.
func (c *Command) Environ(vars []EnvVar) []EnvVar {
	if len(c.Env) == 0 {
		return vars
	}
	own := make(map[string]bool, len(c.Env))
	for _, v := range c.Env {
		own[v.Name] = true
	}
	all := make([]EnvVar, 0, len(vars)+len(c.Env))
	for _, v := range vars {
		if !own[v.Name] {
			all = append(all, v)
		}
	}
	return append(all, c.Env...)
}
