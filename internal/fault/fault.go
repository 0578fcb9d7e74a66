// Package fault has what the faults of an app are made of before they are told together: the
// place of each, a text that says it better, and lists of them taken apart.
package fault

import (
	"strings"

	"github.com/spinhost/spin/capability"
)

// Error is a fault at a place of the manifest.
type Error struct {
	Pos capability.Position
	Err error
}

// At gives a fault its place.
func At(pos capability.Position, err error) error { return &Error{pos, err} }

// Error returns file:line:column: message.
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Err.Error() }

// Unwrap returns the fault without its place.
func (e *Error) Unwrap() error { return e.Err }

// Reword returns err with another text.
func Reword(err error, text string) error { return &reworded{text, err} }

type reworded struct {
	text string
	err  error
}

func (e *reworded) Error() string { return e.text }
func (e *reworded) Unwrap() error { return e.err }

// Split returns the errors that were joined to err, a line of text each; err alone if there are
// none, or if it has a text of its own.
func Split(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	var lines []string
	for _, e := range joined.Unwrap() {
		list = append(list, Split(e)...)
		lines = append(lines, e.Error())
	}
	if strings.Join(lines, "\n") != err.Error() {
		return []error{err}
	}
	return list
}
