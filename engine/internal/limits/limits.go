// Package limits has the bounds on what a component may be made of, which the
// decoder, the validator, the linker and the compiler's door keep.
package limits

import (
	"fmt"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/corewasm"
)

// Limits are described at engine.Limits, which has the same fields.
type Limits struct {
	Size        int
	Depth       int
	Components  int
	Modules     int
	Definitions int
	Types       int
	TypeSize    int
	Imports     int
	Instances   int
	Args        int
	Parts       int
	NameBytes   int

	CodeBytes     int
	Functions     int
	FunctionBytes int
	Locals        int
	BranchTargets int
	FunctionCost  int
	Cost          int

	Memories      int
	Tables        int
	TableElements int
}

// WithDefaults puts defaults in the place of fields that are not positive.
func (l Limits) WithDefaults() Limits {
	for _, f := range []struct {
		p    *int
		dflt int
	}{
		{&l.Size, 128 << 20}, {&l.Depth, 100}, {&l.Components, 10_000}, {&l.Modules, 1_000},
		{&l.Definitions, 500_000}, {&l.Types, 200_000}, {&l.TypeSize, 1_000_000}, {&l.Imports, 200_000},
		{&l.Instances, 10_000}, {&l.Args, 200_000}, {&l.Parts, 1_000_000}, {&l.NameBytes, 100_000},
		{&l.CodeBytes, 32 << 20}, {&l.Functions, 200_000}, {&l.FunctionBytes, 1 << 20}, {&l.Locals, 10_000},
		{&l.BranchTargets, 50_000}, {&l.FunctionCost, 2_000_000}, {&l.Cost, 32_000_000},
		{&l.Memories, 100}, {&l.Tables, 1_000}, {&l.TableElements, 2_000_000},
	} {
		if *f.p <= 0 {
			*f.p = f.dflt
		}
	}
	return l
}

// Core are the limits of one core module. Those of a whole component are left to the caller.
func (l Limits) Core() corewasm.ParseLimits {
	c := corewasm.DefaultParseLimits()
	c.Functions = min(l.Functions, c.Functions)
	c.Imports = min(l.Imports, c.Imports)
	c.Types = min(l.Types, c.Types)
	c.NameBytes = min(l.NameBytes, c.NameBytes)
	c.BodyBytes = min(l.FunctionBytes, c.BodyBytes)
	c.Locals = min(l.Locals, c.Locals)
	return c
}

// Error says that a component exceeds a limit. It is described at engine.StaticLimitError.
type Error struct {
	Limit      string // field of engine.Limits
	Value, Max uint64
	Offset     int    // in the component, in bytes; -1 if it is the whole of it
	Path       string // the nested component, "" for the root
}

func (e *Error) Error() string {
	msg := fmt.Sprintf("component exceeds a limit: %s of %d, at most %d are allowed", e.Limit, e.Value, e.Max)
	if e.Path != "" {
		msg += " in " + e.Path
	}
	if e.Offset >= 0 {
		msg += fmt.Sprintf(" (at byte %#x)", e.Offset)
	}
	return msg
}

// Is implements errors.Is: it is an ErrLimit.
func (e *Error) Is(target error) bool { return target == abi.ErrLimit }

// Of turns a limit that a core module exceeds into an Error; nil if it is none of Limits.
func Of(x *corewasm.Exceeded, offset int, path string) error {
	if x == nil {
		return nil
	}
	name := x.Limit
	if name == "BodyBytes" {
		name = "FunctionBytes"
	}
	switch name {
	case "FunctionBytes", "Locals", "Functions", "Imports", "Types", "NameBytes":
		return &Error{Limit: name, Value: x.Value, Max: x.Max, Offset: offset, Path: path}
	}
	return nil
}
