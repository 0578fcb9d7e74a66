package validate

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/types"
)

// ErrUnsupported is why a component is refused that uses a feature which is
// switched off or which this engine does not have.
var ErrUnsupported = binary.ErrUnsupported

// Error says why a component is not valid.
type Error struct {
	Offset int    // of the definition in the root binary, in bytes
	Path   string // the nested component or type, "" for the root
	Rule   binary.Rule
	Msg    string
	Err    error // cause, may be nil: a *types.MatchError, for one
}

func (e *Error) Error() string {
	if _, ok := e.Err.(*limits.Error); ok {
		return e.Msg
	}
	var b strings.Builder
	if e.Err == ErrUnsupported {
		b.WriteString("unsupported component: ")
	} else {
		b.WriteString("invalid component: ")
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

// The rules that a decoded component can break.
const (
	RuleIndex       binary.Rule = "index out of bounds"
	RuleSort        binary.Rule = "sort"
	RuleName        binary.Rule = "name"
	RuleUnique      binary.Rule = "unique names"
	RuleAnnotation  binary.Rule = "annotated name"
	RuleAttribute   binary.Rule = binary.RuleAttribute
	RuleType        binary.Rule = "type"
	RuleResource    binary.Rule = "resource"
	RuleMatch       binary.Rule = "type match"
	RuleMissing     binary.Rule = "missing argument"
	RuleCoreMatch   binary.Rule = "core type match"
	RuleSignature   binary.Rule = "core signature"
	RuleOption      binary.Rule = binary.RuleOption
	RuleOuterAlias  binary.Rule = "outer alias"
	RuleVisibility  binary.Rule = "external visibility"
	RuleLimit       binary.Rule = binary.RuleLimit
	RuleUnsupported binary.Rule = binary.RuleUnsupported
)

func (s *scope) fail(pos int, rule binary.Rule, format string, args ...any) error {
	return &Error{Offset: pos, Path: s.path, Rule: rule, Msg: fmt.Sprintf(format, args...)}
}

// wrap is fail for an error that says everything.
func (s *scope) wrap(pos int, rule binary.Rule, err error) error {
	if e, ok := err.(*types.Error); ok && e.TypeSize > 0 {
		err = &limits.Error{Limit: "TypeSize", Value: uint64(e.TypeSize), Max: uint64(e.MaxTypeSize), Offset: pos, Path: s.path}
		rule = RuleLimit
	}
	return &Error{Offset: pos, Path: s.path, Rule: rule, Msg: err.Error(), Err: err}
}

func (s *scope) unsupported(pos int, what string) error {
	return &Error{Offset: pos, Path: s.path, Rule: RuleUnsupported, Err: ErrUnsupported, Msg: what}
}
