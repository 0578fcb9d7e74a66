package target

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/wording"
)

// Position is a place in a definition or a manifest. Lines and columns start at 1;
// columns count bytes.
type Position = capability.Position

// Causes of a [DefinitionError] and of errors of a [Loader], for errors.Is. A
// DefinitionError without one is about a value that its key cannot have.
var (
	// ErrSyntax means that the text is not TOML.
	ErrSyntax = errors.New("not TOML")
	// ErrUnknownKey means a key that definitions do not have.
	ErrUnknownKey = errors.New("unknown key")
	// ErrMissingKey means that a key is absent which has to be there.
	ErrMissingKey = errors.New("missing key")
	// ErrLimit means that a definition is larger than any honest one.
	ErrLimit = errors.New("limit exceeded")
	// ErrNoEnvironment means that a catalogue does not have an environment.
	ErrNoEnvironment = errors.New("no such environment")
	// ErrNoWorld means that the WIT of a world does not have it.
	ErrNoWorld = errors.New("no such world")
	// ErrNoSource means that the Loader was not given what it needs to find
	// something.
	ErrNoSource = errors.New("no source for it")
)

// Causes of an [Error], for errors.Is.
var (
	// ErrTrigger means that an environment does not run triggers of a type.
	ErrTrigger = errors.New("trigger type is not supported")
	// ErrWorld means that a component implements no world of an environment.
	ErrWorld = errors.New("component conforms to no world")
	// ErrRequirement means that an environment does not have a feature that a
	// component requires.
	ErrRequirement = errors.New("host requirement is not met")
	// ErrUnchecked means that a component could not be checked.
	ErrUnchecked = errors.New("component could not be checked")
)

// DefinitionError is one fault of a definition.
type DefinitionError struct {
	Pos Position
	Key string // dotted path, such as triggers.http.worlds[0]; may be empty
	Msg string // what is wrong and what to write instead
	Err error  // the cause; may be nil
}

// Error returns file:line:column: key: message.
func (e *DefinitionError) Error() string {
	s := e.Pos.String() + ": "
	if e.Key != "" {
		s += e.Key + ": "
	}
	return s + e.Msg
}

// Unwrap returns the cause.
func (e *DefinitionError) Unwrap() error { return e.Err }

// DefinitionErrors holds the faults of one definition in the order of their
// positions.
type DefinitionErrors []*DefinitionError

// Error returns one line for each fault.
func (e DefinitionErrors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the faults to errors.Is and errors.As.
func (e DefinitionErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, err := range e {
		errs[i] = err
	}
	return errs
}

const maxErrors = 32 // reported at once

// collector gathers faults up to a number that a person can read.
type collector struct {
	errs DefinitionErrors
}

func (c *collector) add(pos Position, key string, cause error, format string, args ...any) {
	if len(c.errs) < maxErrors {
		c.errs = append(c.errs, &DefinitionError{Pos: pos, Key: key, Msg: fmt.Sprintf(format, args...), Err: cause})
	}
}

// err returns the gathered faults sorted by position.
func (c *collector) err() error {
	if len(c.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(c.errs, func(a, b *DefinitionError) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return c.errs
}

// quoteAll quotes the items of a list and joins them, up to a number.
func quoteAll(list []string) string {
	const most = 20
	var quoted []string
	for _, item := range list[:min(len(list), most)] {
		quoted = append(quoted, wording.Quote(item))
	}
	if len(list) > most {
		quoted = append(quoted, "...")
	}
	return strings.Join(quoted, ", ")
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
