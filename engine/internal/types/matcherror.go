package types

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MatchError says where and why a supplied type does not match the required one.
type MatchError struct {
	Items []string // the exports and imports that lead to the fault, outermost first
	Parts []string // where in the type of the innermost item
	Msg   string
	Err   error // cause, for errors.Is; may be nil
}

func (e *MatchError) Error() string {
	var b strings.Builder
	for i := len(e.Items) - 1; i >= 0; i-- {
		b.WriteString(e.Items[i])
		if i > 0 {
			b.WriteString(" of ")
		} else {
			b.WriteString(": ")
		}
	}
	for _, p := range e.Parts {
		b.WriteString(p)
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	return b.String()
}

// Unwrap returns the cause.
func (e *MatchError) Unwrap() error { return e.Err }

// Of returns e as found within an item, such as `import "a"`.
func (e *MatchError) Of(item string) *MatchError {
	f := *e
	f.Items = append([]string{item}, e.Items...)
	return &f
}

func mismatch(format string, args ...any) error {
	return &MatchError{Msg: fmt.Sprintf(format, args...)}
}

// ofItem adds an item to the path of err.
func ofItem(err error, kind, name string) error {
	var e *MatchError
	if errors.As(err, &e) {
		return e.Of(fmt.Sprintf("%s %q", kind, name))
	}
	return err
}

// inPart adds a part to the path of err.
func inPart(err error, format string, args ...any) error {
	var e *MatchError
	if !errors.As(err, &e) {
		return err
	}
	f := *e
	f.Parts = slices.Insert(slices.Clone(e.Parts), 0, fmt.Sprintf(format, args...))
	return &f
}
