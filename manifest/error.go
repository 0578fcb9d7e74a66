package manifest

import (
	"cmp"
	"errors"
	"slices"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/wording"
)

// Causes of an [Error], for errors.Is. An Error without one is about a value that
// its key cannot have.
var (
	// ErrSyntax means that the text is not TOML.
	ErrSyntax = errors.New("not TOML")
	// ErrVersion means that the manifest is of no known version.
	ErrVersion = errors.New("unknown manifest version")
	// ErrUnsupported means that the manifest is right, and that this version
	// of the library cannot serve it yet.
	ErrUnsupported = errors.New("not supported yet")
	// ErrUnknownKey means a key that the manifest format does not have.
	ErrUnknownKey = errors.New("unknown key")
	// ErrMissingKey means that a key is absent which has to be there.
	ErrMissingKey = errors.New("missing key")
	// ErrProfile means that the profile to apply is one that no component
	// defines.
	ErrProfile = errors.New("undefined profile")
	// ErrLimit means that the manifest is larger than any honest one.
	ErrLimit = errors.New("limit exceeded")
)

// Position is a place in a manifest. Lines and columns start at 1; columns count
// bytes.
type Position = capability.Position

// Error is one fault of a manifest.
type Error struct {
	File   string // as given to Parse or Load
	Line   int    // starts at 1
	Column int    // in bytes, starts at 1
	Key    string // dotted path, such as component.hello.source; may be empty
	Msg    string // what is wrong and what to write instead
	Err    error  // the cause; may be nil
}

// Error returns file:line:column: key: message.
func (e *Error) Error() string {
	s := e.Pos().String() + ": "
	if e.Key != "" {
		s += e.Key + ": "
	}
	return s + e.Msg
}

// Pos returns the place of the fault.
func (e *Error) Pos() Position {
	return Position{File: e.File, Line: e.Line, Column: e.Column}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors holds the faults of one manifest in the order of their positions.
type Errors []*Error

// Error returns one line for each fault.
func (e Errors) Error() string { return wording.Lines(e) }

// Unwrap gives the faults to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return wording.Unwrap(e) }

// collector gathers errors up to a number that a person can read.
type collector struct {
	errs     Errors
	warnings []Warning
}

// warn takes a warning, up to a number that a person can read.
func (c *collector) warn(pos Position, key, msg string) {
	if len(c.warnings) < maxErrors {
		c.warnings = append(c.warnings, Warning{pos, key, msg})
	}
}

// sortedWarnings returns the gathered warnings sorted by position.
func (c *collector) sortedWarnings() []Warning {
	slices.SortStableFunc(c.warnings, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return c.warnings
}

func (c *collector) add(pos Position, key string, cause error, msg string) {
	switch {
	case len(c.errs) > maxErrors:
		return
	case len(c.errs) == maxErrors:
		key, cause, msg = "", ErrLimit, "there are more errors: correct the ones above first"
	}
	c.errs = append(c.errs, &Error{File: pos.File, Line: pos.Line, Column: pos.Column, Key: key, Msg: msg, Err: cause})
}

// full reports whether no more errors are taken, so that a caller can stop
// looking for them.
func (c *collector) full() bool { return len(c.errs) > maxErrors }

// err returns the gathered errors sorted by position.
func (c *collector) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	last := len(c.errs)
	if c.full() {
		last-- // the notice stays at the end
	}
	slices.SortStableFunc(c.errs[:last], func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.errs
}

// clip keeps text short that needs no quotes.
func clip(text string) string {
	if len(text) > wording.MaxQuoted {
		return text[:wording.MaxQuoted] + "..."
	}
	return text
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
