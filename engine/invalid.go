package engine

import (
	"errors"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/componentize"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/validate"
	"github.com/spinhost/spin/internal/corewasm"
)

// ValidationError says why a component cannot be decoded or is not valid (Component Model,
// Binary.md and Explainer.md), or which part of the component model it uses that is missing
// here; it matches [ErrUnsupported] then.
type ValidationError struct {
	Offset int    // in the component, in bytes
	Path   string // of the nested component, such as "component 2 / component 0"; "" for the root
	Rule   string // that is broken, such as "index out of bounds" or "unique names"
	Reason string // what breaks it
	Err    error  // cause, a *StaticLimitError for one; may be nil

	text string
}

func (e *ValidationError) Error() string { return e.text }

// Unwrap returns the cause.
func (e *ValidationError) Unwrap() error { return e.Err }

// Is implements errors.Is.
func (e *ValidationError) Is(target error) bool {
	return target == ErrUnsupported && errors.Is(e.Err, binary.ErrUnsupported)
}

// decodeError turns what Decode fails with into what users see. It names the two usual
// mistakes.
func decodeError(err error) error {
	var d *binary.Error
	var v *validate.Error
	var m *componentize.Error
	switch {
	case errors.Is(err, componentize.ErrUnknown), errors.Is(err, binary.ErrCoreModule):
		return ErrCoreModule
	case errors.Is(err, binary.ErrNotWasm):
		return ErrNotComponent
	case errors.As(err, &d):
		return &ValidationError{d.Offset, d.Path, string(d.Rule), d.Msg, d.Err, err.Error()}
	case errors.As(err, &v):
		return &ValidationError{v.Offset, v.Path, string(v.Rule), v.Msg, v.Err, err.Error()}
	case errors.As(err, &m):
		return &ValidationError{Rule: string(binary.RuleCoreModule), Reason: m.Msg, Err: m.Err, text: err.Error()}
	}
	return err
}

// moduleError turns what is wrong with a core module into what users see.
func moduleError(err error) error {
	var e *corewasm.Error
	if !errors.As(err, &e) {
		return err
	}
	v := &ValidationError{Offset: e.Offset, Rule: string(binary.RuleCoreModule), Reason: e.Msg, Err: err, text: err.Error()}
	if over := limits.Of(e.Exceeded, e.Offset, ""); over != nil {
		v.Rule, v.Err, v.text = string(binary.RuleLimit), over, over.Error()
	}
	return v
}
