package runtimeconfig

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/wording"
)

// Causes of an [Error], for errors.Is. An Error without one is about a value that
// its key cannot have.
var (
	// ErrSyntax means that the text is not TOML.
	ErrSyntax = errors.New("not TOML")
	// ErrUnknownKey means a key that nobody reads.
	ErrUnknownKey = errors.New("unknown key")
	// ErrMissingKey means a key that has to be there.
	ErrMissingKey = errors.New("missing key")
	// ErrUnknownType means a section of a type that this host does not have.
	ErrUnknownType = errors.New("unknown type")
	// ErrLimit means that the file is larger than any honest one.
	ErrLimit = errors.New("limit exceeded")
)

// Position is a place in the file.
type Position = capability.Position

// Error is one fault of the configuration, or a warning about it.
type Error struct {
	Pos Position
	Key string // dotted path, such as key_value_store.cache.url; may be empty
	Msg string // what is wrong and what to write instead
	Err error  // the cause; may be nil
}

// Error returns file:line:column: key: message.
func (e *Error) Error() string {
	s := e.Pos.String() + ": "
	if e.Key != "" {
		s += e.Key + ": "
	}
	return s + e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors holds the faults of one configuration in the order of their positions.
type Errors []*Error

// Error returns one line for each fault.
func (e Errors) Error() string { return wording.Lines(e) }

// Unwrap gives the faults to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return wording.Unwrap(e) }

const maxErrors = 32 // reported at once

// faults gathers errors up to a number that a person can read.
type faults struct {
	errs Errors
}

func (f *faults) add(pos Position, key string, cause error, format string, args ...any) {
	if len(f.errs) < maxErrors {
		f.errs = append(f.errs, &Error{pos, key, fmt.Sprintf(format, args...), cause})
	}
}

// err returns the gathered errors sorted by position.
func (f *faults) err() error {
	if len(f.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(f.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return f.errs
}

// unknownKey explains a key that is none of the known ones.
func unknownKey(name string, known []string) string {
	msg := "unknown key " + wording.Quote(name)
	if near := wording.Nearest(name, known); near != "" {
		return msg + ": did you mean " + wording.Quote(near) + "?"
	}
	if len(known) == 0 {
		return msg + ": remove it"
	}
	return msg + ": remove it, or write one of " + strings.Join(known, ", ")
}
