package locked

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/spinhost/spin/internal/wording"
)

// Causes of an [Error], for errors.Is. An Error without one is about a value that
// its key cannot have.
var (
	// ErrSyntax means that the text is not JSON.
	ErrSyntax = errors.New("not JSON")
	// ErrVersion means that the app is of a version of the format that is not
	// known.
	ErrVersion = errors.New("unknown lock version")
	// ErrMustUnderstand means that the app has a section that its host must
	// understand, and that is not known.
	ErrMustUnderstand = errors.New("section that must be understood")
	// ErrRequirement means that the app requires a feature that its host does not
	// have. Errors of [App.CheckRequirements] match it too.
	ErrRequirement = errors.New("host requirement is not met")
	// ErrMissingKey means that a key is absent which has to be there.
	ErrMissingKey = errors.New("missing key")
	// ErrLimit means that the text is larger than that of any honest app.
	ErrLimit = errors.New("limit exceeded")
)

// Error is one fault of a locked app.
type Error struct {
	Offset int    // in bytes, starts at 0
	Line   int    // starts at 1
	Column int    // in bytes, starts at 1
	Path   string // such as components[0].source; empty for the whole
	Msg    string // what is wrong and what to write instead
	Err    error  // the cause; may be nil
}

// Error returns line:column: path: message.
func (e *Error) Error() string {
	s := fmt.Sprintf("%d:%d: ", e.Line, e.Column)
	if e.Path != "" {
		s += e.Path + ": "
	}
	return s + e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors holds the faults of one text, in the order in which they were found.
type Errors []*Error

// Error returns one line for each fault.
func (e Errors) Error() string { return wording.Lines(e) }

// Unwrap gives the faults to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return wording.Unwrap(e) }

// collector gathers errors up to a number that a person can read.
type collector struct {
	data []byte
	errs Errors
}

func (c *collector) add(offset int, path string, cause error, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	switch {
	case c.full():
		return
	case len(c.errs) == maxErrors:
		path, cause, msg = "", ErrLimit, "there are more errors: correct the ones above first"
	}
	before := c.data[:min(max(offset, 0), len(c.data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	c.errs = append(c.errs, &Error{
		Offset: len(before), Line: bytes.Count(before, []byte("\n")) + 1, Column: len(before) - start + 1,
		Path: path, Msg: msg, Err: cause,
	})
}

// full reports whether no more errors are taken.
func (c *collector) full() bool { return len(c.errs) > maxErrors }

func (c *collector) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	return c.errs
}

// join appends a key to a path.
func join(path, key string) string {
	switch {
	case !isPlainKey(key):
		return path + "[" + wording.Quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

func isPlainKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= wording.MaxQuoted
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
