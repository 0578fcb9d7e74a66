package binary

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/internal/corewasm"
)

var (
	// ErrNotWasm is why bytes cannot be decoded that are no wasm binary at all.
	ErrNotWasm = errors.New("this is not a wasm binary")
	// ErrCoreModule is why a core module cannot be decoded: it is no component.
	ErrCoreModule = errors.New("this is a core module, not a component")
	// ErrUnsupported is why a component is refused that uses a feature of the
	// component model which this engine does not have, or has switched off.
	ErrUnsupported = errors.New("not supported")
)

// Error says why a component cannot be decoded.
type Error struct {
	Offset int    // in the root binary, in bytes
	Path   string // the nested component or core module, "" for the root
	Rule   Rule
	Msg    string
	Err    error // cause, may be nil
}

func (e *Error) Error() string {
	if _, ok := e.Err.(*limits.Error); ok || e.Err == ErrNotWasm || e.Err == ErrCoreModule {
		return e.Msg
	}
	var b strings.Builder
	if e.Err == ErrUnsupported {
		b.WriteString("unsupported component: ")
	} else {
		b.WriteString("malformed component: ")
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s (at byte %#x)", e.Msg, e.Offset)
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Rule names the rule that a component breaks.
type Rule string

// The rules of the format.
const (
	RulePreamble    Rule = "preamble"
	RuleSection     Rule = "section"
	RuleInteger     Rule = "integer"
	RuleString      Rule = "string"
	RuleEnd         Rule = "end of input"
	RuleByte        Rule = "leading byte"
	RuleOption      Rule = "canonical option"
	RuleAttribute   Rule = "attribute"
	RuleCoreModule  Rule = "core module"
	RuleLimit       Rule = "limit"
	RuleUnsupported Rule = "unsupported"
)

// CoreError is what is wrong with a core module that begins at an offset of a component.
func CoreError(err error, offset int, path string) *Error {
	e := &Error{Offset: offset, Path: path, Rule: RuleCoreModule, Msg: err.Error(), Err: err}
	var ce *corewasm.Error
	if errors.As(err, &ce) {
		e.Offset += ce.Offset
		e.Msg = "invalid core module: " + ce.Msg
		if over := limits.Of(ce.Exceeded, e.Offset, path); over != nil {
			e.Rule, e.Err, e.Msg = RuleLimit, over, over.Error()
		}
	}
	return e
}
