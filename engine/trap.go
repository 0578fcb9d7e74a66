package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/wasmtime"
)

// TrapError describes the end of a guest. It matches ErrTrap, and what its Cause matches.
type TrapError struct {
	Reason string     // what happened
	Caller abi.Caller // the component, and the instance in it whose code it was
	Export string     // the function that the host had called, "" if the guest was not called
	Frames []Frame    // the guest's stack, innermost first; empty if no guest code ran
	Cause  error      // what a host function failed with, a broken rule, a limit; may be nil

	lines *sourceLines
}

// Frame is one guest function on the stack, as its core module's name section has it.
type Frame struct {
	Module string // name of the core module, "" if it has none
	Func   string // name of the function, "" if it has none
	Index  uint32 // of the function in its module
	Offset uint64 // of the instruction in its module, in bytes

	inFunc uint64 // the same from the begin of the function's body
}

// Error says in one line what happened where, and then lists the innermost frames.
func (e *TrapError) Error() string {
	var b strings.Builder
	b.WriteString("guest trapped: " + e.Reason)
	if where := e.where(); where != "" {
		b.WriteString(" (" + where + ")")
	}
	for i, f := range e.Frames {
		if i == maxFrames {
			fmt.Fprintf(&b, "\n\t... %d more", len(e.Frames)-i)
			break
		}
		fmt.Fprintf(&b, "\n\tat %s", f)
		if file, line, ok := e.Source(i); ok {
			fmt.Fprintf(&b, " %s:%d", file, line)
		}
	}
	return b.String()
}

func (e *TrapError) where() string {
	who := e.Caller.String()
	switch {
	case who == "":
		return e.Export
	case e.Export == "":
		return "in " + who
	}
	return e.Export + " of " + who
}

const maxFrames = 10

func (f Frame) String() string {
	name := f.Func
	if name == "" {
		name = fmt.Sprintf("function %d", f.Index)
	}
	if f.Module != "" {
		name = f.Module + "!" + name
	}
	return fmt.Sprintf("%s (offset %#x)", name, f.Offset)
}

// Unwrap returns the cause.
func (e *TrapError) Unwrap() error { return e.Cause }

// Is implements errors.Is: every TrapError is an ErrTrap.
func (e *TrapError) Is(target error) bool { return target == ErrTrap }

// trapError turns what ended a tree into what users see.
func (i *Instance) trapError(err error) error {
	if err == nil {
		return nil
	}
	var t *wasmtime.TrapError
	switch {
	case errors.Is(err, ErrClosed):
		return err
	case !errors.As(err, &t) && !errors.Is(err, ErrTrap):
		return err
	}
	e := &TrapError{Cause: err, Caller: abi.Caller{Component: i.cfg.Name}}
	if t == nil {
		e.Reason = err.Error()
	} else {
		e.Reason, e.Cause = i.causeOf(t)
		for _, f := range t.Frames {
			if f.Module == adapter.ModuleName {
				continue // no code of the guest's
			}
			e.Frames = append(e.Frames, Frame{Module: f.Module, Func: f.Func, Index: f.FuncIndex, Offset: f.ModuleOffset, inFunc: f.FuncOffset})
		}
	}
	if w := i.tree.Where(); w != nil && err != canon.ErrPoisoned {
		e.Caller.Instance = i.p.link.Canon.Instances[w.Instance].Name
		if w.Origin != nil {
			e.Export = w.Origin.Export
		}
		e.lines = &sourceLines{p: i.p, instance: w.Instance}
	}
	return e
}

// causeOf says why core code has trapped.
func (i *Instance) causeOf(t *wasmtime.TrapError) (reason string, cause error) {
	switch {
	case t.Cause != nil:
		return t.Cause.Error(), t.Cause
	case t.Code == wasmtime.TrapStackOverflow:
		limit := &LimitError{
			What: "stack", Limit: int64(i.p.rt.cfg.MaxStack), Unit: abi.Bytes, Raise: "engine.Config.MaxStack",
			Msg: fmt.Sprintf("%s: guest takes more than %d bytes of stack", t.Code, i.p.rt.cfg.MaxStack),
		}
		return limit.Error(), limit
	case t.Msg != "":
		return t.Msg, nil
	}
	return t.Code.String(), nil
}
